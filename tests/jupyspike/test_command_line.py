"""The command ``jupyspike``, which is also ``python -m jupyspike`` and what ``%jupyspike`` calls."""

import subprocess
import sys
from pathlib import Path

import pytest

from jupyspike.__main__ import run
from jupyspike_engine.build.builder import build


@pytest.fixture(autouse=True)
def cache_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_doctor_reports_and_succeeds_on_this_machine():
    answer = run(["doctor"])
    assert answer.status == 0
    assert "compiler" in answer.text


def test_doctor_fails_where_something_is_missing(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    answer = run(["doctor"])
    assert answer.status == 1
    assert "no-such-compiler" in answer.text


def test_cache_shows_where_the_programs_are_and_how_many(cache_directory):
    build("int shown = 1;")
    answer = run(["cache"])
    assert answer.status == 0
    assert str(cache_directory) in answer.text
    assert "programs   1" in answer.text
    assert "1000 MB" in answer.text


def test_cache_clear_removes_the_programs(cache_directory):
    build("int removed = 1;")
    assert "removed 1 programs" in run(["cache", "--clear"]).text
    assert list(cache_directory.glob("*.so")) == []


def test_a_user_error_is_an_answer(monkeypatch):
    monkeypatch.setenv("JUPYSPIKE_CACHE_LIMIT_MB", "much")
    answer = run(["cache"])
    assert answer.status == 1
    assert "JUPYSPIKE_CACHE_LIMIT_MB" in answer.text


@pytest.mark.parametrize("arguments", [[], ["docter"], ["cache", "--cleer"]])
def test_a_mistyped_command_is_answered_with_the_usage(arguments, capsys):
    answer = run(arguments)
    assert answer.status == 2
    assert "usage: jupyspike" in answer.text
    assert capsys.readouterr() == ("", "")


def test_help_and_version_are_answers_too(capsys):
    assert "doctor" in run(["--help"]).text
    assert run(["--version"]).text.startswith("jupyspike ")
    assert capsys.readouterr() == ("", "")


def test_python_dash_m_prints_the_answer_and_exits_with_its_status():
    good = subprocess.run([sys.executable, "-m", "jupyspike", "cache"], capture_output=True, text=True, check=False)
    bad = subprocess.run([sys.executable, "-m", "jupyspike", "docter"], capture_output=True, text=True, check=False)
    assert (good.returncode, bad.returncode) == (0, 2)
    assert good.stdout.startswith("directory")
    assert "docter" in bad.stderr
