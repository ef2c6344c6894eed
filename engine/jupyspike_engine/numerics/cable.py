"""The cable equation: how the potential of compartments changes in a time step.

The current into a compartment, through its membrane (Im times its area) and at a point, is linear in the potential, or
taken as linear about its present value (one step of Newton's method; see `linearised`). With the currents along the
tree that is a linear system for the potentials of all compartments at the end of the step,

    (area Cm/h - slope) v' + sum over neighbours g (v' - v'_neighbour) = area Cm/h v + rest,

which `plan.nodes.Eliminate` solves. What synapses add up to a current, as gap junctions do, is linear in the same way
in the potential of the compartment it flows into, and takes those of other cells from the start of the step: it is
stable for any conductance, and of order 1. Two methods differ in h:

backward_euler
    h = dt. Of order 1, stable and without oscillations for steps of any size.
crank_nicolson
    h = dt/2, which gives the potential in the middle of the step; at its end it is 2 v' - v. Of order 2, as all else is
    known in the middle of the step: gates and conductances then stand half a step later than the potential
    (M. Hines, International Journal of Bio-Medical Computing 15, 1984). Where a current is stiff against the step,
    as under a voltage clamp, the potential oscillates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..diagnostics import ArgumentError, Diagnostic, UnsupportedEquationsException, nearest
from ..language.equations import Equations
from ..language.spatial import MEMBRANE_CURRENT, POTENTIAL, point_currents
from ..language.syntax import Call, Expression, Name, Number, Operator, names, substitute, transform
from .affine import NotLinearError, affine
from .derivative import NotDifferentiableError, derivative
from .system import ZERO, System, add, divide, drawn_before, multiply, subtract, total, written_out

CableMethod = Literal["backward_euler", "crank_nicolson"]
CABLE_METHODS: dict[CableMethod, str] = {
    "backward_euler": "implicit, of order 1, stable",
    "crank_nicolson": "implicit, of order 2, with gates half a step later than the potential",
}


@dataclass(frozen=True)
class CableRule:
    """One step: temporaries, the linear system of each compartment, and its potential in terms of the ``solution``.

    Attributes
    ----------
    diagonal, right : Expression
        The coefficient of the compartment's own potential, without those of its neighbours, and the right-hand side.
    scale : Expression
        By which the conductances along the tree are multiplied, which are given for a resistivity of 1.
    value : Expression
        The new value of ``variable``.
    """

    variable: str
    temporaries: tuple[tuple[str, Expression], ...]
    diagonal: Expression
    right: Expression
    scale: Expression
    value: Expression

    def with_slopes(self, names: Iterable[str]) -> CableRule:
        """The rule where some currents, known for the present potential, have slopes of these names."""
        rule = self
        for name in names:
            shift = multiply(Name(name), Name(self.variable))
            rule = replace(rule, diagonal=subtract(rule.diagonal, Name(name)), right=subtract(rule.right, shift))
        return rule


SOLUTION = "_solution"
SLOPE = "_slope_"  # begins the names of slopes of currents that synapses add up


def check_cable_method(method: str) -> None:
    """Raise an error for a method that does not exist.

    Raises
    ------
    ArgumentError
    """
    if method not in CABLE_METHODS:
        hint = nearest(str(method), CABLE_METHODS) or f"methods are: {', '.join(CABLE_METHODS)}"
        raise ArgumentError(f"{method!r} is not a method for the cable equation", hint=hint)


def cable_rule(equations: Equations, system: System, method: CableMethod) -> CableRule:
    """The step of the potential.

    Raises
    ------
    UnsupportedEquationsException
        The currents contain white noise.
    """
    drawn, current = _current(equations, system)
    held, slope, rest = linearised(current, POTENTIAL)
    v, dt = Name(POTENTIAL), Name("dt")
    step = dt if method == "backward_euler" else multiply(Number(0.5), dt)
    capacity = multiply(multiply(Name("area"), Name("Cm")), divide(Number(1.0), step))
    solution = Name(SOLUTION)
    end: Expression = solution if method == "backward_euler" else subtract(multiply(Number(2.0), solution), v)
    return CableRule(
        POTENTIAL,
        (*drawn, ("_capacity", capacity), *held),
        subtract(Name("_capacity"), slope),
        add(multiply(Name("_capacity"), v), rest),
        divide(Number(1.0), Name("Ri")),
        end,
    )


def conductance(equations: Equations) -> Expression:
    """The conductance of the membrane for an area, at the present potential: -dIm/dv.

    Functions of the potential whose derivative is not known count as constant, as they do in a step.
    """
    held, current = _hold(written_out(equations)[MEMBRANE_CURRENT], POTENTIAL)
    return substitute(subtract(ZERO, derivative(current, POTENTIAL)), dict(held))


def slope_by(current: Expression, variables: Iterable[str]) -> Expression | None:
    """The derivative by a variable that may have several names; None if it is zero or not known."""
    try:
        slope = total([derivative(current, name) for name in variables])
    except NotDifferentiableError:
        return None
    return None if slope == ZERO else slope


def linearised(current: Expression, name: str) -> tuple[tuple[tuple[str, Expression], ...], Expression, Expression]:
    """Temporaries, slope and rest of a current that is slope*x + rest, exactly or about the present x.

    Where a current grows with x so fast that Newton's step would overshoot, or go the wrong way, functions of x keep
    their value: that is of order 1 and goes where the current drives x.
    """
    held, current = _hold(current, name)
    try:
        coefficients, rest = affine(current, {name})
        return held, coefficients.get(name, ZERO), rest
    except NotLinearError:
        steep = Operator(">", (Name("_newton"), multiply(Number(0.5), Name("_capacity"))))
        slope = Call("select", (steep, _slope_of_linear_part(current, name), Name("_newton")))
        rest = subtract(current, multiply(Name("_slope"), Name(name)))
        return (*held, ("_newton", derivative(current, name)), ("_slope", slope)), Name("_slope"), rest


def _slope_of_linear_part(current: Expression, name: str) -> Expression:
    """The slope of a current where functions of x keep their value, as m does in g*m(x)*(E - x); else zero."""
    functions: dict[str, Expression] = {}

    def kept(node: Expression) -> Expression | None:
        if not isinstance(node, Call) or name not in names(node):
            return None
        functions[f"_function_{len(functions)}"] = node
        return Name(f"_function_{len(functions) - 1}")

    try:
        coefficients, _ = affine(transform(current, kept), {name})
    except NotLinearError:
        return ZERO
    return substitute(coefficients.get(name, ZERO), functions)


def _current(equations: Equations, system: System) -> tuple[Iterable[tuple[str, Expression]], Expression]:
    """The current into a compartment; what is drawn for it at random comes first."""
    expanded: Mapping[str, Expression] = written_out(equations)
    flowing = [expanded[d.name] if d.written_out else Name(d.name) for d in point_currents(equations)]
    current = add(multiply(Name("area"), expanded[MEMBRANE_CURRENT]), total(flowing))
    noise = sorted(n for n in names(current) if n == "xi" or n.startswith("xi_"))
    if noise:
        raise UnsupportedEquationsException(
            Diagnostic(
                f"the currents of a compartment contain white noise ({', '.join(noise)})",
                equations[MEMBRANE_CURRENT].span, "method",
                hint="give a current that fluctuates its own equation: dI/dt = -I/tau + sigma*xi*sqrt(2/tau)",
            )
        )  # fmt: skip
    drawn, changed = drawn_before(replace(system, equations={POTENTIAL: current}))
    return drawn, changed.equations[POTENTIAL]


def _hold(current: Expression, name: str) -> tuple[tuple[tuple[str, Expression], ...], Expression]:
    """Temporaries for functions of a variable whose derivatives are not known: they keep their value in a step."""
    held: list[tuple[str, Expression]] = []

    def change(node: Expression) -> Expression | None:
        if not isinstance(node, Call) or name not in names(node):
            return None
        try:
            derivative(node, name)
        except NotDifferentiableError:
            held.append((f"_held_current_{len(held)}", node))
            return Name(held[-1][0])
        return None

    changed = transform(current, change)  # which fills the list
    return tuple(held), changed
