"""Which slider was moved when."""

from __future__ import annotations

import numpy as np

from jupyspike.widgets.display_units import unit_name, unit_scale
from jupyspike.widgets.plots import NEUTRAL, PALETTE, Axis, Data, Drawing, Interval, Look, Mark, Plot, Points
from jupyspike.widgets.sources import ViewError, named
from jupyspike.widgets.view import View
from jupyspike_engine.objects.running.magic import magic_network
from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.simulation.changes import Parameter

MANY = 24


class Parameters(View):
    """The values of all constants with a slider over time, each from the lower to the upper end of its range.

    Parameters
    ----------
    network : Network, optional
        Whose live runs are meant; that of the cells and of ``run()`` by default.
    height : int
        Height in pixels.

    Raises
    ------
    ViewError
        This is not a network.
    """

    def __init__(self, network: object = None, height: int = 200) -> None:
        if network is not None and not isinstance(network, Network):
            raise ViewError(f"{named(network)} is not a network", network)
        self.network, self._height = magic_network if network is None else network, height

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The constants of the last live run that have sliders, the first ones of very many."""
        return tuple(self.network.sliders)[:MANY]

    def make_plot(self) -> Plot:
        marks = []
        for k, parameter in enumerate(self.parameters):
            scale, unit = unit_scale(parameter.unit), unit_name(parameter.unit)
            ends = f"{parameter.low / scale:g} to {parameter.high / scale:g} {unit}".rstrip()
            marks.append(Mark(parameter.name, "steps", PALETTE[k % len(PALETTE)], f"{parameter.name}: {ends}"))
        marks = marks or [Mark("none", "line", NEUTRAL, "nothing has a slider")]
        ticks = ((0.0, "lowest"), (1.0, "highest"))
        return Plot("parameters", Axis("time", seconds=True), Axis("slider", ticks=ticks), tuple(marks), self._height)

    def values(self, parameter: Parameter) -> tuple[list[float], list[float]]:
        """Times (s) from which on a constant had each of its values (SI base units)."""
        moves = [move for move in self.network.moves if move.name == parameter.name]
        return [0.0, *(move.time for move in moves)], [parameter.value, *(move.value for move in moves)]

    def draw(self, look: Look) -> Drawing:
        now, data = self.network.recorded_until, dict[str, Data]()
        for parameter in self.parameters:
            times, values = self.values(parameter)
            share = (np.array([*values, values[-1]]) - parameter.low) / (parameter.high - parameter.low)
            data[parameter.name] = Points(np.array([*times, max(now, times[-1])]), share)
        return Drawing(Interval(0.0, now or 1.0), Interval(-0.1, 1.1), data)

    @property
    def extent(self) -> Interval:
        return Interval(0.0, self.network.recorded_until)

    @property
    def state(self) -> object:
        return self.network.recorded_until, self.network.moves[-1:]
