"""Published models written as their readers write them, against what theory or a few lines of numpy say."""

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PoissonInput,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    defaultclock,
    ms,
    mV,
    run,
    second,
    seed,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("target")


# neurons


def test_leaky_integrate_and_fire_rates():
    """Lapicque (1907): from rest to the threshold 10 mV takes tau ln(v0/(v0 - 10 mV)), behind a refractory time."""
    tau, rest = 10 * ms, 5 * ms
    group = NeuronGroup(
        8, "dv/dt = (v0 - v)/tau : volt (unless refractory)\nv0 : volt", threshold="v > 10*mV", reset="v = 0*mV",
        refractory=rest, method="exact",
    )  # fmt: skip
    group.v0 = "6*mV + i*3*mV"
    spikes = SpikeMonitor(group)
    run(200 * ms)
    v0 = np.asarray(group.v0) * 1e3
    fires = v0 > 10
    assert (spikes.count[~fires] == 0).all()
    steps = np.ceil(100 * np.log(v0[fires] / (v0[fires] - 10))) + 50
    intervals = [np.diff(spikes.spike_trains()[k] / (0.1 * ms)) for k in np.flatnonzero(fires)]
    np.testing.assert_allclose(
        [i.min() for i in intervals], steps, atol=1.01
    )  # it rests from the step behind the spike
    assert all(np.ptp(i) < 1e-6 for i in intervals)


def test_theta_neurons_have_the_period_of_their_saddle_node():
    """Ermentrout and Kopell (1986): the period is pi/sqrt(eta), and there are no spikes below eta = 0."""
    group = NeuronGroup(
        3, "dth/dt = (1 - cos(th) + (1 + cos(th))*eta)/(2*ms) : 1\neta : 1", threshold="th > pi",
        reset="th -= 2*pi", method="rk4", dt=0.05 * ms,
    )  # fmt: skip
    group.eta, group.th = [-0.2, 0.1, 0.6], -1
    spikes = SpikeMonitor(group)
    run(100 * ms)
    assert spikes.count[0] == 0
    for k in (1, 2):
        period = np.diff(spikes.spike_trains()[k] / ms).mean()
        np.testing.assert_allclose(period, 2 * np.pi / np.sqrt(group.eta[k]), rtol=2e-3)


def test_izhikevich_neurons_of_several_types():
    """Izhikevich (2003), the parameters of types in arrays; the same steps in numpy."""
    a, b = np.array([0.02, 0.02, 0.02, 0.1]), np.array([0.2, 0.2, 0.2, 0.2])
    c, d = np.array([-65.0, -55, -50, -65]), np.array([8.0, 4, 2, 2])  # regular, bursting, chattering, fast spiking
    group = NeuronGroup(
        4, """dv/dt = (0.04*v**2 + 5*v + 140 - u + I)/ms : 1
              du/dt = a*(b*v - u)/ms : 1
              I = 10*int(t >= 5*ms) : 1
              a : 1
              b : 1
              c : 1
              d : 1""",
        threshold="v >= 30", reset="v = c; u += d", method="euler", dt=0.1 * ms,
    )  # fmt: skip
    group.a, group.b, group.c, group.d, group.v = a, b, c, d, -65
    group.u = "b*v"
    spikes, trace = SpikeMonitor(group), StateMonitor(group, "v", record=True)
    run(80 * ms)
    v, u, expected = np.full(4, -65.0), b * -65, []
    for step in range(800):
        np.testing.assert_allclose(trace.v[:, step], v, rtol=1e-8)
        current = 10 if step >= 50 else 0
        v, u = v + 0.1 * (0.04 * v**2 + 5 * v + 140 - u + current), u + 0.1 * a * (b * v - u)
        fired = v >= 30
        expected += [(step, k) for k in np.flatnonzero(fired)]
        v, u = np.where(fired, c, v), np.where(fired, u + d, u)
    found = zip(np.rint(spikes.t / (0.1 * ms)).astype(int), spikes.i[:], strict=True)
    assert [(step, k) for step, k in found] == expected
    assert len(np.unique(spikes.count)) > 2


