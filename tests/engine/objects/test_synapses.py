"""Synapses at work: what their code reads and writes, plasticity against a computation by hand, parts of groups."""

import numpy as np
import pytest

from jupyspike import (
    EquationError,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    run,
    seed,
)  # fmt: skip
from jupyspike_engine.diagnostics import UserError

pytestmark = pytest.mark.every_target

FIRES = "t_in_timesteps >= at and (t_in_timesteps - at) % period == 0"


def clockwork(first, period=10**6, more=""):
    group = NeuronGroup(np.size(first), f"at : integer\nperiod : integer\n{more}", threshold=FIRES)
    group.at, group.period = first, period
    return group


def test_every_target_gets_its_events_in_the_order_of_sources(target):
    """The order of additions decides about the last bits: it is that of the sources, and then of the synapses."""
    sources, receivers = clockwork([1] * 40), NeuronGroup(3, "v : 1")
    synapses = Synapses(sources, receivers, "w : 1", on_pre="v += w")
    synapses.connect()
    synapses.w = 10.0 ** (np.arange(120) % 17) / 3
    run(0.5 * ms)
    for j in range(3):
        total = 0.0
        for i in range(40):
            total += synapses.w[i, j].item()
        assert receivers.v[j] == total


def test_several_synapses_of_one_pair_all_act(target):
    source, receiver = clockwork([1]), NeuronGroup(2, "v : 1\nn : 1")
    synapses = Synapses(source, receiver, "w : 1", on_pre="v += w; n = 2*n + 1")
    synapses.connect(i=0, j=[0, 1, 0], n=2)
    synapses.w = [1, 2, 4, 8, 16, 32]
    run(0.5 * ms)
    assert receiver.v[:].tolist() == [1 + 2 + 16 + 32, 4 + 8]
    assert receiver.n[:].tolist() == [15, 3]  # one after the other


def test_a_synapse_onto_its_own_neuron_acts_in_turn(target):
    """Each synapse reads what those before it have written, also where both ends are one group."""
    group = clockwork([1, 9, 9], more="v : 1")
    synapses = Synapses(group, on_pre="v_post += v_pre + 1")
    synapses.connect("i == 0")
    group.v = [1, 10, 100]
    run(0.3 * ms)
    assert group.v[:].tolist() == [3, 14, 104]  # 0 -> 0 first: then v_pre is 3


@pytest.mark.parametrize("code", ["v_pre += v_post; v_post = v_pre", "v_post += 1; v_pre += v_post", "v_pre = v_post"])
def test_code_that_writes_both_ends_runs_synapse_after_synapse(target, code):
    group = clockwork([1, 1, 2, 9], more="v : 1")
    synapses = Synapses(group, on_pre=code)
    pairs = [(0, 1), (0, 0), (0, 3), (1, 0), (1, 1), (1, 2), (2, 3), (2, 2), (2, 3)]
    for i, j in pairs:
        synapses.connect(i=i, j=j)
    group.v = values = [1.0, 3.0, 7.0, 20.0]
    run(0.5 * ms)
    for i, j in pairs:
        names = {"v_pre": values[i], "v_post": values[j]}
        for statement in code.split(";"):
            exec(statement.strip(), {}, names)
            # both names stand for the same value where both ends are one neuron
            if i == j:
                changed = statement.split()[0]
                names = dict.fromkeys(names, names[changed])
        values[i], values[j] = names["v_pre"], names["v_post"]
    assert group.v[:].tolist() == values


def test_post_code_goes_backwards_along_the_synapses(target):
    sources, receivers = NeuronGroup(3, "u : 1"), clockwork([2, 4])
    synapses = Synapses(sources, receivers, "w : 1", on_post="w += 1; u_pre += 10**j")
    synapses.connect(i=[2, 0, 2], j=[0, 1, 1])
    run(1 * ms)
    assert synapses.w[:].tolist() == [1, 1, 1]
    assert sources.u[:].tolist() == [10, 0, 11]


def test_parts_of_groups_as_source_and_target(target):
    """Indices and sizes count from the first neuron of the part, in connecting, in code and in reading."""
    group = clockwork(np.arange(10), more="v : 1\nlast : 1")
    synapses = Synapses(group[2:5], group[6:9], "w : 1", on_pre="v_post += 1 + i + 10*j; last_post = N_pre*10 + N_post")
    synapses.connect("i <= j")
    assert (synapses.i.tolist(), synapses.j.tolist()) == ([0, 0, 0, 1, 1, 2], [0, 1, 2, 1, 2, 2])
    run(1 * ms)
    expected = np.zeros(10)
    for i, j in zip(synapses.i, synapses.j, strict=True):
        expected[6 + j] += 1 + i + 10 * j
    np.testing.assert_array_equal(group.v[:], expected)
    assert group.last[:].tolist() == [0] * 6 + [33] * 3 + [0]


