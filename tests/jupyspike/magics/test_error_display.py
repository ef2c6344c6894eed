"""A notebook shows the message of a user's error and no frames, also where Python takes the error for wrong Python."""

import pytest

from jupyspike import EquationError, error_display
from jupyspike_engine.diagnostics import EquationSyntaxError, EquationTypeError


@pytest.mark.parametrize(
    ("cell", "kind", "message"),
    [
        ("NeuronGroup(1, 'dv/dt = (-v/ms : 1')", EquationSyntaxError, "the bracket '(' is never closed"),
        ("NeuronGroup(1, 'x = (w > 1)/2 : 1\\nw : 1')", EquationTypeError, "a truth value cannot be an operand"),
        ("NeuronGroup(1, 'x = w')", EquationError, "the unit of 'x' is missing"),
        ("%%neurons exc\ndv/dt = -v/ : 1", EquationSyntaxError, "something is missing behind '/'"),
    ],
)
def test_an_error_of_a_model_is_shown_without_frames(notebook, cell, kind, message):
    ran = notebook.try_cell(cell)
    assert isinstance(ran.error, kind)
    assert ran.printed.startswith(f"{type(ran.error).__name__}: ") and message in ran.printed
    assert "Traceback" not in ran.printed and "jupyspike_engine" not in ran.printed


def test_wrong_python_is_shown_as_ever(notebook):
    ran = notebook.try_cell("a = = 2")
    assert type(ran.error) is SyntaxError and "a = = 2" in ran.printed


def test_a_handler_of_the_users_own_stays(notebook):
    def own(shell, kind, error, traceback, tb_offset=None):
        return []

    notebook.shell.set_custom_exc((ValueError,), own)
    error_display.watch()
    kept = notebook.shell.custom_exceptions
    notebook.shell.set_custom_exc((), None)
    error_display.watch()
    assert (kept, notebook.shell.custom_exceptions) == ((ValueError,), (EquationSyntaxError,))
