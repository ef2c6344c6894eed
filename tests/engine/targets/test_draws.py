"""Random numbers in models: the same on every target, with their arguments, each draw with a counter of its own."""

import itertools

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, StateMonitor, Synapses, ms, prefs, run, seed
from jupyspike_engine.compiler import TARGETS
from jupyspike_engine.diagnostics import Problems, UserError
from jupyspike_engine.language.check import Sort, sort_of
from jupyspike_engine.language.scope import Scope, Symbol
from jupyspike_engine.language.syntax import Call, Name, Number
from jupyspike_engine.native import random
from jupyspike_engine.numerics.system import System, is_random
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.plan.binding import Binding, Registry
from jupyspike_engine.plan.nodes import (
    Apply,
    Array,
    Constant,
    Domain,
    Draw,
    Element,
    Index,
    Law,
    Local,
    Plan,
    Store,
    Time,
    Update,
)
from jupyspike_engine.plan.traversal import expressions_of, transform, walk
from jupyspike_engine.targets.interface import DTYPES, Clock, Elements, Memory, Status
from jupyspike_engine.units import DIMENSIONLESS

pytestmark = pytest.mark.every_target


def draws_of(network):
    plan = network.last.compiled.plan
    return {o: [n for root in expressions_of(o) for n in walk(root) if isinstance(n, Draw)] for o in plan.operations}


# the plan


def test_the_arguments_of_a_draw_are_seen():
    mean = Apply("multiply", (Index("own"), Local("l", "real")), "real")
    draw = Draw("poisson", 3, (mean,), "integer")
    assert list(walk(draw)) == [draw, mean, *mean.arguments]
    changed = transform(draw, lambda node: Time("t") if node == Index("own") else None)
    assert changed == Draw("poisson", 3, (Apply("multiply", (Time("t"), Local("l", "real")), "real"),), "integer")


def test_what_all_elements_draw_with_leaves_the_loop_and_the_draw_does_not():
    reset = "n = poisson(exp(c)); m = poisson(exp(c)) + poisson(i)"
    group = NeuronGroup(9, "n : integer\nm : integer", threshold="True", reset=reset, namespace={"c": 2})
    network = Network(group)
    network.run(0.1 * ms)
    ((operation, draws),) = ((o, draws) for o, draws in draws_of(network).items() if draws)
    mean, law = operation.scalars
    assert law == Law(law.name, "poisson", (Local(mean.name, "real"),))
    assert [(draw.law, draw.arguments) for draw in draws] == [(law.name, ()), (law.name, ()), (None, (Index("own"),))]
    assert len(np.unique(group.n[:])) > 1


VALUES = [-1.0, 0.0, 0.3, 0.5, 1.0, 7.9, 9.99, 10.0, 300.0, 1e9, np.nan, -np.inf]


def test_draws_of_all_distributions_are_the_numbers_of_their_counters():
    """With real and integer arguments that differ between elements, and across steps."""
    a, b, k = Element("d.a", "own", "real"), Element("d.b", "own", "real"), Element("d.k", "own", "integer")
    draws = [
        Draw("uniform", 0), Draw("normal", 1), Draw("poisson", 2, (a,), "integer"), Draw("poisson", 3, (k,), "integer"),
        Draw("binomial", 4, (a, b), "integer"), Draw("binomial", 5, (k, b), "integer"),
    ]  # fmt: skip
    arrays = [Array("d.a", "d", "real"), Array("d.b", "d", "real"), Array("d.k", "d", "integer")]
    arrays += [Array(f"d.{d.number}", "d", d.type) for d in draws]
    stores = tuple(Store(f"d.{d.number}", "own", d) for d in draws)
    plan = Plan(1, (Domain("d"),), tuple(arrays), (), (), (), (), (), (Update(0, "d", stores),))
    first, second = (np.tile(x.ravel(), 10) for x in np.meshgrid(VALUES, VALUES))
    size = len(first)
    values = {"d.a": first, "d.b": second, "d.k": np.arange(size, dtype=np.int32) % 50 - 5}
    drawn = [(draw, [values[argument.array] for argument in draw.arguments]) for draw in draws]
    check_counters(plan, drawn, values, size)


