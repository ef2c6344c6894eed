"""Every test starts with a clean scope, the usual time step and the numpy target."""

from collections.abc import Iterator

import pytest

from jupyspike import defaultclock, prefs, start_scope
from jupyspike_engine.units import ms


@pytest.fixture(autouse=True)
def clean_scope() -> Iterator[None]:
    """What was made before is out of sight; preferences are put back after the test."""
    start_scope()
    prefs.reset_to_defaults()
    prefs.codegen.target = "numpy"
    defaultclock.dt = 0.1 * ms
    yield
    prefs.reset_to_defaults()
    defaultclock.dt = 0.1 * ms


@pytest.fixture(params=["numpy", "cpp"])
def target(request: pytest.FixtureRequest, clean_scope: None) -> str:
    """The test runs once on each target."""
    prefs.codegen.target = request.param
    name: str = request.param
    return name
