"""The impulse of the squid axon: its velocity, and what it depends on (Hodgkin and Huxley 1952, Huxley 1959)."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def axon(execute):
    return execute("25-squid-axon")


def test_the_velocity_is_that_of_hodgkin_and_huxley(axon):
    assert axon["velocity"] == pytest.approx(18.8, abs=0.1)  # m/s; they computed with three digits


def test_the_velocity_is_the_same_all_along(axon):
    places = np.array([10, 25, 50, 75, 90]) * 1e-3
    velocities = np.diff(places) / np.diff(axon["arrivals"])
    assert velocities[1:3] == pytest.approx(velocities[1], rel=1e-3)


def test_the_constant_of_the_wave_is_that_which_huxley_found(axon):
    assert axon["K_of_velocity"] == pytest.approx(10470, rel=0.01)  # 1/s
    assert axon["K_of_foot"] == pytest.approx(10.47, rel=0.1)  # 1/ms


def test_the_velocity_grows_as_the_root_of_the_diameter(axon):
    assert axon["exponent"] == pytest.approx(0.5, abs=0.01)
    np.testing.assert_allclose(axon["velocities"], axon["velocity"] * np.sqrt(axon["diameters"] / 476), rtol=0.02)


def test_warmth_makes_the_impulse_faster_and_smaller_and_then_blocks_it(axon):
    velocities, conducting = axon["at_temperature"], axon["at_temperature"] > 0
    fastest = np.argmax(velocities)
    assert np.all(np.diff(velocities[: fastest + 1]) > 0)
    assert np.all(np.diff(axon["heights"][conducting]) < 0)
    assert 28 < axon["blocked"] < 37
    assert velocities[np.searchsorted(axon["celsius"], 6)] == pytest.approx(12.3, abs=0.5)


def test_impulses_that_meet_vanish(axon):
    assert axon["left_after"] < 10
