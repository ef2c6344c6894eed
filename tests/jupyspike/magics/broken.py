"""What a notebook says to a broken cell: a row of the golden tables, and how one is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_notebook import FakeNotebook

from jupyspike_engine.diagnostics import (
    ArgumentTypeError,
    EquationError,
    EquationSyntaxError,
    EquationTypeError,
    UnresolvedNameError,
    UserError,
)

BEFORE = (
    "%%neurons exc -n 10\ndv/dt = -v/(10*ms) : volt\nthreshold: v > 1*mV\nreset: v = 0*mV\nevents: high: v > 2*mV",
    "%%neurons inh -n 5\ndv/dt = -v/(10*ms) : volt\ng : 1\ninitial: v = i*mV",
    "%%neurons relay -n 10\ndv/dt = (2*mV - v)/ms : volt\nthreshold: v > 1*mV\nreset: v = 0*mV",
    "%%synapses relay -> inh --name drive\nw : volt\non_pre: v += w\nconnect: j=i//2\ninitial: w = 2*mV",
    "tau_m = 10*ms; N_exc = 7; weights = [1, 2]*mV",
)
"""The cells that a broken cell finds already there."""


@dataclass(frozen=True)
class Broken:
    """A broken cell and what must be said of it.

    Attributes
    ----------
    cell : str
        Its text; the line of the magic is line 1.
    at : (int, int)
        Line and column of the place, from 1.
    marked : str
        What stands above the carets.
    says, found, expected, hint : str
        Parts of the message, and of what it says behind ``found:``, ``expected:`` and ``try:``.
    right : (str, str)
        What must be replaced by what, to make it a cell that works.
    error : type
        Class of the error.
    also : tuple of (line, column, part of the message)
        Further problems of the cell, in their order.
    """

    cell: str
    at: tuple[int, int]
    marked: str
    says: str
    right: tuple[str, str]
    found: str = ""
    expected: str = ""
    hint: str = ""
    error: type[UserError] = EquationError
    also: tuple[tuple[int, int, str], ...] = ()

    @property
    def corrected(self) -> str:
        wrong, right = self.right
        assert wrong in self.cell
        return self.cell.replace(wrong, right)


def name_of(case: Broken) -> str:
    """The name of a row in reports of tests."""
    lines = case.cell.splitlines()
    return lines[case.at[0] - 1].strip()[:60]


KINDS = {
    EquationError: (EquationError, EquationSyntaxError, UnresolvedNameError),
    ArgumentTypeError: (ArgumentTypeError, EquationTypeError),
}
"""Kinds of their own, which scripts catch under several names."""


def check(notebook: FakeNotebook, case: Broken) -> None:
    """Run a broken cell and its correction: one clear message, nothing changed, then it works."""
    notebook.run(*BEFORE)
    before = contents(notebook)
    ran = notebook.try_cell(case.cell)
    assert type(ran.error) in KINDS.get(case.error, (case.error,)), ran.printed
    assert ran.printed.rstrip("\n") == f"{type(ran.error).__name__}: {ran.error}"
    assert "Traceback" not in ran.printed and not ran.shown
    check_message(ran.error, case)
    assert contents(notebook) == before
    notebook.run(case.corrected)


def check_message(error: UserError, case: Broken) -> None:
    first, *others = error.diagnostics
    assert first.span is not None
    assert first.span.source.text.rstrip("\n") == case.cell.rstrip("\n")
    assert (first.span.line, first.span.column) == case.at
    assert first.span.text == case.marked
    for part, whole in (
        (case.says, first.message), (case.found, first.found), (case.expected, first.expected), (case.hint, first.hint)
    ):  # fmt: skip
        assert part in whole
    assert len(others) == len(case.also)
    for (line, column, says), other in zip(case.also, others, strict=True):
        assert other.span is not None
        assert (other.span.line, other.span.column) == (line, column)
        assert says in other.message


def contents(notebook: FakeNotebook) -> dict[str, Any]:
    """The objects of the notebook's names, with the values of those that a simulation has."""
    found: dict[str, Any] = {}
    for name, value in notebook.names.items():
        if not name.startswith("_") and name not in ("In", "Out"):
            found[name] = id(value)
    for name in ("exc", "inh", "relay", "drive"):
        made = notebook[name]
        arrays = {variable: array.tobytes() for variable, array in made.arrays.items()}
        found[f"{name} inside"] = (arrays, dict(made.namespace), made.equations)
    found["pairs"] = (notebook["drive"].i.tolist(), notebook["drive"].j.tolist(), id(notebook["drive"].target))
    found["cells"] = {name: id(defined) for name, defined in notebook.magics.notebook.defined.items()}
    found["views"] = notebook.magics.notebook.views
    return found
