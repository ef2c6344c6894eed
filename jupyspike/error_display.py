"""How a notebook shows errors of models that are SyntaxErrors too: by their message, as all errors of the user.

IPython shows what it takes for wrong Python with all the frames that lead there, and does not ask the error itself.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from jupyspike_engine.diagnostics import EquationSyntaxError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def watch() -> None:
    """Show them so in the running notebook, if there is one; a handler of the user's own stays."""
    if "IPython" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((EquationSyntaxError,), show)  # type: ignore[no-untyped-call]  # IPython has no types here


def show(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: EquationSyntaxError,
    traceback: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    """Show an error and return the lines shown, as `InteractiveShell.set_custom_exc` asks for."""
    lines = error._render_traceback_()
    shell._showtraceback(kind, error, lines)
    return lines
