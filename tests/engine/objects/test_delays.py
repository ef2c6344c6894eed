"""Delays: one for all synapses, or one for each; what is on its way keeps the delay with which it was sent."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    StateMonitor,
    Synapses,
    defaultclock,
    ms,
    mV,
    second,
    seed,
)  # fmt: skip

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


def driven(delay=None, neurons=3, times=(0,), **options):
    """One source that spikes at given times (ms), and a synapse onto each neuron that counts what arrives."""
    source = SpikeGeneratorGroup(1, [0] * len(times), np.array(times) * ms)
    group = NeuronGroup(neurons, "v : 1\nlast : second")
    synapses = Synapses(source, group, on_pre="v_post += 1; last_post = t", delay=delay, **options)
    synapses.connect()
    return source, group, synapses


def test_one_delay_for_all_is_given_with_the_synapses():
    source, group, synapses = driven(delay=2 * ms)
    assert synapses.delay == 2 * ms
    Network(source, group, synapses).run(3 * ms)
    np.testing.assert_allclose(group.last / ms, [2, 2, 2])


def test_each_synapse_has_its_own_delay():
    source, group, synapses = driven()
    synapses.delay = [0, 1, 2.5] * ms
    np.testing.assert_allclose(synapses.delay / ms, [0, 1, 2.5])
    Network(source, group, synapses).run(3 * ms)
    np.testing.assert_allclose(group.last / ms, [0, 1, 2.5])
    assert list(group.v) == [1, 1, 1]


def test_delays_are_set_by_expressions_conditions_and_pairs():
    source, group, synapses = driven(neurons=4)
    synapses.delay = "j*ms"
    synapses.delay["j == 3"] = 0.5 * ms
    synapses.pre.delay[0, 1] = 4 * ms
    np.testing.assert_allclose(synapses.pre.delay / ms, [0, 4, 2, 0.5])
    Network(source, group, synapses).run(5 * ms)
    np.testing.assert_allclose(group.last / ms, [0, 4, 2, 0.5])


def test_random_delays_are_the_same_with_the_same_seed():
    seed(4)
    *_, synapses = driven(neurons=100)
    synapses.delay = "5*ms*rand()"
    first = np.array(synapses.delay)
    seed(4)
    *_, again = driven(neurons=100)
    again.delay = "5*ms*rand()"
    np.testing.assert_array_equal(first, again.delay)
    assert 1e-3 < first.mean() < 4e-3


def test_every_spike_of_many_arrives_once_and_in_time():
    times = np.arange(0, 20, 0.3)
    source, group, synapses = driven(neurons=50, times=times)
    synapses.delay = "i*ms + j*0.13*ms"
    trace = StateMonitor(group, "v", record=True, when="end")
    Network(source, group, synapses, trace).run(30 * ms)
    assert (np.asarray(group.v) == len(times)).all()
    step = np.floor(times / 0.1 + 1e-3)
    for neuron in (0, 7, 49):
        arrivals = step + np.rint(neuron * 0.13 / 0.1)
        wanted = np.searchsorted(arrivals, np.arange(300), side="right")
        np.testing.assert_array_equal(trace.v[neuron], wanted)


def test_pathways_of_the_target_have_delays_too():
    group = NeuronGroup(1, "v : 1", threshold="v > 0", reset="v = 0")
    group.v = 1
    synapses = Synapses(group, group, "x : second", on_post="x = t")
    synapses.connect()
    synapses.post.delay = 1.5 * ms
    Network(group, synapses).run(3 * ms)
    np.testing.assert_allclose(synapses.x / ms, [1.5])


def test_a_dict_gives_delays_of_several_pathways():
    group = NeuronGroup(1, "v : 1", threshold="v > 0", reset="v = 0")
    group.v = 1
    synapses = Synapses(
        group, group, "a : second\nb : second\nc : second", {"first": "a = t", "second": "b = t"}, on_post="c = t",
        delay={"first": 1 * ms, "post": 2 * ms},
    )  # fmt: skip
    synapses.connect()
    synapses.second.delay = 0.5 * ms
    Network(group, synapses).run(3 * ms)
    np.testing.assert_allclose([synapses.a[0] / ms, synapses.b[0] / ms, synapses.c[0] / ms], [1, 0.5, 2])


def test_what_is_on_its_way_keeps_its_delay_when_delays_change_between_runs():
    source, group, synapses = driven(times=(0, 2))
    synapses.delay = 3 * ms
    net = Network(source, group, synapses)
    net.run(1 * ms)
    synapses.delay = [1, 3, 9] * ms
    net.run(1.5 * ms)
    assert list(group.v) == [0, 0, 0]
    net.run(1 * ms)  # the first spike arrives at 3 ms by the old delay, the second at 3 ms where the new one is 1 ms
    assert list(group.v) == [2, 1, 1]
    net.run(8 * ms)
    assert list(group.v) == [2, 2, 2]


def test_new_synapses_do_not_receive_what_was_sent_before_they_were_made():
    source, group, synapses = driven(times=(0, 3))
    synapses.delay = 2 * ms
    net = Network(source, group, synapses)
    net.run(1 * ms)
    synapses.connect(i=0, j=2)
    synapses.delay["i == 0 and j == 2"] = 2 * ms
    net.run(5 * ms)
    assert list(group.v) == [2, 2, 3]


def test_spikes_on_their_way_survive_a_change_of_the_time_step():
    source, group, synapses = driven(times=(0.5,))
    synapses.delay = [1, 2, 3] * ms
    net = Network(source, group, synapses)
    net.run(1 * ms)
    defaultclock.dt = 0.05 * ms
    net.run(3 * ms)
    np.testing.assert_allclose(group.last / ms, [1.5, 2.5, 3.5])


def test_existing_delays_stay_with_their_synapses_when_others_are_made():
    group = NeuronGroup(4, "v : 1", threshold="v > 0")
    synapses = Synapses(group, group, on_pre="v_post += 1")
    synapses.connect(i=[3, 1], j=[0, 2])
    synapses.delay = [3, 1] * ms
    synapses.connect(i=[0, 2], j=[1, 1])
    np.testing.assert_allclose(synapses.delay / ms, [3, 1, 0, 0])
    np.testing.assert_array_equal(synapses.i, [3, 1, 0, 2])


def test_a_delay_for_all_cannot_become_one_for_each():
    *_, synapses = driven(delay=1 * ms)
    synapses.delay = 2 * ms
    assert synapses.delay == 2 * ms
    with pytest.raises(ArgumentError, match="one delay for all synapses"):
        synapses.delay = "j*ms"
    with pytest.raises(ArgumentError, match="one time for all"):
        driven(delay=[1, 2, 3] * ms)


@pytest.mark.parametrize("value", [-1 * ms, [1, 2, np.inf] * ms])
def test_delays_are_finite_and_not_negative(value):
    *_, synapses = driven()
    with pytest.raises(ArgumentError):
        synapses.delay = value


def test_a_delay_is_a_time():
    *_, synapses = driven()
    with pytest.raises(DimensionMismatchError):
        synapses.delay = 3 * mV
    with pytest.raises(DimensionMismatchError):
        synapses.delay = "3*mV"
    synapses.delay = 0.001 * second
    np.testing.assert_allclose(synapses.delay_, 0.001)


def plastic(delay, keeps_places=False):
    """Sources that spike in turn, targets that answer, weights that change from both sides."""
    times = np.arange(0, 40, 0.7)
    source = SpikeGeneratorGroup(12, np.arange(len(times)) % 12, times * ms)
    group = NeuronGroup(30, "dv/dt = -v/(5*ms) : 1", threshold="v > 1.5", reset="v = 0")
    synapses = Synapses(
        source, group, "w : 1\nhits : 1", on_pre="v_post += w; w *= 1.01; hits += 1", on_post="w -= 0.001*(i + 1)"
    )
    synapses.connect(p=0.6)
    if keeps_places:
        synapses.keep_places()
    synapses.w = "0.3 + 0.5*rand()"
    synapses.delay, synapses.post.delay = delay, "1*ms*rand()"
    return Network(source, group, synapses), group, synapses


def test_delays_are_read_as_they_were_written_to_the_last_bit():
    for delay in ("4*ms*rand()", "(i + 0.1*j)*0.37*ms", "exp(-j/10)*ms", 0.3 * ms):
        network, _, synapses = plastic(delay)
        written = np.array(synapses.delay_)
        network.run(5 * ms)
        np.testing.assert_array_equal(synapses.delay_, written)
        network.store()
        defaultclock.dt = 0.05 * ms
        network.run(5 * ms)
        np.testing.assert_array_equal(synapses.delay_, written)
        network.restore()
        np.testing.assert_array_equal(synapses.delay_, written)
        defaultclock.dt = 0.1 * ms
    for written in (np.random.default_rng(1).random(len(synapses)), np.full(len(synapses), 0.0003)):
        synapses.delay_ = written
        np.testing.assert_array_equal(synapses.delay_, written)
        network.run(1 * ms)
        np.testing.assert_array_equal(synapses.delay_, written)


def test_delays_stay_when_what_their_expression_used_changes():
    longest = 4 * ms
    _, group, synapses = plastic(0 * ms)
    synapses.delay = "longest*rand()"
    synapses.post.delay = "(1 + abs(v_post) + w)*ms"
    written = np.array(synapses.delay_), np.array(synapses.post.delay_)
    longest = 9 * ms
    group.v, synapses.w = 3, 5
    seed(99)
    np.testing.assert_array_equal(synapses.delay_, written[0])
    np.testing.assert_array_equal(synapses.post.delay_, written[1])


def test_synapses_keep_their_numbers_however_they_are_stored():
    network, _, synapses = plastic("4*ms*rand()")
    i, j, delay = np.array(synapses.i), np.array(synapses.j), np.array(synapses.delay_)
    synapses.w = "i + 0.01*j"
    trace = StateMonitor(synapses, ["w", "hits"], record=[3, 40])
    network.add(trace)
    network.run(10 * ms)
    assert synapses.numbering is not None  # they are stored by delay
    np.testing.assert_array_equal((synapses.i, synapses.j), (i, j))
    pair = int(i[7]), int(j[7])
    for name in ("w", "hits", "delay_"):
        values = np.array(getattr(synapses, name))
        assert np.asarray(getattr(synapses, name)[7]) == values[7] == np.asarray(getattr(synapses, name)[pair]).item()
        np.testing.assert_array_equal(getattr(synapses, name)[[9, 2]], values[[9, 2]])
        np.testing.assert_array_equal(getattr(synapses, name)["i == 3"], values[i == 3])
    np.testing.assert_array_equal(trace.hits[:, -1] <= np.array(synapses.hits)[[3, 40]], True)
    synapses.delay[7] = 2 * ms
    synapses.w[7] = 77
    delay[7] = 0.002
    network.run(1 * ms)
    np.testing.assert_array_equal(synapses.delay_, delay)
    assert 70 < synapses.w[7] < 80
    weights = np.array(synapses.w)
    synapses.connect(i=0, j=[2, 5])
    np.testing.assert_array_equal(synapses.w, [*weights, 0, 0])
    np.testing.assert_array_equal(synapses.delay_, [*delay, 0, 0])


def test_how_synapses_are_stored_changes_nothing():
    outcomes = []
    for keeps_places in (False, True):
        seed(8)
        defaultclock.dt = 0.1 * ms
        network, group, synapses = plastic("4*ms*rand()", keeps_places=keeps_places)
        network.run(12 * ms)
        synapses.delay["j < 9"] = "2*ms*rand()"  # while events are on their way
        network.run(6 * ms)
        defaultclock.dt = 0.05 * ms
        network.run(5 * ms)
        network.store("here")
        network.run(5 * ms)
        network.restore("here")
        network.run(8 * ms)
        assert (synapses.numbering is None) == keeps_places
        outcomes.append([np.array(values) for values in (group.v, synapses.w, synapses.hits, synapses.delay_)])
    for by_delay, as_made in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(by_delay, as_made)
    assert outcomes[0][2].sum() > 200


def test_synapses_that_others_refer_to_or_that_draw_random_numbers_stay_where_they_are():
    for model, on_pre, refers in (("w : 1", "v_post += w", True), ("w : 1", "w = rand()", False)):
        source, group, _ = driven(times=(0, 1))
        synapses = Synapses(source, group, model, on_pre=on_pre)
        synapses.connect()
        synapses.delay = [2, 0, 1] * ms
        network = Network(source, group, synapses)
        if refers:
            network.run(0.5 * ms)
            assert synapses.numbering is not None
            onto = Synapses(source, synapses, on_pre="w_post += j")
            onto.connect()
            network.add(onto)
        network.run(2 * ms)
        assert synapses.numbering is None
        np.testing.assert_array_equal(synapses.delay / ms, [2, 0, 1])
        if refers:
            np.testing.assert_array_equal(synapses.w, [0, 1, 2])