def test_draws_by_laws_are_the_numbers_of_their_counters():
    """With parameters of every kind that are the same for all elements."""
    chances = VALUES[2:] + VALUES[:2]
    given = [("poisson", (mean,)) for mean in VALUES]
    given += [("binomial", pair) for pair in [*zip(VALUES, chances, strict=True), (50.0, 0.1), (50.0, 0.9), (7.0, 0.7)]]
    laws = [Law(f"law_{k}", name, tuple(Constant(x, "real") for x in values)) for k, (name, values) in enumerate(given)]
    draws = [Draw(law.distribution, k, (), "integer", law=law.name) for k, law in enumerate(laws)]
    stores = tuple(Store(f"d.{draw.number}", "own", draw) for draw in draws)
    arrays = tuple(Array(f"d.{draw.number}", "d", "integer") for draw in draws)
    plan = Plan(1, (Domain("d"),), arrays, (), (), (), (), (), (Update(0, "d", stores, tuple(laws)),))
    check_counters(plan, [(draw, values) for draw, (_, values) in zip(draws, given, strict=True)], {}, 300)


def check_counters(plan, drawn, values, size, steps=3):
    """Every target stores each draw, given with its arguments, as the number of its counter."""
    for program in (program_of(plan) for program_of in TARGETS.values()):
        arrays = {array.name: np.zeros(size, DTYPES[array.type]) for array in plan.arrays} | values
        memory = Memory(
            12, np.zeros(0), arrays, (Clock * 1)(Clock(0, steps, 1e-4)), {"d": Elements(size, 77)}, {}, {}, {}
        )
        for step in range(steps):
            assert program.advance(memory, 1) == Status.BUDGET
            for draw, arguments in drawn:
                numbers = random.DISTRIBUTIONS[draw.distribution](
                    12, 77, np.arange(size), step, draw.number, *arguments
                )
                np.testing.assert_array_equal(arrays[f"d.{draw.number}"], numbers.astype(DTYPES[draw.type]))


# the language


def test_poisson_numbers_with_a_mean_for_each_neuron_and_step(target):
    seed(5)
    group = NeuronGroup(1000, "n = poisson(i/10.0 + t/ms) : integer (constant over dt)", dt=1 * ms)
    trace = StateMonitor(group, "n", record=True)
    run(100 * ms)
    mean = np.arange(1000)[:, None] / 10 + np.arange(100)
    assert trace.n.dtype.kind == "i"
    standardised = (trace.n - mean)[1:] / np.sqrt(mean[1:])
    assert abs(standardised.mean()) < 5 / np.sqrt(standardised.size)
    assert abs(standardised.var() - 1) < 5 * np.sqrt(3 / standardised.size)
    assert not trace.n[0, 0]
    for along in (standardised[1:] * standardised[:-1], standardised[:, 1:] * standardised[:, :-1]):
        assert abs(along.mean()) < 5 / np.sqrt(along.size)


def test_all_targets_draw_the_same_counts():
    found = []
    for prefs.codegen.target in TARGETS:
        seed(6)
        group = NeuronGroup(50, "dv/dt = (poisson(20 + i) - v)/ms : 1\nn : integer", threshold="v > 18",
                            reset="n += poisson(0.3*v); v = poisson(1e9)/1e9", name="counts_of_all")  # fmt: skip
        group.v = "poisson(i)"
        network = Network(group)
        network.run(5 * ms)
        found.append((group.v[:].tolist(), group.n[:].tolist()))
    assert found[0] == found[1] == found[2]
    assert sum(found[0][1]) > 100


