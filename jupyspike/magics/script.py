"""The Python script that does once more what the cells of a notebook and its live panel did."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Mapping
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from jupyspike.magics.notebook import Lived, Notebook, Ran
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.simulation.session import Session

_CELL = re.compile(r"\s*%%(neurons|synapses)[ \t]*(.*)\n?")
_OURS = re.compile(r"get_ipython\(\)\.run_line_magic\('simulate', ")
_FOREIGN = re.compile(r"^(\s*)(.*get_ipython\(\)\..*)$", re.MULTILINE)
_HEAD = '''"""A live session of jupyspike: run with Python, this gives the same spikes bit for bit."""

from jupyspike import *
from jupyspike.script import Cells

_cells = Cells(globals())
seed({seed})
'''


def script_of(notebook: Notebook, session: Session) -> str:
    """The cells of a notebook up to the one in which a live session began, and what was moved in it until now.

    Magics of others and commands of the system are left out, as comments.

    Raises
    ------
    ArgumentError
        The cell has not come to its end yet.
    """
    parts = [_HEAD.format(seed=notebook.first_seed)]
    panels = _panels_in(notebook.names)
    for ran in notebook.ran:
        found = [session is (one.session and one.session() if isinstance(one, Lived) else one) for one in ran.lived]
        parts.append(_part(ran, panels, found.index(True) + 1 if any(found) else len(found)))
        if any(found):
            return "\n".join(parts)
    hint = "ask for the script in another cell, and run one again that ended with an error"
    raise ArgumentError("the cell that shows the panel has not come to its end", hint=hint)


def _part(ran: Ran, panels: Collection[str], runs: int) -> str:
    lived = [Lived.now(one) for one in ran.lived[:runs]]
    said = "".join(f"_cells.live_run({one.duration!r}, {_listed(one)})\n" for one in lived)
    text = as_python(ran.text, panels)
    return said + (f"_cells.live_run_goes_on(True)\n{text}_cells.live_run_goes_on(False)\n" if ran.assigned else text)


def _listed(lived: Lived) -> str:
    if len(lived.moves) < 2:
        return repr(list(lived.moves))
    return "[\n" + "".join(f"    {move!r},\n" for move in lived.moves) + "]"


def _panels_in(names: Mapping[str, Any]) -> set[str]:
    """The names that stand for live panels, or for lists of them."""
    from jupyspike.widgets import Panel

    def is_panel(value: Any) -> bool:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        return isinstance(value, Panel) or any(isinstance(one, Panel) for one in inside)

    return {name for name, value in names.items() if is_panel(value)}


def as_python(cell: str, panels: Collection[str] = ()) -> str:
    """A cell of a notebook as a piece of a script; what it does with ``panels``, once they are made, is left out.

    Examples
    --------
    >>> print(as_python("%matplotlib inline\\nx = 1"), end="")
    # get_ipython().run_line_magic('matplotlib', 'inline')
    x = 1
    """
    magic = _CELL.match(cell)
    if magic:
        body = cell[magic.end() :].replace("\\", "\\\\").replace('"""', r"\"\"\"")
        return f'_cells.{magic[1]}({magic[2]!r}, """\n{body.rstrip()}\n""")\n'
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = TransformerManager().transform_cell(cell)  # type: ignore[no-untyped-call]  # IPython has no types
    text = _OURS.sub("_cells.simulate(", text)
    return _without(panels, _FOREIGN.sub(_left_out, text))


def _without(names: Collection[str], text: str) -> str:
    """The text with the statements that use any of some names as comments, unless they make a panel."""
    if not any(_uses(statement, names) for statement in ast.parse(text).body):
        return text
    if ";" in text:
        text = ast.unparse(ast.parse(text))  # each statement on lines of its own
    lines = text.splitlines()
    for statement in ast.parse(text).body:
        if _uses(statement, names):
            for number in range(statement.lineno - 1, statement.end_lineno or statement.lineno):
                lines[number] = f"# {lines[number]}"
    return "\n".join(lines) + "\n"


def _uses(statement: ast.stmt, names: Collection[str]) -> bool:
    nodes = list(ast.walk(statement))
    makes = any("live_panel" in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in nodes)
    used = any(isinstance(n, ast.Name) and n.id in names and not isinstance(n.ctx, ast.Store) for n in nodes)
    return used and not makes


def _left_out(line: re.Match[str]) -> str:
    passing = f"{line[1]}pass  " if line[1] else ""
    return f"{passing}# {line[2]}"
