"""What a notebook has defined in cells: each object with the text that made it, so that it can be made again."""

from __future__ import annotations

import weakref
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyspike.magics.restart import Beginnings
from jupyspike_engine.diagnostics import Span
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.live import Range
from jupyspike_engine.objects.neurongroup import NeuronGroup, whole
from jupyspike_engine.objects.synapses import Synapses
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
    """

    names: MutableMapping[str, Any]
    defined: dict[str, Defined] = field(default_factory=dict)
    session: Session | None = None
    views: Span | None = None
    shown: list[View] = field(default_factory=list)
    beginnings: Beginnings = field(default_factory=Beginnings)
    _replaced: weakref.WeakSet[Any] = field(default_factory=weakref.WeakSet)

    def end_session(self) -> None:
        """Stop a live run that still goes on."""
        if self.session is not None and self.session.status in ("ready", "running", "paused"):
            self.session.stop()
        for view in self.shown:
            view.detach()
        self.session, self.shown = None, []

    def bind(self, name: str, defined: Defined) -> None:
        """Give an object its name in the notebook, in place of an earlier one."""
        if name in self.defined:
            self._replaced.add(self.defined[name].made)
        self.defined[name] = defined
        self.names[name] = defined.made

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


def _reached(value: Any) -> list[Any]:
    """The groups that an object of a simulation refers to."""
    if not isinstance(value, SimulatedObject):
        return []
    ends = [getattr(value, side, None) for side in ("source", "target")]
    return [end for end in (*ends, *(getattr(end, "source", None) for end in ends)) if end is not None]
