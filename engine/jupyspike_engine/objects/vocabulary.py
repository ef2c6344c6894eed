"""Names that scripts import to test for kinds of objects, or to build objects of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import ArgumentError, UserError
from ..frames import calling_namespace
from ..language.functions import FUNCTIONS
from ..language.names import CONSTANTS
from ..units import UNITS
from .base import SimulatedObject
from .clocks import Clock, defaultclock
from .neurongroup import NeuronGroup
from .owner import VariableOwner
from .parts import RegularOperation
from .randomness import seed
from .running.network import Network
from .scopes import start_scope
from .subgroup import Subgroup

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
    """What spikes come from: groups of neurons and parts of them.

    Examples
    --------
    >>> isinstance(PoissonGroup(1, 10*Hz), SpikeSource)
    True
    """

    kinds = (NeuronGroup, Subgroup)


class Nameable(metaclass=_Kind):
    """What has a name: simulated objects, clocks, networks.

    Examples
    --------
    >>> isinstance(defaultclock, Nameable)
    True
    """

    kinds = (SimulatedObject, Clock, Network)


class Trackable(metaclass=_Kind):
    """What can be found again after it was made: simulated objects, clocks, networks.

    Examples
    --------
    >>> isinstance(Network(), Trackable)
    True
    """

    kinds = (SimulatedObject, Clock, Network)


class NumpyCodeObject:
    """Stands for the target 'numpy' where scripts give a class.

    Examples
    --------
    >>> prefs.codegen.target = NumpyCodeObject
    >>> prefs.codegen.target
    'numpy'
    >>> prefs.codegen.target = 'auto'
    """

    class_name = "numpy"


class CythonCodeObject:
    """Stands for the target 'cython' where scripts give a class.

    Examples
    --------
    >>> prefs.codegen.target = CythonCodeObject
    >>> prefs.codegen.target
    'cython'
    >>> prefs.codegen.target = 'auto'
    """

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

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> adding = CodeRunner(G, 'stateupdate', code='v += 1', dt=0.1*ms)
    >>> run(0.3*ms)
    >>> float(G.v[0])
    3.0
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
    """The names that the calling code can see; ``level`` goes further up.

    Examples
    --------
    >>> tau = 10*ms
    >>> get_local_namespace()['tau']
    10. * msecond
    """
    return calling_namespace(level)


def restore_initial_state() -> None:
    """Begin as after the import: a new scope, the usual time step, a fresh seed.

    Examples
    --------
    >>> defaultclock.dt = 1*ms
    >>> restore_initial_state()
    >>> defaultclock.dt
    100. * usecond
    """
    start_scope()
    defaultclock.dt = 0.1 * UNITS["msecond"]
    seed()
