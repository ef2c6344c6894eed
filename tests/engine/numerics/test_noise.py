"""White noise: the Ornstein-Uhlenbeck process has the moments that its equation says.

One step is x -> (1 - h) x + h mu + sigma sqrt(2 h) n with h = dt/tau, so that in the long run the mean is mu, the
variance sigma**2/(1 - h/2), and the correlation over m steps (1 - h)**m. Bounds are five standard errors of the
estimates; the seeds are fixed.
"""

import numpy as np
import pytest

from jupyspike import NeuronGroup, StateMonitor, run, seed
from jupyspike_engine.units import ms, mV

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
