"""C++ and Cython against numpy, the meaning: the same spikes, and the same states up to rounding of functions.

None of the networks is chaotic within its run, so a difference in the last bit stays one.
"""

import numpy as np
import pytest

from jupyspike import (
    EventMonitor,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    linked_var,
    ms,
    mV,
    nS,
    prefs,
    seed,
    uS,
)  # fmt: skip
from jupyspike_engine.simulation import native_program


def exact_neurons():
    """Integrate-and-fire neurons with currents, solved exactly: additions and products only."""
    group = NeuronGroup(
        100,
        """dv/dt = (ge + gi - (v + 49*mV))/tau : volt (unless refractory)
        dge/dt = -ge/(5*ms) : volt
        dgi/dt = -gi/(10*ms) : volt
        tau : second""",
        threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, name="exact_group",
    )  # fmt: skip
    group.tau = "15*ms + 10*ms*rand()"
    group.v = "-60*mV + rand()*10*mV"
    excitation = Synapses(group[:80], group, on_pre="ge += 1.6*mV", name="excitation")
    inhibition = Synapses(group[80:], group, on_pre="gi -= 9*mV", delay=0.8 * ms, name="inhibition")
    excitation.connect(p=0.1)
    inhibition.connect(p=0.1)
    return [group, excitation, inhibition], {group: ["v", "ge", "gi"]}


def polynomial_neurons():
    """Quadratic neurons by Runge-Kutta, with adaptation: a polynomial right-hand side."""
    group = NeuronGroup(
        50,
        """dv/dt = (0.04*v**2 + 5*v + 140 - u + drive)/ms : 1
        du/dt = a*(b*v - u)/ms : 1
        a : 1
        b : 1
        drive : 1""",
        threshold="v >= 30", reset="v = -65; u += 8", method="rk2", name="quadratic_group", dt=0.05 * ms,
    )  # fmt: skip
    group.a, group.b, group.v, group.drive = "0.02 + 0.08*i/N", 0.2, -65, "5 + 10*rand()"
    group.u = "b*v"
    return [group], {group: ["v", "u"]}


def plastic_synapses():
    """Poisson inputs, traces of spikes, weights within bounds, code on both sides, several delays."""
    inputs = PoissonGroup(60, rates="(20 + i)*Hz*(1 + int(t > 20*ms))", name="plastic_inputs")
    group = NeuronGroup(
        5, "dv/dt = -v/(10*ms) : 1", threshold="v > 1", reset="v = 0", refractory="1*ms + i*ms", name="plastic_group"
    )
    synapses = Synapses(
        inputs, group,
        """w : 1
        dapre/dt = -apre/(20*ms) : 1 (event-driven)
        dapost/dt = -apost/(20*ms) : 1 (event-driven)""",
        on_pre={"act": "v_post += w", "learn": "apre += 0.02; w = clip(w + apost, 0, 0.4)"},
        on_post="apost -= 0.021; w = clip(w + apre, 0, 0.4)",
        delay={"act": 1.3 * ms, "post": 0.2 * ms}, name="plastic_synapses",
    )  # fmt: skip
    synapses.connect(p=0.7)
    synapses.w = "0.1 + 0.2*rand()"
    return [inputs, group, synapses], {group: ["v"], synapses: ["w", "apre", "apost"]}


def gated_channels():
    """Hodgkin-Huxley neurons by exponential Euler: functions of the library, whose last bits differ."""
    group = NeuronGroup(
        20,
        """dv/dt = (gl*(-60*mV - v) - gna*m**3*h*(v - 50*mV) - gk*n**4*(v + 90*mV) + drive)/(200*pF) : volt
        dm/dt = 0.32/mV*4*mV/exprel((13*mV - v + vt)/(4*mV))/ms*(1 - m)
              - 0.28/mV*5*mV/exprel((v - vt - 40*mV)/(5*mV))/ms*m : 1
        dn/dt = 0.032/mV*5*mV/exprel((15*mV - v + vt)/(5*mV))/ms*(1 - n) - 0.5*exp((10*mV - v + vt)/(40*mV))/ms*n : 1
        dh/dt = 0.128*exp((17*mV - v + vt)/(18*mV))/ms*(1 - h) - 4/(1 + exp((40*mV - v + vt)/(5*mV)))/ms*h : 1
        drive : amp""",
        threshold="v > -20*mV", refractory="v > -20*mV", method="exponential_euler", dt=0.05 * ms, name="gated_group",
        namespace={"gl": 10 * nS, "gna": 20 * uS, "gk": 6 * uS, "vt": -63 * mV},
    )  # fmt: skip
    group.v, group.drive, group.h = -65 * mV, "200*pA + i*50*pA", 1
    return [group], {group: ["v", "m", "n", "h"]}


