"""The environments, and how they are made."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "versions"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [
    requirement
    for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for requirement in group
    if not requirement.startswith("jupyspike[")
]
OLDEST_PYTHON = PROJECT["requires-python"].removeprefix(">=")

EVERYTHING = ("tests",)
JUPYTER = ("tests/jupyspike", "tests/browser", "tests/notebooks/test_quickstart.py")


class NotMade(Exception):
    """An environment cannot be made here."""


def lowest(requirement: str) -> str:
    """The oldest release that a requirement allows: lower bounds name releases that there are.

    >>> lowest("ipykernel>=6.29,!=7.0.*")
    'ipykernel==6.29'
    """
    return requirement.partition(",")[0].replace(">=", "==")


@dataclass(frozen=True)
class Environment:
    """Versions that are to work.

    Parameters
    ----------
    name : str
        Its folder.
    python : str
        The release of Python; by default that which runs this.
    constraints : sequence of str
        What pip is held to; it takes the newest of what they leave.
    tests : sequence of str
        What runs there.
    deprecations : bool
        Whether warnings are errors. Old releases warn of what newer ones of other packages have deprecated.
    """

    name: str
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    constraints: Sequence[str] = ()
    tests: Sequence[str] = JUPYTER
    deprecations: bool = True


ENVIRONMENTS = (
    Environment("oldest", OLDEST_PYTHON, [lowest(each) for each in REQUIREMENTS], EVERYTHING, deprecations=False),
    Environment("ipykernel-6", constraints=["ipykernel<7"]),
    Environment("ipykernel-7", constraints=["ipykernel==7.4.*"]),
    Environment("newest"),
    *(Environment(f"python-{release}", release, tests=EVERYTHING) for release in ("3.12", "3.13", "3.14")),
)


def interpreter(release: str) -> str | None:
    """The Python of a release, if there is one."""
    if sys.version_info[:2] == tuple(map(int, release.split("."))):
        return sys.executable
    found = shutil.which(f"python{release}")
    # What pyenv puts on the path may only say that it is not chosen.
    works = found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0
    return found if works else None


def made(environment: Environment) -> Path:
    """The Python of an environment, which is made anew if it is not as it is to be, or from another day.

    Raises
    ------
    NotMade
        The Python is missing, pip refuses, or there is no compiler for the bridge.
    """
    folder = FOLDER / environment.name
    python, stamp = folder / "bin" / "python", folder / "made.json"
    base = interpreter(environment.python)
    if base is None:
        raise NotMade(f"{environment.name} needs python{environment.python}, which is not on the path")
    wanted = {
        "day": date.today().isoformat(),
        "python": base,
        "constraints": [*environment.constraints],
        "digest": digest(),
    }
    if stamp.exists() and json.loads(stamp.read_text()) == wanted and bridged(python):
        return python
    print(f"==> Making the environment {environment.name}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    run(environment, [base, "-m", "venv", "--clear", str(folder)])
    (folder / "constraints.txt").write_text("\n".join(environment.constraints))
    pip = [str(python), "-m", "pip", "-qq", "--disable-pip-version-check", "install", "--prefer-binary"]
    run(environment, [*pip, "--constraint", str(folder / "constraints.txt"), "--editable", f"{ROOT}[test]"])
    if not bridged(python):
        raise NotMade(f"{environment.name} has no bridge: is there a C++ compiler? ('jupyspike doctor' looks)")
    stamp.write_text(json.dumps(wanted))
    return python


def digest() -> str:
    """Of what an editable installation does not follow by itself: requirements and the sources of the bridge."""
    native = ROOT / "engine" / "jupyspike_engine" / "native"
    sources = sorted(path for path in native.iterdir() if path.suffix in (".pyx", ".pxd", ".h"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in [ROOT / "pyproject.toml", *sources])).hexdigest()


def bridged(python: Path) -> bool:
    """Whether the compiled bridge of these sources can be loaded."""
    code = "import jupyspike_engine.native.bridge as bridge; print(bridge.__file__)"
    told = subprocess.run([python, "-c", code], capture_output=True, text=True).stdout
    return told.startswith(str(ROOT))


def run(environment: Environment, command: Sequence[str]) -> None:
    """Do a step of making an environment; what it says of its failure is shown."""
    if subprocess.run(command).returncode:
        raise NotMade(f"{environment.name} cannot be made: '{' '.join(command)}' failed, with the words above")


def versions(python: Path) -> Mapping[str, str]:
    """Of Python and of what pyproject.toml names."""
    names = [requirement.partition(">=")[0] for requirement in REQUIREMENTS]
    code = (
        "import json, platform, importlib.metadata as m; "
        f"print(json.dumps({{'Python': platform.python_version(), **{{n: m.version(n) for n in {names}}}}}))"
    )
    told = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout
    return dict(json.loads(told))
