"""Pathways: what happens at a synapse when an event arrives from one of its sides, and after which delay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ..diagnostics import ArgumentError, Span
from ..units import SECOND, bare, quantity
from .clocks import seconds


class SynapticPathway:
    """The way of events from one side of the synapses, with its delay.

    Attributes
    ----------
    delay : Quantity
        Time between an event and its effect, the same for all synapses.
    order : int
        Place among pathways of a time step: ``pre`` comes before ``post``.
    """

    def __init__(self, name: str, side: Literal["pre", "post"], event: str) -> None:
        self.name, self.side, self.event = name, side, event
        self.when, self.order = "synapses", -1 if side == "pre" else 1
        self.delay_ = 0.0

    @property
    def delay(self) -> Any:
        return quantity(self.delay_, SECOND)

    @delay.setter
    def delay(self, value: Any) -> None:
        if isinstance(value, str) or np.ndim(np.asarray(bare(value)[0])):
            raise ArgumentError(
                "a delay for each synapse is not available in this version", hint="give one delay for all"
            )
        self.delay_ = seconds(value, f"the delay of '{self.name}'")


def pathways_of(on_pre: Any, on_post: Any, on_event: Any) -> dict[str, tuple[Literal["pre", "post"], str, Any]]:
    """Side, event and code of each pathway."""
    pathways: dict[str, tuple[Literal["pre", "post"], str, Any]] = {}
    sides: tuple[tuple[Literal["pre", "post"], Any], ...] = (("pre", on_pre), ("post", on_post))
    for side, codes in sides:
        if codes is None:
            continue
        for path, code in (codes if isinstance(codes, Mapping) else {side: codes}).items():
            if path in pathways:
                raise ArgumentError(f"there are two pathways '{path}'")
            event = on_event.get(path, "spike") if isinstance(on_event, Mapping) else on_event
            if isinstance(event, Span):
                event = event.text.strip()
            pathways[path] = (side, event, code)
    return pathways
