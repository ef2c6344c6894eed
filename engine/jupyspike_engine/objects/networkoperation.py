"""Python functions that are called in each time step."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, overload

from ..diagnostics import ArgumentTypeError
from ..plan.network import HostCall, Moment
from ..units import SECOND, quantity
from .base import SimulatedObject
from .clocks import Clock

Act = Callable[..., Any]


class NetworkOperation(SimulatedObject):
    """A Python function that is called in each time step.

    Parameters
    ----------
    function : callable
        Takes no argument, or the time; may be a method of an object, but not a function of its class.
    dt, clock : Quantity, Clock, optional
        How often; `defaultclock` by default.
    when, order
        Slot of the time step and order within it.
    name : str, optional
        Operations in the same slot with the same order act in the order of their names, which usually is that in which
        they were made.

    Raises
    ------
    ArgumentTypeError
        The function takes more than one argument.

    Examples
    --------
    >>> times = []
    >>> operation = NetworkOperation(lambda t: times.append(t/ms), dt=1*ms)
    >>> Network(operation).run(3*ms)
    >>> [round(float(t), 3) for t in times]
    [0.0, 1.0, 2.0]
    """

    acts = True
    add_to_magic_network = True

    def __init__(
        self,
        function: Act,
        dt: Any = None,
        clock: Clock | None = None,
        when: str = "start",
        order: int = 0,
        name: str = "networkoperation*",
    ) -> None:
        super().__init__(name, dt, clock, when, order)
        self.function = function
        self.takes_time = _takes_time(function)
        self.number = 0  # of its clock in the present plan

    def part(self, clock: int) -> HostCall:
        """The operation as a part of a network to be compiled."""
        self.number = clock
        return HostCall(self.name, Moment(clock, self.when, self.order))

    def act(self, time: float) -> None:
        """Call the function at a time (s)."""
        if self.takes_time:
            self.function(quantity(time, SECOND))
        else:
            self.function()

    def __repr__(self) -> str:
        return f"<NetworkOperation {self.name!r}>"


def _takes_time(function: Act) -> bool:
    if not callable(function):
        raise ArgumentTypeError("a network operation is a function", found=repr(function))
    name = getattr(function, "__name__", repr(function))
    parameters = inspect.signature(function).parameters.values()
    if [p.name for p in parameters][:1] == ["self"]:  # not the method of an object, which would not show it
        raise ArgumentTypeError(
            f"'{name}' is a function of a class: it needs an object",
            hint=f"for an object of that class: NetworkOperation(obj.{name})",
        )
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p for p in parameters if p.kind in kinds and p.default is p.empty]
    if len(needed) > 1:
        raise ArgumentTypeError(f"'{name}' takes {len(needed)} arguments", expected="none, or the time")
    return bool(needed)


@overload
def network_operation(function: Act, /) -> NetworkOperation: ...
@overload
def network_operation(
    *, dt: Any = ..., clock: Clock | None = ..., when: str = ..., order: int = ..., name: str | None = ...
) -> Callable[[Act], NetworkOperation]: ...
def network_operation(function: Act | None = None, /, **options: Any) -> Any:
    """Decorator: call a Python function in each time step of the network that it is in.

    Parameters
    ----------
    dt, clock, when, order, name
        As for `NetworkOperation`.

    Examples
    --------
    >>> G = NeuronGroup(1, 'v : 1')
    >>> @network_operation(dt=1*ms)
    ... def add():
    ...     G.v += 1
    >>> run(3*ms)
    >>> G.v[:]
    array([3.])
    """
    if function is not None:
        if options or not callable(function):
            raise ArgumentTypeError("network_operation takes options by name", expected="@network_operation(dt=1*ms)")
        return NetworkOperation(function)
    given = {name: value for name, value in options.items() if (name, value) != ("name", None)}
    return lambda function: NetworkOperation(function, **given)