# plasticity


def test_triplets_make_potentiation_grow_with_frequency():
    """Pfister and Gerstner (2006), the visual cortex model: the pairing protocol of Sjoestroem (2001)."""
    defaultclock.dt = 1 * ms
    taup, taum, taux, tauy = 16.8, 33.7, 101.0, 114.0  # ms
    A2p, A3p, A2m, A3m = 5e-10, 6.2e-3, 7e-3, 2.3e-4
    periods, shift, pairs = np.array([100, 50, 20]), 10, 15
    k = np.repeat(np.arange(3), pairs)
    onset = np.tile(np.arange(pairs), 3) * periods[k] + 5.0
    pre, post = SpikeGeneratorGroup(3, k, onset * ms), SpikeGeneratorGroup(3, k, (onset + shift) * ms)
    synapses = Synapses(
        pre, post, """w : 1
              dr1/dt = -r1/(taup*ms) : 1 (event-driven)
              dr2/dt = -r2/(taux*ms) : 1 (event-driven)
              do1/dt = -o1/(taum*ms) : 1 (event-driven)
              do2/dt = -o2/(tauy*ms) : 1 (event-driven)""",
        on_pre="w -= o1*(A2m + A3m*r2); r1 += 1; r2 += 1",
        on_post="w += r1*(A2p + A3p*o2); o1 += 1; o2 += 1",
    )  # fmt: skip
    synapses.connect(j="i")
    run(1.6 * second)

    def change(period):
        before = np.arange(pairs) * period  # spike times relative to the first presynaptic one
        after, w = before + shift, 0.0

        def trace(times, now, tau):
            return np.exp((times[times < now] - now) / tau).sum()

        for n in range(pairs):
            w -= trace(after, before[n], taum) * (A2m + A3m * trace(before, before[n], taux))
            w += trace(before, after[n], taup) * (A2p + A3p * trace(after, after[n], tauy))
        return w

    expected = [change(period) for period in periods]
    np.testing.assert_allclose(synapses.w, expected, rtol=1e-9)
    assert expected[0] < expected[1] < expected[2]


def test_short_term_plasticity_of_tsodyks_and_markram():
    """Tsodyks and Markram (1997): at a steady rate, releases follow from those before them."""
    U, tauf, taud = np.array([0.45, 0.15]), np.array([50.0, 750.0]), np.array([750.0, 50.0])  # depressing, facilitating
    source = SpikeGeneratorGroup(1, np.zeros(8, int), np.arange(8) * 50 * ms)
    target = NeuronGroup(2, "g : 1")
    synapses = Synapses(
        source, target, """du/dt = -u/tauf : 1 (event-driven)
              dx/dt = (1 - x)/taud : 1 (event-driven)
              U : 1
              tauf : second
              taud : second""",
        on_pre="u += U*(1 - u); g_post = u*x; x -= u*x",
    )  # fmt: skip
    synapses.connect()
    synapses.U, synapses.tauf, synapses.taud, synapses.x = U, tauf * ms, taud * ms, 1
    trace = StateMonitor(target, "g", record=True, dt=50 * ms, when="end")
    run(400 * ms)
    u, x = np.zeros(2), np.ones(2)
    for n in range(8):
        u = u + U * (1 - u)
        np.testing.assert_allclose(trace.g[:, n], u * x, rtol=1e-12)
        x = x - u * x
        u, x = u * np.exp(-50 / tauf), 1 - (1 - x) * np.exp(-50 / taud)
    assert trace.g[0, -1] < trace.g[0, 0] and trace.g[1, -1] > trace.g[1, 0]


