"""The fake session, and networks of each test's own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyspike import NeuronGroup, defaultclock, magic_network, ms, prefs, start_scope

sys.path.insert(0, str(Path(__file__).parent))  # for fake_session.py, which notebooks of the browser tests import too

from fake_session import MS, MV, FakeParameter, FakeSession

TAUM = FakeParameter("exc.taum", 0.02, 0.005, 0.05, None, MS)
EL = FakeParameter("exc.El", -0.049, -0.06, -0.04, 0.0005, MV)


@pytest.fixture(autouse=True)
def clean_scope() -> Iterator[None]:
    """What was made before is out of sight; networks run on the numpy target."""
    start_scope()
    prefs.reset_to_defaults()
    prefs.codegen.target = "numpy"
    defaultclock.dt = 0.1 * ms
    yield
    magic_network.objects.clear()
    prefs.reset_to_defaults()


@pytest.fixture
def session():
    """400 neurons; time passes only by `advance`."""
    return FakeSession({"exc": 320, "inh": 80}, duration=100.0, parameters=[TAUM, EL], threaded=False)


@pytest.fixture
def exc(session):
    return session.groups["exc"]


@pytest.fixture
def inh(session):
    return session.groups["inh"]


@pytest.fixture
def spiking() -> NeuronGroup:
    """Ten neurons that spike at different rates, with a variable that follows their spikes."""
    equations = "dv/dt = (12*mV + i*mV - v)/(10*ms) : volt\ndw/dt = -w/(50*ms) : 1"
    group = NeuronGroup(10, equations, threshold="v > 10*mV", reset="v = 0*mV; w += 1", method="euler", name="spiking*")
    group.v = "i*mV"
    return group
