"""The check of an installation."""

import pytest

from jupyspike import prefs
from jupyspike import test as check
from jupyspike_engine import compiler
from jupyspike_engine.build import builder
from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.objects.running import selfcheck


def test_every_target_is_checked(capsys):
    assert check() is True
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == list(compiler.TARGETS)
    assert prefs.codegen.target == "numpy"


def test_a_target_that_cannot_run_is_told(capsys, monkeypatch):
    monkeypatch.setattr(builder, "find_compiler", lambda: None)
    assert check(["cpp", "numpy"], long_tests=True) is False
    assert capsys.readouterr().out.startswith("cpp: there is no C++ compiler")


@pytest.mark.parametrize(("name", "value"), [("log", lambda x: 1.0), ("exp", lambda x: 0.5)])
def test_wrong_results_are_told(name, value, capsys, monkeypatch):
    monkeypatch.setattr(selfcheck.math, name, value)
    assert check("numpy") is False
    assert "in place of" in capsys.readouterr().out


def test_options_that_never_were_there_are_errors():
    with pytest.raises(ArgumentTypeError, match="no option 'quick'"):
        check(quick=True)
