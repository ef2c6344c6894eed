"""Values of sliders under a name, to be chosen from a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ipywidgets import Button, Dropdown, HBox, Layout, Text

from jupyspike.widgets.sliders import ParameterSlider, Sliders
from jupyspike_engine.diagnostics import ArgumentError, DimensionMismatchError, UserError, nearest
from jupyspike_engine.language.check import unit_text
from jupyspike_engine.objects.running.live import Preset
from jupyspike_engine.units import bare, dimension_of

NONE = "presets"


class Presets(HBox):  # type: ignore[misc]  # ipywidgets has no types
    """A list of presets, and a field with a button that keeps the present values under a name.

    Parameters
    ----------
    sliders : Sliders
        What they set.
    presets : sequence of Preset
        Those that are there from the beginning.
    tell : callable
        Gets the error if a preset does not fit, None if it does.

    Raises
    ------
    ArgumentError
        A preset has a value that has no slider, or lies outside its range.
    """

    def __init__(
        self,
        sliders: Sliders,
        presets: Sequence[Preset] = (),
        tell: Callable[[UserError | None], None] = lambda error: None,
    ) -> None:
        self._sliders, self._tell = sliders, tell
        self.values = {preset.name: self._checked(preset) for preset in presets}
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
                self._slider(name, full).put(value)
        finally:
            self._applying = False

    def _moved(self) -> None:
        """Show no preset once a slider is moved away from it: then it can be chosen again."""
        if not self._applying:
            self.choice.value = NONE

    def add(self, name: str) -> None:
        """Keep the present values of all sliders under a name."""
        if not name or name == NONE:
            self._tell(ArgumentError("a preset has a name", hint="write one into the field beside the button"))
            return
        self.values[name] = {slider.name: slider.value for slider in self._sliders.sliders}
        self.choice.options = [NONE, *self.values]
        self.choice.value = name
        self.name.value = ""
        self._tell(None)

    def _slider(self, preset: str, name: str) -> ParameterSlider:
        sliders = self._sliders.sliders
        found = [s for s in sliders if s.name == name] or [s for s in sliders if s.name.rpartition(".")[2] == name]
        if not found:
            hint = nearest(name, [s.name for s in sliders])
            raise ArgumentError(f"'{name}' of the preset '{preset}' has no slider", hint=hint)
        if len(found) > 1:
            names = " and ".join(s.name for s in found)
            raise ArgumentError(f"'{name}' of the preset '{preset}' may be {names}", hint=f"'{found[0].name}'")
        return found[0]

    def _checked(self, preset: Preset) -> dict[str, float]:
        values = {}
        for name, given in preset.values.items():
            slider, (value, dimension) = self._slider(preset.name, name), bare(given)
            if dimension != dimension_of(slider.unit):
                raise DimensionMismatchError(
                    f"'{name}' of the preset '{preset.name}' has the wrong unit", kind="unit",
                    found=unit_text(dimension), expected=unit_text(dimension_of(slider.unit)),
                )  # fmt: skip
            slider.check(float(value))
            values[slider.name] = float(value)
        return values
