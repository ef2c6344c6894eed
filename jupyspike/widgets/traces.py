"""A state variable of a few elements over time, in its unit, with their spikes."""

from __future__ import annotations

import numpy as np

from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.plots import PALETTE, TIME, Axis, Data, Drawing, Interval, Look, Mark, Plot, Points, steady
from jupyspike.widgets.sources import Source, Spikes, Values, limits_of, spikes_of, values_of
from jupyspike.widgets.view import View
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.subgroup import Subgroup, whole
from jupyspike_engine.objects.variables import VariableView

MAX_SPIKES = 1000
"""Spikes that are marked on a line, the newest."""


class Trace(View):
    """The values of one variable, a line for each element; a round point marks each spike at which it was recorded.

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
    limits : (Quantity, Quantity), optional
        The ends of the axis of the variable; by default they fit what is to be seen.

    Raises
    ------
    ViewError
        There is no such variable, there are no such elements or too many of them, or these are no limits for it.

    Examples
    --------
    >>> G = NeuronGroup(3, 'dv/dt = 2*mV/ms : volt', threshold='v > 10*mV', reset='v = 0*mV')
    >>> trace = Trace(G.v, [0, 2])
    >>> run(20*ms)
    >>> trace.plot.y.label
    'v (mV)'
    """

    def __init__(
        self,
        variable: object,
        elements: object = None,
        name: str | None = None,
        height: int = 150,
        limits: object = None,
    ) -> None:
        self._values = [values := values_of(variable, elements, name)]
        self._limits = limits_of(limits, values.variable, values.dimension, values.unit)
        self._spikes = self._spikes_of(self._values[0].owner)
        self.sources: list[Source] = [*self._values, *([self._spikes] if self._spikes else [])]
        self._height = height

    @staticmethod
    def _spikes_of(owner: object) -> Spikes | None:
        if not isinstance(owner, (NeuronGroup, Subgroup)) or "spike" not in whole(owner)[0].events:
            return None
        if whole(owner)[0].where("spike") is not whole(owner)[0]:  # spikes are those of cells, not of compartments
            return None
        return spikes_of(owner)

    def add(self, variable: VariableView, element: int) -> None:
        """Draw another element too; what is known of the others stays."""
        self._set_values([*self._values, values_of(variable, element)])

    def remove(self, element: int) -> None:
        """Draw an element that was added no more."""
        for values in self._values:
            if values.elements == (element,):
                values.detach()
        self._set_values([values for values in self._values if values.elements != (element,)])

    def _set_values(self, values: list[Values]) -> None:
        self._values = values
        self.sources = [*values, *([self._spikes] if self._spikes else [])]
        self.__dict__.pop("plot", None)  # it has other lines

    @property
    def elements(self) -> list[int]:
        """Which ones are drawn."""
        return [k for values in self._values for k in values.elements]

    def make_plot(self) -> Plot:
        values = self._values[0]
        names = [f"{values.variable}[{k}]" for k in self.elements]
        colours = [PALETTE[k % len(PALETTE)] for k in range(len(names))]
        labels = [f"{values.group}[{k}]" for k in self.elements]
        marks = [Mark(name, "line", c, label) for name, c, label in zip(names, colours, labels, strict=True)]
        if self._spikes is not None:
            marks += [Mark(f"{name} spikes", "points", colour) for name, colour in zip(names, colours, strict=True)]
        y = values.label if len(labels) > 1 else f"{labels[0]}: {values.label}"  # one line needs no legend
        return Plot(f"{values.group}.{values.variable}", TIME, Axis(y), tuple(marks), self._height)

    def draw(self, look: Look) -> Drawing:
        data: dict[str, Data] = {}
        extent: list[float] = []
        spikes, neurons = self._spikes.within(look.time) if self._spikes is not None else (np.empty(0), np.empty(0))
        for source in self._values:
            times, values = source.within(look.time, margin=1)
            finite = values[np.isfinite(values)]
            extent += [float(finite.min()), float(finite.max())] if finite.size else []
            for k, element in enumerate(source.elements):
                name = f"{source.variable}[{element}]"
                data[name] = extremes(times, values[:, k])
                if self._spikes is not None and len(times):
                    own, rows = source.known(times, spikes[neurons == element])
                    data[f"{name} spikes"] = Points(own[-MAX_SPIKES:], values[rows[-MAX_SPIKES:], k])
        fitting = steady(min(extent), max(extent)) if extent else Interval(0.0, 1.0)
        return Drawing(None, self._limits or fitting, data)
