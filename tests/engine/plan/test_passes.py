"""Passes keep the meaning of a plan to the last bit, and do less."""

import copy

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, seed
from jupyspike_engine.plan.nodes import Apply, Draw, Local, Plan, Update, printed
from jupyspike_engine.plan.passes import PASSES, optimised, share
from jupyspike_engine.plan.traversal import expressions_of, walk
from jupyspike_engine.targets.interface import Memory
from jupyspike_engine.targets.numpy.program import NumpyProgram
from jupyspike_engine.units import ms

GATED = """
dm/dt = alpha*(1 - m) - beta*m : 1
alpha = exp(-(v + k)/4)/ms : hertz
beta = exp(-(v + k)/4)/ms + exp(k/3)/ms : hertz
dv/dt = (m*(1 - v) - v*exp(k/3))/(5*ms) : 1
k : 1
"""


def gated():
    group = NeuronGroup(20, GATED, threshold="v > 0.3*exp(-c)", reset="v = v - 0.1*exp(-c)", namespace={"c": 0.5})
    group.v = "0.5*rand()"
    return group, SpikeMonitor(group, variables="m"), StateMonitor(group, "alpha", record=[1, 2])


def noisy():
    group = NeuronGroup(
        20,
        "dv/dt = (2 - v)/(5*ms) + 0.3*xi/sqrt(5*ms) : 1 (unless refractory)",
        threshold="v > 1 + 0.1*rand()",
        reset="v = 0.1*rand()",
        refractory="1*ms + 2*ms*rand()",
    )
    return group, SpikeMonitor(group)


def plastic():
    group = NeuronGroup(20, "dv/dt = (1.5 + 0.1*i - v)/(10*ms) : 1", threshold="v > 1", reset="v = 0")
    synapses = Synapses(
        group,
        model="w : 1\ndx/dt = -x/(10*ms) : 1 (event-driven)\ndy/dt = -y/(20*ms) : 1 (event-driven)",
        on_pre="v_post += 0.01*w; x += exp(-c); w = clip(w - y*exp(-c), 0, 1)",
        on_post="y += exp(-c); w = clip(w + x*exp(-c), 0, 1)",
        delay=0.5 * ms,
        namespace={"c": 3},
    )
    synapses.connect("i != j", p=0.5)
    synapses.w = "rand()"
    return group, synapses, SpikeMonitor(group)


def slow_and_fast():
    group = NeuronGroup(5, "dx/dt = x*cos(t/ms)/ms + x*sin(t/ms)/ms : 1", method="rk4")
    other = NeuronGroup(5, "dx/dt = -x**2/ms + x**2*t/ms**2 : 1", method="rk2", dt=0.25 * ms)
    group.x = other.x = "0.1*i"
    return group, other, StateMonitor(group, "x", record=True, dt=0.5 * ms)


NETWORKS = [gated, noisy, plastic, slow_and_fast]


def lowered(make) -> tuple[Plan, Memory]:
    """The plan of a network as it was lowered, and a memory to run it on."""
    seed(4)
    network = Network(*make())
    prepared = network.prepare(20 * ms, {})
    return prepared.compiled.lowered.plan, prepared.simulation.memory


def after(plan, memory):
    """Arrays, histories of events and recordings after 150 steps."""
    memory = copy.deepcopy(memory)
    NumpyProgram(plan).advance(memory, 150)
    state = {**memory.arrays}
    state |= {name: np.append(history.elements[: history.head], history.end) for name, history in memory.events.items()}
    for name, recordings in memory.recorders.items():
        buffer = recordings.buffer
        state |= {f"{name}.times": buffer.times[: buffer.count], f"{name}.indices": buffer.indices[: buffer.count]}
        state |= {f"{name}.{k}": column[: buffer.count] for k, column in enumerate(buffer.columns)}
    return state


@pytest.mark.parametrize("make", NETWORKS)
def test_results_are_equal_before_and_after_each_pass(make):
    plan, memory = lowered(make)
    expected = after(plan, memory)
    assert any(len(values) for name, values in expected.items() if name.endswith(".times"))
    for transformation in PASSES:
        plan = transformation(plan)
        found = after(plan, memory)
        assert found.keys() == expected.keys()
        for name, values in expected.items():
            np.testing.assert_array_equal(found[name], values, err_msg=f"{name} after {transformation.__name__}")


def nodes(operation):
    return [node for root in expressions_of(operation) for node in walk(root)]


def count(plan, operation):
    every = (node for each in plan.operations for node in nodes(each))
    return sum(isinstance(node, Apply) and node.operation == operation for node in every)


def test_what_is_needed_twice_is_computed_once():
    plan, _ = lowered(gated)
    shared = share(plan)
    update = next(o for o in shared.operations if isinstance(o, Update))
    before = next(o for o in plan.operations if isinstance(o, Update))

    def exponentials(operation):
        return [n for n in nodes(operation) if isinstance(n, Apply) and n.operation == "exp"]

    assert len(exponentials(before)) > len(exponentials(update)) == len(set(exponentials(update))) == 2


def test_what_does_not_depend_on_the_element_leaves_the_loop():
    plan = optimised(lowered(gated)[0])
    for operation in plan.operations:
        lets = {let.name for let in getattr(operation, "scalars", ())}
        for statement in getattr(operation, "statements", ()):
            for node in walk(statement.value):
                if isinstance(node, Apply):
                    assert not all(isinstance(leaf, Local) and leaf.name in lets for leaf in node.arguments)
    assert count(plan, "exp") < count(lowered(gated)[0], "exp")


@pytest.mark.parametrize("make", NETWORKS)
@pytest.mark.parametrize("transformation", PASSES)
def test_a_pass_done_twice_does_nothing_more(make, transformation):
    once = transformation(lowered(make)[0])
    assert transformation(once) == once


def test_two_random_numbers_are_never_one():
    group = NeuronGroup(100, "x : 1\ny : 1", threshold="True", reset="x = rand() + rand(); y = 2*rand()")
    network = Network(group)
    network.run(0.1 * ms)
    assert len(np.unique(np.concatenate([group.x[:], group.y[:]]))) == 200
    plan = network.last.compiled.plan
    assert len({node.number for o in plan.operations for node in nodes(o) if isinstance(node, Draw)}) == 3


@pytest.mark.parametrize("make", NETWORKS)
def test_the_printed_plan_is_the_same_for_the_same_network(make):
    first, second = printed(lowered(make)[0]), printed(lowered(make)[0])
    assert first == second
    assert " at 0x" not in first


def test_the_printed_plan_says_what_a_step_does():
    group = NeuronGroup(3, "x : 1", threshold="x > 1", reset="x = 0")
    network = Network(group)
    network.run(0 * ms)
    element = "Element(array='g0.x', place='own', type='real', via=())"
    assert printed(network.last.compiled.plan).splitlines() == [
        "clocks: 1",
        "domains:",
        "  Domain(name='g0', pre=None, post=None)",
        "arrays:",
        "  Array(name='g0.x', domain='g0', type='real', storage='float64', shared=False, beside=())",
        "parameters:",
        "events:",
        "  Event(name='g0_spike', domain='g0', clock=0)",
        "pathways:",
        "recorders:",
        "propagators:",
        "operations:",
        "  Detect(clock=0, domain='g0', event='g0_spike', condition=Apply(operation='greater', arguments=("
        f"{element}, Constant(value=1, type='integer')), type='boolean'), statements=(), scalars=(), part=None)",
        "  React(clock=0, domain='g0', event='g0_spike', statements=(Store(array='g0.x', place='own',"
        " value=Constant(value=0, type='integer')),), scalars=())",
        "functions:",
    ]
