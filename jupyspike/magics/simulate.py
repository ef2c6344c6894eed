"""``%simulate``: running the network of the cells, at once or with a live panel."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from jupyspike.magics.cards import Card, RunReport
from jupyspike.magics.notebook import Notebook, still_belongs
from jupyspike.magics.options import Options, Word
from jupyspike.magics.script import script_of
from jupyspike.magics.views import default_views, views_of
from jupyspike_engine.diagnostics import Diagnostic, EquationError, Problems, Source, Span, UserError, nearest
from jupyspike_engine.language.check import Sort
from jupyspike_engine.language.constants import value_of
from jupyspike_engine.language.expressions import parse_expression, trimmed
from jupyspike_engine.language.scope import Scope
from jupyspike_engine.objects.clocks import seconds
from jupyspike_engine.objects.monitors.eventmonitor import SpikeMonitor
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.running.live import Preset, Slider, open_session, replay_live
from jupyspike_engine.objects.running.magic import magic_network, visible_objects
from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.objects.scopes import in_scope
from jupyspike_engine.units import SECOND, UNITS

if TYPE_CHECKING:
    from jupyspike.widgets.view import View

SIMULATE = Options("%simulate", "%simulate 1*second [--live [views]] [--speed 1] [--window 1*second] [--restart]")
_VIEWS = re.compile(r"%simulate\s+[^\s#-][^#]*?\s--live\b(?P<views>.*?)(?=\s--[a-z]|#|$)")
SIMULATE.add_argument("duration", nargs="*")
SIMULATE.add_argument("--live", action="store_true", help="a live panel, with the views behind it")
SIMULATE.add_argument("--restart", action="store_true", help="begin again at t = 0")
SIMULATE.add_argument("--speed", default=None, help="at most so much of real time, or max")
SIMULATE.add_argument("--window", default=None, help="how much of the model time is shown, or all")


def simulate(line: str, notebook: Notebook) -> Any:
    """Run the network of the notebook; returns a card, or a live panel.

    Raises
    ------
    UserError
        The line or the models have problems; nothing is simulated then. A live run goes on if it is the line.
    """
    head = f"%simulate {line}".rstrip()
    span = Span(Source(head, "%simulate"), 0, len(head))
    apart = _apart(span)
    options = SIMULATE.read(span, apart)
    problems = Problems()
    duration, speed = _duration(options.duration, span, notebook, problems), _speed(options.speed, problems)
    window = _window(options.window, notebook, problems)
    problems.raise_if_any()
    if not options.live:
        notebook.end_session()
        return _at_once(duration, notebook, _gather(notebook, options.restart, span))
    chosen = apart or notebook.views
    views = None if chosen is None or notebook.to_replay else views_of(chosen, notebook)
    try:
        notebook.end_session()
        notebook.live_line = line
        notes = _gather(notebook, options.restart, span)
        if notebook.to_replay:
            return _replayed(notebook)
        return _live(duration, notebook, notes, speed, window, default_views() if views is None else views)
    except BaseException:
        for view in views or ():
            view.detach()
        raise


def go_on(notebook: Notebook) -> list[str]:
    """Let an open live panel go on with what a cell has made anew; returns what a person should know."""
    if not notebook.panel_is_open:
        return []
    before, paused = notebook.panel, notebook.panel.paused
    try:
        with redirect_stdout(io.StringIO()) as notes:
            panel = simulate(notebook.live_line, notebook)
    except UserError as error:
        notebook.end_session()
        said = error.diagnostics[0]
        details = (said.expected and f"expected {said.expected}", said.hint)
        reason = "; ".join(filter(None, [said.message, *details]))
        before.end(reason)
        return [f"the live panel has stopped and keeps what it shows, because {reason}"]
    before.go_on_as(panel, paused)
    return ["the live panel goes on with it", *notes.getvalue().splitlines()]


def _apart(line: Span) -> Span | None:
    """The views that stand behind ``--live``, if the duration stands before it."""
    found = _VIEWS.match(line.text)
    views = None if found is None else trimmed(Span(line.source, *found.span("views")))
    return views if views is not None and views.text else None


def _duration(words: list[Word], line: Span, notebook: Notebook, problems: Problems) -> Any:
    if not words:
        problems.add("the duration is missing", line, expected=SIMULATE.help_text)
        return None
    return _time(words[0].place.to(words[-1].place), "the duration", notebook, problems)


def _time(place: Span, what: str, notebook: Notebook, problems: Problems, positive: bool = False) -> Any:
    with problems.collecting(place):
        scope = Scope({}, external_names(notebook.names), complete=True)
        time = value_of(parse_expression(place), scope, Sort(SECOND, "real"), what)
        seconds(time, what, positive)
        return time
    return None


def _window(word: Word | None, notebook: Notebook, problems: Problems) -> float:
    """The seconds of model time that a panel shows; infinite for ``all``."""
    if word is None:
        return 1.0
    if str(word) == "all":
        return inf
    time = _time(word.place, "the window", notebook, problems, positive=True)
    return 1.0 if time is None else seconds(time, "the window")


def _gather(notebook: Notebook, restart: bool, line: Span) -> list[str]:
    """Bring together what is to be simulated; begins at t = 0 again if something is new since the last run."""
    behind = notebook.left_behind()
    names = {n: v for n, v in notebook.names.items() if n not in behind and not n.startswith("_")}
    objects = visible_objects(names)
    core = [item for item in objects if item.invalidates_magic_network]
    if not any(isinstance(item, NeuronGroup) for item in core):
        problem = Diagnostic("there is nothing to simulate", line, hint="run a %%neurons cell first")
        raise EquationError(problem)
    old = [item for item in core if item.simulated_by is magic_network]
    new = [item for item in core if item.simulated_by is None]
    notes = []
    if old and (restart or new) and len(old) + len(new) == len(core):
        if not restart:
            called = {id(value): name for name, value in names.items()}
            listed = ", ".join(called[id(item)] for item in new)
            are = "is" if len(new) == 1 else "are"
            notes.append(f"{listed} {are} new or changed: the network begins again at t = 0")
        Network(*objects).check(notebook.names)  # before anything is changed
        notebook.beginnings.go_back(old)
        for item in old:
            item.leave()
        for item in objects:
            item.begin_again()
    if behind:
        notes.append(still_belongs(behind, "objects from before a change"))
    magic_network.gather(names)
    if restart or new:
        notebook.beginnings.remember(core)
    return notes


def _at_once(duration: Any, notebook: Notebook, notes: Sequence[str]) -> Card:
    groups = [item for item in magic_network.objects if isinstance(item, NeuronGroup) and "spike" in item.events]
    counters = [SpikeMonitor(group, record=False, name=f"count_{group.name}*") for group in groups]
    start = magic_network.t_
    magic_network.add(*counters)
    try:
        began = time.perf_counter()
        magic_network.run(duration, namespace=notebook.names)
        wall = time.perf_counter() - began
    finally:
        magic_network.remove(*counters)
    prepared = magic_network.last
    assert prepared is not None
    spikes = {g.name: (len(g), c.num_spikes) for g, c in zip(groups, counters, strict=True)}
    report = RunReport(
        start, magic_network.t_, wall - prepared.seconds_to_prepare, prepared.seconds_to_prepare,
        prepared.compiled.program.origin, prepared.compiled.target, spikes, tuple(notes),
    )  # fmt: skip
    return report.card()


def _speed(word: Word | None, problems: Problems) -> float | None:
    """Model time relative to real time; None for ``max``."""
    text = "1" if word is None else str(word)
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if word is not None and not 0 < speed < float("inf"):
        problems.add(f"'{word.place.text}' is not a speed", word.place, expected="a number such as 0.5, or max")
    return speed


def _live(
    duration: Any, notebook: Notebook, notes: Sequence[str], speed: float | None, window: float, views: list[View]
) -> Any:
    from jupyspike.widgets import Panel
    from jupyspike.widgets.presets import concerned

    ranges = {d.made.name: d.ranges for d in notebook.current() if d.ranges and in_scope(d.made)}
    sliders = [value for value in notebook.names.values() if isinstance(value, Slider) and in_scope(value)]
    presets = [value for value in notebook.names.values() if isinstance(value, Preset) and in_scope(value)]
    session = open_session(magic_network, duration, ranges, notebook.names, found=sliders)
    session.speed = speed
    fitting = [preset for preset in presets if concerned(preset, session.parameters)]
    there = [parameter.name for parameter in session.parameters]
    others = [one for one in sliders if one.name not in there], [one for one in presets if one not in fitting]
    for note in (*notes, *_left_out(*others, there)):
        print(note)
    kept = None if notebook.panel is None else notebook.panel.kept
    panel = Panel(session, views, window, script=partial(script_of, notebook, session), presets=fitting, kept=kept)
    notebook.session, notebook.shown = session, views
    notebook.began.append(session)
    if notebook.names.get("panel", notebook.panel) is notebook.panel:  # the name may be the user's
        notebook.names["panel"] = panel
    notebook.panel = panel
    return panel


def _left_out(sliders: Sequence[Slider], presets: Sequence[Preset], there: Sequence[str]) -> Iterator[str]:
    """Notes on sliders and presets of the notebook that belong to another network than one with some sliders."""
    for slider in sliders:
        yield f"the slider '{slider.name}' is left out: nothing of this name is simulated"
    for preset in presets:
        hint = next(filter(None, (nearest(name, there) for name in preset.values)), "")
        said = f"the preset '{preset.name}' is left out: there is no slider {' or '.join(map(repr, preset.values))}"
        yield f"{said}; {hint}" if hint else said


def _replayed(notebook: Notebook) -> Card:
    lived = notebook.to_replay.pop(0)
    replay_live(magic_network, lived.duration * UNITS["second"], lived.moves, notebook.names)
    said = f"replayed {lived.duration:g} s with {len(lived.moves)} changes"
    return Card(said, said)