def noise_and_events():
    """White noise, a random reset, custom events with code, and a condition as refractoriness."""
    group = NeuronGroup(
        40,
        "dv/dt = (1.2 - v)/(5*ms) + 0.2*xi/sqrt(5*ms) + 0.1*xi_b/sqrt(ms) : 1\nn : integer\nlast : second",
        threshold="v > 1", reset="v = 0.2*rand() - 0.1*randn()", refractory="v < 0.3 and t - lastspike < 3*ms",
        events={"near": "v > 0.9 and not (i % 3 == 0)"}, name="noisy_group",
    )  # fmt: skip
    group.run_on_event("near", "n += 1; last = t; v = v - 0.001*n")
    return [group], {group: ["v", "n", "last"]}


def two_time_steps():
    """A slow and a fast group that drive each other."""
    fast = NeuronGroup(10, "dv/dt = (1.5 - v)/(3*ms) : 1", threshold="v > 1", reset="v = 0", name="fast_group")
    slow = NeuronGroup(
        10, "dv/dt = (0.5 - v)/(20*ms) : 1 (unless refractory)", threshold="v > 1", reset="v = 0", refractory=2 * ms,
        dt=0.4 * ms, name="slow_group",
    )  # fmt: skip
    fast.v = slow.v = "0.5*rand()"
    forth = Synapses(fast, slow, on_pre="v += 0.06", name="forth")
    back = Synapses(slow, fast, on_pre="v -= 0.3*(1 + j)/N_post", delay=0.8 * ms, name="back")
    forth.connect(p=0.5)
    back.connect(p=0.5)
    return [fast, slow, forth, back], {fast: ["v"], slow: ["v"]}


def steps_of_their_own():
    """Stiff and excitable neurons by methods that choose their steps or are implicit, and coupled lazy synapses."""
    equations = """
    dv/dt = (v*(1 - v)*(v - 0.1) - w + drive)/(0.1*ms) : 1 (unless refractory)
    dw/dt = (0.5*v - w)/(4*ms) : 1
    drive : 1
    """
    common = {"threshold": "v > 0.8", "refractory": 2 * ms, "dt": 0.2 * ms}
    chosen = NeuronGroup(20, equations, method="gsl_rkck", name="chosen_group", **common)
    implicit = NeuronGroup(20, equations, method="rosenbrock", name="implicit_group", **common)
    chosen.drive = implicit.drive = "0.05 + 0.02*i"
    synapses = Synapses(
        chosen, implicit,
        """dx/dt = (a - x)/tau : 1 (event-driven)
        da/dt = -a/tau + 1/second : 1 (event-driven)
        tau : second""",
        on_pre="a += 0.1; drive_post += 0.001*x", name="lazy",
    )  # fmt: skip
    synapses.connect(p=0.3)
    synapses.tau = "2*ms + 3*ms*rand()"
    return [chosen, implicit, synapses], {chosen: ["v", "w"], implicit: ["v", "w", "drive"], synapses: ["x", "a"]}


BITWISE = [
    exact_neurons, polynomial_neurons, plastic_synapses, noise_and_events, two_time_steps, steps_of_their_own,
]  # fmt: skip


def results(make, target):
    """Spikes and recorded states of all groups, by name."""
    prefs.codegen.target = target
    seed(41)
    objects, recorded = make()
    groups = [item for item in objects if isinstance(item, NeuronGroup)]
    monitors = {
        **{group.name: SpikeMonitor(group) for group in groups},
        **{f"{group.name} rate": PopulationRateMonitor(group) for group in groups},
        **{f"{group.name} near": EventMonitor(group, "near", "v") for group in groups if "near" in group.events},
    }
    traces = {item.name: StateMonitor(item, variables, record=True) for item, variables in recorded.items()}
    Network(objects, monitors, traces).run(40 * ms)
    found = {}
    for name, monitor in monitors.items():
        found[f"{name} t"] = monitor.t_
        found[name] = monitor.rate_ if name.endswith("rate") else monitor.i
        if name.endswith("near"):
            found[f"{name} v"] = monitor.v
    for name, trace in traces.items():
        found |= {f"{name}.{variable}": np.asarray(getattr(trace, variable)) for variable in trace.columns}
    return found


