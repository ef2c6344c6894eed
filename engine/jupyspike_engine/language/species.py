"""Species in neurons with a shape: what enters through the membrane, and concentric shells of the cross section.

A species with ``shells=n`` has a concentration in each of n shells of equal thickness: ``Ca`` is that of the outermost
one, under the membrane, ``Ca_shell_1`` that of the next, and so on to the axis. Its equation holds in every shell, with
the species of that shell in place of all that have shells; what has none is the same in all. An influx enters the
outermost shell, and with a diffusion coefficient shells exchange what they contain.

Of a cross section of radius R, shell k has the part ((n - k)**2 - (n - k - 1)**2)/n**2, and the surface between it and
the next one the radius R (n - k - 1)/n; their middles are R/n apart. (For the finite volumes of radial diffusion see
C. Koch, Biophysics of Computation, 1999, chapter 11.) A soma is divided like a cylinder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .definition import Definition
from .syntax import Expression, Name, Number, Operator, names, substitute

Lines = Mapping[str, Definition]


def in_space(line: Definition) -> bool:
    """Whether a line is that of a species that knows of the shape of its neuron."""
    return "diffusive" in line.flags or bool(line.settings)


def shells_of(line: Definition) -> int:
    """The number of shells of a variable."""
    shells = dict(line.settings).get("shells")
    return int(shells.value) if isinstance(shells, Number) else 1


def shell_name(name: str, shell: int) -> str:
    """The variable of one shell; 0 is the outermost one."""
    return f"{name}_shell_{shell}" if shell else name


def names_of_shells(line: Definition) -> list[str]:
    """The variables of all shells."""
    return [shell_name(line.name, shell) for shell in range(shells_of(line))]


def with_shape(lines: Lines) -> dict[str, Definition]:
    """The lines with the equations of all shells, and with the terms for what enters and is exchanged."""
    found = dict(lines)
    species = [line for line in lines.values() if in_space(line) and line.role != "subexpression"]
    for shell in range(max(map(shells_of, species), default=0)):
        for line in species:
            if shell < shells_of(line):
                name = shell_name(line.name, shell)
                found[name] = _of_shell(line, shell, lines)
    return found


def _of_shell(line: Definition, shell: int, lines: Lines) -> Definition:
    name, n = shell_name(line.name, shell), shells_of(line)
    terms: list[Expression] = []
    if line.expression is not None:
        terms.append(line.expression if shell == 0 else _moved(line.expression, shell, lines))
    settings = dict(line.settings)
    if shell == 0 and "influx" in settings:
        part = _product(Name("volume"), Number(_part(n, 0))) if n > 1 else Name("volume")
        terms.append(Operator("/", (_product(settings["influx"], Name("area")), part)))
    if "D" in settings and n > 1:
        terms += _exchanged(line.name, shell, n, settings["D"])
    total = terms[0] if terms else Number(0.0)
    for term in terms[1:]:
        total = Operator("+", (total, term))
    kept = line.settings if shell == 0 else tuple(item for item in line.settings if item[0] == "D")
    return replace(line, name=name, role="differential equation", expression=total, settings=kept)


def _exchanged(name: str, shell: int, n: int, coefficient: Expression) -> Iterator[Expression]:
    """The rates at which a shell gets from its neighbours what they have more of."""
    for neighbour in (shell - 1, shell + 1):
        if 0 <= neighbour < n:
            radius = n - max(shell, neighbour)  # of the surface between them, in thicknesses of a shell
            # D (2 pi radius h)/h / (pi R**2 part), with h = R/n and R = diameter/2
            rate = Operator("/", (_product(coefficient, Number(8.0 * radius / _part(n, shell))), _square("diameter")))
            difference = Operator("-", (Name(shell_name(name, neighbour)), Name(shell_name(name, shell))))
            yield _product(rate, difference)


def _part(n: int, shell: int) -> float:
    """The part of the cross section that a shell has."""
    return (2 * (n - shell) - 1) / n**2


def _moved(expression: Expression, shell: int, lines: Lines) -> Expression:
    """An expression as it is in an inner shell."""
    here = {name: Name(shell_name(name, shell)) for name, line in lines.items() if shells_of(line) > shell}
    return substitute(_written_out(expression, frozenset(here), lines, frozenset()), here)


def _written_out(expression: Expression, wanted: frozenset[str], lines: Lines, within: frozenset[str]) -> Expression:
    """An expression with the subexpressions written out that use some variables, directly or not."""
    values: dict[str, Expression] = {}
    for name in names(expression) - within:
        line = lines.get(name)
        if line is None or not line.written_out or line.expression is None:
            continue
        inner = _written_out(line.expression, wanted, lines, within | {name})
        if names(inner) & wanted:
            values[name] = inner
    return substitute(expression, values) if values else expression


def species_used(line: Definition, lines: Lines) -> set[str]:
    """The species that the equation of another one uses, directly or through subexpressions."""
    if line.expression is None:
        return set()
    wanted = frozenset(name for name, other in lines.items() if in_space(other))
    return names(_written_out(line.expression, wanted, lines, frozenset())) & wanted


def _product(left: Expression, right: Expression) -> Expression:
    return Operator("*", (left, right))


def _square(name: str) -> Expression:
    return Operator("**", (Name(name), Number(2)))
