"""An object of a simulation as a notebook shows it: what it is, its equations, and what it does at events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from .definition import Definition
from .formulas import math, math_line
from .syntax import Block, Expression, text

Shown = str | Expression | Block


def overview(heading: str, equations: Iterable[Definition], behaviour: Mapping[str, Shown]) -> str:
    """An object as HTML, with its formulas as MathML.

    Parameters
    ----------
    heading : str
        What the object is, such as ``NeuronGroup 'exc' with 100 neurons``.
    equations : iterable of Definition
        Its equations.
    behaviour : mapping
        What else makes it: the threshold as an expression, the reset as statements, the integrator as text.

    Examples
    --------
    >>> neuron = Equations('v : volt (constant)')
    >>> html = overview("NeuronGroup 'exc' with 10 neurons", neuron.values(), {'integrator': 'exact'})
    >>> '<th>integrator</th>' in html
    True
    """
    rows = [_row(math_line(line), escape(line.unit_text), escape(", ".join(line.said))) for line in equations]
    table = f"<table><tr><th>equation</th><th>unit</th><th>flags</th></tr>{''.join(rows)}</table>" if rows else ""
    said = "".join(f"<tr><th>{escape(what)}</th><td>{shown(how)}</td></tr>" for what, how in behaviour.items())
    return f"<div><b>{escape(heading)}</b>{table}{f'<table>{said}</table>' if said else ''}</div>"


def shown(part: Shown) -> str:
    """Text as it is, an expression as a formula, statements as code."""
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, tuple):
        lines = (f"{s.target} {s.symbol} {text(s.expression)}" for s in part)
        return "<br>".join(f"<code>{escape(line)}</code>" for line in lines)
    return math(part)


def written_out(equations: Iterable[Definition], behaviour: Mapping[str, Shown]) -> str:
    """The same as plain text.

    Examples
    --------
    >>> print(written_out(Equations('dv/dt = -v/tau : volt').values(), {'integrator': 'exact'}))
    dv/dt = -v/tau : volt
    integrator: exact
    """
    lines = [str(line) for line in equations]
    for what, how in behaviour.items():
        if isinstance(how, tuple):
            lines.append(f"{what}: {'; '.join(f'{s.target} {s.symbol} {text(s.expression)}' for s in how)}")
        else:
            lines.append(f"{what}: {how if isinstance(how, str) else text(how)}")
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