@pytest.mark.parametrize("make", [*BITWISE, gated_channels])
def test_all_targets_do_the_same(make):
    meant, compiled, cython = (results(make, target) for target in ("numpy", "cpp", "cython"))
    assert meant.keys() == compiled.keys() == cython.keys()
    spikes = sum(len(values) for name, values in meant.items() if name.endswith("group"))
    assert spikes > 20, "a network that does not spike shows nothing"
    for name, values in meant.items():
        np.testing.assert_array_equal(cython[name], compiled[name], err_msg=name)
        if make is gated_channels and "." in name:
            np.testing.assert_allclose(compiled[name], values, rtol=0, atol=1e-11, err_msg=name)
        elif make is plastic_synapses and "." in name:  # event-driven traces decay by a function of the library
            np.testing.assert_allclose(compiled[name], values, rtol=0, atol=1e-12, err_msg=name)
        else:
            np.testing.assert_array_equal(compiled[name], values, err_msg=name)


def everything_at_once():
    """Several pathways of one group, delays of single synapses, sums, synapses onto synapses, linked, shared values."""
    inputs = PoissonGroup(40, rates=200 * Hz, name="many_inputs")
    group = NeuronGroup(
        150,
        """dv/dt = (0.2 + level + 0.01*total + 0.1*other - v)/(10*ms) : 1
        total : 1
        level : 1 (shared)
        other : 1 (linked)""",
        threshold="v > 1", reset="v = 0", name="many_group",
    )  # fmt: skip
    slow = NeuronGroup(150, "dx/dt = -x/(30*ms) : 1", threshold="x > 1", reset="x = 0", name="many_slow")
    group.other = linked_var(slow, "x")
    group.v = "rand()"
    group.run_regularly("level = 0.3*rand()", dt=1 * ms)
    recurrent = Synapses(
        group, group, "w : 1\ntotal_post = w*(v_pre - v_post) : 1 (summed)",
        on_pre={"forward": "v_post += w", "backward": "v_pre -= 0.001*w"}, on_post="w = clip(w + 0.001*rand(), 0, 0.1)",
        name="many_recurrent",
    )  # fmt: skip
    recurrent.connect(p=0.1)
    recurrent.w, recurrent.forward.delay, recurrent.post.delay = "0.05*rand()", "3*ms*rand()", "1*ms*rand()"
    driving = Synapses(inputs, group, on_pre="v_post += 0.1", name="many_driving")
    driving.connect(p=0.2)
    onto = Synapses(inputs, recurrent, on_pre="w_post *= 0.999", name="many_onto")
    onto.connect(j="k for k in sample(N_post, p=0.05)")
    kicks = Synapses(group, slow, on_pre="x_post += 0.05*v_pre", delay=0.5 * ms, name="many_kicks")
    kicks.connect(j="i")
    return [inputs, group, slow, recurrent, driving, onto, kicks], {
        group: ["v", "total", "level"], recurrent: ["w"], slow: ["x"],
    }  # fmt: skip


@pytest.mark.parametrize("make", [*BITWISE, gated_channels, everything_at_once])
def test_the_number_of_threads_changes_nothing(make):
    prefs.engine.threads = 1
    expected = results(make, "cpp")
    assert sum(len(values) for name, values in expected.items() if name.endswith("group")) > 20
    for threads in (2, 3, 8):
        prefs.engine.threads = threads
        found = results(make, "cpp")
        for name, values in expected.items():
            np.testing.assert_array_equal(found[name], values, err_msg=f"{name} with {threads} threads")


@pytest.mark.parametrize("make", [*BITWISE, gated_channels, everything_at_once])
def test_a_second_compiler_gives_the_same_spikes_and_the_same_states_up_to_rounding(make, clang):
    expected = results(make, "cpp")
    clang()
    found = results(make, "cpp")
    for name, values in expected.items():
        if "." in name:
            np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-11, err_msg=name)
        else:
            np.testing.assert_array_equal(found[name], values, err_msg=name)


