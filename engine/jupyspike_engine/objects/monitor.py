"""Monitors: what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import UnknownNameError, nearest
from ..language.functions import Type
from ..language.scope import Symbol
from ..language.syntax import Name
from ..plan.network import Moment
from ..plan.network import Recording as RecordingPart
from ..simulation.recording import Chunk, Recording
from ..targets.interface import DTYPES, Recordings
from ..units import SECOND, quantity
from .base import SimulatedObject
from .clocks import Clock
from .neurongroup import whole
from .synapses import Synapses

Real = npt.NDArray[np.float64]


def typed(values: Real, type_: Type) -> npt.NDArray[np.generic]:
    """Recorded numbers in the type of their variable."""
    return values if type_ == "real" else values.astype(DTYPES[type_])


class Monitor(SimulatedObject):
    """The base of monitors: a source, and a recording that grows."""

    only_watches = True
    acts = True
    kind: Any

    def __init__(self, source: Any, name: str, dt: Any, clock: Clock | None, when: str, order: int) -> None:
        super().__init__(name, dt, clock, when, order)
        self.source = source
        self.columns: tuple[str, ...] = ()

    recording: Recording

    def clear(self) -> None:
        """Forget what was recorded."""
        self.recording.clear()

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        rows = self.recording.all()
        columns = {f"column {k}": column.copy() for k, column in enumerate(rows.columns)}
        return {"times": rows.times.copy(), "indices": rows.indices.copy(), **columns}

    def restore(self, state: Mapping[str, npt.NDArray[np.generic]]) -> None:
        columns = tuple(np.asarray(state[f"column {k}"], np.float64) for k in range(len(self.recording.all().columns)))
        self.recording.clear()
        if len(times := np.asarray(state["times"], np.float64)):
            self.recording.append(Chunk(times, np.asarray(state["indices"], np.int32), columns))

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        if isinstance(self.source, Synapses):
            return (self.source,)
        return (whole(self.source)[0],)

    def part(self, clock: int) -> RecordingPart:
        """The monitor as a part of a network to be compiled."""
        values = tuple(Name(column) for column in self.columns)
        moment = Moment(clock, self.when, self.order)
        return RecordingPart(self.name, self.kind, self.needs[0].name, moment, getattr(self, "event", "spike"), values)

    def buffers(self) -> Recordings:
        """Memory for what a running program writes down."""
        raise NotImplementedError

    def columns_of(self, variables: Sequence[str]) -> dict[str, Symbol]:
        """The variables of the source by their names.

        Raises
        ------
        UnknownNameError
            The source has no such variable.
        """
        symbols = self.source.symbols
        for name in variables:
            if name not in symbols or (symbols[name].meaning in ("size", "time") and name != "t"):
                raise UnknownNameError(
                    f"'{self.source.name}' has no variable '{name}' to record", kind="name", hint=nearest(name, symbols)
                )
        return {name: symbols[name] for name in variables}

    @property
    def t_(self) -> Real:
        """Times in seconds, as plain numbers."""
        return self.recording.all().times

    @property
    def t(self) -> Any:
        """Times."""
        return quantity(self.t_, SECOND)
