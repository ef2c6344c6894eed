"""Statements that are run for all elements of an object at certain times."""

from __future__ import annotations

from typing import Any

from ..diagnostics import ArgumentError
from ..frames import calling_namespace
from ..language.model import check_statements, read_block
from ..language.scope import Scope
from ..plan.network import Regular
from .base import SimulatedObject
from .clocks import Clock, ClockNumbers, EventClock
from .namespaces import Namespace
from .naming import checked_name
from .parts import RegularOperation


class RegularOperations(SimulatedObject):
    """The base of what runs statements at certain times: groups, their parts, synapses."""

    def scope(self, namespace: Namespace, complete: bool = True) -> Scope:
        """All names that its texts may use; ``complete`` if those that are unknown will stay so."""
        raise NotImplementedError

    def _run_by(self) -> Any:
        """The object that runs statements for this one: itself, or the group of which it is a part."""
        return self

    regular: list[RegularOperation]

    def run_regularly(
        self,
        code: str,
        dt: Any = None,
        clock: Clock | None = None,
        when: str = "start",
        order: int = 0,
        name: str | None = None,
        codeobj_class: Any = None,
    ) -> RegularOperation:
        """Run statements for all elements again and again.

        Parameters
        ----------
        code : str
            Statements; those that set shared variables come first.
        dt, clock : Quantity, Clock, optional
            How often; at each step of the group by default.
        when, order
            Slot of the time step, and order within it.

        Returns
        -------
        RegularOperation
            It can be switched off with ``.active = False``.

        Examples
        --------
        >>> G = NeuronGroup(2, 'v : 1')
        >>> kick = G.run_regularly('v += 1', dt=1*ms)
        >>> run(3*ms)
        >>> G.v[:]
        array([3., 3.])
        """
        if dt is not None and clock is not None:
            raise ArgumentError("give either dt or clock, not both")
        if dt is not None:
            clock = Clock(dt)
        return self._run_at_ticks(code, clock, when, order, name or "run_regularly")

    def run_at(
        self, code: str, times: Any, when: str = "start", order: int = 0, name: str | None = None
    ) -> RegularOperation:
        """Run statements for all elements at given times.

        Parameters
        ----------
        code : str
            Statements.
        times : Quantity
            Ascending times.

        Examples
        --------
        >>> G = NeuronGroup(1, 'v : 1')
        >>> kicks = G.run_at('v += 1', times=[1, 2.5]*ms)
        >>> run(2*ms)
        >>> G.v[:]
        array([1.])
        """
        return self._run_at_ticks(code, EventClock(times), when, order, name or "run_at")

    def run_on_clock(
        self, code: str, clock: Clock, when: str = "start", order: int = 0, name: str | None = None
    ) -> RegularOperation:
        """Run statements for all elements at each tick of a clock; see `run_regularly`."""
        return self._run_at_ticks(code, clock, when, order, name or "run_on_clock")

    def _run_at_ticks(self, code: str, clock: Clock | None, when: str, order: int, name: str) -> RegularOperation:
        runner = self._run_by()
        block = read_block(code, f"{name} of {self.name}")
        check_statements(block, self.scope(calling_namespace(), complete=False), f"the code of {name}")
        pattern = (
            f"{runner.name}_{name}*" if name in ("run_regularly", "run_at", "run_on_clock") else checked_name(name)
        )
        name = stem = pattern.rstrip("*")
        if name != pattern:
            taken = {part.name for part in runner.regular}
            name = next(n for n in (stem, *(f"{stem}_{k}" for k in range(1, len(taken) + 2))) if n not in taken)
        part = RegularOperation(runner, self, block, clock, when, order, name)
        runner.regular.append(part)
        return part

    def regular_operations(self, namespace: Namespace, numbers: ClockNumbers) -> tuple[Regular, ...]:
        """What `run_regularly` and its relatives have made, as parts of a network to be compiled."""
        found = []
        for part in self.regular:
            moment = part.moment(numbers(part.clock))
            if moment is not None:
                scope = part.group.scope(namespace)
                check_statements(part.block, scope, f"the code of '{part.name}'")
                whole = part.group is self
                found.append(Regular(part.block, scope, moment, None if whole else part.group.name))
        return tuple(found)
