"""Live panels made in Python, each in the place of the one before it."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jupyspike.widgets.arguments import all_of, check_speed, check_views
from jupyspike.widgets.keeper import KEEPER
from jupyspike.widgets.kept import KeptRuns
from jupyspike.widgets.panel import Panel
from jupyspike.widgets.view import View, window_of
from jupyspike_engine.calls import explained_function
from jupyspike_engine.frames import calling_namespace
from jupyspike_engine.objects.running.live import Preset, Range, Slider, open_session
from jupyspike_engine.objects.running.magic import magic_network
from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.objects.running.visible import named
from jupyspike_engine.objects.scopes import current_scope
from jupyspike_engine.units import dimension_of, quantity

if TYPE_CHECKING:
    from jupyspike_engine.simulation.session import Session

_BEFORE = "as before"
_last: weakref.WeakKeyDictionary[Network, tuple[int, weakref.ref[Panel]]] = weakref.WeakKeyDictionary()
"""The scope in which a network had its last panel, and the panel."""


@explained_function
def live_panel(
    duration: Any,
    *views: View,
    ranges: Mapping[str, Mapping[str, Range]] | None = None,
    sliders: Sequence[Slider] | Slider = (),
    presets: Sequence[Preset] | Preset = (),
    speed: float | None = 1.0,
    window: Any = 1.0,
    network: Network | None = None,
    level: int = 0,
) -> Any:
    """Make the panel of a live run of a network. Displaying it starts the run.

    A cell with it can be run again. If the objects are the same ones, the network goes on from where it stands; made
    anew, they begin at t = 0. The earlier run ends, and can be shown beneath the new one. Constants have the values
    that the code says; where sliders had moved them, the preset 'as before' does so again.

    In the script of a session, see `Panel.script`, it repeats what was done with the panel instead.

    Parameters
    ----------
    duration : Quantity
        Time to be simulated.
    *views : View
        What to draw, from top to bottom.
    ranges : mapping
        For each object's name the constants that have a slider, with their bounds.
    sliders : Slider or sequence of Slider
        Sliders of constants by their names.
    presets : Preset or sequence of Preset
        Values of sliders to choose from.
    speed : float or None
        Model time relative to real time at most; None for as fast as it can.
    window : Quantity or None
        How much of the model time is shown, one second by default; None for the whole run.
    network : Network, optional
        That of the objects which are visible where this is called by default.

    Returns
    -------
    Panel

    Raises
    ------
    ArgumentError
        Something is not a view, a slider or a preset, or does not fit the network.

    Examples
    --------
    >>> live_panel(10*second, Raster(exc, inh), sliders=[Slider('taum', 5*ms, 50*ms)])  # doctest: +SKIP
    """
    check_views(views)
    sliders, presets = all_of(Slider, sliders), all_of(Preset, presets)
    check_speed(speed)
    # a run holds the names it was begun with: with panels among them, each would hold the one before it
    names = {name: value for name, value in named(calling_namespace(level)) if not isinstance(value, Panel)}
    if network is None:
        network = magic_network
        network.gather(names, ends_live_run=True)
    keeper = KEEPER.get()
    if keeper is not None and keeper.repeats(network, names):
        return None
    before = _panel_before(network)
    try:
        for view in views:
            view.attach()
        session = open_session(network, duration, ranges, names, sliders)
        session.speed = speed
        kept: KeptRuns | None = None
        if before is not None:
            presets = [*presets, *_as_before(before, session, presets)]
            keys = {source.key for view in views for source in view.sources}
            kept = before.kept if any(keys & run.recorded.keys() for run in before.kept.runs) else None
        script = None if keeper is None else keeper.keep(session)
        panel = Panel(session, views, window_of(window), script, presets, kept)
    except BaseException:
        for view in views:
            view.detach()
        raise
    _last[network] = current_scope(), weakref.ref(panel)
    return panel


def _panel_before(network: Network) -> Panel | None:
    """The panel of the last run of a network since `start_scope`, which ends and is kept."""
    scope, reference = _last.get(network, (None, lambda: None))
    panel = reference()
    if panel is not None and scope == current_scope():
        panel._session.give_way()
        panel.make_room()
        return panel
    return None


def _as_before(before: Panel, session: Session, presets: Sequence[Preset]) -> list[Preset]:
    """What sliders of an earlier panel had moved, as far as it is different in a new one and can be moved there."""
    moved = before._session.moved
    fitting = [one for one in session.parameters if one.low <= moved.get(one.name, one.value) <= one.high]
    values = {
        one.name: quantity(moved[one.name], dimension_of(one.unit))
        for one in fitting
        if moved.get(one.name, one.value) != one.value
    }
    return [Preset(_BEFORE, values)] if values and _BEFORE not in [preset.name for preset in presets] else []