def test_a_late_reward_finds_the_synapse_that_earned_it():
    """Izhikevich (2007): w gains the integral of the eligibility trace times dopamine, which reaches the synapses."""
    tauc, taud, late = 200.0, 50.0, 100.0  # ms
    pre = SpikeGeneratorGroup(2, [0, 1], [10, 40] * ms)
    post = SpikeGeneratorGroup(1, [0], [20] * ms)
    synapses = Synapses(
        pre, post, """w : 1
              dc/dt = -c/(tauc*ms) : 1 (clock-driven)
              dd/dt = -d/(taud*ms) : 1 (clock-driven)
              dgain/dt = c*d/second : 1 (clock-driven)
              dA/dt = -A/(20*ms) : 1 (event-driven)
              dB/dt = -B/(20*ms) : 1 (event-driven)""",
        on_pre="A += 1; c -= B", on_post="B += 1; c += A", method="rk4",
    )  # fmt: skip
    synapses.connect()
    dopamine = SpikeGeneratorGroup(1, [0], [20 + late] * ms)
    reward = Synapses(dopamine, synapses, on_pre="d_post += 0.5")
    reward.connect()
    run(450 * ms)
    earned = np.array([np.exp(-10 / 20), -np.exp(-20 / 20) * np.exp(20 / tauc)])  # seen from the time of the pairing
    share = 0.5 / (1 / tauc + 1 / taud) * 1e-3
    np.testing.assert_allclose(synapses.gain, earned * np.exp(-late / tauc) * share, rtol=2e-3)


# networks


def test_two_oscillators_lock_at_the_angle_of_kuramoto():
    """Kuramoto (1975): they turn together, apart by arcsin of detuning over coupling."""
    group = NeuronGroup(
        2, "dtheta/dt = omega + drive : 1\ndrive : Hz\nomega : Hz", threshold="theta > 2*pi",
        reset="theta -= 2*pi", method="rk2", dt=0.5 * ms,
    )  # fmt: skip
    group.omega = [2 * np.pi * 5, 2 * np.pi * 5.6] * Hz
    coupling = 4 * Hz
    synapses = Synapses(group, group, "drive_post = coupling*sin(theta_pre - theta_post) : Hz (summed)", dt=0.5 * ms)
    synapses.connect("i != j")
    run(2 * second)
    apart = np.sin(group.theta[1] - group.theta[0])
    np.testing.assert_allclose(apart, 2 * np.pi * 0.6 / (2 * 4), rtol=0.01)


def test_a_volley_runs_down_the_synfire_chain():
    """Diesmann, Gewaltig and Aertsen (1999): each group fires once and together, equally long behind the one before."""
    size, groups = 20, 5
    chain = NeuronGroup(
        size * groups, """dv/dt = (-70*mV - v + x)/(10*ms) : volt (unless refractory)
              dx/dt = (y - x)/(0.325*ms) : volt
              dy/dt = -y/(0.325*ms) : volt""",
        threshold="v > -55*mV", reset="v = -70*mV", refractory=1 * ms, method="exact",
    )  # fmt: skip
    chain.v = -70 * mV
    synapses = Synapses(chain, chain, on_pre="y += 30*mV", delay=5 * ms)
    synapses.connect(j="k for k in range((i//size + 1)*size, (i//size + 2)*size) if i < N_pre - size")
    start = SpikeGeneratorGroup(size, np.arange(size), (2 + np.arange(size) % 5 / 10) * ms)
    first = Synapses(start, chain[:size], on_pre="y += 30*mV")
    first.connect()
    spikes = SpikeMonitor(chain)
    run(50 * ms)
    assert (spikes.count == 1).all()
    times = np.reshape([train[0] / ms for train in spikes.spike_trains().values()], (groups, size))
    assert np.ptp(times, axis=1).max() < 1e-9
    steps = np.diff(times[:, 0])
    assert np.ptp(steps[1:]) < 0.11 and 5 < steps[-1] < 7


