"""The power spectrum of population rates or of a variable."""

from __future__ import annotations

from typing import Any

import numpy as np

from jupyspike.analysis.spiketrains import binned_counts, power_spectrum
from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.display_units import unit_name
from jupyspike.widgets.plots import PALETTE, Axis, Data, Drawing, Interval, Look, Mark, Plot
from jupyspike.widgets.sources import Source, Spikes, Values, ViewError, spikes_of, values_of
from jupyspike.widgets.view import View, colours_of, seconds_of
from jupyspike_engine.objects.monitors.statemonitor import StateMonitor
from jupyspike_engine.objects.variables import VariableView

BIN = 0.001
"""Width of the bins of rates, in seconds: frequencies reach up to 500 Hz."""


class Spectrum(View):
    """Which frequencies there are in the rates of groups, or in a variable: power spectral density by Welch's method.

    Parameters
    ----------
    *shown : NeuronGroup, Subgroup or SpikeMonitor; or one VariableView or StateMonitor, with its elements
        ``Spectrum(exc, inh)`` or ``Spectrum(exc.v, [0, 1])``.
    over : Quantity, optional
        The stretch of time before now that is looked at, 10 s by default.
    resolution : Quantity, optional
        Spacing of the frequencies, 1 Hz by default.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        Something neither spikes nor is a variable.
    """

    def __init__(self, *shown: object, over: Any = None, resolution: Any = None, height: int = 260) -> None:
        self.over = 10.0 if over is None else seconds_of(over, "over")
        self.resolution = 1.0 if resolution is None else 1 / seconds_of(1 / resolution, "1/resolution")
        self._height = height
        self._spikes: list[Spikes] = []
        self._values: Values | None = None
        if not shown:
            raise ViewError("a spectrum of nothing", shown, hint="spectrum(exc)")
        if isinstance(shown[0], (VariableView, StateMonitor)):
            if len(shown) > 2:
                raise ViewError("a spectrum is that of one variable", shown[2], hint="spectrum(exc.v, [0, 1])")
            self._values = values_of(shown[0], shown[1] if len(shown) > 1 else None)
        else:
            self._spikes = [spikes_of(group) for group in shown]
        self.sources: list[Source] = [*self._spikes, *([self._values] if self._values else [])]

    def make_plot(self) -> Plot:
        x = Axis("frequency (Hz)")
        if self._values is not None:
            values = self._values
            unit = unit_name(values.unit)
            squared = f"{unit if unit.isalpha() else f'({unit})'}\N{SUPERSCRIPT TWO}" if unit else "1"
            power = f"power ({squared}/Hz)"
            marks = [
                Mark(
                    f"{values.variable}[{k}]",
                    "line",
                    PALETTE[n % len(PALETTE)],
                    f"{values.group}.{values.variable}[{k}]",
                )
                for n, k in enumerate(values.elements)
            ]
            name = f"spectrum {values.group}.{values.variable}"
            return Plot(name, x, Axis(power, log=True), tuple(marks), self._height)
        colours = colours_of(self._spikes)
        marks = [Mark(s.name, "line", colour, s.name) for s, colour in zip(self._spikes, colours, strict=True)]
        y = Axis("power of the rate (Hz\N{SUPERSCRIPT TWO}/Hz)", log=True)
        return Plot("spectrum", x, y, tuple(marks), self._height)

    def spectra(self) -> dict[str, tuple[Any, Any]]:
        """Frequencies (Hz) and power of each line."""
        until = max(source.until for source in self.sources)
        time = Interval(max(min(source.begin for source in self.sources), until - self.over), until)
        if self._values is not None:
            times, values = self._values.within(time)
            if len(times) < 2:
                return {}
            dt = float(np.median(np.diff(times)))
            names = [f"{self._values.variable}[{k}]" for k in self._values.elements]
            return {name: power_spectrum(values[:, k], dt, self.resolution) for k, name in enumerate(names)}
        found = {}
        for spikes in self._spikes:
            times, _ = spikes.within(time)
            _, counts = binned_counts(times, time.start, time.stop, BIN)
            found[spikes.name] = power_spectrum(counts / (spikes.size * BIN), BIN, self.resolution)
        return found

    def draw(self, look: Look) -> Drawing:
        data: dict[str, Data] = {}
        lowest, highest, last = np.inf, 0.0, 0.0
        shown = Interval(0.0, 200.0) if look.x is None else look.x
        for name, (frequencies, power) in self.spectra().items():
            last_seen = shown.stop * (1 + 1e-9)  # but for rounding
            seen = (frequencies > 0) & (frequencies <= last_seen) & (power > 0)  # without what does not oscillate
            x, y = frequencies[seen], power[seen]
            if not len(x):
                continue
            data[name] = extremes(x, y)
            lowest, highest = min(lowest, float(np.percentile(y, 1))), max(highest, float(y.max()))
            last = max(last, float(x[-1]))
        y_shown = Interval(lowest / 2, highest * 2) if highest > 0 else Interval(0.1, 10.0)
        return Drawing(Interval(0.0, min(200.0, last) or 200.0), y_shown, data)
