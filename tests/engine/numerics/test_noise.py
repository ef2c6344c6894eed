"""White noise: the Ornstein-Uhlenbeck process has the moments that its equation says.

One step is x -> (1 - h) x + h mu + sigma sqrt(2 h) n with h = dt/tau, so that in the long run the mean is mu, the
variance sigma**2/(1 - h/2), and the correlation over m steps (1 - h)**m. Bounds are five standard errors of the
estimates; the seeds are fixed.
"""

import numpy as np
import pytest

from jupyspike import NeuronGroup, StateMonitor, run, seed
from jupyspike_engine.diagnostics import UnsupportedEquationsException
from jupyspike_engine.units import ms, mV, second

PROCESS = "dx/dt = (mu - x)/tau + sigma*sqrt(2/tau)*xi : volt"
CONSTANTS = {"mu": -3 * mV, "sigma": 2 * mV, "tau": 5 * ms}
N = 4000


def test_stationary_mean_variance_and_correlation(target):
    seed(11)
    group = NeuronGroup(N, PROCESS, method="euler", namespace=CONSTANTS, dt=0.5 * ms)
    group.x = "mu + sigma/sqrt(1 - 0.05)*randn()"  # begins in the stationary state
    trace = StateMonitor(group, "x", record=True, dt=25 * ms)  # 50 steps: samples are independent
    near = StateMonitor(group, "x", record=True)
    run(200 * ms)
    h, sigma = 0.1, 2e-3
    values = trace.x_ + 3e-3
    variance = sigma**2 / (1 - h / 2)
    count = values.size
    assert abs(values.mean()) < 5 * np.sqrt(variance / count)
    assert abs(values.var() / variance - 1) < 5 * np.sqrt(2 / count)
    centred = near.x_ + 3e-3
    for lag in (1, 5, 20):
        measured = np.mean(centred[:, 100] * centred[:, 100 + lag]) / variance
        expected = (1 - h) ** lag
        assert abs(measured - expected) < 5 * np.sqrt((1 + expected**2) / N)


def test_elements_and_named_noises_are_independent(target):
    seed(12)
    group = NeuronGroup(N, "dx/dt = xi_a/sqrt(ms) : 1\ndy/dt = xi_b/sqrt(ms) : 1\ndz/dt = xi_a/sqrt(ms) : 1", dt=1 * ms)
    run(1 * ms)
    x, y = group.x[:], group.y[:]
    np.testing.assert_array_equal(group.z[:], x)  # the same noise in two equations is the same number
    bound = 5 / np.sqrt(N)
    assert abs(np.mean(x * y)) < bound
    assert abs(np.mean(x[1:] * x[:-1])) < bound
    assert abs(x.var() - 1) < 5 * np.sqrt(2 / N)
    first = x.copy()
    run(1 * ms)
    assert abs(np.mean(first * (group.x[:] - first))) < bound


@pytest.mark.parametrize("dt", [0.1, 0.4])
def test_the_noise_grows_with_the_square_root_of_time(target, dt):
    seed(13)
    group = NeuronGroup(N, "dx/dt = xi/sqrt(second) : 1", dt=dt * ms)
    run(4 * ms)
    assert abs(group.x[:].var() / 4e-3 - 1) < 5 * np.sqrt(2 / N)


def test_noise_rests_while_a_neuron_is_refractory(target):
    group = NeuronGroup(
        5, "dx/dt = 1/ms + xi/sqrt(ms) : 1 (unless refractory)", threshold="x > 1", reset="x = 0", refractory=100 * ms
    )
    group.x = 100
    run(5 * ms)
    np.testing.assert_array_equal(group.x[:], 0)


# x' = m x + s x xi: in the sense of Stratonovich x(t) = x(0) exp(m t + s W(t)), with the path W of the noise.
GROWTH = """
dx/dt = 0.5*x/second + 0.5*x*xi_w/sqrt(second) : 1
dW/dt = xi_w : second**0.5
"""


def grown(method, dt, size):
    seed(14)
    group = NeuronGroup(size, GROWTH, method=method, dt=dt * ms)
    group.x = 1
    run(1 * second)
    return group.x[:], np.exp(0.5 + 0.5 * group.W_[:])


@pytest.mark.parametrize("method", ["heun", "milstein"])
def test_paths_converge_with_strong_order_one(target, method):
    errors = []
    for dt in (50, 25, 12.5):
        x, solution = grown(method, dt, 2000)
        errors.append(np.mean(np.abs(x - solution)))
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / errors[1:]), 1, atol=0.2)


@pytest.mark.parametrize("method", ["heun", "milstein"])
def test_multiplied_noise_is_meant_in_the_sense_of_stratonovich(target, method):
    """The mean grows as exp((m + s**2/2) t); it would be exp(m t) in the sense of Ito."""
    x, _ = grown(method, 10, N)
    mean = np.exp(0.5 + 0.125)
    deviation = mean * np.sqrt((np.exp(0.25) - 1) / N)
    assert abs(x.mean() - mean) < 5 * deviation
    assert abs(x.mean() - np.exp(0.5)) > 12 * deviation


def test_several_noises_add_up_whatever_multiplies_them(target):
    """d(x**2 + y**2) = 2 x dx + 2 y dy vanishes for a rotation by noise: Heun's method keeps the circle."""
    seed(15)
    equations = "dx/dt = -y*(xi_a + 2*xi_b)/sqrt(second) : 1\ndy/dt = x*(xi_a + 2*xi_b)/sqrt(second) : 1"
    group = NeuronGroup(200, equations, method="heun", dt=1 * ms)
    group.x = 1
    run(100 * ms)
    radius = np.hypot(group.x[:], group.y[:])
    np.testing.assert_allclose(radius, 1, atol=0.02)
    angle = np.arctan2(group.y[:], group.x[:])
    assert abs(angle.var() / 0.5 - 1) < 5 * np.sqrt(2 / 200)


def test_milstein_refuses_a_noise_that_moves_the_factor_of_another():
    equations = "dx/dt = y*xi_a/sqrt(second) : 1\ndy/dt = x*xi_b/sqrt(second) : 1"
    with pytest.raises(UnsupportedEquationsException) as caught:
        NeuronGroup(1, equations, method="milstein")
    assert caught.value.diagnostics[0].found == (
        "milstein: the noise xi_a is multiplied by y, which the noise xi_b moves"
    )
    assert NeuronGroup(1, equations, method="heun").integration().integrator.name == "heun"
    apart = "dx/dt = x*xi_a/sqrt(second) : 1\ndy/dt = y*xi_b/sqrt(second) : 1"
    assert NeuronGroup(1, apart, method="milstein").integration().reason == "asked for"


@pytest.mark.parametrize("method", ["heun", "milstein"])
def test_multiplied_noise_rests_while_a_neuron_is_refractory(target, method):
    equations = "dx/dt = x/ms + x*xi/sqrt(ms) : 1 (unless refractory)"
    group = NeuronGroup(5, equations, threshold="x > 1", reset="x = 0.5", refractory=100 * ms, method=method)
    group.x = 100
    run(5 * ms)
    np.testing.assert_array_equal(group.x[:], 0.5)
