"""Live sessions of a network, and the constants that can be moved in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, DimensionMismatchError, nearest
from ..frames import calling_namespace
from ..language.check import unit_text
from ..simulation.session import Move, Parameter, Session
from ..units import DIMENSIONLESS, UNITS, Dimension, Unit, bare, dimension_of, get_unit, quantity
from .network import Network, Prepared
from .neurongroup import NeuronGroup, whole
from .owner import Namespace, VariableOwner
from .poissoninput import PoissonInput
from .synapses import Synapses

USUAL = {unit.dim: unit for unit in (UNITS[name] for name in ("mV", "nA", "nS", "ms"))}


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds between which a constant may be moved, and the step of its slider."""

    low: Any
    high: Any
    step: Any = None

    def check(self, name: str, value: Any) -> None:
        """Raise an error if the bounds do not fit the value.

        Raises
        ------
        DimensionMismatchError, ArgumentError
        """
        for part, bound in (("lower end", self.low), ("upper end", self.high), ("step", self.step)):
            if bound is not None and dimension_of(bound) != dimension_of(value):
                raise DimensionMismatchError(
                    f"the {part} of the range of '{name}' has another unit than its value", kind="unit",
                    found=unit_text(dimension_of(bound)), expected=unit_text(dimension_of(value)),
                )  # fmt: skip
        low, high, now = float(bare(self.low)[0]), float(bare(self.high)[0]), float(bare(value)[0])
        if not low < high:
            hint = "the lower end comes first"
            raise ArgumentError(f"the range of '{name}' is empty", found=f"[{self.low}, {self.high}]", hint=hint)
        if not low <= now <= high:
            raise ArgumentError(
                f"the value of '{name}' lies outside its range", found=f"{value} in [{self.low}, {self.high}]"
            )
        if self.step is not None and not 0 < float(bare(self.step)[0]) <= high - low:
            message = f"the step of '{name}' must be above zero and no longer than its range"
            raise ArgumentError(message, found=str(self.step))


def open_session(
    network: Network,
    duration: Any,
    ranges: Mapping[str, Mapping[str, Range]] | None = None,
    namespace: Namespace | None = None,
) -> Session:
    """Prepare a live run of a network.

    Parameters
    ----------
    network : Network
    duration : Quantity
    ranges : mapping
        For each object's name the constants that may be moved, with their bounds.

    Returns
    -------
    Session
        Ready: `Session.play` starts it.
    """
    ranges = ranges or {}
    prepared = network.prepare(duration, calling_namespace() if namespace is None else namespace)
    owners = {item.name: item for item in network.objects if isinstance(item, (NeuronGroup, Synapses))}
    parameters, plan_names = _movable(prepared, owners, ranges)
    network.tell_of_run()

    def changed(move: Move) -> None:
        owner, constant = move.name.split(".")
        dimension = dimension_of(owners[owner].namespace[constant])
        owners[owner].namespace[constant] = quantity(move.value, dimension)
        network.moves.append(move)

    known = {parameter.name: parameter for parameter in network.sliders}
    network.sliders = tuple(known.get(parameter.name, parameter) for parameter in parameters)
    network.live_run = Session(
        "network", prepared.simulation, prepared.duration, parameters, plan_names, changed,
        ended=lambda: network.finish(prepared),
    )  # fmt: skip
    return network.live_run


def _movable(
    prepared: Prepared, owners: Mapping[str, VariableOwner], ranges: Mapping[str, Mapping[str, Range]]
) -> tuple[list[Parameter], dict[str, list[str]]]:
    parameters: list[Parameter] = []
    plan_names: dict[str, list[str]] = {}
    for plan_name, given in prepared.compiled.lowered.parameters.items():
        giver: Any = prepared.parts.givers.get(given.owner)  # a part of a group and an input have its constants
        owner = whole(giver.target if isinstance(giver, PoissonInput) else giver)[0] if giver is not None else None
        if given.origin == "constant" and owner is not None and given.name in owner.namespace:
            plan_names.setdefault(f"{owner.name}.{given.name}", []).append(plan_name)
    for name, constants in ranges.items():
        for constant, bounds in constants.items():
            full = f"{name}.{constant}"
            if name not in owners or constant not in owners[name].namespace:
                raise ArgumentError(f"there is no constant '{full}'", hint=nearest(full, plan_names))
            value = owners[name].namespace[constant]
            bounds.check(full, value)
            unit = display_unit(bounds.high, dimension_of(value))
            numbers = [float(bare(x)[0]) for x in (value, bounds.low, bounds.high)]
            step = None if bounds.step is None else float(bare(bounds.step)[0])
            parameters.append(Parameter(full, numbers[0], numbers[1], numbers[2], step, unit))
            plan_names.setdefault(full, [])  # a constant that no equation uses moves nothing
    return parameters, plan_names


def display_unit(values: Any, dimension: Dimension) -> Unit:
    """A unit in which values are read easily; for zeros the one that is usual for the quantity."""
    numbers = np.asarray(bare(values)[0], np.float64)
    if dimension == DIMENSIONLESS:
        return get_unit(DIMENSIONLESS)
    if numbers.any():
        return quantity(numbers, dimension).get_best_unit()  # type: ignore[no-any-return]
    return USUAL.get(dimension, get_unit(dimension))