def test_a_part_drives_its_synapses_only_with_its_own_spikes(target):
    group = clockwork([1] * 6, period=2)
    receiver = NeuronGroup(6, "v : 1")
    synapses = Synapses(group[4:], receiver[:2], on_pre="v += 1")
    synapses.connect(j="i")
    spikes = SpikeMonitor(group[4:5])
    run(1 * ms)
    assert receiver.v[:].tolist() == [5, 5, 0, 0, 0, 0]
    assert spikes.i.tolist() == [0] * 5


def test_variables_of_a_target_that_rests_are_left_alone(target):
    """'(unless refractory)' makes a variable deaf to synapses, and no other variable of the neuron."""
    source = clockwork([0], period=1)
    receiver = NeuronGroup(
        1, "dv/dt = 0/second : 1 (unless refractory)\ndu/dt = 0/second : 1\nat : integer",
        threshold="t_in_timesteps == at", refractory=0.3 * ms, method="euler",
    )  # fmt: skip
    receiver.at = 2
    synapses = Synapses(source, receiver, on_pre="v += 1; u += 1")
    synapses.connect()
    trace = StateMonitor(receiver, ["v", "u"], record=0)
    run(0.8 * ms)
    assert np.diff(trace.v[0]).tolist() == [1, 1, 0, 0, 0, 1, 1]  # rests from its spike in step 2 up to step 5
    assert np.diff(trace.u[0]).tolist() == [1] * 7


PLASTIC = """
w : 1
dapre/dt = -apre/taupre : 1 (event-driven)
dapost/dt = -apost/taupost : 1 (event-driven)
"""
CONSTANTS = {"taupre": 20 * ms, "taupost": 30 * ms, "wmax": 1.0, "up": 0.1, "down": -0.12}


def test_plasticity_by_spike_timing(target):
    """Every synapse against a computation by hand, with delays on both sides; event-driven traces decay exactly."""
    pre_steps, post_steps = [[3, 40, 41, 200], [100, 300]], [[10, 41, 150], [3, 299, 300]]
    sources, receivers = _trains(pre_steps), _trains(post_steps)
    synapses = Synapses(
        sources, receivers, PLASTIC,
        on_pre="apre += up; w = clip(w + apost, 0, wmax)",
        on_post="apost += down; w = clip(w + apre, 0, wmax)",
        delay={"pre": 1 * ms, "post": 0.5 * ms}, namespace=CONSTANTS,
    )  # fmt: skip
    synapses.connect()
    synapses.w = [0.5, 0.9, 0.05, 0.5]
    trace = StateMonitor(synapses, "w", record=True, when="end")
    run(50 * ms)
    for k, (i, j) in enumerate(zip(synapses.i, synapses.j, strict=True)):
        arrivals = [(s + 10, 0) for s in pre_steps[i]] + [(s + 5, 1) for s in post_steps[j]]
        weight = _by_hand(sorted(arrivals), [0.5, 0.9, 0.05, 0.5][k])
        np.testing.assert_allclose(trace.w[k], weight, rtol=1e-12)


def _trains(step_lists):
    """Neurons that fire at lists of up to four steps."""
    parameters = "\n".join(f"s{k} : integer" for k in range(4))
    group = NeuronGroup(len(step_lists), parameters, threshold=" or ".join(f"t_in_timesteps == s{k}" for k in range(4)))
    for k in range(4):
        setattr(group, f"s{k}", [steps[k] if k < len(steps) else -1 for steps in step_lists])
    return group


def _by_hand(arrivals, w):
    weights, apre, apost, last = [], 0.0, 0.0, 0
    for step in range(500):
        for at, side in arrivals:
            if at == step:
                elapsed = (step - last) * 0.1
                apre, apost, last = apre * np.exp(-elapsed / 20), apost * np.exp(-elapsed / 30), step
                if side == 0:
                    apre += 0.1
                    w = min(max(w + apost, 0), 1)
                else:
                    apost -= 0.12
                    w = min(max(w + apre, 0), 1)
        weights.append(w)
    return weights


