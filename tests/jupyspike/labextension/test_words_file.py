"""What JupyterLab highlights is what the language has."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # with importmode=importlib pytest adds no folders

from words_file import PLACE, words_file  # noqa: E402

ROOT = HERE.parents[2]


def test_the_words_are_those_of_the_tables():
    assert PLACE.read_text(encoding="utf-8") == words_file(), "write it again: make words"


def test_the_extension_has_the_version_of_the_package():
    package = json.loads((ROOT / "jupyspike" / "labextension" / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (package["name"], package["version"]) == (project["name"], project["version"])
    assert (PLACE.parent / "remoteEntry.js").is_file()
    assert package["jupyterlab"]["_build"]["load"] == "static/remoteEntry.js"
