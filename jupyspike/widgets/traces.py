"""A state variable of a few elements over time, in its unit, with their spikes."""

from __future__ import annotations

import numpy as np

from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.plots import PALETTE, TIME, Axis, Data, Drawing, Interval, Look, Mark, Plot, Points, padded
from jupyspike.widgets.sources import Source, Spikes, spikes_of, values_of
from jupyspike.widgets.view import View
from jupyspike_engine.objects.neurongroup import NeuronGroup, Subgroup, whole

MAX_SPIKES = 1000
"""Spikes that are marked on a line, the newest."""


class Trace(View):
    """The values of one variable, a line for each element; a round point marks each spike.

    Parameters
    ----------
    variable : VariableView or StateMonitor
        Such as ``exc.v``, or a monitor that has recorded.
    elements : int or sequence of int, optional
        Which neurons or synapses, at most 12; the first by default, or the first ones that the monitor records.
    name : str, optional
        Which variable, if a monitor records several.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        There is no such variable, or there are no such elements or too many of them.

    Examples
    --------
    >>> G = NeuronGroup(3, 'dv/dt = 2*mV/ms : volt', threshold='v > 10*mV', reset='v = 0*mV')
    >>> trace = Trace(G.v, [0, 2])
    >>> run(20*ms)
    >>> trace.plot.y.label
    'v (mV)'
    """

    def __init__(self, variable: object, elements: object = None, name: str | None = None, height: int = 150) -> None:
        self._values = values_of(variable, elements, name)
        self._spikes = self._spikes_of(self._values.owner)
        self.sources: list[Source] = [self._values, *([self._spikes] if self._spikes else [])]
        self._height = height

    @staticmethod
    def _spikes_of(owner: object) -> Spikes | None:
        if not isinstance(owner, (NeuronGroup, Subgroup)) or "spike" not in whole(owner)[0].events:
            return None
        return spikes_of(owner)

    def make_plot(self) -> Plot:
        values = self._values
        names = [f"{values.variable}[{k}]" for k in values.elements]
        colours = [PALETTE[k % len(PALETTE)] for k in range(len(names))]
        labels = [f"{values.group}[{k}]" for k in values.elements]
        marks = [Mark(name, "line", c, label) for name, c, label in zip(names, colours, labels, strict=True)]
        if self._spikes is not None:
            marks += [Mark(f"{name} spikes", "points", colour) for name, colour in zip(names, colours, strict=True)]
        y = values.label if len(labels) > 1 else f"{labels[0]}: {values.label}"  # one line needs no legend
        return Plot(f"{values.group}.{values.variable}", TIME, Axis(y), tuple(marks), self._height)

    def draw(self, look: Look) -> Drawing:
        times, values = self._values.within(look.time, margin=1)
        finite = values[np.isfinite(values)]
        limits = padded(float(finite.min()), float(finite.max())) if finite.size else Interval(0.0, 1.0)
        names = [f"{self._values.variable}[{k}]" for k in self._values.elements]
        data: dict[str, Data] = {name: extremes(times, values[:, k]) for k, name in enumerate(names)}
        if self._spikes is not None and len(times):
            spikes, neurons = self._spikes.within(look.time)
            for k, (name, element) in enumerate(zip(names, self._values.elements, strict=True)):
                own = spikes[neurons == element][-MAX_SPIKES:]
                rows = np.clip(np.searchsorted(times, own, side="right") - 1, 0, len(times) - 1)
                data[f"{name} spikes"] = Points(own, values[rows, k])
        return Drawing(None, limits, data)