def test_event_driven_variables_are_read_as_they_were_at_the_last_event(target):
    source = clockwork([0, 10**5])
    synapses = Synapses(source, source, "dx/dt = -x/(5*ms) : 1 (event-driven)", on_pre="x += 1")
    synapses.connect("i == j")
    run(3 * ms)
    assert synapses.x[:].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("equation", "found"),
    [
        ("dx/dt = -x**2/ms : 1 (event-driven)", "dx/dt is not linear: x**2"),
        ("dx/dt = -x*t/ms**2 : 1 (event-driven)", "dx/dt depends on t"),
        ("dx/dt = (v_post - x)/ms : 1 (event-driven)", "dx/dt depends on v_post"),
        ("dx/dt = (v - x)/ms : 1 (event-driven)", "dx/dt depends on v"),
        ("dx/dt = (y - x)/ms : 1 (event-driven)\ndy/dt = -y/ms : 1 (clock-driven)", "dx/dt depends on y"),
        ("dx/dt = -x/ms + xi/sqrt(ms) : 1 (event-driven)", "dx/dt contains white noise (xi)"),
    ],
)
def test_event_driven_equations_must_be_solvable_from_event_to_event(equation, found):
    group = NeuronGroup(1, "dv/dt = -v/ms : 1", threshold="v > 1")
    with pytest.raises(EquationError, match="event-driven equations must be linear") as caught:
        Synapses(group, group, equation, on_pre="x += 1")
    assert caught.value.diagnostics[0].found == found


def test_clock_driven_equations_run_in_every_step(target):
    source = clockwork([2], more="u : 1")
    receiver = NeuronGroup(2, "v : 1")
    synapses = Synapses(
        source, receiver, "dg/dt = (-g + u_pre)/tau : 1 (clock-driven)\ntau : second", on_pre="g += 1", method="exact"
    )
    synapses.connect()
    synapses.tau = [1, 2] * ms
    source.u = 0.5
    trace = StateMonitor(synapses, "g", record=True)
    run(1 * ms)
    for k, tau in enumerate((1, 2)):
        expected, g = [], 0.0
        for step in range(10):
            expected.append(g)
            g = 0.5 + (g - 0.5) * np.exp(-0.1 / tau) + (step == 2)
        np.testing.assert_allclose(trace.g[k], expected, rtol=1e-13)


def test_synapses_without_code_can_still_have_equations(target):
    group = NeuronGroup(2, "x : 1", threshold="x > 1")
    synapses = Synapses(group, group, "dw/dt = 1/second : 1 (clock-driven)")
    synapses.connect()
    run(10 * ms)
    np.testing.assert_allclose(synapses.w[:], 0.01, rtol=1e-12)


def test_random_numbers_differ_between_synapses_and_steps(target):
    seed(3)
    source, receiver = clockwork([0, 0], period=1), NeuronGroup(50, "v : 1")
    synapses = Synapses(source, receiver, "r : 1\ns : 1", on_pre="s = r; r = rand()")
    synapses.connect()
    run(0.2 * ms)
    values = np.concatenate([synapses.r[:], synapses.s[:]])
    assert len(np.unique(values)) == 200


def test_no_synapses_are_no_problem(target):
    source, receiver = clockwork([0], period=1), NeuronGroup(1, "v : 1")
    model = "w : 1\ntau : second\ndg/dt = -g/tau : 1 (clock-driven)\ndh/dt = (g - h)/tau : 1 (clock-driven)"
    synapses = Synapses(source, receiver, model, on_pre="v += w", method="exact")
    trace = StateMonitor(synapses, "w", record=True)
    run(0.3 * ms)
    assert receiver.v[0] == 0
    assert trace.w.shape == (0, 3)
    assert len(synapses) == 0


def test_a_pathway_needs_the_event_that_it_waits_for():
    silent = NeuronGroup(1, "v : 1")
    with pytest.raises(UserError, match="on_pre waits for a threshold, which 'silent_one' does not have"):
        Synapses(NeuronGroup(1, "v : 1", name="silent_one"), silent, on_pre="v += 1")


def test_network_takes_along_what_synapses_need(target):
    source, receiver = clockwork([0]), NeuronGroup(1, "v : 1")
    synapses = Synapses(source, receiver, on_pre="v += 1")
    synapses.connect()
    Network(synapses).run(0.2 * ms)
    assert receiver.v[0] == 1


def test_the_sizes_of_both_sides_and_the_names_of_their_variables_are_told():
    source, target = PoissonGroup(2, 3 * Hz), NeuronGroup(5, "v : 1")
    synapses = Synapses(source, target[1:4], on_pre="v += 1", name="drive")
    synapses.connect(i=0, j=1)
    assert (synapses.N_pre, synapses.N_post) == (2, 3)
    assert repr(synapses.v_post) == "<drive.v_post: array([0.])>"
