"""A machine of its own for each test: an empty cache, and compilers that count how often they are called."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyspike_engine.build import compilers


@dataclass(frozen=True)
class FakeCompiler:
    """A script that notes each call before it hands it on to a real compiler."""

    command: str
    notes: Path

    def calls(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def compilations(self) -> list[str]:
        return [call for call in self.calls() if "-shared" in call]


@pytest.fixture(autouse=True)
def cache_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty cache of this test; no compiler is known yet."""
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compilers, "_found", {})
    return tmp_path / "cache"


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Makes an executable shell script and returns its path."""

    def make(text: str, name: str = "g++", folder: str = "bin") -> str:
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def counting_compiler(tmp_path: Path, script: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> FakeCompiler:
    """The compiler of this machine, counted, and named by ``CXX``."""
    real = shutil.which("g++") or shutil.which("clang++")
    assert real, "these tests need a C++ compiler"
    notes = tmp_path / "calls"
    command = script(f'echo "$*" >> "{notes}"\nexec "{real}" "$@"')
    monkeypatch.setenv("CXX", command)
    return FakeCompiler(command, notes)
