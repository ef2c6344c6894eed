"""15-short-term-plasticity: what Tsodyks and Markram derive for regular and for Poisson trains of spikes."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("15-short-term-plasticity")


def stationary_release(f, U, tau_rec, tau_facil, tau_in=0.003):
    """What each spike of a regular train releases in the end, with all three states of the resources.

    After a spike, y decays with tau_in, and x(t) = 1 + (x0 - 1) r - y0 k (r - i), where r and i are the decays with
    tau_rec and tau_in, and k = tau_in/(tau_rec - tau_in). The values repeat after an interval 1/f.
    """
    r, i, k = np.exp(-1 / (f * tau_rec)), np.exp(-1 / (f * tau_in)), tau_in / (tau_rec - tau_in)
    u = U / (1 - (1 - U) * np.exp(-1 / (f * tau_facil)))
    # x = 1 + ((1 - u) x - 1) r - y0 k (r - i), y0 = u x + y0 i
    return u * (1 - r) / (1 - (1 - u) * r + u * k * (r - i) / (1 - i))


def test_stationary_responses_are_those_of_the_equations(notebook):
    f = notebook["frequencies"]
    depressing, facilitating = notebook["amplitude"]
    np.testing.assert_allclose(depressing, 250e-12 * stationary_release(f, 0.5, 0.8, 1e-6), rtol=1e-6)
    np.testing.assert_allclose(
        facilitating, 1540e-12 * stationary_release(f, 0.03, 0.13, 0.53, tau_in=0.0015), rtol=1e-6
    )


def test_resources_come_back_half_way_in_half_a_second_and_facilitation_multiplies_what_is_used(notebook):
    assert notebook["x_at_pause"] == pytest.approx(1 - 0.94 * np.exp(-0.5 / 0.8), abs=0.02)
    growth = (1 - 0.03) * np.exp(-0.05 / 0.53)  # from spike to spike, of what is missing to the stationary u
    stationary = 0.03 / (1 - growth)
    assert notebook["largest_u"] == pytest.approx(stationary * (1 - growth**20), rel=0.01)


def test_a_depressing_synapse_follows_one_over_f(notebook):
    assert -1.05 < notebook["slope"] < -0.93


def test_a_facilitating_synapse_likes_one_frequency_best(notebook):
    expected = 1 / np.sqrt(0.03 * 0.53 * 0.13)
    assert abs(notebook["best"] - expected) < 0.15 * expected
    depressing, facilitating = notebook["amplitude"]
    assert (np.diff(depressing) < 0).all()
    assert facilitating.max() > 4 * facilitating[0]


def test_resources_recover_with_their_time_constant(notebook):
    assert notebook["tau_recovery"] == pytest.approx(0.8, rel=0.01)


def test_poisson_trains_make_the_stationary_current_of_the_mean_field(notebook):
    np.testing.assert_allclose(notebook["stationary"], notebook["expected"], rtol=0.04)


def test_each_doubling_of_the_rate_is_announced_alike(notebook):
    jumps = notebook["peaks"] / notebook["stationary"][:-1]
    assert (jumps > 1.5).all()
    assert (jumps < 2.1).all()
