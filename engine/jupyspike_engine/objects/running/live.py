"""Live sessions of a network, and the constants that can be moved in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np

from ...diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, nearest
from ...frames import called_from, calling_namespace
from ...language.check import unit_text
from ...simulation.changes import Change, Move, Parameter, note
from ...simulation.session import Session
from ...simulation.simulation import Simulation
from ...units import DIMENSIONLESS, SECOND, UNITS, Dimension, Unit, bare, dimension_of, get_unit, quantity
from ..namespaces import Namespace
from ..neurongroup import NeuronGroup
from ..scopes import current_scope
from ..synaptic.synapses import Synapses
from .checkpoint import Checkpoint
from .magic import magic_network
from .movable import Movable, called, concerns, movables
from .network import Network
from .prepared import Prepared
from .visible import Meanings, named

USUAL = {
    (units := [UNITS[name] for name in names])[0].dim: units for names in (("mV",), ("nA", "pA"), ("nS",), ("ms",))
}
"""In which units neurons are read, the first one also for zeros."""


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds between which a constant may be moved, the step of its slider, and whether that is logarithmic."""

    low: Any
    high: Any
    step: Any = None
    log: bool = False

    def check(self, name: str, value: Any, hint: str = "") -> None:
        """Raise an error if the bounds do not fit the value; the ``hint`` tells what its unit comes from.

        Raises
        ------
        DimensionMismatchError, ArgumentError
        """
        for part, bound in (("lower end", self.low), ("upper end", self.high), ("step", self.step)):
            if bound is not None and dimension_of(bound) != dimension_of(value):
                raise DimensionMismatchError(
                    f"the {part} of the range of '{name}' has another unit than its value", kind="unit",
                    found=unit_text(dimension_of(bound)), expected=unit_text(dimension_of(value)), hint=hint,
                )  # fmt: skip
        low, high, now = float(bare(self.low)[0]), float(bare(self.high)[0]), float(bare(value)[0])
        if not low < high:
            hint = "the lower end comes first"
            raise ArgumentError(f"the range of '{name}' is empty", found=str(self), hint=hint)
        if self.log and low <= 0:
            hint = "a logarithmic slider begins above zero"
            raise ArgumentError(f"the range of '{name}' is not logarithmic", found=_written(self.low), hint=hint)
        if not low <= now <= high:
            found = f"{_written(value)} is outside of {self}"
            raise ArgumentError(f"the value of '{name}' lies outside its range", found=found)
        if self.step is not None and not 0 < float(bare(self.step)[0]) <= (high - low) * (1 + 1e-9):
            message = f"the step of '{name}' must be above zero and no longer than its range"
            raise ArgumentError(message, found=_written(self.step))

    def __str__(self) -> str:
        return f"[{_written(self.low)}, {_written(self.high)}]"


def _written(value: Any) -> str:
    """A value as people write it, such as ``10 ms``."""
    number, dimension = bare(value)
    return f"{quantity(float(number), dimension):g}"


class Slider:
    """A slider of a live panel for a constant, by its name.

    Parameters
    ----------
    name : str
        Such as ``'tau'``, of all objects that have it, or ``'exc.tau'``; also a variable that nothing else changes
        or the ``delay`` of synapses (of weights or delays that differ, a common factor is moved), or the ``rate`` and
        ``weight`` of a `PoissonInput`.
    low, high : Quantity
        Between which values it is moved.
    step : Quantity, optional
    log : bool
        Whether the slider is logarithmic.

    Examples
    --------
    >>> Slider('tau', 5*ms, 50*ms, log=True)
    Slider('tau', 5. * msecond, 50. * msecond, log=True)
    """

    def __init__(self, name: str, low: Any, high: Any, step: Any = None, log: bool = False) -> None:
        if not isinstance(name, str):
            raise ArgumentTypeError("a slider has the name of a constant", found=repr(name), expected="such as 'tau'")
        self.name, self.range = name, Range(low, high, step, log)
        self._scope_number = current_scope()

    def __repr__(self) -> str:
        given = [repr(self.name), repr(self.range.low), repr(self.range.high)]
        given += [] if self.range.step is None else [f"step={self.range.step!r}"]
        return f"Slider({', '.join(given + ['log=True'] * self.range.log)})"


class Preset:
    """Values of a live panel's sliders under a name.

    Parameters
    ----------
    name : str
        What the list of presets shows.
    values : mapping
        The value of each slider that is set, by the name of its constant.

    Examples
    --------
    >>> Preset('bursting', {'exc.taum': 20*ms, 'drive': 1.3})
    Preset('bursting', {'exc.taum': 20. * msecond, 'drive': 1.3})
    """

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        if not isinstance(name, str) or not isinstance(values, Mapping):
            expected = "a name and values, as in Preset('fast', {'tau': 5*ms})"
            raise ArgumentTypeError("this is not a preset", found=f"{name!r}, {values!r}", expected=expected)
        self.name, self.values = name, dict(values)
        self._scope_number = current_scope()

    def __repr__(self) -> str:
        return f"Preset({self.name!r}, {self.values!r})"


