"""Text fields for values with units."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from ipywidgets import HTML, Layout, Text, VBox

from jupyspike.widgets.display_units import unit_name, unit_scale
from jupyspike_engine.diagnostics import Source, Span, UserError
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.units import Unit, bare, dimension_of

_APART = re.compile(r"(?<=[\d.)])[ ]+(?=[A-Za-z])")  # as in 20 ms


def read_value(text: str, unit: Unit, what: str) -> float:
    """The value (SI base units) that a text such as ``20 ms`` or ``0.02*second`` has.

    Raises
    ------
    UserError
        It is no value, or one with another unit.

    Examples
    --------
    >>> from jupyspike import ms
    >>> read_value("20 ms", ms, "tau"), read_value("1/(50*Hz)", ms, "tau")
    (0.02, 0.02)
    """
    written = _APART.sub("*", text.strip())
    place = Span(Source(written, what), 0, len(written))
    scope = Scope({}, external_names({}), complete=True)
    return float(bare(value_of(parse_expression(place), scope, Sort(dimension_of(unit), "real"), what))[0])


def shown_value(value: float, unit: Unit) -> str:
    """A value as a text in a unit.

    >>> from jupyspike import ms
    >>> shown_value(0.0123, ms)
    '12.3 ms'
    """
    return f"{value / unit_scale(unit):.9g} {unit_name(unit)}".rstrip()


class Entry(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A field in which a value with a unit is edited; a wrong text tells what is wrong, and the value stays.

    Parameters
    ----------
    what : str
        What errors call it.
    value : float
        In SI base units.
    unit : Unit
        What it is shown in; any other of the same dimension may be written.
    took : callable
        Gets each new value (SI base units); what it raises is told like a wrong text.
    """

    def __init__(self, what: str, value: float, unit: Unit, took: Callable[[float], None] = lambda value: None) -> None:
        self._what, self._unit, self._took, self.si_value = what, unit, took, value
        width = f"{88 + 8 * max(1, len(unit_name(unit)) - 2)}px"
        self.text = Text(shown_value(value, unit), continuous_update=False, layout=Layout(width=width))
        self.problem = HTML(layout=Layout(display="none"))
        self.text.observe(self._written, "value")
        super().__init__((self.text, self.problem))

    def show(self, value: float) -> None:
        """Show another value."""
        self.si_value = value
        self._tell("")
        text = shown_value(value, self._unit)
        if self.text.value != text:
            self.text.value = text

    def _written(self, change: dict[str, str]) -> None:
        if change["new"] == shown_value(self.si_value, self._unit):
            return
        try:
            value = read_value(change["new"], self._unit, self._what)
            self._took(value)
        except UserError as error:
            self.text.value = shown_value(self.si_value, self._unit)
            self.tell(error)
        else:
            self.show(value)

    def tell(self, error: UserError) -> None:
        """Say below what is wrong."""
        said = error.diagnostics[0]
        found = f"found {said.found}" if said.found else ""
        expected = f"expected {said.expected}" if said.expected else ""
        self._tell("; ".join(filter(None, [said.message, found, expected, said.hint])))

    def _tell(self, problem: str) -> None:
        self.problem.value = (
            f'<span style="color: var(--jp-error-color1, #b00020); line-height: 1.3">{escape(problem)}</span>'
        )
        self.problem.layout.display = "" if problem else "none"
