"""Text fields for values with units."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape
from math import inf, isinf

from ipywidgets import HTML, Layout, Text, VBox

from jupyspike.widgets.display_units import unit_name, unit_scale, written
from jupyspike_engine.diagnostics import Source, Span, UnknownNameError, UserError
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.language.suggestions import least_changed
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.units import UNITS, Dimension, Unit, bare, dimension_of

_APART = re.compile(r"(?<=[\w.)])[ ]+(?=[A-Za-z])")  # as in 100 ohm cm
# One number, with a unit or without.
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z\u00b5\u03bc]*)")


@cache
def _symbols() -> dict[str, Unit]:
    """Units by what is written for them, as in ``1 s``, for which models have longer names."""
    return {str(unit): unit for unit in UNITS.values() if str(unit).isalpha()}


def read_value(text: str, unit: Unit, what: str) -> float:
    """The value (SI base units) that a text such as ``20 ms``, ``0.02*second`` or ``3 µA/cm²`` has.

    A number alone is one in the unit.

    Raises
    ------
    UserError
        It is no value, or one with another unit.

    Examples
    --------
    >>> from jupyspike import ms
    >>> read_value("20 ms", ms, "tau"), read_value("1/(50*Hz)", ms, "tau"), read_value("2 s", ms, "tau")
    (0.02, 0.02, 2.0)
    >>> read_value("20", ms, "tau"), read_value("500ms", ms, "tau")
    (0.02, 0.5)
    """
    text = text.strip()
    plain = _NUMBER.fullmatch(text)
    if plain and not plain[2]:
        text = f"{plain[1]} {unit_name(unit)}"
    elif plain:
        text = f"{plain[1]} {plain[2]}"
        _expect_case(plain[2], unit, what)
    line = _APART.sub("*", written(text))
    place = Span(Source(line, what), 0, len(line))
    scope = Scope({}, external_names(_symbols()), complete=True)
    return float(bare(value_of(parse_expression(place), scope, Sort(dimension_of(unit), "real"), what))[0])


def _unit_called(name: str, dimension: Dimension) -> Unit | None:
    """The unit of a dimension that a text means."""
    found = UNITS.get(written(name)) or _symbols().get(written(name))
    return found if found is not None and found.dim == dimension else None


def _expect_case(name: str, unit: Unit, what: str) -> None:
    """Raise an error if a unit is written with other capitals than one that fits: any other guess would be wrong."""
    if written(name) in UNITS or written(name) in _symbols():
        return
    others = [unit_name(unit), *(other for other in (*UNITS, *_symbols()) if _unit_called(other, unit.dim))]
    alike = [other for other in others if other.lower() == name.lower()]
    if alike:
        hint = f"did you mean '{least_changed(name, alike)}'?"
        raise UnknownNameError(f"the unit '{name}' of {what} is not known", hint=hint)


def shown_value(value: float, unit: Unit) -> str:
    """A value as a text in a unit.

    >>> from jupyspike import ms
    >>> shown_value(0.0123, ms)
    '12.3 ms'
    """
    return f"{value / unit_scale(unit):.9g} {unit_name(unit)}".rstrip()


class Entry(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A field in which a value with a unit is edited.

    A wrong text stays to be mended, with what is wrong below; the value stays as well.

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
    apart : bool
        Whether `problem` is shown elsewhere, by whoever shows the field.

    Attributes
    ----------
    text : ipywidgets.Text
    problem : ipywidgets.HTML
        What is wrong.
    is_wrong : bool
        Whether there is a wrong text in the field.
    """

    def __init__(
        self,
        what: str,
        value: float,
        unit: Unit,
        took: Callable[[float], None] = lambda value: None,
        infinite: str = "",
        apart: bool = False,
    ) -> None:
        self._what, self._unit, self._took, self.si_value, self._infinite = what, unit, took, value, infinite
        self.is_wrong = False
        width = f"{88 + 8 * max(1, len(unit_name(unit)) - 2)}px"
        self.text = Text(self._shown(value), continuous_update=False, layout=Layout(width=width))
        self.problem = HTML(layout=Layout(display="none"))
        self.text.observe(self._written, "value")
        super().__init__((self.text,) if apart else (self.text, self.problem))

    def show(self, value: float) -> None:
        """Show another value."""
        self.si_value, self.is_wrong = value, False
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
        text = change["new"]
        if text == self._shown(self.si_value):
            self.is_wrong = False
            self._tell("")
            return
        try:
            value = self._read(text)
        except UserError as error:
            self.is_wrong = True
            self.tell(error)
            return
        before = self._unit
        plain = _NUMBER.fullmatch(text.strip())
        self._unit = (plain and _unit_called(plain[2], dimension_of(self._unit))) or self._unit  # as it was written
        try:
            self.put(value)
        except UserError as error:
            self._unit, self.is_wrong = before, True
            self.tell(error, text)

    def tell(self, error: UserError, written: str = "") -> None:
        """Say below what is wrong; what was found is told as it was ``written``."""
        said = error.diagnostics[0]
        found = f"found {written.strip() or said.found}" if said.found else ""
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