def open_session(
    network: Network,
    duration: Any,
    ranges: Mapping[str, Mapping[str, Range]] | None = None,
    namespace: Namespace | None = None,
    sliders: Sequence[Slider] = (),
    found: Sequence[Slider] = (),
) -> Session:
    """Prepare a live run of a network; an earlier one that still goes on ends for it.

    Parameters
    ----------
    network : Network
    duration : Quantity
    ranges : mapping
        For each object's name the constants that have a slider, with their bounds.
    sliders : sequence of Slider
        Further ones.
    found : sequence of Slider
        Those among the names of a notebook: what stands for nothing in the network belongs to another one.

    Returns
    -------
    Session
        Ready: `Session.play` starts it.

    Raises
    ------
    UserError
        The network cannot run, or there is no such constant.
    """
    names = calling_namespace() if namespace is None else namespace
    if network.last_session is not None:
        network.last_session.give_way()
    with ExitStack() as turn:
        turn.enter_context(network.turn())
        return _opened(network, duration, ranges or {}, names, sliders, found, turn)


def _opened(
    network: Network,
    duration: Any,
    ranges: Mapping[str, Mapping[str, Range]],
    names: Namespace,
    sliders: Sequence[Slider],
    found: Sequence[Slider],
    turn: ExitStack,
) -> Session:
    """A session, which takes over the turn of its network until it is over."""
    try:
        beginning: Checkpoint | None = network.present_state()
    except ArgumentError:  # there is no room for it
        beginning = None
    prepared = network.prepare(duration, names)
    known, earlier_moves = movables(prepared, names), len(network.moves)
    behind = {name: [one] for name, one in known.items()}
    parameters = [_of_cell(*given, behind, network) for given in _each_range(ranges)]
    owners = prepared.parts.owners.values()
    for slider in (*sliders, *(one for one in found if concerns(one.name, known, owners))):
        behind[slider.name] = called(slider.name, known)
        parameters.append(_parameter(slider.name, behind[slider.name][0], slider.range))
    network.tell_of_run()

    def changed(move: Move) -> None:
        for one in (one for one in behind[move.name] if not one.between):
            one.keep(quantity(move.value, dimension_of(one.value)))
        note(network.moves, move, attrgetter("step", "name", "places"))

    def go_on(name: str = "", value: float = 0.0) -> Simulation:
        nonlocal prepared
        network.finish(prepared)
        for one in behind.get(name, ()):
            one.keep(quantity(value, dimension_of(one.value)))
        prepared = _next(network, prepared, names)
        return prepared.simulation

    def ended() -> None:
        with turn:
            network.finish(prepared)

    def again() -> Simulation:
        nonlocal prepared, turn
        assert beginning is not None
        with ExitStack() as another, called_from(names):
            another.enter_context(network.turn())
            network.live_run = session
            network.go_back(beginning, restore_random_state=True, whatever_watches=True)
            for one in (one for several in behind.values() for one in several):
                one.keep(one.value)
            del network.moves[earlier_moves:]
            prepared = network.prepare(duration, names)
            network.tell_of_run()
            turn = another.pop_all()
        return prepared.simulation

    sliders_before = {parameter.name: parameter for parameter in network.sliders}
    network.sliders = tuple(sliders_before.get(parameter.name, parameter) for parameter in parameters)
    is_named = network is not magic_network and any(value is network for _, value in named(names))
    session = Session(
        "network", prepared.simulation, prepared.duration, parameters,
        {name: [plan_name for one in several for plan_name in one.plan_names] for name, several in behind.items()},
        changed, network.show_time, ended, again=None if beginning is None else again,
        footprint=network.bytes_taken,
        between={n: partial(go_on, n) for n, several in behind.items() if any(one.between for one in several)},
        anew=go_on, replaced=Meanings([network] if is_named else network.objects, names).replaced,
    )  # fmt: skip
    network.live_run = network.last_session = session
    turn = turn.pop_all()
    return session


def replay_live(network: Network, duration: Any, moves: Sequence[Sequence[Any]], namespace: Namespace) -> None:
    """Run a network as a live session did, bit for bit.

    Parameters
    ----------
    network : Network
    duration : Quantity
        How long the session went.
    moves : sequence of (int, str, float or tuple) or (int, str, float or tuple, range or tuple)
        What was moved or written: step, name, value (SI base units) and, of variables, places, as in `Session.course`.
    """
    with network.turn():
        _replay(network, network.prepare(duration, namespace), moves, namespace)


