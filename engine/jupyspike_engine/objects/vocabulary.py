"""Names that scripts import to test for kinds of objects, or to build objects of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import ArgumentError, UserError
from ..language.functions import FUNCTIONS
from ..language.names import CONSTANTS
from ..units import UNITS
from .base import SimulatedObject
from .clocks import Clock, defaultclock
from .frames import calling_namespace
from .network import Network
from .neurongroup import NeuronGroup, Subgroup
from .owner import VariableOwner
from .parts import RegularOperation
from .randomness import seed
from .scopes import start_scope

BrianObject = SimulatedObject
Group = VariableOwner
# Errors of objects point into the user's text by themselves: nothing is wrapped around them.
BrianObjectException = UserError

DEFAULT_FUNCTIONS: Mapping[str, Any] = dict(FUNCTIONS)
DEFAULT_UNITS: Mapping[str, Any] = UNITS
DEFAULT_CONSTANTS: Mapping[str, float] = dict(CONSTANTS)


class _Kind(type):
    """Makes a class that stands for several others in ``isinstance``."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.kinds) or super().__instancecheck__(instance)

    kinds: tuple[type, ...] = ()


class SpikeSource(metaclass=_Kind):
    """What spikes come from: groups of neurons and parts of them."""

    kinds = (NeuronGroup, Subgroup)


class Nameable(metaclass=_Kind):
    """What has a name: simulated objects, clocks, networks."""

    kinds = (SimulatedObject, Clock, Network)


class Trackable(metaclass=_Kind):
    """What can be found again after it was made: simulated objects, clocks, networks."""

    kinds = (SimulatedObject, Clock, Network)


class NumpyCodeObject:
    """Stands for the target 'numpy' where scripts give a class: ``prefs.codegen.target = NumpyCodeObject``."""

    class_name = "numpy"


class CythonCodeObject:
    """Stands for the target 'cython' where scripts give a class."""

    class_name = "cython"


class CodeRunner:
    """Statements that a group runs at each tick of its clock; what `Group.run_regularly` makes.

    Parameters
    ----------
    group : Group
    template : str
        'stateupdate', statements for all elements.
    code : str
        Statements.
    dt, clock, when, order, name
        As for `run_regularly`.

    Raises
    ------
    ArgumentError
        The template is another one: programs are not made from templates here.
    """

    def __new__(  # type: ignore[misc]  # what it makes is a part of the group
        cls,
        group: VariableOwner,
        template: str,
        code: str = "",
        dt: Any = None,
        clock: Clock | None = None,
        when: str = "start",
        order: int = 0,
        name: str = "coderunner*",
        **ignored: Any,
    ) -> RegularOperation:
        if template != "stateupdate":
            raise ArgumentError(f"the template '{template}' is not known", expected="'stateupdate'")
        plain = None if name.endswith("*") else name
        return group.run_regularly(code, dt=dt, clock=clock, when=when, order=order, name=plain)


def get_local_namespace(level: int = 0) -> Mapping[str, Any]:
    """The names that the calling code can see; ``level`` goes further up."""
    return calling_namespace(level)


def restore_initial_state() -> None:
    """Begin as after the import: a new scope, the usual time step, a fresh seed."""
    start_scope()
    defaultclock.dt = 0.1 * UNITS["msecond"]
    seed()
