"""Values of sliders under a name, to be chosen from a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ipywidgets import Button, Dropdown, HBox, Layout, Text

from jupyspike.widgets.entries import shown_value
from jupyspike.widgets.sliders import Sliders
from jupyspike_engine.diagnostics import ArgumentError, DimensionMismatchError, UserError, nearest
from jupyspike_engine.language.check import unit_text
from jupyspike_engine.objects.running.live import Preset
from jupyspike_engine.simulation.changes import Parameter
from jupyspike_engine.units import bare, dimension_of

NONE = "presets"


class Presets(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """A list of presets, and a field with a button that keeps the present values under a name.

    The list shows the name of a preset as long as the sliders have its values.

    Parameters
    ----------
    sliders : Sliders
        What they set.
    values : mapping
        Those that are there from the beginning: by the name of each what `slider_values` gives.
    tell : callable
        Gets the error if a preset cannot be kept, None if it can.
    """

    def __init__(
        self,
        sliders: Sliders,
        values: Mapping[str, Mapping[str, float]],
        tell: Callable[[UserError | None], None] = lambda error: None,
    ) -> None:
        self._sliders, self._tell = {slider.name: slider for slider in sliders.sliders}, tell
        self.values = dict(values)
        self.choice = Dropdown(options=[NONE, *self.values], tooltip="Set the sliders", layout=Layout(width="150px"))
        self.name = Text(placeholder="name", continuous_update=True, layout=Layout(width="110px"))
        self.keep = Button(icon="plus", tooltip="Keep these values under the name", layout=Layout(width="34px"))
        self._applying = False
        self.choice.observe(lambda change: self.apply(change["new"]), "value")
        for slider in sliders.sliders:
            slider.entry.text.observe(lambda _: self._moved(), "value")
        self.keep.on_click(lambda _: self.add(self.name.value.strip()))
        super().__init__((self.choice, self.name, self.keep))

    def apply(self, name: str) -> None:
        """Set the sliders of a preset to its values; others stay as they are."""
        self._applying = True
        try:
            for full, value in self.values.get(name, {}).items():
                self._sliders[full].put(value)
        finally:
            self._applying = False

    def _moved(self) -> None:
        """Show no preset once a slider is moved away from it: then it can be chosen again."""
        values = self.values.get(self.choice.value, {})
        if not self._applying and any(self._sliders[full].value != value for full, value in values.items()):
            self.choice.value = NONE

    def add(self, name: str) -> None:
        """Keep the present values of all sliders under a name."""
        if not name or name == NONE:
            self._tell(ArgumentError("a preset has a name", hint="write one into the field beside the button"))
            return
        self.values[name] = {name: slider.value for name, slider in self._sliders.items()}
        self.choice.options = [NONE, *self.values]
        self.choice.value = name
        self.name.value = ""
        self._tell(None)


def slider_values(preset: Preset, parameters: Sequence[Parameter]) -> dict[str, float]:
    """The values (SI base units) of a preset by the full names of the parameters that it sets.

    Raises
    ------
    ArgumentError
        A value has no slider, or lies outside its range.
    DimensionMismatchError
    """
    values = {}
    for name, given in preset.values.items():
        parameter, (value, dimension) = _parameter(preset.name, name, parameters), bare(given)
        if dimension != dimension_of(parameter.unit):
            raise DimensionMismatchError(
                f"'{name}' of the preset '{preset.name}' has the wrong unit", kind="unit",
                found=unit_text(dimension), expected=unit_text(dimension_of(parameter.unit)),
            )  # fmt: skip
        if not parameter.low <= value <= parameter.high:
            low, high, found = (shown_value(x, parameter.unit) for x in (parameter.low, parameter.high, float(value)))
            raise ArgumentError(f"'{name}' of the preset '{preset.name}' goes from {low} to {high}", found=found)
        values[parameter.name] = float(value)
    return values


def concerned(preset: Preset, parameters: Sequence[Parameter]) -> bool:
    """Whether a preset sets any of the parameters of a run; else it belongs to another network."""
    return any(_called(name, parameters) for name in preset.values)


def _parameter(preset: str, name: str, parameters: Sequence[Parameter]) -> Parameter:
    found = _called(name, parameters)
    if not found:
        there = ", ".join(f"'{parameter.name}'" for parameter in parameters)
        hint = nearest(name, [one for p in parameters for one in (p.name, p.name.rpartition(".")[2])])
        expected = f"one of the sliders {there}" if there else "a slider, as Slider(...) or a range in a cell makes one"
        raise ArgumentError(f"'{name}' of the preset '{preset}' has no slider", expected=expected, hint=hint)
    if len(found) > 1:
        names = " and ".join(parameter.name for parameter in found)
        raise ArgumentError(f"'{name}' of the preset '{preset}' may be {names}", hint=f"'{found[0].name}'")
    return found[0]


def _called(name: str, parameters: Sequence[Parameter]) -> list[Parameter]:
    exactly = [parameter for parameter in parameters if parameter.name == name]
    return exactly or [parameter for parameter in parameters if parameter.name.rpartition(".")[2] == name]
