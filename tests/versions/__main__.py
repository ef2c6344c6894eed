"""The versions that jupyspike says it works with: environments of them, each of which runs the tests they matter to.

    python tests/versions                          # all environments: make matrix
    python tests/versions oldest newest            # some of them
    python tests/versions oldest -- tests/browser  # other tests

They are kept in a temporary folder, and made again when what they ask for has changed. The package is that of the
sources, with the bridge that was built for the Python which runs this.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(tempfile.gettempdir()) / "jupyspike-versions"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ALLOWED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"]]
TOOLS = ("hypothesis", "playwright", "pytest", "scipy", "setuptools")
TESTS = ("tests/jupyspike", "tests/browser", "tests/notebooks/test_quickstart.py")
SHOWN = ("jupyterlab", "ipykernel", "ipython", "ipywidgets", "anywidget", "bokeh", "matplotlib", "numpy")


def lowest(requirement: str) -> str:
    """The oldest release that a requirement allows.

    >>> lowest("bokeh>=3.4")
    'bokeh==3.4.0'
    """
    name, _, version = requirement.partition(">=")
    return f"{name}=={version}.0" if version.count(".") < 2 else f"{name}=={version}"


def asked_for(*exceptions: str) -> list[str]:
    """What is allowed, with other requirements for some packages."""
    excepted = {re.split(r"[=<>!~]", text)[0]: text for text in exceptions}
    return [excepted.get(text.partition(">=")[0], text) for text in ALLOWED]


ENVIRONMENTS: Mapping[str, Sequence[str]] = {
    "oldest": [lowest(requirement) for requirement in ALLOWED],
    "ipykernel-6": asked_for("ipykernel<7"),
    "ipykernel-7.0": asked_for("ipykernel==7.0.*"),
    "newest": ALLOWED,
}


def python_of(name: str) -> Path:
    """The Python of an environment, which is made if it is missing or has something else."""
    folder, wanted = FOLDER / name, [*ENVIRONMENTS[name], *TOOLS]
    python, stamp = folder / "bin" / "python", folder / "wanted.json"
    if not stamp.exists() or json.loads(stamp.read_text()) != wanted:
        print(f"==> Making the environment {name}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary"]
        subprocess.run([*pip, "--upgrade", *wanted], check=True)
        stamp.write_text(json.dumps(wanted))
    return python


def versions(python: Path) -> str:
    code = f"import importlib.metadata as m; print(*(f'{{p}} {{m.version(p)}}' for p in {SHOWN}), sep=', ')"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def tested(python: Path, tests: Sequence[str]) -> tuple[bool, str]:
    """Whether the tests pass in an environment, and pytest's last line."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "engine")])}
    environment["PATH"] = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    # Old releases warn of what newer ones of other packages have deprecated.
    command = [python, "-m", "pytest", "-q", "-o", "filterwarnings=default", *tests]
    lines: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line.strip())
    return running.returncode == 0, lines[-1] if lines else "no tests"


def main() -> int:
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    names, tests = arguments[:split] or list(ENVIRONMENTS), arguments[split + 1 :] or TESTS
    if unknown := set(names) - set(ENVIRONMENTS):
        print(f"there is no environment {', '.join(unknown)}; there are {', '.join(ENVIRONMENTS)}", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    passed, table = True, []
    for name in names:
        python, began = python_of(name), time.monotonic()
        shown = versions(python)
        print(f"==> {name}: {shown}", flush=True)
        good, said = tested(python, tests)
        passed &= good
        table.append(f"{name}: {shown}\n    {said} [{time.monotonic() - began:.0f} s]")
    print("\n" + "\n".join(table))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
