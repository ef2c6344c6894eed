"""What JupyterLab highlights is what the language has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORDS = ROOT / "jupyspike" / "labextension" / "static" / "words.js"


def test_the_words_are_those_of_the_tables():
    """In a process of its own: methods that other tests made are none of the language."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    program = [sys.executable, "-c", "from words_file import words_file; print(words_file(), end='')"]
    wanted = subprocess.run(
        program, cwd=HERE, env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert WORDS.read_text(encoding="utf-8") == wanted, "write it again: make words"


def test_the_extension_has_the_version_of_the_package():
    package = json.loads((ROOT / "jupyspike" / "labextension" / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (package["name"], package["version"]) == (project["name"], project["version"])
    assert (WORDS.parent / "remoteEntry.js").is_file()
    assert package["jupyterlab"]["_build"]["load"] == "static/remoteEntry.js"