def test_delays_turn_a_pattern_in_time_into_a_coincidence():
    """Izhikevich (2006), polychronous groups: one order of firing reaches the cell at once, another does not."""

    def fires(times):
        source = SpikeGeneratorGroup(3, [0, 1, 2], times * ms)
        cell = NeuronGroup(1, "dv/dt = -v/(2*ms) : 1", threshold="v > 1", reset="v = 0", method="exact")
        synapses = Synapses(source, cell, on_pre="v_post += 0.4")
        synapses.connect()
        synapses.delay = "9*ms - 4*ms*i"
        spikes = SpikeMonitor(cell)
        Network(source, cell, synapses, spikes).run(25 * ms)
        return (spikes.t / ms).tolist()

    np.testing.assert_allclose(fires(np.array([1, 5, 9])), [10.1])  # in the step behind the arrival
    assert fires(np.array([9, 5, 1])) == []


def test_delay_lines_hear_a_pitch():
    """Licklider (1962): of cells that compare a sound with its past, that with the delay of one period fires most."""
    frequency = 250
    ear = NeuronGroup(
        2, "dx/dt = (sound - x)/(1*ms) : 1 (unless refractory)\nsound = 5*sin(2*pi*frequency*Hz*t)**3 : 1",
        threshold="x > 1", reset="x = 0", refractory=2 * ms, method="euler", dt=0.05 * ms,
    )  # fmt: skip
    cells = NeuronGroup(31, "dv/dt = -v/(0.3*ms) : 1", threshold="v > 1", reset="v = 0", method="exact", dt=0.05 * ms)
    synapses = Synapses(ear, cells, on_pre="v += 0.6", dt=0.05 * ms)
    synapses.connect()
    synapses.delay["i == 1"] = "2*ms + j*0.1*ms"
    spikes = SpikeMonitor(cells)
    run(100 * ms)
    best = 2 + 0.1 * np.flatnonzero(spikes.count[:] == spikes.count[:].max())
    np.testing.assert_allclose(best.mean(), 1000 / frequency, atol=0.1)


def test_a_reservoir_is_its_matrix():
    """Jaeger (2001), an echo state network: summed variables on a clock of their own do what numpy does."""
    draw = np.random.default_rng(3)
    weights = draw.normal(size=(12, 12)) * (draw.random((12, 12)) < 0.4) / 2
    told, into = draw.uniform(-1, 1, 30), draw.normal(size=12)
    told_at = TimedArray(told, dt=1 * ms)
    units = NeuronGroup(12, "x : 1\nrec : 1\nw_in : 1\nnew = tanh(rec + w_in*told_at(t)) : 1", dt=1 * ms)
    units.w_in = into
    units.run_regularly("x = new", when="end")
    synapses = Synapses(units, units, "w : 1\nrec_post = w*x_pre : 1 (summed)", dt=1 * ms)
    i, j = weights.nonzero()
    synapses.connect(i=i, j=j)
    synapses.w = weights[i, j]
    trace = StateMonitor(units, "x", record=True)
    run(30 * ms)
    x = np.zeros(12)
    for step in range(30):
        np.testing.assert_allclose(trace.x[:, step], x, atol=1e-13)
        x = np.tanh(x @ weights + into * told[step])


def test_shot_noise_has_the_mean_and_variance_of_campbell():
    """Campbell (1909), in discrete time: exponential pulses that begin at random, so many in each step."""
    seed(11)
    sources, rate, height, tau = 40, 50.0, 0.5, 5.0  # Hz, ms
    group = NeuronGroup(400, "dx/dt = -x/(tau*ms) : 1", method="exact")
    drive = PoissonInput(group, "x", N=sources, rate=rate * Hz, weight=height)
    trace = StateMonitor(group, "x", record=True, dt=20 * ms, when="end")
    Network(group, drive, trace).run(400 * ms)
    x = trace.x[:, 3:]
    chance, kept = rate * 1e-4, np.exp(-0.1 / tau)
    mean = sources * chance * height / (1 - kept)
    variance = sources * chance * (1 - chance) * height**2 / (1 - kept**2)
    np.testing.assert_allclose(x.mean(), mean, atol=5 * np.sqrt(variance / x.size))
    np.testing.assert_allclose(x.var(), variance, rtol=5 * np.sqrt(2 / x.size) + 0.01)
