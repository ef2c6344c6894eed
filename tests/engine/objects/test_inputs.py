"""What drives neurons: given spikes, values over time, many Poisson inputs at once, binomial numbers."""

import numpy as np
import pytest
from scipy.stats import kstest

from jupyspike import (
    ArgumentError,
    BinomialFunction,
    DimensionMismatchError,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    UserError,
    amp,
    defaultclock,
    ms,
    mV,
    nA,
    seed,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, IndexRangeError, UnknownNameError
from jupyspike_engine.plan.nodes import Apply, Draw, Law, Update
from jupyspike_engine.plan.traversal import expressions_of, walk

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


# given spikes


def test_spikes_happen_when_they_are_given_in_any_order():
    group = SpikeGeneratorGroup(4, [3, 0, 1, 0], [2, 0, 1, 2] * ms)
    spikes = SpikeMonitor(group)
    Network(group, spikes).run(3 * ms)
    np.testing.assert_array_equal(spikes.i, [0, 1, 0, 3])
    np.testing.assert_allclose(spikes.t / ms, [0, 1, 2, 2])


def test_given_spikes_are_repeated_after_a_period():
    group = SpikeGeneratorGroup(2, [0, 1], [1, 4.9] * ms, period=5 * ms)
    spikes = SpikeMonitor(group)
    net = Network(group, spikes)
    net.run(7 * ms)
    net.run(5 * ms)
    np.testing.assert_allclose(spikes.t / ms, [1, 4.9, 6, 9.9, 11])


def test_other_spikes_can_be_given_between_runs():
    group = SpikeGeneratorGroup(2, [0], [1] * ms)
    spikes = SpikeMonitor(group)
    net = Network(group, spikes)
    net.run(2 * ms)
    group.set_spikes([1, 1, 1], [1, 3, 4] * ms)
    net.run(3 * ms)
    np.testing.assert_array_equal(spikes.i, [0, 1, 1])
    np.testing.assert_allclose(spikes.t / ms, [1, 3, 4])


def test_given_spikes_drive_synapses_and_parts_of_the_group():
    source = SpikeGeneratorGroup(4, [0, 1, 2, 3], [1, 1, 1, 1] * ms)
    group = NeuronGroup(2, "v : 1")
    synapses = Synapses(source[1:3], group, on_pre="v_post += 1 + i", delay=0.5 * ms)
    synapses.connect(j="i")
    Network(source, group, synapses).run(2 * ms)
    np.testing.assert_array_equal(group.v, [1, 2])


def test_times_are_those_of_whole_steps_whatever_rounding_does():
    times = np.arange(1000) * 0.1
    group = SpikeGeneratorGroup(1, np.zeros(1000, int), times * ms)
    spikes = SpikeMonitor(group)
    Network(group, spikes).run(100 * ms)
    assert spikes.num_spikes == 1000


def test_indices_of_spikes_may_be_real_numbers_without_a_fraction():
    """As numbers that were read from a file are."""
    group = SpikeGeneratorGroup(3, np.array([2.0, 0.0]), [1, 2] * ms)
    spikes = SpikeMonitor(group)
    Network(group, spikes).run(3 * ms)
    np.testing.assert_array_equal(spikes.i, [2, 0])
    for indices in ([0.5, 1], [np.nan, 1], ["a", "b"], [True, False]):
        with pytest.raises(ArgumentTypeError, match="whole numbers"):
            group.set_spikes(indices, [4, 5] * ms)


def test_there_need_not_be_any_spikes():
    group = SpikeGeneratorGroup(3, [], [] * ms)
    spikes = SpikeMonitor(group)
    net = Network(group, spikes)
    net.run(1 * ms)
    group.set_spikes([1], [1.5] * ms)
    net.run(1 * ms)
    group.set_spikes(np.array([]), np.array([]))
    net.run(1 * ms)
    np.testing.assert_allclose(spikes.t / ms, [1.5])


def test_what_cannot_be_spikes_is_said():
    with pytest.raises(ArgumentError, match="2 indices and 1 times"):
        SpikeGeneratorGroup(2, [0, 1], [1] * ms)
    with pytest.raises(IndexRangeError, match="do not exist"):
        SpikeGeneratorGroup(2, [2], [1] * ms)
    with pytest.raises(DimensionMismatchError):
        SpikeGeneratorGroup(2, [1], [1] * mV)
    with pytest.raises(ArgumentError, match="within the period"):
        SpikeGeneratorGroup(2, [1], [5] * ms, period=5 * ms)
    with pytest.raises(ArgumentError, match="more than once"):
        Network(SpikeGeneratorGroup(2, [1, 1], [1.01, 1.05] * ms)).run(1 * ms)
    with pytest.raises(ArgumentError, match="whole number of time steps"):
        Network(SpikeGeneratorGroup(2, [1], [1] * ms, period=1.25 * ms)).run(1 * ms)


# values over time


def test_a_timed_array_holds_each_value_for_its_step():
    current = TimedArray([1, 2, 3] * nA, dt=1 * ms)
    group = NeuronGroup(1, "I = current(t) : amp")
    trace = StateMonitor(group, "I", record=True)
    Network(group, trace).run(4 * ms)
    np.testing.assert_allclose(trace.I[0] / nA, np.repeat([1, 2, 3, 3], 10))
    assert current(1.999 * ms) == 2 * nA
    np.testing.assert_allclose(current([0, 2.5, 9] * ms) / nA, [1, 3, 3])


def test_a_timed_array_of_rows_is_chosen_by_a_number():
    values = np.arange(6).reshape(3, 2) * mV
    stimulus = TimedArray(values, dt=0.5 * ms)
    group = NeuronGroup(4, "v = stimulus(t, i % 2) : volt")
    trace = StateMonitor(group, "v", record=True, dt=0.5 * ms)
    Network(group, trace).run(1.5 * ms)
    np.testing.assert_allclose(trace.v / volt, np.array(values)[:, [0, 1, 0, 1]].T)
    assert stimulus(0.6 * ms, 1) == 3 * mV


def test_the_number_of_a_row_may_be_computed_with_whole_numbers_from_outside():
    stimulus = TimedArray([[1, 2, 3]] * nA, dt=1 * ms)
    size = 2
    group = NeuronGroup(6, "I = stimulus(t, i//size) : amp", namespace={"size": size})
    seen = StateMonitor(group, "I", record=True)
    net = Network(group, seen)
    net.run(0.1 * ms)
    np.testing.assert_allclose(seen.I[:, 0] / nA, [1, 1, 2, 2, 3, 3])


@pytest.mark.parametrize("values", [[[1, 2]], [[1.0, 2.0]]])
def test_a_number_beyond_the_row_has_no_value(values):
    table = TimedArray(values, dt=1 * ms)
    group = NeuronGroup(4, "x = table(t, i - 1) : 1\ny : 1", threshold="True", reset="y = x")
    Network(group).run(0.1 * ms)
    for found in (group.x[:], group.y[:]):
        np.testing.assert_array_equal(found, [np.nan, 1, 2, np.nan])


def test_the_number_of_a_row_is_a_whole_number():
    stimulus = TimedArray([[1, 2, 3]] * nA, dt=1 * ms)
    with pytest.raises(UserError, match=r"an argument of stimulus\(\) must be an integer") as error:
        Network(NeuronGroup(3, "I = stimulus(t, i/2) : amp")).run(0 * ms)
    assert error.value.diagnostics[0].hint == "int(...)"


def test_long_and_short_steps_of_a_timed_array_are_found_exactly():
    for step, clock in ((1000.0, 0.1), (0.1, 0.1), (0.3, 0.1)):
        defaultclock.dt = clock * ms
        table = TimedArray(np.arange(50.0), dt=step * ms)
        group = NeuronGroup(1, "x = table(t) : 1")
        trace = StateMonitor(group, "x", record=True)
        Network(group, trace).run(30 * ms)
        steps = np.arange(300)
        wanted = np.minimum(steps // round(step / clock), 49)
        np.testing.assert_array_equal(trace.x[0], wanted)


def test_timed_arrays_stand_anywhere():
    table = TimedArray([0.5, 2.0], dt=1 * ms)
    rates = TimedArray([0, 10000] * Hz, dt=1 * ms)
    inputs = PoissonGroup(100, rates="rates(t)")
    spikes = SpikeMonitor(inputs)
    group = NeuronGroup(
        2, "dv/dt = table(t)/ms : 1 (unless refractory)", threshold="v > table(t) + 0.2", reset="v = -table(t)",
        refractory="table(t)*ms",
    )  # fmt: skip
    counted = SpikeMonitor(group)
    group.v = "0.1*table(0*ms)*i"
    np.testing.assert_allclose(group.v, [0, 0.05])
    Network(inputs, spikes, group, counted).run(2 * ms)
    assert (spikes.t >= 0.999 * ms).all() and spikes.num_spikes > 500
    assert counted.num_spikes > 0


def test_linear_equations_with_a_table_are_solved_exactly():
    table = TimedArray([1.0, -1.0], dt=5 * ms)
    group = NeuronGroup(1, "dv/dt = (table(t) - v)/(10*ms) : 1", method="exact")
    Network(group).run(10 * ms)
    half = np.exp(-0.5)
    assert group.v[0] == pytest.approx((1 - half) * half - (1 - half), rel=1e-12)


def test_units_and_shapes_of_tables_are_checked():
    table = TimedArray([1, 2] * nA, dt=1 * ms)
    assert table(0 * ms) == 1 * nA and table(0 * ms) / amp == 1e-9
    with pytest.raises(DimensionMismatchError, match="function of time"):
        table(3 * mV)
    with pytest.raises(UserError, match="wrong unit"):
        Network(NeuronGroup(1, "x = table(t) : volt")).run(0 * ms)
    with pytest.raises(UserError, match="takes 1 argument"):
        Network(NeuronGroup(1, "x = table(t, i) : amp")).run(0 * ms)
    with pytest.raises(ArgumentError, match="shape"):
        TimedArray(np.zeros((2, 2, 2)), dt=1 * ms)


# many Poisson inputs


def test_poisson_inputs_add_binomial_numbers_of_weights():
    seed(5)
    group = NeuronGroup(2000, "v : volt\nw : volt")
    group.w = "0.1*mV*(1 + i % 2)"
    first = PoissonInput(group, "v", N=200, rate=50 * Hz, weight=0.1 * mV)
    second = PoissonInput(group[1000:], "v", N=100, rate=20 * Hz, weight="w")
    Network(group, first, second).run(10 * ms)
    alone, both = group.v[:1000] / mV, group.v[1000:] / mV
    mean, variance = 200 * 50 * 0.01 * 0.1, 200 * 50 * 0.01 * (1 - 0.005) * 0.01
    assert abs(alone.mean() - mean) < 5 * np.sqrt(variance / 1000)
    assert abs(alone.var() / variance - 1) < 5 * np.sqrt(2 / 1000)
    for parity in (0, 1):
        assert abs(both[parity::2].mean() - mean - 20 * 0.1 * (1 + parity)) < 0.2


def test_the_numbers_of_poisson_inputs_are_values():
    group = NeuronGroup(3, "v : 1")
    one = PoissonInput(group, "v", N=10, rate=1e9 * Hz, weight=2)
    Network(group, one).run(0.1 * ms)
    np.testing.assert_array_equal(group.v, [20, 20, 20])
    none = PoissonInput(group, "v", N=10, rate=0 * Hz, weight=2)
    Network(group, none).run(0.1 * ms)
    np.testing.assert_array_equal(group.v, [20, 20, 20])


def test_poisson_inputs_draw_by_one_law_and_only_where_there_is_weight():
    seed(7)
    group = NeuronGroup(300, "v : 1\nu : 1\nx : 1\nw : 1")
    group.w = "i % 3"
    inputs = [PoissonInput(group, name, 100, 500 * Hz, weight) for name, weight in (("v", 1), ("u", "w"), ("x", 0))]
    network = Network(group, inputs)
    network.run(1 * ms)
    updates = [o for o in network.last.compiled.plan.operations if isinstance(o, Update)]
    assert [[type(scalar) for scalar in update.scalars].count(Law) for update in updates] == [1, 1, 1]
    for update in updates:
        nodes = [node for root in expressions_of(update) for node in walk(root)]
        assert [(draw.arguments, draw.law) for draw in nodes if isinstance(draw, Draw)] == [((), "law_0")]
        (choice,) = (node for node in nodes if isinstance(node, Apply) and node.operation == "select")
        assert any(isinstance(node, Draw) for node in walk(choice.arguments[1]))
    u, w = group.u[:], group.w[:]
    assert not u[w == 0].any() and not group.x[:].any() and (group.v[:] > 0).sum() > 290
    assert (u[w == 2] % 2 == 0).all() and (u[w == 2] > 0).sum() > 95


def test_a_whole_number_is_a_weight_for_counts():
    group = NeuronGroup(2, "n : integer")
    Network(group, PoissonInput(group, "n", 3, 1e9 * Hz, 2)).run(0.2 * ms)
    assert group.n[:].tolist() == [12, 12]
    with pytest.raises(UserError, match="must be an integer"):
        PoissonInput(group, "n", 3, 1 * Hz, 0.5)


def test_a_random_weight_is_drawn_once_for_each_neuron_and_step():
    seed(8)
    group = NeuronGroup(2000, "v : 1")
    Network(group, PoissonInput(group, "v", 1, 1e9 * Hz, "rand() - 0.5")).run(0.1 * ms)
    assert kstest(group.v[:], "uniform", (-0.5, 1)).pvalue > 1e-3


def test_poisson_inputs_that_make_no_sense_are_refused():
    group = NeuronGroup(3, "v : volt\nx = 2*v : volt")
    with pytest.raises(UnknownNameError, match="no variable 'u'"):
        PoissonInput(group, "u", 10, 1 * Hz, 1 * mV)
    with pytest.raises(DimensionMismatchError, match="rate"):
        PoissonInput(group, "v", 10, 1 * mV, 1 * mV)
    with pytest.raises(DimensionMismatchError, match="wrong unit"):
        PoissonInput(group, "v", 10, 1 * Hz, 1 * nA)
    with pytest.raises(UserError, match="subexpression"):
        PoissonInput(group, "x", 10, 1 * Hz, 1 * mV)


def test_binomial_functions_are_drawn_in_equations_code_and_values():
    seed(6)
    heads = BinomialFunction(50, 0.3)
    group = NeuronGroup(
        2000, "a = heads() : 1 (constant over dt)\nb : 1\nc : 1", threshold="True", reset="b = heads() - heads()"
    )
    group.c = "heads()"
    Network(group).run(0.1 * ms)
    for values, mean, variance in ((group.a, 15, 10.5), (group.b, 0, 21), (group.c, 15, 10.5)):
        assert abs(np.mean(values) - mean) < 5 * np.sqrt(variance / 2000)
        assert abs(np.var(np.asarray(values)) / variance - 1) < 0.2
