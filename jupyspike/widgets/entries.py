"""Text fields for values with units."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from math import inf, isinf

from ipywidgets import HTML, Layout, Text, VBox

from jupyspike.widgets.display_units import unit_name, unit_scale, written
from jupyspike_engine.diagnostics import Source, Span, UserError
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.units import UNITS, Unit, bare, dimension_of

_APART = re.compile(r"(?<=[\w.)])[ ]+(?=[A-Za-z])")  # as in 100 ohm cm


@cache
def _symbols() -> dict[str, Unit]:
    """Units by what is written for them, as in ``1 s``, for which models have longer names."""
    return {str(unit): unit for unit in UNITS.values() if str(unit).isalpha()}


def read_value(text: str, unit: Unit, what: str) -> float:
    """The value (SI base units) that a text such as ``20 ms``, ``0.02*second`` or ``3 µA/cm²`` has.

    Raises
    ------
    UserError
        It is no value, or one with another unit.

    Examples
    --------
    >>> from jupyspike import ms
    >>> read_value("20 ms", ms, "tau"), read_value("1/(50*Hz)", ms, "tau"), read_value("2 s", ms, "tau")
    (0.02, 0.02, 2.0)
    """
    line = _APART.sub("*", written(text.strip()))
    place = Span(Source(line, what), 0, len(line))
    scope = Scope({}, external_names(_symbols()), complete=True)
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
    infinite : str
        A word for a value without a bound; there is none by default.
    """

    def __init__(
        self,
        what: str,
        value: float,
        unit: Unit,
        took: Callable[[float], None] = lambda value: None,
        infinite: str = "",
    ) -> None:
        self._what, self._unit, self._took, self.si_value, self._infinite = what, unit, took, value, infinite
        width = f"{88 + 8 * max(1, len(unit_name(unit)) - 2)}px"
        self.text = Text(self._shown(value), continuous_update=False, layout=Layout(width=width))
        self.problem = HTML(layout=Layout(display="none"))
        self.text.observe(self._written, "value")
        super().__init__((self.text, self.problem))

    def show(self, value: float) -> None:
        """Show another value."""
        self.si_value = value
        self._tell("")
        text = self._shown(value)
        if self.text.value != text:
            self.text.value = text

    def put(self, value: float) -> None:
        """Take a value as if it had been written."""
        self._took(value)
        self.show(value)

    def _shown(self, value: float) -> str:
        return self._infinite if isinf(value) else shown_value(value, self._unit)

    def _read(self, text: str) -> float:
        if self._infinite and text.strip() == self._infinite:
            return inf
        return read_value(text, self._unit, self._what)

    def _written(self, change: dict[str, str]) -> None:
        if change["new"] == self._shown(self.si_value):
            return
        try:
            self.put(self._read(change["new"]))
        except UserError as error:
            self.text.value = self._shown(self.si_value)
            self.tell(error)

    def tell(self, error: UserError) -> None:
        """Say below what is wrong."""
        said = error.diagnostics[0]
        found = f"found {said.found}" if said.found else ""
        expected = f"expected {said.expected}" if said.expected else ""
        self._tell("; ".join(filter(None, [said.message, found, expected, said.hint])))

    def remark(self, text: str) -> None:
        """Say below what a person should know of the value."""
        self._tell(text)

    def _tell(self, problem: str) -> None:
        self.problem.value = (
            f'<span style="color: var(--jp-error-color1, #b00020); line-height: 1.3">{escape(problem)}</span>'
        )
        self.problem.layout.display = "" if problem else "none"
