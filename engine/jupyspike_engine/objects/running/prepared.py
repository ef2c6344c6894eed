"""A run of a network that has been prepared: what is simulated, and what it was compiled to."""

from __future__ import annotations

from dataclasses import dataclass

from ...compiler import Compiled
from ...simulation.simulation import Simulation
from .layout import Parts


@dataclass
class Prepared:
    """A run about to start, under way or ended.

    Attributes
    ----------
    start, duration, end : float
        Model time (s); the end is at a step of the clocks.
    seconds_to_prepare : float
        Wall time.
    """

    simulation: Simulation
    compiled: Compiled
    parts: Parts
    start: float
    duration: float
    end: float
    seconds_to_prepare: float
