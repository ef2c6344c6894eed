"""Units and names of reactions, and of what stands among the flags of species."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..diagnostics import Problems, UserError, nearest
from ..units import METRE, MOLE, SECOND, Dimension
from .check import Sort, check_shared, expect, is_unknown, report_stateful, unit_text
from .constants import value_of
from .definition import Definition
from .equations import Equations
from .functions import FUNCTIONS
from .reactions import LAWS, Reaction, Term, dimension_of_species
from .scope import Scope
from .species import shells_of, species_used
from .syntax import Call, Expression, names

CONCENTRATION = MOLE / METRE**3
DIFFUSION = METRE**2 / SECOND


def check_reactions(equations: Equations, scope: Scope, problems: Problems) -> None:
    """Check that reactions are among variables of one unit, and that their rates have the units that follow."""
    for reaction in equations.reactions:
        before = len(problems.found)
        for term in (*reaction.left, *reaction.right):
            _check_species(term, reaction, equations, problems)
        if len(problems.found) > before:
            continue
        dimension = dimension_of_species(reaction, dict(equations))
        assert dimension is not None
        for reactants, law in reaction.directions:
            _check_law(law, reactants, dimension, scope, problems)


def _check_species(term: Term, reaction: Reaction, equations: Equations, problems: Problems) -> None:
    line = equations.get(term.name)
    if line is None:
        first = dimension_of_species(reaction, dict(equations)) or CONCENTRATION
        variables = [d.name for d in equations.values() if d.value_type == "real" and d.name != reaction.name]
        hint = nearest(term.name, variables) or f"a line '{term.name} : {unit_of(first)}' makes it one"
        problems.add(f"'{term.name}' is not a variable of these equations", term.span, "name", hint=hint)
        return
    if line.value_type != "real" or (line.shared and line.role == "parameter"):
        what = "one value for the whole group" if line.shared else line.unit_text
        hint = "the flag (constant) holds it" if line.shared else f"{term.name} : {unit_of(CONCENTRATION)}"
        problems.add(f"'{term.name}' cannot react: it is {what}", term.span, "value", hint=hint)
    first_name = next(name for name in reaction.species if name in equations)
    first = equations[first_name].dimension
    if line.dimension != first:
        problems.add(
            "the species of a reaction need the same unit", term.span, "unit",
            found=f"{unit_text(line.dimension)}, '{first_name}' is {unit_text(first)}",
            hint="for amounts on a surface multiply by area/volume in a concentration of their own",
        )  # fmt: skip


def _check_law(
    law: Expression, reactants: tuple[Term, ...], dimension: Dimension, scope: Scope, problems: Problems
) -> None:
    """Check what stands for the rate of one direction."""
    rate = Sort(dimension / SECOND, "real")
    report_stateful(
        law, scope, "the rate of a reaction", "make it a line of its own with the flag (constant over dt)", problems
    )
    if isinstance(law, Call) and law.function == "rate":
        expect(law.arguments[0], scope, rate, "the rate of the reaction", problems)
    elif isinstance(law, Call) and law.function == "michaelis_menten":
        expect(law.arguments[0], scope, rate, "the highest rate of the reaction", problems)
        expect(law.arguments[1], scope, Sort(dimension, "real"), "the concentration of half the rate", problems)
    elif isinstance(law, Call) and is_unknown(law.function, scope):
        hint = nearest(law.function, (*LAWS, *FUNCTIONS))
        hint = hint or "it is a constant of mass action, michaelis_menten(V_max, K_m), or rate(a law of your own)"
        problems.add(f"'{law.function}' is not known as a rate of reactions", law.span, "name", hint=hint)
    else:
        order = sum(term.count for term in reactants)
        wanted = Sort(dimension ** (1 - order) / SECOND, "real")
        expect(law, scope, wanted, "the rate constant of the reaction", problems, partial(_advice, rate, order))


def _advice(rate: Sort, order: int, found: Sort) -> str:
    if found.dimension == rate.dimension and order:
        return "rate(...) around it, if it is the rate itself and not to be multiplied by the reactants"
    return f"the constant is multiplied by {order} concentrations" if order != 1 else "as in 1/ms"


def check_settings(equations: Equations, scope: Scope, problems: Problems) -> None:
    """Check the units of species that diffuse, and of the values among their flags."""
    for line in equations.own_lines:
        settings = dict(line.settings)
        if not settings and "diffusive" not in line.flags:
            continue
        if line.dimension != CONCENTRATION or line.value_type != "real":
            what = "diffuse" if "diffusive" in line.flags else "be divided into shells, or enter through the membrane"
            problems.add(
                f"'{line.name}' cannot {what}: it is no concentration", line.span, "unit",
                found=_found(line), expected=f"{CONCENTRATION} (or mole/metre**3)",
            )  # fmt: skip
            continue
        for other in sorted(species_used(equations[line.name], equations)):
            if shells_of(equations[other]) not in (1, shells_of(line)):
                problems.add(
                    f"'{line.name}' and '{other}' have different numbers of shells", line.span, "value",
                    found=f"{shells_of(line)} and {shells_of(equations[other])}",
                    hint=f"give '{line.name}' the value shells={shells_of(equations[other])} too",
                )  # fmt: skip
        if "D" in settings:
            check_shared(settings["D"], scope, "D", problems)
            what = f"the diffusion coefficient of '{line.name}'"
            expect(settings["D"], scope, Sort(DIFFUSION, "real"), what, problems, lambda found: "as in 0.22*um**2/ms")
            if (value := _constant(settings["D"], scope)) is not None and value < 0:
                problems.add(f"{what} is negative", settings["D"].span, "value", found=str(value))
        if "influx" in settings:
            wanted = Sort(CONCENTRATION * METRE / SECOND, "real")
            what = f"the influx of '{line.name}' through the membrane"
            expect(settings["influx"], scope, wanted, what, problems, _influx_advice)


def _constant(expression: Expression, scope: Scope) -> Any:
    """The value of an expression of constants that are known; None for any other, and for mistakes in it."""
    try:
        symbols = [scope.lookup(name) for name in names(expression)]
        if any(symbol is None or symbol.value is None for symbol in symbols):
            return None
        return value_of(expression, scope, Sort(DIFFUSION, "real"))
    except UserError:
        return None


def _influx_advice(found: Sort) -> str:
    return "a current of z charges by its density: -I/(z*faraday_constant), with I in amp/metre**2"


def _found(line: Definition) -> str:
    return line.unit_text if line.value_type != "real" else unit_text(line.dimension)


def unit_of(dimension: Dimension) -> str:
    """A dimension as the unit of a line."""
    return "1" if dimension.is_dimensionless else str(dimension)
