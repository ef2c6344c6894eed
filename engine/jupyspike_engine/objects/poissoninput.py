"""Many independent Poisson inputs of equal rate and weight, as one random number a step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, UnknownNameError, nearest
from ..frames import calling_namespace
from ..language.check import unit_text
from ..language.expressions import expression
from ..language.functions import Type
from ..language.model import check_statements
from ..language.scope import Scope, Symbol
from ..language.syntax import Assignment, Block, Call, Expression, Name, Number, Operator
from ..plan.binding import Given
from ..plan.network import Moment, Regular
from ..units import SECOND, bare
from .base import SimulatedObject
from .clocks import Clock
from .namespaces import Namespace
from .neurongroup import NeuronGroup
from .sizes import whole_number
from .subgroup import Subgroup, whole


class PoissonInput(SimulatedObject):
    """Independent Poisson inputs to each neuron of a group; their sum is drawn as one binomial number in each step.

    Parameters
    ----------
    target : NeuronGroup or Subgroup
    target_var : str
        The variable that each spike adds the weight to.
    N : int
        Number of inputs for each neuron.
    rate : Quantity
        Rate of each input.
    weight : Quantity or str
        What a spike adds; as a text, an expression in variables of the target.
    when, order
        Slot of the time step, and order within it.

    Raises
    ------
    UnknownNameError
        The target has no such variable.
    DimensionMismatchError
        Rate or weight have the wrong unit.

    Examples
    --------
    >>> G = NeuronGroup(10, 'dv/dt = -v/(10*ms) : volt')
    >>> background = PoissonInput(G, 'v', N=1000, rate=1*Hz, weight=0.1*mV)
    >>> run(10*ms)
    """

    acts = True
    add_to_magic_network = True

    def __init__(
        self,
        target: Any,
        target_var: str,
        N: int,  # the field's name
        rate: Any,
        weight: Any,
        when: str = "synapses",
        order: int = 0,
        dt: Any = None,
        clock: Clock | None = None,
        name: str = "poissoninput*",
    ) -> None:
        if not isinstance(target, (NeuronGroup, Subgroup)):
            raise ArgumentTypeError("the target of a PoissonInput is a group of neurons", found=repr(target))
        super().__init__(name, dt, clock or (target.clock if dt is None else None), when, order)
        self.target, self.target_var = target, target_var
        self.N = whole_number(N, "the number of inputs", least=0)
        value, dimension = bare(rate)
        if dimension != SECOND**-1 or np.ndim(value):
            raise DimensionMismatchError(
                "rate has the wrong unit", kind="unit", found=unit_text(dimension), expected="one rate, as in 10*Hz"
            )
        if not 0 <= float(value) < float("inf"):
            raise ArgumentError("a rate must be finite and not negative", found=str(rate))
        self.rate, self.weight = rate, weight
        if target_var not in target.symbols:
            writable = [n for n, s in target.symbols.items() if s.writable]
            raise UnknownNameError(
                f"'{target.name}' has no variable '{target_var}'", kind="name", hint=nearest(target_var, writable)
            )
        self._statements(0, target.scope(calling_namespace(), complete=False))

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        return (whole(self.target)[0],)

    def _statements(self, number: int, scope: Scope) -> tuple[Block, Scope]:
        """``target_var += _binomial(N, rate*dt)*weight``, and what its names mean; without weight nothing is drawn."""
        inputs, rate, weight, added = (f"_{what}_{number}" for what in ("inputs", "rate", "weight", "added"))
        symbols = [Symbol(inputs, "constant", value=self.N), Symbol(rate, "constant", SECOND**-1, value=1.0)]
        if isinstance(self.weight, str):
            given = self.weight_expression()
        else:
            value, dimension = bare(self.weight)
            if np.ndim(value):
                raise ArgumentTypeError("the weight of a PoissonInput is one value for all", found=repr(self.weight))
            type_: Type = "integer" if isinstance(value, (int, np.integer)) else "real"
            symbols.append(Symbol(weight, "constant", dimension, type_, value=float(value)))
            given = Name(weight)
        draw = Call("_binomial", (Name(inputs), Operator("*", (Name(rate), Name("dt")))))
        inner = scope.with_symbols(*symbols)
        simple = Assignment(self.target_var, "+=", Operator("*", (draw, given)))
        check_statements((simple,), inner, f"the input '{self.name}'")
        some, drawn = Operator("!=", (Name(added), Number(0))), Operator("*", (draw, Name(added)))
        sum_of_weights = Call("select", (some, drawn, Number(0)))
        return (Assignment(added, "=", given), Assignment(self.target_var, "+=", sum_of_weights)), inner

    def weight_expression(self) -> Expression:
        """The weight that was given as a text."""
        return expression(self.weight, f"weight of {self.name}")

    def part(self, number: int, clock: int, namespace: Namespace) -> Regular:
        """The input as a part of a network to be compiled, the ``number``-th of its group."""
        block, scope = self._statements(number, self.target.scope(namespace))
        return Regular(block, scope, Moment(clock, self.when, self.order, self.name), self.name)

    def given(self, given: Given, namespace: Namespace) -> float:
        """The value of a parameter of the plan."""
        what = given.name.split("_")[1] if given.name.startswith("_") else ""
        own = {"inputs": self.N, "rate": self.rate, "weight": self.weight}
        if given.origin == "constant" and what in own:
            return float(bare(own[what])[0])
        if given.origin == "first":
            return float(whole(self.target)[1])
        return float(self.target.given(given, namespace))

    def __repr__(self) -> str:
        return f"<PoissonInput {self.name!r} to {self.target_var!r} of {self.target.name!r}>"
