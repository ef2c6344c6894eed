"""The fake session, and a panel of it that runs without a kernel."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for fake_session.py, which notebooks of the browser tests import too

from fake_session import MS, MV, FakeParameter, FakeSession

TAUM = FakeParameter("exc.taum", 0.02, 0.005, 0.05, None, MS)
EL = FakeParameter("exc.El", -0.049, -0.06, -0.04, 0.0005, MV)


@pytest.fixture
def session():
    """400 neurons; time passes only by `advance`."""
    return FakeSession({"exc": 320, "inh": 80}, duration=100.0, parameters=[TAUM, EL], threaded=False)
