"""18-brunel-2000: the four states of the network, and the rate that mean-field theory gives."""

import math

import numpy as np
import pytest


@pytest.fixture(scope="module")
def states(execute):
    return execute("18-brunel-2000")["measured"]


def mean_field_rate(g, ratio, J=0.1, C=1000, tau=0.02, theta=20.0, reset=10.0, tau_rp=0.002):
    """The rate that makes the input which makes this rate (Brunel 2000, section 4; potentials in mV)."""
    external = ratio * theta / (J * C * tau)

    def response(rate):
        mu = C * J * tau * (external + rate * (1 - g / 4))
        sigma = J * math.sqrt(C * tau * (external + rate * (1 + g**2 / 4)))
        u = np.linspace((reset - mu) / sigma, (theta - mu) / sigma, 2001)
        integrand = np.exp(u**2) * np.array([1 + math.erf(x) for x in u])
        return 1 / (tau_rp + tau * math.sqrt(math.pi) * np.trapezoid(integrand, u))

    low, high = 1.0, 400.0
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if response(middle) > middle else (low, middle)
    return low


def test_synchronous_regular(states):
    state = states["SR"]
    assert 250 < state["rate"] < 400
    assert state["irregularity"] < 0.25
    assert state["modulation"] > 1
    assert state["frequency"] == pytest.approx(2 * state["rate"], rel=0.05)  # two groups take turns


def test_fast_synchronous_irregular(states):
    state = states["SI, fast"]
    assert state["rate"] == pytest.approx(60.7, rel=0.06)
    assert state["irregularity"] > 0.6
    assert state["modulation"] > 0.9
    assert 140 < state["frequency"] < 220


def test_asynchronous_irregular(states):
    state = states["AI"]
    assert state["rate"] == pytest.approx(37.7, rel=0.05)
    assert state["rate"] == pytest.approx(mean_field_rate(5, 2), rel=0.06)
    assert 0.3 < state["irregularity"] < 0.6
    assert state["modulation"] < 0.7


def test_slow_synchronous_irregular(states):
    state = states["SI, slow"]
    assert state["rate"] == pytest.approx(5.5, rel=0.3)
    assert state["irregularity"] > 0.6
    assert state["modulation"] > 1
    assert 15 <= state["frequency"] <= 30
