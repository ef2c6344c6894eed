"""What a notebook has defined in cells: each object with the text that made it, so that it can be made again."""

from __future__ import annotations

import weakref
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyspike.magics.restart import Beginnings
from jupyspike_engine.diagnostics import Span
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.running.live import Range
from jupyspike_engine.objects.running.magic import magic_network
from jupyspike_engine.objects.subgroup import whole
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.simulation.session import Session

if TYPE_CHECKING:
    from jupyspike.widgets.view import View


@dataclass
class Defined:
    """An object made by a cell.

    Attributes
    ----------
    magic, line, body : str
        The cell.
    ranges : dict
        Bounds of the constants that have a slider.
    notes : list of str
        What a person should know about it.
    """

    made: NeuronGroup | Synapses
    magic: str
    line: str
    body: str
    ranges: dict[str, Range]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lived:
    """What happened in a live run: how long it went (s), and what was moved: step, name and value (SI base units).

    Of variables that were written to the places as well.

    The session may go on from its start again as long as somebody has it, see `now`.
    """

    duration: float
    moves: tuple[tuple[Any, ...], ...]
    session: weakref.ref[Session] | None = None

    @classmethod
    def of(cls, session: Session) -> Lived:
        """What has happened in a session until now."""
        duration = session.time  # first: what is moved later than that is not in the script
        moves = ((one.step, one.name, one.value, one.places) for one in session.course)
        return cls(duration, tuple(move[: 3 if move[3] is None else 4] for move in moves), weakref.ref(session))

    @classmethod
    def now(cls, one: Session | Lived) -> Lived:
        """What has happened until now."""
        if isinstance(one, Session):
            return cls.of(one)
        session = None if one.session is None else one.session()
        return one if session is None else cls.of(session)


@dataclass
class Ran:
    """A cell that has run, the live runs that it began, and whether it assigned values in one that went on."""

    text: str
    lived: list[Session | Lived] = field(default_factory=list)
    assigned: bool = False


@dataclass
class Notebook:
    """The objects of the cells of one kernel, and its present live session.

    Parameters
    ----------
    names : mapping
        The notebook's namespace.
    views : Span or None
        What live panels show, as it was written; None for the usual views.
    shown : list of View
        What the last live panel showed.
    ran : list of Ran
        The cells that have run, from which scripts are made.
    began : list
        The live runs of the cell that runs now.
    to_replay : list of Lived
        What the next live runs are to do instead of being shown.
    first_seed : int
        The seed that was in force at first.
    panel : Panel or None
        The last live panel.
    live_line : str
        The line of ``%simulate`` that it was made by.
    """

    names: MutableMapping[str, Any]
    defined: dict[str, Defined] = field(default_factory=dict)
    session: Session | None = None
    views: Span | None = None
    shown: list[View] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    began: list[Session | Lived] = field(default_factory=list)
    to_replay: list[Lived] = field(default_factory=list)
    first_seed: int = 0
    panel: Any = None
    live_line: str = ""
    beginnings: Beginnings = field(default_factory=Beginnings)
    _replaced: weakref.WeakSet[Any] = field(default_factory=weakref.WeakSet)

    @property
    def panel_is_open(self) -> bool:
        """Whether a live run has not come to its end and its panel is not closed."""
        going = self.session is not None and self.session.status in ("ready", "running", "paused")
        return going and self.panel is not None and not self.panel.closed

    def end_session(self) -> None:
        """Stop a live run that still goes on."""
        for session in (self.session, magic_network.live_run):
            if session is not None and session.status in ("ready", "running", "paused"):
                session.stop()
        if self.panel is not None and self.session is not None:
            self.panel.make_room()
        self.let_go_of_ended()
        for view in self.shown:
            view.detach()
        self.session, self.shown = None, []

    def let_go_of_ended(self) -> None:
        """Keep what happened in live runs that are over, and not the sessions, which hold the memory of a run."""
        for ran in self.ran:
            ran.lived = [Lived.of(one) if isinstance(one, Session) and one.wait(0) else one for one in ran.lived]

    def bind(self, name: str, defined: Defined) -> None:
        """Give an object its name in the notebook, in place of an earlier one."""
        if name in self.defined:
            self._replaced.add(self.defined[name].made)
        self.defined[name] = defined
        self.names[name] = defined.made

    def concerns_live_run(self, name: str, defined: Defined) -> bool:
        """Whether something of this name takes the place of what is simulated, or is connected to it."""
        earlier = [self.names.get(name), *(before.made for other, before in self.defined.items() if other == name)]
        simulated = {id(item) for item in magic_network.objects}
        return any(id(one) in simulated for one in (*earlier, *defined.made.needs))

    def connections_of(self, name: str) -> list[str]:
        """The synapses made by cells that begin or end at a group."""
        if name not in self.defined:
            return []
        group = self.defined[name].made
        return [
            other
            for other, defined in self.defined.items()
            if isinstance(defined.made, Synapses)
            and group in (whole(defined.made.source)[0], whole(defined.made.target)[0])
            and self.names.get(other) is defined.made
        ]

    def left_behind(self) -> list[str]:
        """Names of Python objects that still refer to objects which cells have replaced."""
        return sorted(
            name
            for name, value in self.names.items()
            if not name.startswith("_") and any(end in self._replaced for end in _reached(value))
        )

    def current(self) -> list[Defined]:
        """What the cells made and the notebook still knows by its name, in the order of the cells."""
        return [defined for name, defined in self.defined.items() if self.names.get(name) is defined.made]


def still_belongs(names: Sequence[str], to: str) -> str:
    """A note on names that were left behind."""
    ends, cells = ("s", "its cell") if len(names) == 1 else ("", "their cells")
    return f"{', '.join(names)} still belong{ends} to {to}: run {cells} again"


def _reached(value: Any) -> list[Any]:
    """The groups that an object of a simulation refers to."""
    if not isinstance(value, SimulatedObject):
        return []
    ends = [getattr(value, side, None) for side in ("source", "target")]
    return [end for end in (*ends, *(getattr(end, "source", None) for end in ends)) if end is not None]