def chaotic_network(target):
    """Spikes of the network COBAHH (Brette et al. 2007), of 1,000 neurons, in 150 ms."""
    prefs.codegen.target = target
    seed(42)
    group = NeuronGroup(
        1000,
        """dv/dt = (gl*(-65*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v) - gna*m**3*h*(v - 50*mV) - gk*n**4*(v + 90*mV))
                   / (200*pF) : volt
        dm/dt = 0.32/mV*4*mV/exprel((13*mV - v + vt)/(4*mV))/ms*(1 - m)
              - 0.28/mV*5*mV/exprel((v - vt - 40*mV)/(5*mV))/ms*m : 1
        dn/dt = 0.032/mV*5*mV/exprel((15*mV - v + vt)/(5*mV))/ms*(1 - n) - 0.5*exp((10*mV - v + vt)/(40*mV))/ms*n : 1
        dh/dt = 0.128*exp((17*mV - v + vt)/(18*mV))/ms*(1 - h) - 4/(1 + exp((40*mV - v + vt)/(5*mV)))/ms*h : 1
        dge/dt = -ge/(5*ms) : siemens
        dgi/dt = -gi/(10*ms) : siemens""",
        threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler", name="chaotic",
        namespace={"gl": 10 * nS, "gna": 20 * uS, "gk": 6 * uS, "vt": -63 * mV},
    )  # fmt: skip
    group.v, group.ge, group.gi = "(-70 + 5*randn())*mV", "(40 + 15*randn())*nS", "(200 + 120*randn())*nS"
    excitation = Synapses(group[:800], group, on_pre="ge += 6*nS", name="chaotic_excitation")
    inhibition = Synapses(group[800:], group, on_pre="gi += 67*nS", name="chaotic_inhibition")
    for synapses in (excitation, inhibition):
        synapses.connect(p=0.08)
    spikes = SpikeMonitor(group, name="chaotic_spikes")
    Network(group, excitation, inhibition, spikes).run(150 * ms)
    return spikes.t_[:], spikes.i[:]


def test_a_chaotic_network_is_the_same_until_rounding_divides_it_and_as_active_afterwards(clang):
    times, neurons = chaotic_network("cpp")
    others = [chaotic_network("numpy")]
    clang()
    others.append(chaotic_network("cpp"))
    for other_times, other_neurons in others:
        common = min(len(times), len(other_times))
        same = (times[:common] == other_times[:common]) & (neurons[:common] == other_neurons[:common])
        divided_at = np.append(times[:common][~same], 0.15)[0]
        assert divided_at > 50e-3 and np.sum(times < divided_at) > 1000
        assert len(other_times) == pytest.approx(len(times), rel=0.05)


@pytest.mark.every_target
def test_truth_values_beside_numbers_take_the_last_value_and_see_both_ends_of_synapses(target):
    group = NeuronGroup(5, "v : 1\nx : 1\nlast : boolean", name="true_group")
    group.v = "i"
    group.run_regularly("x += 1; last = v > 2; last = rand() > 2")
    synapses = Synapses(group, group, "w : 1\nforward : boolean", name="true_synapses")
    synapses.connect()
    synapses.run_regularly("w += v_pre; forward = v_post > v_pre")
    Network(group, synapses).run(0.2 * ms)
    assert not group.last[:].any()
    np.testing.assert_array_equal(synapses.forward[:], synapses.j[:] > synapses.i[:])
    np.testing.assert_array_equal(synapses.w[:], 2 * synapses.i[:])


def test_programs_run_without_the_compiled_bridge_too(monkeypatch):
    expected = results(two_time_steps, "cpp")
    monkeypatch.setattr(native_program, "bridge", None)
    found = results(two_time_steps, "cpp")
    assert all(np.array_equal(found[name], values) for name, values in expected.items())


def test_rates_in_hertz_reach_all_targets_alike():
    counts = []
    for target in ("numpy", "cpp", "cython"):
        prefs.codegen.target = target
        seed(42)
        inputs = PoissonGroup(50, rates=300 * Hz, name="inputs_of_all")
        spikes = SpikeMonitor(inputs)
        Network(inputs, spikes).run(50 * ms)
        counts.append(spikes.count.tolist())
    assert counts[0] == counts[1] == counts[2]
