"""Choosing an integrator: the method asked for if it fits, else the first that does, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..diagnostics import ArgumentTypeError, Diagnostic, EquationError, UnsupportedEquationsException, nearest
from ..frames import warn
from ..language.scope import Symbol
from .adaptive import GSL_RK2, GSL_RK4, GSL_RK8PD, GSL_RKCK, GSL_RKF45
from .exact import EXACT
from .explicit_methods import EULER, HEUN, MILSTEIN, RK2, RK4
from .exponential_euler import EXPONENTIAL_EULER
from .independent import INDEPENDENT
from .integrator import INTEGRATORS, Integrator
from .reactions import REACTIONS, species_of
from .rosenbrock import ROSENBROCK
from .state_update import Callback
from .system import System

INTEGRATORS |= {
    "exact": EXACT,
    "linear": EXACT,  # the older name of the same method
    "exponential_euler": EXPONENTIAL_EULER,
    "euler": EULER,
    "rk2": RK2,
    "rk4": RK4,
    "heun": HEUN,
    "milstein": MILSTEIN,
    "rosenbrock": ROSENBROCK,
    "reactions": REACTIONS,
    "gsl": GSL_RKF45,
    "gsl_rk2": GSL_RK2,
    "gsl_rk4": GSL_RK4,
    "gsl_rkf45": GSL_RKF45,
    "gsl_rkck": GSL_RKCK,
    "gsl_rk8pd": GSL_RK8PD,
    "independent": INDEPENDENT,
}
# What 'auto' tries, the most exact one first; it is what cells use.
AUTOMATIC = ("exact", "exponential_euler", "rk2", "euler", "heun")
# What objects made in Python try: scripts rely on these three, and on the numbers that they give.
DEFAULT = ("exact", "euler", "heun")

OneMethod = str | Integrator | Callable[..., Any]
Method = OneMethod | Sequence[OneMethod] | None


@dataclass(frozen=True)
class Choice:
    """The integrator of a group and why it was chosen; ``rejected`` tells what spoke against those tried before."""

    integrator: Integrator
    reason: str
    rejected: tuple[tuple[str, str], ...] = ()

    @property
    def constants(self) -> Mapping[str, float]:
        """Values of names of the integrator's own that its rule uses."""
        return self.integrator.constants

    @property
    def variables(self) -> dict[str, Symbol]:
        """Variables of the integrator's own that can be read and recorded."""
        return {symbol.name: symbol for symbol in self.integrator.variables}


def left_open(method: Method) -> bool:
    """Whether there is a choice between methods."""
    return method is None or method == "auto" or isinstance(method, (list, tuple))


def asked_for(method: Method) -> bool:
    """Whether a method was named at all."""
    return method not in (None, "auto", DEFAULT)


def _methods(method: Method) -> list[OneMethod]:
    if method is None or method == "auto":
        return list(AUTOMATIC)
    return list(method) if isinstance(method, (list, tuple)) else [method]  # type: ignore[list-item]  # one of them


def _integrator(method: OneMethod) -> Integrator:
    if isinstance(method, Integrator):
        return method
    return INTEGRATORS[method] if isinstance(method, str) else Callback(method, getattr(method, "__name__", "method"))


def _name(method: OneMethod) -> str:
    return method if isinstance(method, str) else _integrator(method).name


def check_method(method: Method, title: str) -> None:
    """Raise an error for a method that does not exist."""
    for one in _methods(method):
        if not isinstance(one, str) and not callable(one):
            message = f"the method of {title} must be a name, a method or a list of them"
            raise ArgumentTypeError(message, found=repr(one))
        if isinstance(one, str) and one not in INTEGRATORS:
            hint = nearest(one, ("auto", *INTEGRATORS)) or f"methods are: auto, {', '.join(INTEGRATORS)}"
            raise EquationError(f"'{one}' (method of {title}) is not an integration method", kind="method", hint=hint)
        if one in ("independent", INDEPENDENT):
            message = f"the method 'independent' of {title} is deprecated: use 'exact', or let the method be chosen"
            warn(message, FutureWarning)


def choose(system: System, method: Method, title: str, options: Mapping[str, Any] | None = None) -> Choice:
    """Choose the integrator for a system.

    Parameters
    ----------
    method : str, Integrator, callable, sequence of them or None
        One method that must be used, several to be tried in their order, or 'auto' (or None) for the automatic choice.
    options : mapping, optional
        Options of the method that is chosen.

    Raises
    ------
    EquationError
        The method does not exist or cannot be used for these equations.
    ArgumentError
        The method does not have these options.
    """
    candidates = _methods(method)
    if left_open(method) and "exact" in candidates and species_of(system):
        candidates.insert(candidates.index("exact") + 1, "reactions")
    rejected: list[tuple[str, str]] = []
    for candidate in candidates:
        if isinstance(candidate, str) and candidate not in INTEGRATORS:
            check_method(candidate, title)
        integrator = _integrator(candidate)
        objection = integrator.objection(system)
        if not objection:
            reason = integrator.reason(system) if left_open(method) else "asked for"
            return Choice(integrator.with_options(options or {}, system), reason, tuple(rejected))
        rejected.append((_name(candidate), objection))
    raise _nothing_fits(system, method, title, rejected)


def _nothing_fits(system: System, method: Method, title: str, rejected: list[tuple[str, str]]) -> EquationError:
    suitable = [name for name in AUTOMATIC if not INTEGRATORS[name].objection(system)]
    hint = f"the method '{suitable[0]}' works for these equations" if suitable else "rewrite the equations"
    if system.noise and not suitable:
        hint = (
            "white noise may be multiplied by variables, constants and parameters and added to the rest, nothing else"
        )
    place = next(iter(system.places.values()), None)
    why = "\n".join(f"{name}: {objection}" for name, objection in rejected)
    asked = f"the equations of {title} cannot be integrated with {' or '.join(name for name, _ in rejected)}"
    nothing = f"no integration method fits the equations of {title}"
    message = asked if asked_for(method) else nothing
    return UnsupportedEquationsException(Diagnostic(message, place, "method", found=why, hint=hint))
