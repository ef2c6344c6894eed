"""Embedded Runge-Kutta methods that choose steps of their own within each time step, for each element.

A step is taken again, smaller, when the estimate of its error exceeds what is allowed for one of the variables. The
names are those that scripts know from the GNU Scientific Library, the code is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, DimensionMismatchError, nearest
from ..language.scope import Symbol
from ..units import DIMENSIONLESS, SECOND, bare
from .integrator import Integrator, check_options
from .system import Solve, System, UpdateRule, unless_refractory
from .tableau import CASH_KARP, FEHLBERG_45, PRINCE_DORMAND_87, RK4_TWICE, RK23, Tableau

Real = npt.NDArray[np.float64]

LAST, FAILED, COUNT = "_last_timestep", "_failed_steps", "_step_count"
UNFINISHED = "_unfinished"  # where the bounds could not be kept: when the time step ended
MOST = "_max_steps"
DEFAULTS: dict[str, Any] = {
    "adaptable_timestep": True,
    "absolute_error": 1e-6,
    "absolute_error_per_variable": None,
    "max_steps": 100,
    "use_last_timestep": True,
    "save_failed_steps": False,
    "save_step_count": False,
}


@dataclass(frozen=True)
class Adaptive(Integrator):
    """An embedded method with its options.

    Parameters
    ----------
    chosen : mapping
        ``adaptable_timestep`` (True): steps may be smaller than dt. ``absolute_error`` (1e-6): the error allowed for
        each variable in a step, in its base unit; ``absolute_error_per_variable``: other bounds by name.
        ``max_steps`` (100): most steps within one dt, 0 for no bound. ``use_last_timestep`` (True): begin with the size
        that was right before, recordable as ``_last_timestep``. ``save_failed_steps`` and ``save_step_count`` (False):
        make ``_failed_steps`` and ``_step_count`` recordable.
    """

    name: str
    tableau: Tableau
    chosen: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    tolerances: Mapping[str, float] = field(default_factory=dict)

    @property
    def about(self) -> str:  # type: ignore[override]  # of its tableau
        return f"steps of its own by an embedded method of order {self.tableau.order}"

    def objection(self, system: System) -> str:
        return f"the equations contain white noise ({', '.join(system.noise)})" if system.noise else ""

    def reason(self, system: System) -> str:
        return self.about

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(DEFAULTS)

    def with_options(self, options: Mapping[str, Any], system: System) -> Adaptive:
        check_options(self.name, DEFAULTS, options)
        chosen = {**DEFAULTS, **options}
        for name, default in DEFAULTS.items():
            if isinstance(default, bool) and not isinstance(chosen[name], (bool, np.bool_)):
                raise ArgumentError(f"the option '{name}' is True or False", found=repr(chosen[name]))
        most = chosen["max_steps"]
        if isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 0:
            raise ArgumentError("the option 'max_steps' is a number of steps, 0 for no bound", found=repr(most))
        return replace(self, chosen=chosen, tolerances=_tolerances(chosen, system))

    def rule(self, system: System) -> UpdateRule:
        configured = self if self.tolerances else self.with_options({}, system)
        rates = {name: unless_refractory(name, rhs, system) for name, rhs in system.equations.items()}
        chosen = configured.chosen
        solve = Solve(
            self.tableau,
            rates,
            {name: _tolerance_of(name) for name in rates},
            MOST,
            bool(chosen["adaptable_timestep"]),
            LAST if chosen["use_last_timestep"] else None,
            FAILED if chosen["save_failed_steps"] else None,
            COUNT if chosen["save_step_count"] else None,
        )
        return UpdateRule((), {}, solve=solve)

    @property
    def constants(self) -> Mapping[str, float]:
        bounds = {_tolerance_of(name): value for name, value in self.tolerances.items()}
        return {MOST: float(self.chosen["max_steps"]), **bounds}

    @property
    def variables(self) -> tuple[Symbol, ...]:
        kept = (
            ("use_last_timestep", Symbol(LAST, "state", SECOND)),
            ("save_failed_steps", Symbol(FAILED, "state", type="integer")),
            ("save_step_count", Symbol(COUNT, "state", type="integer")),
        )
        return tuple(symbol for option, symbol in kept if self.chosen[option])


def _tolerance_of(variable: str) -> str:
    return f"_absolute_error_{variable}"


def _tolerances(chosen: Mapping[str, Any], system: System) -> dict[str, float]:
    """The error that is allowed for each variable, in its base unit."""
    special: Mapping[str, Any] = chosen["absolute_error_per_variable"] or {}
    for name in special:
        if name not in system.equations:
            hint = nearest(name, system.equations) or f"variables are: {', '.join(system.equations)}"
            raise ArgumentError(
                f"'absolute_error_per_variable' names '{name}', which no differential equation defines", hint=hint
            )
    return {name: _tolerance(special.get(name, chosen["absolute_error"]), name, system) for name in system.equations}


def _tolerance(given: Any, name: str, system: System) -> float:
    value, dimension = bare(given)
    wanted = system.source[name].dimension if system.source is not None else DIMENSIONLESS
    if dimension not in (DIMENSIONLESS, wanted):
        raise DimensionMismatchError(
            f"the absolute error of '{name}' has the wrong unit",
            kind="unit",
            found=str(dimension),
            expected=str(wanted),
        )
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not number > 0:
        raise ArgumentError(f"the absolute error of '{name}' must be a number above zero", found=repr(given))
    return number


GSL_RK2 = Adaptive("gsl_rk2", RK23)
GSL_RK4 = Adaptive("gsl_rk4", RK4_TWICE)
GSL_RKF45 = Adaptive("gsl_rkf45", FEHLBERG_45)
GSL_RKCK = Adaptive("gsl_rkck", CASH_KARP)
GSL_RK8PD = Adaptive("gsl_rk8pd", PRINCE_DORMAND_87)


@dataclass
class Progress:
    """Where the elements stand at the end of a time step; ``finished`` is false where the bounds were not kept."""

    states: list[Real]
    last: Real
    failed: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]
    finished: npt.NDArray[np.bool_]


SMALLEST = 1e-13  # of the time step: below it, steps are lost in rounding
NEARLY = 1.000001  # a step that all but reaches the end goes there


def solve(
    tableau: Tableau,
    rates: Callable[[npt.NDArray[np.intp], Real, list[Real]], list[Real]],
    states: list[Real],
    tolerances: list[Real],
    t: float,
    dt: float,
    first: Real,
    most: float,
    adaptable: bool,
) -> Progress:
    """Integrate many elements from t to t + dt, each with steps of its own.

    The arithmetic is that of ``jsp_solve`` in ``native/jupyspike_solve.h``, operation by operation.

    Parameters
    ----------
    rates : callable
        The rates of change for some of the elements, at their times and states.
    first : ndarray
        The size of the first step; the whole time step where it is zero.
    """
    x = [state.copy() for state in states]
    size = np.where((first > 0) & (first < dt) & adaptable, first, dt)
    done = np.zeros(len(size))
    failed, count = np.zeros(len(size), np.int64), np.zeros(len(size), np.int64)
    finished = np.ones(len(size), np.bool_)
    running = np.arange(len(size))
    while len(running):
        left = dt - done[running]
        to_the_end = size[running] * NEARLY >= left
        h = np.where(to_the_end, left, size[running])
        stop = ((most > 0) & (failed[running] + count[running] >= most)) | (size[running] < SMALLEST * dt)
        finished[running[stop]] = False
        running, h, to_the_end = running[~stop], h[~stop], to_the_end[~stop]
        if not len(running):
            break
        before = [state[running] for state in x]
        after, error = _step(tableau, rates, running, t + done[running], h, before, [e[running] for e in tolerances])
        with np.errstate(divide="ignore"):
            # rounded, so that the last bit of pow(), which differs between libraries, decides nothing
            factor = np.floor(0.9 * np.power(error, -1.0 / tableau.error_order) * 1024.0) / 1024.0
        good = error <= 1.0
        if not adaptable:
            finished[running[~good]] = False
            good = np.ones(len(running), np.bool_)
        for state, new in zip(x, after, strict=True):
            state[running[good]] = new[good]
        larger, smaller = np.minimum(factor, 5.0), np.maximum(factor, 0.2)
        next_size = np.where(good, np.minimum(h * larger, dt), h * smaller)
        next_size = np.where(good & to_the_end, np.maximum(next_size, size[running]), next_size)
        done[running] = np.where(good, np.where(to_the_end, dt, done[running] + h), done[running])
        count[running] += good
        failed[running] += ~good
        size[running] = next_size if adaptable else dt
        running = running[done[running] < dt]
    return Progress(x, size, failed, count, finished)


def _step(
    tableau: Tableau,
    rates: Callable[[npt.NDArray[np.intp], Real, list[Real]], list[Real]],
    which: npt.NDArray[np.intp],
    t: Real,
    h: Real,
    x: list[Real],
    tolerances: list[Real],
) -> tuple[list[Real], Real]:
    """One step of some elements: the new states, and the largest error in units of what is allowed."""
    slopes: list[list[Real]] = []
    for node, row in zip(tableau.nodes, tableau.stages, strict=True):
        moved = [state + h * _sum(row, slopes, n, h) for n, state in enumerate(x)]
        slopes.append(rates(which, t + node * h, moved))
    error = np.zeros(len(h))
    after = []
    for n, (state, tolerance) in enumerate(zip(x, tolerances, strict=True)):
        after.append(state + h * _sum(tableau.weights, slopes, n, h))
        ratio = np.abs(h * _sum(tableau.errors, slopes, n, h)) / tolerance
        error = np.maximum(error, np.where(np.isnan(ratio), np.inf, ratio))
    return after, error


def _sum(row: tuple[float, ...], slopes: list[list[Real]], n: int, like: Real) -> Real:
    total = np.zeros_like(like)
    for a, slope in zip(row, slopes, strict=False):
        total = total + a * slope[n]
    return total
