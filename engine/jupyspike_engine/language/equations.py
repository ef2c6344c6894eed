"""Equations: the text of a model as definitions of variables, each with its unit, flags and place.

See `jupyspike_engine.language.lines` for what their lines are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ..diagnostics import ArgumentTypeError, Problems, Source, Span, UnknownNameError, nearest
from ..units import Dimension
from . import analysis
from .definition import Definition
from .flags import Role
from .formulas import latex_table
from .lines import Line, check_duplicates, parse_lines
from .reactions import Reaction, definitions_of
from .substitution import substituted, with_distinct_values
from .written import Expression as WrittenExpression


class Equations(Mapping[str, Definition]):
    """The equations of a model, a mapping from the name of each variable to its line.

    Parameters
    ----------
    equations : str
        One definition a line; see `jupyspike_engine.language.lines`.
    **substitutions : str, number or Quantity
        Names to be replaced by other names or by values, as by `substitute`.

    Raises
    ------
    EquationError
        With all problems of the text at their places.

    Examples
    --------
    >>> neuron = Equations('dv/dt = (I - v)/tau : volt', tau=10*ms)
    >>> neuron += 'I : volt'
    >>> print(neuron)
    dv/dt = (I - v)/(10*ms) : volt
    I : volt
    >>> neuron['v'].expr, neuron['v'].unit, neuron.parameter_names
    (Expression('(I - v)/(10*ms)'), volt, {'I'})

    The same line for two synapses, each with its own name and time constant:

    >>> decay = Equations('dg/dt = -g/tau : siemens')
    >>> print(decay.substitute(g='g_e', tau=5*ms) + decay.substitute(g='g_i', tau=10*ms))
    dg_e/dt = -g_e/(5*ms) : siemens
    dg_i/dt = -g_i/(10*ms) : siemens
    """

    def __init__(self, equations: str | Span | tuple[Line, ...], /, **substitutions: object) -> None:
        if isinstance(equations, str):
            equations = Span(Source(equations, "equations"), 0, len(equations))
        if not isinstance(equations, (Span, tuple)):
            raise ArgumentTypeError("equations must be given as text", kind="type", found=repr(equations))
        lines = parse_lines(equations) if isinstance(equations, Span) else equations
        if substitutions:
            lines = substituted(lines, substitutions)
        problems = Problems()
        check_duplicates(lines, problems)
        problems.raise_if_any()
        self.lines = with_distinct_values(lines)
        self._definitions = definitions_of(self.lines)

    lines: tuple[Line, ...]  # as they were written: reactions, and equations without what reactions add to them

    def substitute(self, **substitutions: object) -> Equations:
        """The equations with names replaced, all at once, by other names or by values.

        Parameters
        ----------
        **substitutions : str, number or Quantity
            What stands for each name. Names that do not occur are ignored.

        Raises
        ------
        EquationError
            A new name is no name, or one that a variable cannot have or has already; or a variable of the equations
            would become a value.
        ArgumentTypeError
            Something is neither a name nor a single value.

        Examples
        --------
        >>> Equations('dx/dt = -x/tau : 1').substitute(x='w', tau='tau_w')
        Equations('dw/dt = -w/tau_w : 1')
        """
        return Equations(self.lines, **substitutions)

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """The reactions among the lines."""
        return tuple(line for line in self.lines if isinstance(line, Reaction))

    @property
    def own_lines(self) -> tuple[Definition, ...]:
        """The other lines, without the terms that come from reactions."""
        return tuple(line for line in self.lines if not isinstance(line, Reaction))

    @property
    def values_of_names(self) -> dict[str, Any]:
        """The values that travel with the equations, by the names they have in the trees."""
        return {name: value.quantity for line in self.lines for name, value in line.values}

    def __getitem__(self, name: str) -> Definition:
        if name not in self._definitions:
            raise UnknownNameError(f"the equations do not define '{name}'", hint=nearest(str(name), self._definitions))
        return self._definitions[name]

    def __contains__(self, name: object) -> bool:
        return name in self._definitions

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __hash__(self) -> int:
        return hash(frozenset(self._definitions.items()))

    def __add__(self, other: Equations | str) -> Equations:
        if not isinstance(other, (Equations, str)):
            return NotImplemented
        more = Equations(other) if isinstance(other, str) else other
        return Equations((*self.lines, *more.lines))

    def __radd__(self, other: str) -> Equations:
        return Equations(other) + self if isinstance(other, str) else NotImplemented

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    def __repr__(self) -> str:
        if len(self.lines) < 2:
            return f"Equations({str(self)!r})"
        return "Equations('''\n" + "".join(f"    {line}\n" for line in self.lines) + "''')"

    def _repr_latex_(self) -> str:
        return latex_table(list(self.values()))

    def of_role(self, role: Role) -> tuple[Definition, ...]:
        """The lines of one kind."""
        return tuple(d for d in self.values() if d.role == role)

    @property
    def names(self) -> set[str]:
        """Names of all variables defined."""
        return set(self)

    @property
    def diff_eq_names(self) -> set[str]:
        """Names of the variables with a differential equation."""
        return {d.name for d in self.of_role("differential equation")}

    @property
    def subexpr_names(self) -> set[str]:
        """Names of the subexpressions."""
        return {d.name for d in self.of_role("subexpression")}

    @property
    def parameter_names(self) -> set[str]:
        """Names of the parameters."""
        return {d.name for d in self.of_role("parameter")}

    @property
    def eq_names(self) -> set[str]:
        """Names of the variables with a right-hand side."""
        return self.diff_eq_names | self.subexpr_names

    @property
    def diff_eq_expressions(self) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of the differential equations."""
        return [(d.name, d.expr) for d in self.of_role("differential equation") if d.expr is not None]

    @property
    def eq_expressions(self) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of differential equations and subexpressions, in the order of the text."""
        return [(d.name, d.expr) for d in self.values() if d.expr is not None]

    def get_substituted_expressions(self, include_subexpressions: bool = False) -> list[tuple[str, WrittenExpression]]:
        """Names and right-hand sides of the differential equations, with all subexpressions written out.

        Parameters
        ----------
        include_subexpressions : bool
            Whether to list the subexpressions too, in front.

        Examples
        --------
        >>> Equations('''dv/dt = I/tau : volt
        ...              I = E - v : volt''').get_substituted_expressions()
        [('v', Expression('(E - v)/tau'))]
        """
        wanted = self.eq_names if include_subexpressions else self.diff_eq_names
        trees = analysis.substituted(self._definitions)
        return [(name, WrittenExpression(tree)) for name, tree in trees.items() if name in wanted]

    @property
    def ordered(self) -> list[Definition]:
        """Subexpressions, each after those it uses; then differential equations and parameters."""
        return analysis.ordered(self._definitions)

    @property
    def dependencies(self) -> dict[str, list[analysis.Dependency]]:
        """For each right-hand side the lines it uses, directly or by way of subexpressions."""
        return analysis.dependencies(self._definitions)

    @property
    def dimensions(self) -> dict[str, Dimension]:
        """The physical dimension of each variable."""
        return {name: line.dimension for name, line in self.items()}

    @property
    def identifiers(self) -> set[str]:
        """All names used that the equations do not define; functions, units and noise are among them."""
        return set().union(*(line.identifiers for line in self.values())) - self.names

    @property
    def stochastic_variables(self) -> set[str]:
        """The white noise terms, ``xi`` and ``xi_name``."""
        return set().union(*(line.stochastic_variables for line in self.values()))

    @property
    def is_stochastic(self) -> bool:
        """Whether there is noise."""
        return bool(self.stochastic_variables)

    @property
    def stochastic_type(self) -> Literal["additive", "multiplicative"] | None:
        """None without noise; multiplicative if what noise is multiplied by changes with time.

        Examples
        --------
        >>> Equations('dv/dt = -v/tau + sigma*sqrt(2/tau)*xi : volt').stochastic_type
        'additive'
        """
        return analysis.stochastic_type(self._definitions)
