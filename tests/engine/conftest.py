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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of a `target` run on each; on Cython, which is slow to build, if they are marked with `every_target`."""
    if "target" in metafunc.fixturenames and "target" not in parametrized(metafunc):
        every = metafunc.definition.get_closest_marker("every_target")
        metafunc.parametrize("target", ["numpy", "cpp", *(["cython"] if every else [])], indirect=True)


def parametrized(metafunc: pytest.Metafunc) -> str:
    """The names that a test gives values for itself."""
    return " ".join(str(marker.args[0]) for marker in metafunc.definition.iter_markers("parametrize"))


@pytest.fixture
def target(request: pytest.FixtureRequest, clean_scope: None) -> str:
    """The test runs once on each target."""
    prefs.codegen.target = request.param
    name: str = request.param
    return name
