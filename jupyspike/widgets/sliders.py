"""A slider for each constant that has a range; moving it puts the new value into the session's mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipywidgets import Button, FloatSlider, HBox, Label, Layout

from jupyspike.widgets.display_units import decimals, round_step, step_through, unit_name, unit_scale

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Parameter, Session


class ParameterSlider(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """One constant, in its unit.

    Parameters
    ----------
    session : Session
        Gets ``set(name, value)`` with the value in SI base units for each movement.
    parameter : Parameter
        What to show.

    Attributes
    ----------
    slider : ipywidgets.FloatSlider
        Its ``value`` is in the parameter's unit.
    """

    def __init__(self, session: Session, parameter: Parameter) -> None:
        self._session = session
        self._name = parameter.name
        self._scale = unit_scale(parameter.unit)
        low, high, value = (self._shown(v) for v in (parameter.low, parameter.high, parameter.value))
        step = round_step(low, high) if parameter.step is None else self._shown(parameter.step)
        step = step_through(value, low, step)
        digits = max(decimals(step), decimals(low))
        self.slider = FloatSlider(
            value=value, min=low, max=high, step=step, readout_format=f".{digits}f", continuous_update=True,
            description=f"{parameter.name} =", style={"description_width": "110px"}, layout=Layout(width="340px"),
        )  # fmt: skip
        self._initial = self.slider.value
        self.slider.observe(self._moved, "value")
        unit = Label(unit_name(parameter.unit), layout=Layout(width="46px", margin="2px 0 2px 5px"))
        super().__init__((self.slider, unit), layout=Layout(margin="0 12px 0 0", overflow="hidden"))

    def reset(self) -> None:
        """Go back to the value the run began with."""
        self.slider.value = self._initial

    def _shown(self, value: float) -> float:
        """A value in the parameter's unit, without the rounding error of the division."""
        return float(f"{value / self._scale:.12g}")

    def _moved(self, change: Any) -> None:
        self._session.set(self._name, float(f"{change['new'] * self._scale:.15g}"))


class Sliders(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """The sliders of a run, side by side as far as there is room, and a button that puts them back."""

    def __init__(self, session: Session) -> None:
        self.sliders = tuple(ParameterSlider(session, parameter) for parameter in session.parameters)
        self.back = Button(
            icon="undo", tooltip="Put the sliders back", layout=Layout(width="34px", padding="0", flex="0 0 auto")
        )
        self.back.on_click(lambda _: self.reset())
        several = HBox(self.sliders, layout=Layout(flex_flow="row wrap", flex="1 1 auto"))
        super().__init__((self.back, several), layout=Layout(width="100%", align_items="flex-start"))

    def reset(self) -> None:
        """Put every slider back to the value the run began with."""
        for slider in self.sliders:
            slider.reset()
