"""Expressions and statements as things that users hold in their hands: their text, and the names in it."""

from __future__ import annotations

from . import expressions
from .formulas import LATEX, drawn
from .syntax import Block, Call, Name, text, walk
from .syntax import Expression as Tree


def identifiers_of(tree: Tree) -> set[str]:
    """All names an expression uses, functions and units among them."""
    nodes = list(walk(tree))
    return {n.id for n in nodes if isinstance(n, Name)} | {n.function for n in nodes if isinstance(n, Call)}


def noise_in(tree: Tree) -> set[str]:
    """The white noise terms of an expression, ``xi`` and ``xi_name``."""
    return {n.id for n in walk(tree) if isinstance(n, Name) and (n.id == "xi" or n.id.startswith("xi_"))}


class Expression:
    """A mathematical expression.

    Two are equal when they say the same, however they are spaced and bracketed.

    Parameters
    ----------
    code : str
        Its text.

    Raises
    ------
    EquationError
        The text is not an expression.

    Examples
    --------
    >>> rate = Expression('(E_l - v)/tau')
    >>> sorted(rate.identifiers)
    ['E_l', 'tau', 'v']
    >>> rate == Expression('(E_l-v) / tau')
    True
    """

    def __init__(self, code: str | Tree) -> None:
        self.tree = expressions.expression(code, "expression") if isinstance(code, str) else code
        self.code = code if isinstance(code, str) else text(code)

    @property
    def identifiers(self) -> set[str]:
        """All names in it, functions and units among them."""
        return identifiers_of(self.tree)

    @property
    def stochastic_variables(self) -> set[str]:
        """The white noise terms in it."""
        return noise_in(self.tree)

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"Expression({self.code!r})"

    def __eq__(self, other: object) -> bool:
        return self.tree == other.tree if isinstance(other, Expression) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.tree)

    def _repr_latex_(self) -> str:
        return f"${drawn(self.tree, LATEX)}$"


class Statements:
    """Assignments, one a line or separated by semicolons, as in a reset.

    Parameters
    ----------
    code : str
        Their text.

    Raises
    ------
    EquationError
        With every line that is not a statement.

    Examples
    --------
    >>> sorted(Statements('v = v_r; w += b').identifiers)
    ['b', 'v', 'v_r', 'w']
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.block: Block = expressions.block(code, "statements")

    @property
    def identifiers(self) -> set[str]:
        """All names in them, those that are assigned to among them."""
        return {s.target for s in self.block}.union(*(identifiers_of(s.expression) for s in self.block))

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"Statements({self.code!r})"

    def __eq__(self, other: object) -> bool:
        return self.block == other.block if isinstance(other, Statements) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.block)
