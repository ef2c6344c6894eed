"""Random numbers depend on the seed, the object, the element and the step: on nothing else that happens around them."""

import numpy as np
import pytest

from jupyspike import (
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    seed,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.simulation import simulation

NOISY = "dv/dt = (1.1 - v)/(10*ms) + 0.4*xi/sqrt(10*ms) : 1 (unless refractory)"


def parts(named=True):
    """Two noisy groups that excite each other at random."""
    name = (lambda text: text) if named else (lambda text: text.split("_")[0] + "*")
    first = NeuronGroup(40, NOISY, threshold="v > 1", reset="v = 0", refractory=1 * ms, name=name("first_group"))
    inputs = PoissonGroup(30, rates="200*Hz", name=name("poisson_inputs"))
    synapses = Synapses(inputs, first, "w : 1", on_pre="v += w*rand()", delay=0.7 * ms, name=name("wires_between"))
    return first, inputs, synapses


def filled(first, inputs, synapses):
    first.v = "rand()"
    synapses.connect(p=0.2)
    synapses.w = "0.2*randn()"


def spikes_of(first, monitor_first, *others):
    network = Network(first, monitor_first, *others)
    network.run(40 * ms)
    return monitor_first.t_.tolist(), monitor_first.i.tolist()


def usual(named=True):
    seed(17)
    first, inputs, synapses = parts(named)
    filled(first, inputs, synapses)
    return spikes_of(first, SpikeMonitor(first), inputs, synapses)


def test_the_seed_reproduces_everything(target):
    found = usual()
    assert len(found[0]) > 100
    assert usual() == found
    assert usual(named=False) == usual(named=False)


def test_other_seeds_give_other_numbers(target):
    seed(18)
    first, inputs, synapses = parts()
    filled(first, inputs, synapses)
    assert spikes_of(first, SpikeMonitor(first), inputs, synapses) != usual()


def test_seeds_are_used_in_full():
    values = []
    for number in (1, 1 + 2**32, 2**63, -1):
        seed(number)
        group = NeuronGroup(3, "v : 1", name="one")
        group.v = "rand()"
        values.append(tuple(group.v[:]))
    assert len(set(values)) == 4
    with pytest.raises(ArgumentTypeError, match="a seed is an integer"):
        seed(1.5)


def test_without_a_number_the_seed_is_a_fresh_one():
    drawn = []
    for _ in range(2):
        seed()
        group = NeuronGroup(3, "v : 1", name="one")
        group.v = "rand()"
        drawn.append(tuple(group.v[:]))
    assert drawn[0] != drawn[1]


def test_what_is_recorded_makes_no_difference(target):
    seed(17)
    first, inputs, synapses = parts()
    filled(first, inputs, synapses)
    watchers = [
        StateMonitor(first, ["v", "not_refractory"], record=True), StateMonitor(synapses, "w", record=[0]),
        PopulationRateMonitor(inputs), SpikeMonitor(inputs, "rates"), StateMonitor(first, "v", record=0, dt=0.3 * ms),
    ]  # fmt: skip
    assert spikes_of(first, SpikeMonitor(first), inputs, synapses, *watchers) == usual()


def test_the_slices_of_a_run_make_no_difference(target, monkeypatch):
    expected = usual()
    advance = simulation.Simulation.advance

    def tiny(self, most=None):
        return advance(self, min(most or 3, 3))

    monkeypatch.setattr(simulation.Simulation, "advance", tiny)
    assert usual() == expected


def test_other_objects_make_no_difference(target):
    seed(17)
    before = NeuronGroup(10, NOISY, threshold="v > 1", reset="v = 0", refractory=1 * ms)
    before.v = "rand()"
    first, inputs, synapses = parts()
    more = Synapses(inputs, before, on_pre="v += rand()")
    more.connect(p=0.5)
    filled(first, inputs, synapses)
    assert spikes_of(first, SpikeMonitor(first), before, more, inputs, synapses) == usual()


def test_the_order_of_creation_makes_no_difference_for_named_objects(target):
    expected = usual()
    seed(17)
    inputs = PoissonGroup(30, rates="200*Hz", name="poisson_inputs")
    first = NeuronGroup(40, NOISY, threshold="v > 1", reset="v = 0", refractory=1 * ms, name="first_group")
    synapses = Synapses(inputs, first, "w : 1", on_pre="v += w*rand()", delay=0.7 * ms, name="wires_between")
    synapses.connect(p=0.2)
    first.v = "rand()"
    synapses.w = "0.2*randn()"
    assert spikes_of(first, SpikeMonitor(first), synapses, inputs) == expected


def test_the_size_of_a_group_makes_no_difference_for_its_first_neurons(target):
    def trace(size):
        seed(17)
        group = NeuronGroup(size, NOISY, threshold="v > 1", reset="v = 0", refractory=1 * ms, name="first_group")
        group.v = "rand()"
        monitor = StateMonitor(group, "v", record=[0, 4])
        Network(group, monitor).run(20 * ms)
        return monitor.v

    np.testing.assert_array_equal(trace(5), trace(500))


def test_what_was_made_before_makes_no_difference_after_a_seed():
    """A cell of a notebook that begins with seed(1) can be run again and again."""

    def cell():
        seed(1)
        group, other = NeuronGroup(5, "v : 1"), NeuronGroup(5, "v : 1")
        group.v = other.v = "rand()"
        group[2:4].v = "rand()"
        synapses = Synapses(group, other)
        synapses.connect(p=0.5)
        return group, other, synapses

    made = [cell() for _ in range(3)]
    for group, other, synapses in made[1:]:
        np.testing.assert_array_equal(group.v[:], made[0][0].v[:])
        np.testing.assert_array_equal(other.v[:], made[0][1].v[:])
        np.testing.assert_array_equal(synapses.j, made[0][2].j)
    assert (made[0][0].v[:] != made[0][1].v[:]).all()


def test_a_seed_reproduces_what_objects_draw_that_were_made_before_it():
    groups = [NeuronGroup(5, "v : 1"), NeuronGroup(5, "v : 1"), NeuronGroup(5, "v : 1", name="with_name")]
    drawn = []
    for _ in range(3):
        seed(7)
        for group in groups:
            group.v = "rand()"
        drawn.append(np.array([group.v[:] for group in groups]))
    np.testing.assert_array_equal(drawn[1], drawn[0])
    np.testing.assert_array_equal(drawn[2], drawn[0])
    assert len(np.unique(drawn[0])) == 15
    seed(7)
    new = NeuronGroup(5, "v : 1")
    new.v = "rand()"
    assert not np.isin(new.v[:], drawn[0]).any()


def test_every_assignment_draws_anew():
    group = NeuronGroup(10, "v : 1\nw : 1")
    values = []
    for _ in range(3):
        group.v = group.w = "rand()"
        values += [group.v[:].copy(), group.w[:].copy()]
        group[5:].v = "rand()"
        values.append(group.v[5:].copy())
        group[5:].w = "rand()"
        values.append(group.w[5:].copy())
        group.v["i > 5"] = "rand()"
        values.append(group.v[6:].copy())
    assert len(np.unique(np.concatenate(values))) == sum(map(len, values))


def test_both_targets_draw_the_same_numbers(monkeypatch):
    from jupyspike import prefs

    found = {}
    for name in ("numpy", "cpp"):
        prefs.codegen.target = name
        found[name] = usual()
    assert found["numpy"] == found["cpp"]