def _replay(network: Network, prepared: Prepared, moves: Sequence[Sequence[Any]], namespace: Namespace) -> None:
    known = movables(prepared, namespace)
    behind = {name: [one] for name, one in known.items()}
    changes: list[Change] = []
    for step, name, value, *places in moves:
        if places:
            changes += _writing(prepared, Change(step, name, value, *places))
            continue
        if name not in behind:
            owner, _, constant = name.rpartition(".")
            behind[name] = [_unused(owner, constant, network, behind)] if owner else called(name, known)
        changes += [Change(step, plan_name, value) for one in behind[name] for plan_name in one.plan_names]
        if any(one.between for one in behind[name]):
            network.replay_run(prepared, tuple(changes), until=step)
            changes = []
            for one in behind[name]:
                one.keep(quantity(value, dimension_of(one.value)))
            prepared = _next(network, prepared, namespace)
    network.replay_run(prepared, tuple(changes))
    for _, name, value, *places in moves:
        for one in (one for one in behind.get(name, ()) if not one.between and not places):
            one.keep(quantity(value, dimension_of(one.value)))


def _writing(prepared: Prepared, change: Change) -> list[Change]:
    """What was written to a variable, by its name, as a change of the plan; written at once if nothing there has it."""
    owner, _, variable = change.parameter.rpartition(".")
    array = prepared.parts.owners[owner].arrays[variable]
    parameter = prepared.simulation.array_name(array)
    if parameter is None:
        array[np.asarray(change.places)] = change.value
        return []
    return [replace(change, parameter=parameter)]


def _next(network: Network, ended: Prepared, namespace: Namespace) -> Prepared:
    """The rest of a run that has been ended on the way."""
    prepared = network.prepare(quantity(ended.end - network.t_, SECOND), namespace)
    prepared.simulation.go_on_from(ended.simulation)
    return prepared


def _each_range(ranges: Mapping[str, Mapping[str, Range]]) -> Iterator[tuple[str, str, Range]]:
    return ((owner, name, bounds) for owner, constants in ranges.items() for name, bounds in constants.items())


def _of_cell(owner: str, name: str, bounds: Range, behind: dict[str, list[Movable]], network: Network) -> Parameter:
    """A constant in the namespace of an object, which moves nothing if no equation uses it."""
    full = f"{owner}.{name}"
    if full not in behind:
        behind[full] = [_unused(owner, name, network, behind)]
    return _parameter(full, behind[full][0], bounds)


def _unused(owner: str, name: str, network: Network, known: Mapping[str, object]) -> Movable:
    """A constant that no equation uses."""
    item = next((item for item in network.objects if item.name == owner), None)
    if not isinstance(item, (NeuronGroup, Synapses)) or name not in item.namespace:
        raise ArgumentError(f"there is no constant '{owner}.{name}'", hint=nearest(f"{owner}.{name}", known))
    return Movable(owner, name, item.namespace[name], [], partial(item.namespace.__setitem__, name))


def _parameter(name: str, moved: Movable, bounds: Range) -> Parameter:
    value = moved.value
    factor = f"its values differ, so that a common factor is moved, as in Slider({name!r}, 0.5, 2)"
    bounds.check(name, value, factor if moved.is_factor else "")
    unit = display_unit([bare(bounds.low)[0], bare(bounds.high)[0]], dimension_of(value))
    now, low, high = (float(bare(x)[0]) for x in (value, bounds.low, bounds.high))
    step = None if bounds.step is None else float(bare(bounds.step)[0])
    return Parameter(name, now, low, high, step, unit, bounds.log)


def display_unit(values: Any, dimension: Dimension) -> Unit:
    """A unit in which values are read easily: the usual one of the quantity, unless they are far from it.

    >>> from jupyspike import mV, uvolt
    >>> str(display_unit([0, 0.8] * mV, mV.dim)), str(display_unit(20 * uvolt, mV.dim))
    ('mV', 'uV')
    """
    numbers = np.asarray(bare(values)[0], np.float64)
    if dimension == DIMENSIONLESS:
        return get_unit(DIMENSIONLESS)
    usual = USUAL.get(dimension, [])
    if not numbers.any():
        return usual[0] if usual else get_unit(dimension)
    best: Unit = quantity(numbers, dimension).get_best_unit()
    if usual and best not in usual and 0.1 <= np.nanmax(np.abs(numbers)) / float(np.asarray(usual[0])) < 1:
        return usual[0]
    return best
