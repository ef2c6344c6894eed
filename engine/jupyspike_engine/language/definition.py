"""What a line of equations says: a variable, with its right-hand side, unit and flags."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from ..diagnostics import Span
from ..units import Dimension, Unit, get_unit
from .flag_groups import Settings
from .flags import Role
from .formulas import latex_line
from .functions import Type
from .syntax import Expression, substitute, text
from .values import Value
from .written import Expression as WrittenExpression
from .written import identifiers_of, noise_in


@dataclass(frozen=True, slots=True, repr=False)
class Definition:
    """One line of the equations, understood.

    Two are equal when they say the same, wherever they stand.

    Attributes
    ----------
    role : str
        What kind of line it is: a differential equation, a subexpression or a parameter.
    values : tuple of (str, Value)
        What some of the names in the expression stand for; their names are no names of a user's text.
    settings : tuple of (str, Expression)
        Values that stand among the flags, such as ``D`` of a species that diffuses.
    """

    role: Role
    name: str
    expression: Expression | None
    dimension: Dimension
    value_type: Type
    flags: tuple[str, ...]
    unit_text: str = field(compare=False)
    span: Span = field(compare=False)
    name_span: Span = field(compare=False)
    values: tuple[tuple[str, Value], ...] = ()
    settings: Settings = ()

    def without_flag(self, flag: str) -> Definition:
        """The line without one of its flags."""
        return replace(self, flags=tuple(other for other in self.flags if other != flag))

    @property
    def said(self) -> tuple[str, ...]:
        """Flags, and values among them, as they are written."""
        written = {name: value.written for name, value in self.values}
        return (*self.flags, *(f"{name}={text(substitute(value, written))}" for name, value in self.settings))

    @property
    def written(self) -> Expression | None:
        """The right-hand side with its values written out."""
        if self.expression is None or not self.values:
            return self.expression
        return substitute(self.expression, {name: value.written for name, value in self.values})

    @property
    def expr(self) -> WrittenExpression | None:
        """The right-hand side (None for a parameter)."""
        return None if self.written is None else WrittenExpression(self.written)

    @property
    def type(self) -> Role:
        """What kind of line it is."""
        return self.role

    @property
    def varname(self) -> str:
        """The name of the variable."""
        return self.name

    @property
    def var_type(self) -> Literal["float", "integer", "boolean"]:
        """What kind of values the variable has."""
        return "float" if self.value_type == "real" else self.value_type

    @property
    def dim(self) -> Dimension:
        """The physical dimension of the variable."""
        return self.dimension

    @property
    def unit(self) -> Unit:
        """The base unit of the variable."""
        return get_unit(self.dimension)

    @property
    def identifiers(self) -> set[str]:
        """All names in the right-hand side, functions and units among them."""
        return set() if self.written is None else identifiers_of(self.written)

    @property
    def stochastic_variables(self) -> set[str]:
        """The white noise terms in the right-hand side."""
        return set() if self.expression is None else noise_in(self.expression)

    @property
    def shared(self) -> bool:
        """Whether there is one value for the whole group."""
        return "shared" in self.flags

    @property
    def written_out(self) -> bool:
        """Whether the name stands for its right-hand side wherever it is used."""
        return self.role == "subexpression" and not {"constant over dt", "summed"} & set(self.flags)

    def __str__(self) -> str:
        left = f"d{self.name}/dt" if self.role == "differential equation" else self.name
        right = f" = {text(self.written)}" if self.written is not None else ""
        return f"{left}{right} : {self.unit_text}" + (f" ({', '.join(self.said)})" if self.said else "")

    def __repr__(self) -> str:
        return f"<{self.role} {self}>"

    def _repr_latex_(self) -> str:
        return f"${latex_line(self)}$"
