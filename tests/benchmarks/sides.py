"""The sides of the comparison: the Python that has jupyspike, and one of its own for brian2 and NEST."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
LONGEST = 900.0  # seconds that a program may take

Measured = dict[str, tuple[str, list[Any]]]


@dataclass(frozen=True)
class Environment:
    """A virtual environment with peers: packages, what must be importable, and the variable that names another one."""

    folder: Path
    packages: tuple[str, ...]
    imports: str
    variable: str


# brian2's newest version for Python 3.11 cannot be imported with numpy 2.4, and finds distutils only in setuptools.
BRIAN2 = ("brian2", "numpy<2.4", "setuptools")
PEERS = Environment(HERE.parents[1] / ".venv-bench", (*BRIAN2, "nest-simulator"), "brian2", "JUPYSPIKE_BENCH_PEER")
CABLE_PEERS = Environment(
    HERE.parents[1] / ".venv-cables", (*BRIAN2, "neuron", "arbor"), "brian2", "JUPYSPIKE_BENCH_CABLES"
)


class ProgramError(Exception):
    """A program failed; the text is what it said last."""


@dataclass
class Side:
    """A library, the Python that has it, and the caches that its programs have left.

    Parameters
    ----------
    folder : Path
        Where its caches are made; nothing outside it is read or written.
    """

    library: str
    python: str
    folder: Path
    kept: dict[str, Path] = field(default_factory=dict)

    def measure(self, program: str, arguments: Sequence[str], cache: Path, settings: Mapping[str, str]) -> Measured:
        """Run a program in a new process with a cache directory.

        Raises
        ------
        ProgramError
        """
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        if self.library != "jupyspike":
            environment.pop("PYTHONPATH", None)
        environment |= {
            "HOME": str(cache), "USERPROFILE": str(cache), "XDG_CACHE_HOME": str(cache / "xdg"),
            "XDG_CONFIG_HOME": str(cache / "xdg"), "JUPYSPIKE_CACHE_DIR": str(cache / "programs"),
            "BENCHMARK_PROGRAMS": str(cache / "programs"), "BENCHMARK_LIBRARY": self.library, **settings,
        }  # fmt: skip
        command = [self.python, str(PROGRAMS / program), *arguments]
        try:
            answer = subprocess.run(
                command, cwd=cache, env=environment, capture_output=True, encoding="utf-8", timeout=LONGEST, check=True
            )  # fmt: skip
        except subprocess.CalledProcessError as problem:
            raise ProgramError("\n".join(problem.stderr.strip().splitlines()[-12:])) from None
        except subprocess.TimeoutExpired:
            raise ProgramError(f"it took longer than {LONGEST:g} s") from None
        measured: Measured = json.loads(answer.stdout.strip().splitlines()[-1])
        return measured

    def empty_cache(self) -> Path:
        """A new cache directory."""
        cache = Path(tempfile.mkdtemp(prefix=f"{self.library}-", dir=self.folder))
        (cache / "programs").mkdir()
        return cache

    def filled_cache(self, name: str) -> Path:
        """A copy of the cache that the run of this name left."""
        cache = self.empty_cache()
        shutil.copytree(self.kept[name], cache, dirs_exist_ok=True)
        return cache

    def described(self) -> str:
        """The versions that matter."""
        packages = {"nest": ["nest-simulator"], "brian2": ["brian2", "Cython"]}.get(self.library, [self.library])
        packages = [*packages, "numpy"]
        text = f"import sys, importlib.metadata as m; print(sys.version.split()[0], *map(m.version, {packages}))"
        answer = subprocess.run([self.python, "-c", text], capture_output=True, encoding="utf-8", check=True)
        return ", ".join(map(" ".join, zip(["Python", *packages], answer.stdout.split(), strict=True)))


def peer_python(environment: Environment = PEERS) -> str | None:
    """A Python that imports the first of the peers, made with pip when there is none; None (with why) when that fails.

    The variable of the environment names one to be used instead.
    """
    name, folder = environment.imports, environment.folder
    if chosen := os.environ.get(environment.variable):
        return chosen if _imports(chosen, name) else _without_peer(f"{chosen} cannot import {name}")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.exists() and _imports(str(python), name):
        return str(python)
    print(f"==> Installing {', '.join(environment.packages)} into {folder.name}", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *environment.packages], check=True)
    except subprocess.CalledProcessError:
        return _without_peer(f"{name} could not be installed")
    return str(python) if _imports(str(python), name) else _without_peer(f"the installed {name} cannot be imported")


def _imports(python: str, name: str) -> bool:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        return subprocess.run([python, "-c", f"import {name}"], capture_output=True, env=environment).returncode == 0
    except OSError:
        return False


def _without_peer(reason: str) -> str | None:
    print(f"{reason}: going on with jupyspike alone.", file=sys.stderr)
    return None