def test_poisson_numbers_outside_a_run():
    seed(7)
    group = NeuronGroup(4000, "v : 1\nn : integer\nm : integer")
    group.n = group.m = "poisson(4)"
    group.v = "poisson(100 + i)"
    assert abs(np.mean(group.n[:]) - 4) < 5 * np.sqrt(4 / 4000)
    assert abs(np.mean((group.n[:] - 4) * (group.m[:] - 4))) < 5 * 4 / np.sqrt(4000)
    assert abs(np.mean(group.v[:] - 100 - np.arange(4000))) < 5 * np.sqrt(2100 / 4000)
    synapses = Synapses(group[:50], group[:50], "count : integer")
    synapses.connect()
    synapses.count = "poisson(3.0*i)"
    assert abs(np.mean(synapses.count[:]) - 73.5) < 5 * np.sqrt(73.5 / 2500)


@pytest.mark.parametrize(
    ("equations", "said"),
    [
        ("n = poisson(3*Hz) : integer", "an argument of poisson() has the wrong unit"),
        ("n = poisson() : integer", "poisson() takes 1 argument"),
        ("n = poisson(t > 1*ms) : integer", "poisson() takes a number"),
        ("n = _binomial(10, 0.5) : integer", "'_binomial' cannot be called: names with a leading underscore"),
        ("dv/dt = posson(3)/ms : 1", "did you mean 'poisson'?"),
    ],
)
def test_calls_that_make_no_sense_are_explained(equations, said):
    with pytest.raises(UserError) as caught:
        Network(NeuronGroup(1, equations)).run(0 * ms)
    assert said in str(caught.value)


def test_binomial_numbers_can_be_written_by_the_simulator():
    """What binomial functions and Poisson inputs are made of: a call that no text can contain."""
    call = Call("_binomial", (Name("i"), Number(0.5)))
    scope = Scope({"i": Symbol("i", "index", type="integer")}, external_names(), True)
    assert sort_of(call, scope, Problems()) == Sort(DIMENSIONLESS, "integer")
    assert is_random(call, System({}, frozenset(), frozenset(), frozenset(), {}))
    assert Binding(Registry(), "group", "g0", scope).lower(call) == Draw(
        "binomial", 0, (Index("own"), Constant(0.5, "real")), "integer"
    )


# every draw has a counter of its own


def uncorrelated(*columns):
    """Whether samples are independent as far as their products tell; bounds are five standard errors."""
    standard = [(np.ravel(x) - np.mean(x)) / np.std(x) for x in columns]
    return all(abs(np.mean(x * y)) < 5 / np.sqrt(len(x)) for x, y in itertools.combinations(standard, 2))


def test_draws_objects_elements_and_steps_are_independent(target):
    """All random functions at once: in one neuron, in two groups of the same model, in neighbours, one step later."""
    seed(8)
    names = ["u", "n", "few", "many", "x"]
    model = "dx/dt = xi/sqrt(ms) - x/ms : 1\nu : 1\nn : 1\nfew : 1\nmany : 1"
    reset = "u = rand(); n = randn(); few = poisson(2); many = poisson(30)"
    groups = [NeuronGroup(2000, model, threshold="True", reset=reset, dt=1 * ms, method="euler") for _ in range(2)]
    network = Network(groups)
    samples = []
    for _ in range(2):
        network.run(1 * ms)
        samples += [np.array(getattr(group, name)[:]) for group in groups for name in names]
    assert uncorrelated(*samples)
    assert uncorrelated(*(values[:-1] for values in samples), *(values[1:] for values in samples))
    for name, values in zip(names, samples[:5], strict=True):
        mean, variance = {"u": (0.5, 1 / 12), "few": (2, 2), "many": (30, 30)}.get(name, (0, 1))
        assert abs(values.mean() - mean) < 5 * np.sqrt(variance / 2000), name
        assert abs(values.var() / variance - 1) < 5 * np.sqrt(3 / 2000), name
