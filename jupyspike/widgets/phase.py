"""Two variables of a neuron against each other, with the lines on which either does not change."""

from __future__ import annotations

from typing import Any

import numpy as np

from jupyspike.widgets.decimation import extremes
from jupyspike.widgets.kept import READ
from jupyspike.widgets.plots import (
    NEUTRAL,
    PALETTE,
    Axis,
    Data,
    Drawing,
    Floats,
    Interval,
    Look,
    Mark,
    Plot,
    Points,
    padded,
)
from jupyspike.widgets.sources import ViewError, elements_of, is_recorded, limits_of, named, spikes_of, together
from jupyspike.widgets.view import View, seconds_of
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.frames import calling_namespace
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.phase import names_needed, rates_of_change
from jupyspike_engine.objects.subgroup import Subgroup, whole
from jupyspike_engine.objects.variables import VariableView

GRID = 121
"""Points of the grid on each axis in which the zeros of the rates of change are looked for."""


class PhasePlane(View):
    """The way of a neuron in the plane of two of its variables, and the nullclines of their equations.

    On the nullcline of a variable its rate of change is zero, with all other variables as they are now: where both
    cross, the neuron rests. Noise and refractoriness are left out.

    Parameters
    ----------
    x, y : VariableView
        Two variables of one group, such as ``G.v`` and ``G.w``.
    element : int
        Which neuron.
    tail : Quantity, optional
        How much of the way is drawn, 200 ms by default.
    height : int
        Height in pixels.
    x_limits, y_limits : (Quantity, Quantity), optional
        The ends of the axes; by default they fit what was recorded.

    Raises
    ------
    ViewError
        These are not two variables of one group, there is no such neuron, or these are no limits for them.

    Examples
    --------
    >>> G = NeuronGroup(1, 'dv/dt = (v - v**3/3 - w + 0.5)/ms : 1\\ndw/dt = (v + 0.7 - 0.8*w)/(12.5*ms) : 1')
    >>> plane = PhasePlane(G.v, G.w)
    >>> run(100*ms)
    >>> crossing = plane.nullcline('w', Interval(-2, 2), Interval(-1, 2))
    >>> float(np.abs(crossing.x + 0.7 - 0.8*crossing.y)[np.isfinite(crossing.x)].max()) < 1e-9
    True
    """

    def __init__(
        self,
        x: object,
        y: object,
        element: object = 0,
        tail: Any = None,
        height: int = 320,
        x_limits: object = None,
        y_limits: object = None,
    ) -> None:
        for variable in (x, y):
            if not isinstance(variable, VariableView) or not isinstance(variable.owner, (NeuronGroup, Subgroup)):
                raise ViewError(f"{named(variable)} is not a variable of neurons", variable, expected="such as exc.v")
        assert isinstance(x, VariableView) and isinstance(y, VariableView)
        self.group = x.owner
        if whole(y.owner) != whole(self.group) or x.name == y.name:
            raise ViewError("the phase plane is that of two variables of one group", y, hint="phase(exc.v, exc.w)")
        numbers = elements_of(element, self.group)
        if len(numbers) != 1:
            raise ViewError("a phase plane is that of one neuron", element, expected="its number, such as 0")
        self._namespace = calling_namespace()
        self.element, self._height = numbers[0], height
        self.tail = 0.2 if tail is None else seconds_of(tail, "tail")
        equations = whole(self.group)[0].equations.diff_eq_names
        self.moving = [name for name in (x.name, y.name) if name in equations]
        both = [x.name, y.name]
        needed = [*both, *(name for name in names_needed(self.group, self.moving) if name not in both)]
        if is_recorded(self.group, both, numbers) and not is_recorded(self.group, needed, numbers):
            needed = both  # the others have their present values
        self._values = dict(zip(needed, together(self.group, needed, [self.element]), strict=True))
        self.x, self.y = self._values[x.name], self._values[y.name]
        self._limits = [
            limits_of(limits, values.variable, values.dimension, values.unit)
            for limits, values in ((x_limits, self.x), (y_limits, self.y))
        ]
        self._spikes = spikes_of(self.group) if self._jumps() else None
        self.sources = [*self._values.values(), *([self._spikes] if self._spikes else [])]

    def _jumps(self) -> bool:
        """Whether a spike resets one of the two variables."""
        group = whole(self.group)[0]
        written = {statement.target for statement in group.model.reactions.get("spike", ())}
        return group.where("spike") is group and bool({self.x.variable, self.y.variable} & written)

    def make_plot(self) -> Plot:
        group = whole(self.group)[0].name
        marks = [
            Mark(f"nullcline {name}", "line", PALETTE[k + 1], f"d{name}/dt = 0") for k, name in enumerate(self.moving)
        ]
        marks += [Mark("way", "line", PALETTE[0], f"{group}[{self.element}]"), Mark("now", "points", NEUTRAL, "now")]
        name = f"phase {group} {self.x.variable} {self.y.variable}"
        return Plot(name, Axis(self.x.label), Axis(self.y.label), tuple(marks), self._height)

    def _present(self) -> tuple[dict[str, Any], float]:
        """The last recorded values of the variables (SI base units), and when."""
        everything = Interval(-np.inf, np.inf)
        present: dict[str, Any] = {}
        until = self.x.until
        for name, source in self._values.items():
            _, values = source.within(everything)
            if len(values):
                present[name] = np.asarray(values[-1, 0] * source.scale)
        return present, until

    def nullcline(self, variable: str, x: Interval, y: Interval) -> Points:
        """Where in a rectangle (in the units of the axes) the rate of change of a variable is zero."""
        from contourpy import LineType, contour_generator

        across, up = np.linspace(x.start, x.stop, GRID), np.linspace(y.start, y.stop, GRID)
        columns, rows = np.meshgrid(across, up)
        present, time = self._present()
        state = {**present, self.x.variable: columns * self.x.scale, self.y.variable: rows * self.y.scale}
        rates = rates_of_change(self.group, self.element, [variable], state, time, self._namespace)[variable]
        lines = contour_generator(across, up, np.ma.masked_invalid(rates), line_type=LineType.Separate).lines(0.0)
        if not lines:
            return Points(np.empty(0), np.empty(0))
        gap = np.full((1, 2), np.nan)
        corners: Floats = np.concatenate([part for line in lines for part in (line, gap)])
        return Points(corners[:, 0], corners[:, 1])

    def _interrupted(self, way: tuple[Floats, Floats, Floats], time: Interval) -> Points:
        """A line through the points of a way, with a gap after each spike that resets: nothing is between."""
        times, x, y = way
        if self._spikes is None:
            return Points(x, y)
        spikes, neurons = self._spikes.within(time)
        gaps = np.unique(np.searchsorted(times, spikes[neurons == self.element], side="right"))
        return Points(np.insert(x, gaps, np.nan), np.insert(y, gaps, np.nan))

    def draw(self, look: Look) -> Drawing:
        everything = Interval(-np.inf, np.inf)
        _, xs = self.x.within(everything)
        _, ys = self.y.within(everything)
        if not len(xs) or not np.isfinite(xs).any() or not np.isfinite(ys).any():
            return Drawing(look.x or Interval(0.0, 1.0), look.y or Interval(0.0, 1.0))
        ranges = [
            limits or padded(float(np.nanmin(values)), float(np.nanmax(values)), 0.25)
            for limits, values in zip(self._limits, (xs, ys), strict=True)
        ]
        x, y = look.x or ranges[0], look.y or ranges[1]
        data: dict[str, Data] = {}
        present = READ.get() is None
        for name in self.moving if present else ():  # nobody knows all constants of an earlier run
            try:
                data[f"nullcline {name}"] = self.nullcline(name, x, y)
            except UserError:  # a name of the equations means nothing yet
                continue
        until = min(look.time.stop, max(self.x.until, look.time.start))
        recent = Interval(max(look.time.start, until - self.tail), until)
        times, way_x = self.x.within(recent)
        _, way_y = self.y.within(recent)
        size = min(len(way_x), len(way_y))
        way = thinned(times[:size], way_x[:size, 0], way_y[:size, 0])
        data["way"] = self._interrupted(way, recent)
        data["now"] = Points(xs[-1:, 0], ys[-1:, 0])
        return Drawing(ranges[0], ranges[1], data)


def thinned(times: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Points in the order of time, the extremes of both coordinates among them: times, x and y."""
    if len(times) <= 2000:
        return times, x, y
    numbers = np.arange(len(times), dtype=float)
    kept = np.unique(np.concatenate([extremes(numbers, part, 1000).x for part in (x, y)]).astype(int))
    return times[kept], x[kept], y[kept]
