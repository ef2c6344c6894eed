"""A second compiler, for tests of targets."""

import pytest

from jupyspike_engine.build.compilers import find_compiler, working_compilers


@pytest.fixture
def clang(monkeypatch):
    """Has programs built by clang++, if there is one; .ci/run installs it."""
    compiler = next((c for c in working_compilers() if c.kind == "clang"), None)
    if compiler is None:
        pytest.skip("there is no clang++ on this machine")

    def use():
        monkeypatch.setenv("CXX", " ".join(compiler.command))
        assert find_compiler().kind == "clang"

    return use
