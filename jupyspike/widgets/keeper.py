"""Who keeps what live panels made in Python do, so that a script can do it again: the notebook whose cell runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol

from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.simulation.session import Session


class Keeper(Protocol):
    """Keeps the live runs of a notebook, or repeats them in a script."""

    def keep(self, session: Session) -> Callable[[], str]:
        """Keep what is done in a live run; returns what writes its script."""
        ...

    def repeats(self, network: Network, names: Mapping[str, Any]) -> bool:
        """Whether live runs are repeated here; the next one has been, then, in place of showing a panel."""
        ...


KEEPER: ContextVar[Keeper | None] = ContextVar("who keeps the live runs of the cell that runs now", default=None)
