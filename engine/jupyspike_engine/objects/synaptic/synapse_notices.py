"""Telling what is unusual about synapses and may not be meant."""

from __future__ import annotations

from typing import Any

from ...logs import get_logger

_log = get_logger("jupyspike.objects")


def tell_clock_driven(synapses: Any) -> None:
    """Tell which equations are computed in every step only because they do not say otherwise."""
    driven = {"clock-driven", "event-driven"}
    rates = [d for d in synapses.equations.own_lines if d.role == "differential equation"]
    open_ = [d.name for d in rates if not driven & set(d.flags)]
    if open_:
        _log.info(
            f"'{synapses.name}' computes {', '.join(open_)} in every time step: the flag (event-driven) computes a "
            "variable only when an event arrives, the flag (clock-driven) says that every step is meant",
            "clock_driven",
        )


def tell_if_empty(synapses: Any) -> None:
    """Warn of synapses that connect nothing."""
    if not len(synapses):
        _log.warn(
            f"'{synapses.name}' has no synapses and does nothing: its connect() makes them",
            "no_synapses",
            once=True,
        )
