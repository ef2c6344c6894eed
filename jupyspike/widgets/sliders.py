"""A slider and a text field for each constant that has a range; both put new values into the session's mailbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from ipywidgets import Button, FloatLogSlider, FloatSlider, HBox, Layout, VBox

from jupyspike.widgets.display_units import round_step, unit_scale
from jupyspike.widgets.entries import Entry, shown_value
from jupyspike_engine.diagnostics import ArgumentError
from jupyspike_engine.units import Unit

if TYPE_CHECKING:
    from jupyspike_engine.simulation.changes import Parameter
    from jupyspike_engine.simulation.session import Session

_LOG_STEPS = 100
_DIGITS = 3  # of the values of a logarithmic slider


class ParameterSlider(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """One constant, in its unit.

    Parameters
    ----------
    parameter : Parameter
        What to show.
    took : callable
        Gets the value in SI base units at each movement.

    Attributes
    ----------
    slider : ipywidgets.FloatSlider or ipywidgets.FloatLogSlider
        Its ``value`` is in the parameter's unit. It stands at the step that is nearest to the value, and where it
        begins it means the value that was declared.
    entry : Entry
        The value and the unit as a text.
    """

    def __init__(self, parameter: Parameter, took: Callable[[float], None]) -> None:
        self._took, self._parameter = took, parameter
        self._scale = unit_scale(parameter.unit)
        low, high = self._shown(parameter.low), self._shown(parameter.high)
        looks: dict[str, Any] = {
            "readout": False, "continuous_update": True, "description": f"{parameter.name} =",
            "style": {"description_width": "110px"}, "layout": Layout(width="280px"),
        }  # fmt: skip
        if parameter.log:
            least, most = log10(low), log10(high)
            self._step = (most - least) / _LOG_STEPS
            self._stands = self._begins = self._nearest(parameter.value)
            self.slider = FloatLogSlider(base=10, min=least, max=most, step=self._step, value=self._stands, **looks)
        else:
            self._step = round_step(low, high) if parameter.step is None else self._shown(parameter.step)
            self._stands = self._begins = self._nearest(parameter.value)
            self.slider = FloatSlider(min=low, max=high, step=self._step, value=self._stands, **looks)
        self.entry = Entry(parameter.name, parameter.value, parameter.unit, self._written, apart=True)
        self.slider.observe(self._moved, "value")
        super().__init__((self.slider, self.entry), layout=Layout(margin="0 12px 0 0", overflow="hidden"))

    @property
    def name(self) -> str:
        """What it moves."""
        return self._parameter.name

    @property
    def unit(self) -> Unit:
        """What it is shown in."""
        return self._parameter.unit

    @property
    def value(self) -> float:
        """The value in SI base units."""
        return self.entry.si_value

    def put(self, value: float) -> None:
        """Give the constant a value (SI base units).

        Raises
        ------
        ArgumentError
            It lies outside the range.
        """
        self._written(value)
        self.entry.show(value)

    def reset(self) -> None:
        """Go back to the value the session began with."""
        if self.value != self._parameter.value:
            self.put(self._parameter.value)

    def _shown(self, value: float) -> float:
        """A value in the parameter's unit, without the rounding error of the division."""
        return float(f"{value / self._scale:.12g}")

    def _moved(self, change: Any) -> None:
        if _same(change["new"], self._stands):
            return
        self._stands = change["new"]
        value = self._meant(change["new"])
        self._took(value)
        self.entry.show(value)

    def _meant(self, place: float) -> float:
        """The value (SI base units) that the slider stands for at a place."""
        parameter = self._parameter
        if _same(place, self._begins):
            return parameter.value
        if not parameter.log:
            return float(f"{place * self._scale:.15g}")
        digits = max(_DIGITS, 1 + ceil(-log10(10**self._step - 1)))
        value = float(f"{float(f'{place:.{digits}g}') * self._scale:.15g}")
        return min(max(value, parameter.low), parameter.high)

    def follow(self, given: Callable[[], float]) -> None:
        """Show the value (SI base units) that was given by others, if it is another one; the slider moves nothing.

        Outside the range the slider stands at its end, and the text field tells so.
        """
        while (value := given()) != self.value:  # it may be moved meanwhile
            self._stand_at(value)
            self.entry.show(value)
            parameter = self._parameter
            if not parameter.low <= value <= parameter.high:
                low, high = (shown_value(end, parameter.unit) for end in (parameter.low, parameter.high))
                self.entry.remark(f"{self.name} is outside the slider's range, {low} to {high}")

    def check(self, value: float) -> None:
        """Raise an error if a value (SI base units) lies outside the range.

        Raises
        ------
        ArgumentError
        """
        parameter = self._parameter
        if not parameter.low <= value <= parameter.high:
            low, high = (shown_value(end, parameter.unit) for end in (parameter.low, parameter.high))
            found = shown_value(value, parameter.unit)
            raise ArgumentError(f"'{parameter.name}' goes from {low} to {high}", found=found)

    def _written(self, value: float) -> None:
        self.check(value)
        self._took(value)
        self._stand_at(value)

    def _stand_at(self, value: float) -> None:
        self._stands = self._nearest(value)
        self.slider.value = self._stands

    def _nearest(self, value: float) -> float:
        """The nearest place where the slider can stand; a page would move it there and change the value."""
        parameter = self._parameter
        low, high, value = (self._shown(v) for v in (parameter.low, parameter.high, value))
        value, step = min(max(value, low), high), self._step
        if parameter.log:
            return float(10 ** (log10(low) + round((log10(value) - log10(low)) / step) * step))
        return float(f"{low + min(round((value - low) / step), floor((high - low) / step + 1e-9)) * step:.12g}")


def _same(place: float, other: float) -> bool:
    """Whether a slider stands at the same place: pages round in their own way."""
    return abs(place - other) <= 1e-9 * abs(other)


class Sliders(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """The sliders of a run, side by side as far as there is room, and a button that puts them back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.sliders = tuple(
            ParameterSlider(parameter, partial(session.set, parameter.name)) for parameter in session.parameters
        )
        self.back = Button(
            icon="undo", tooltip="Put the sliders back", layout=Layout(width="34px", padding="0", flex="0 0 auto")
        )
        self.back.on_click(lambda _: self.reset())
        several = HBox(self.sliders, layout=Layout(flex_flow="row wrap"))
        problems = [slider.entry.problem for slider in self.sliders]  # below, so that no slider moves to another row
        above = VBox((several, *problems), layout=Layout(flex="1 1 auto"))
        super().__init__((self.back, above), layout=Layout(width="100%", align_items="flex-start"))

    def refresh(self) -> None:
        """Show values that others have given."""
        for slider in self.sliders:
            slider.follow(partial(self._session.present, slider.name))

    def reset(self) -> None:
        """Put every slider back to the value the run began with."""
        for slider in self.sliders:
            slider.reset()
