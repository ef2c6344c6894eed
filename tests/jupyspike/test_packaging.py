"""The wheel that users install, built from a copy of the sources."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from jupyspike_engine.build.doctor import OLDEST_NUMPY, OLDEST_PYTHON

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns("__pycache__", "bridge*.so", "bridge.cpp", "*.egg-info", "*.html")
    for name in ("jupyspike", "engine", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "out", "."]
    quickly = {**os.environ, "CFLAGS": "-O0 -g0", "CXXFLAGS": "-O0 -g0"}  # nobody runs this bridge
    subprocess.run(command, cwd=folder, env=quickly, check=True, stdin=subprocess.DEVNULL)
    [wheel] = (folder / "out").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def contents(wheel: Path) -> list[str]:
    """Names of the files in the wheel."""
    return zipfile.ZipFile(wheel).namelist()


def test_it_holds_every_python_file_of_both_packages(contents):
    for root in (ROOT, ROOT / "engine"):
        for package in ("jupyspike", "jupyspike_engine"):
            files = [path.relative_to(root).as_posix() for path in (root / package).rglob("*.py")]
            assert set(files) <= set(contents)


def test_it_holds_the_headers_that_programs_include(contents):
    headers = {path.name for path in (ROOT / "engine" / "jupyspike_engine" / "native").glob("*.h")}
    assert headers
    assert headers <= {Path(name).name for name in contents}


def test_it_holds_the_host_of_exported_networks(contents):
    place = ROOT / "engine" / "jupyspike_engine" / "native" / "standalone"
    files = {path.relative_to(ROOT / "engine").as_posix() for path in place.iterdir()}
    assert "jupyspike_engine/native/standalone/main.cpp" in files
    assert files <= set(contents)


def test_it_holds_the_compiled_bridge_and_its_source(contents):
    bridge = [Path(name).suffix for name in contents if name.startswith("jupyspike_engine/native/bridge")]
    assert ".pyx" in bridge
    assert ".so" in bridge or ".pyd" in bridge


def test_it_holds_every_notebook_its_cells_and_the_marks_for_type_checkers(contents):
    notebooks = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    notebooks |= {path.name for path in (ROOT / "notebooks" / "cells").glob("pyramidal.*")}
    assert notebooks == {Path(name).name for name in contents if "share/jupyspike/notebooks/" in name}
    assert {"jupyspike/py.typed", "jupyspike_engine/py.typed"} <= set(contents)


def test_jupyterlab_finds_its_extension_in_what_the_wheel_installs(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    [installed] = tmp_path.glob("*.data/data/share/jupyter")
    command = [sys.executable, "-m", "jupyterlab.labextensions", "list"]
    environment = {**os.environ, "JUPYTER_PATH": str(installed)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    told = re.sub(r"\x1b\[\d*m", "", ran.stdout + ran.stderr)
    version = PROJECT["version"]
    assert re.search(
        rf"{re.escape(str(installed))}\S*\s+jupyspike v{version} enabled +OK \(python, jupyspike\)", told
    ), told
    sources = (ROOT / "jupyspike" / "labextension").rglob("*.js*")
    shipped = (installed / "labextensions" / "jupyspike").rglob("*.js*")
    assert {path.name: path.read_bytes() for path in sources} == {path.name: path.read_bytes() for path in shipped}


def test_it_holds_no_tests(contents):
    assert not [name for name in contents if "test" in name.lower()]


def test_scripts_need_numpy_and_nothing_else():
    assert PROJECT["dependencies"] == [f"numpy>={'.'.join(map(str, OLDEST_NUMPY))}"]


def test_the_doctor_asks_for_the_python_that_the_package_asks_for():
    assert PROJECT["requires-python"] == f">={'.'.join(map(str, OLDEST_PYTHON))}"
