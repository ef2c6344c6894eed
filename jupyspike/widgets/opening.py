"""The panel that ``%simulate --live`` opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyspike.widgets.panel import Panel
from jupyspike.widgets.plots import View
from jupyspike.widgets.raster import Raster
from jupyspike.widgets.rate import Rate
from jupyspike.widgets.traces import Trace
from jupyspike_engine.diagnostics import UnknownNameError, nearest

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session


def open_panel(
    session: Session,
    raster: Sequence[str] | None = None,
    rate: Sequence[str] | None = None,
    traces: Sequence[tuple[str, str, Sequence[int]]] = (),
    window: float | None = 1.0,
) -> Panel:
    """Make the panel of a run. Displaying it starts the run.

    Parameters
    ----------
    session : Session
        The run, not begun yet.
    raster, rate : sequence of str, optional
        Groups whose spikes and whose rates are drawn; None for all groups, unless only traces are asked for.
    traces : sequence of (str, str, sequence of int)
        Group, variable and elements of each plot of traces.
    window : float or None
        Seconds of model time that are shown; None for the whole run.

    Returns
    -------
    Panel

    Raises
    ------
    UnknownNameError
        When a group does not exist.

    Examples
    --------
    >>> open_panel(session, raster=["exc", "inh"], traces=[("exc", "v", [0, 1])])  # doctest: +SKIP
    """
    names = [group.name for group in session.groups]
    if raster is None and rate is None and not traces:
        raster = rate = names
    for name in (*(raster or ()), *(rate or ()), *(group for group, _, _ in traces)):
        if name not in names:
            raise UnknownNameError(
                f"there is no group '{name}' in this run",
                found=name,
                expected=", ".join(names) or "no group can be drawn",
                hint=nearest(name, names),
            )
    views: list[View] = []
    if raster:
        views.append(Raster(session, raster))
    if rate:
        views.append(Rate(session, rate))
    views += [Trace(session, group, variable, indices) for group, variable, indices in traces]
    return Panel(session, views, window)
