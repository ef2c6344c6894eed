"""What all methods of integration have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..diagnostics import ArgumentError, ArgumentTypeError, UnknownNameError, UnsupportedEquationsException, nearest
from ..language.equations import Equations
from ..language.scope import Symbol
from .system import System, UpdateRule, system_of


class Integrator:
    """A method of integration: a name, what it is in a few words, what speaks against using it, and its rule.

    Called with `Equations`, it returns the statements of one step as text.
    """

    name: str
    about: str = "a method of your own"

    def objection(self, system: System) -> str:
        """Why the method cannot be used for a system; empty if it can."""
        raise NotImplementedError

    def reason(self, system: System) -> str:
        """Why the method suits a system, for the user."""
        raise NotImplementedError

    def rule(self, system: System) -> UpdateRule:
        """One step for a system to which there is no objection."""
        raise NotImplementedError

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the options that the method takes."""
        return ()

    def with_options(self, options: Mapping[str, Any], system: System) -> Integrator:
        """The method with some of its options changed.

        Raises
        ------
        ArgumentError
            There is no such option, or its value makes no sense.
        """
        check_options(self.name, self.options, options)
        return self

    @property
    def constants(self) -> Mapping[str, float]:
        """Values of names of its own that its rule uses."""
        return {}

    @property
    def variables(self) -> tuple[Symbol, ...]:
        """Variables of its own that can be read and recorded."""
        return ()

    def __call__(
        self,
        equations: Equations,
        variables: Mapping[str, Any] | None = None,
        method_options: Mapping[str, Any] | None = None,
    ) -> str:
        """The statements of one step for some equations.

        Raises
        ------
        UnsupportedEquationsException
            The method cannot be used for these equations.
        """
        system = system_of(equations)
        if objection := self.objection(system):
            raise UnsupportedEquationsException(f"{self.name}: {objection}", kind="method")
        return str(self.with_options(method_options or {}, system).rule(system))


def check_options(method: str, known: Iterable[str], options: Mapping[str, Any]) -> None:
    """Raise an error for an option that a method does not have."""
    known = tuple(known)
    for name in options:
        if name not in known:
            listed = f"its options are: {', '.join(known)}" if known else "it has no options"
            raise UnknownNameError(
                f"the method '{method}' has no option '{name}'", kind="method", hint=nearest(str(name), known) or listed
            )


INTEGRATORS: dict[str, Integrator] = {}  # all methods that have a name


def register(name: str, method: Any) -> None:
    """Make a method known by a name.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        The name is taken, or what it shall name is no method.
    """
    if not isinstance(method, Integrator):
        hint = "make an ExplicitStateUpdater, or an object of a subclass of StateUpdateMethod"
        raise ArgumentTypeError("only a method of integration can be registered", found=repr(method), hint=hint)
    if name in INTEGRATORS:
        raise ArgumentError(f"there is a method '{name}' already", hint="choose another name")
    INTEGRATORS[name] = method
