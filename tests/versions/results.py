"""What tests say in the environments, and the table of it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from environments import ROOT, Environment, versions

SIDE_BY_SIDE = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile")


@dataclass(frozen=True)
class Result:
    """What one environment has, and how many of its tests passed."""

    name: str
    versions: Mapping[str, str]
    passed: int
    failed: int
    skipped: int
    seconds: float
    good: bool


def tested(environment: Environment, python: Path, arguments: Sequence[str]) -> Result:
    """Run the tests of an environment, or what arguments of pytest say."""
    report = python.parents[1] / "report.xml"
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}"]
    if not environment.deprecations:
        command += ["-o", "filterwarnings=default\nerror:::jupyspike"]
    # Programs such as jupyter are looked for on the path.
    variables = {**os.environ, "PATH": os.pathsep.join([str(python.parent), os.environ["PATH"]])}
    variables.pop("PYTHONPATH", None)
    began = time.monotonic()
    ran = subprocess.run([*command, *(arguments or [*SIDE_BY_SIDE, *environment.tests])], cwd=ROOT, env=variables)
    seconds = time.monotonic() - began
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ElementTree.parse(report).iter("testsuite") if report.exists() else ():
        counts = {key: counts[key] + int(suite.attrib[key]) for key in counts}
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    return Result(environment.name, versions(python), passed, failed, counts["skipped"], seconds, ran.returncode == 0)


def table(results: Sequence[Result]) -> str:
    """A column for each environment.

    >>> print(table([Result("oldest", {"bokeh": "3.4.0"}, 12, 1, 0, 61.2, False)]))
             oldest
    bokeh     3.4.0
    passed       12
    failed        1
    skipped       0
    seconds      61
    """
    packages = list(dict.fromkeys(package for result in results for package in result.versions))
    rows = [["", *(result.name for result in results)]]
    rows += [[package, *(result.versions.get(package, "") for result in results)] for package in packages]
    for count in ("passed", "failed", "skipped"):
        rows.append([count, *(str(getattr(result, count)) for result in results)])
    rows.append(["seconds", *(f"{result.seconds:.0f}" for result in results)])
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    aligned = f"{{:{first}}}" + "".join(f"  {{:>{width}}}" for width in others)
    return "\n".join(aligned.format(*row) for row in rows)
