"""Potentials and currents of ions, as formulas of the language.

Numbers in them are in SI units: the gas constant in J/(K mol), Faraday's constant in C/mol.
"""

from __future__ import annotations

from ..units.constants import faraday_constant, gas_constant
from .syntax import Call, Expression, Number, Operator

_F = Number(float(faraday_constant))
_R = Number(float(gas_constant))


def nernst_potential(z: Expression, inside: Expression, outside: Expression, temperature: Expression) -> Expression:
    """R T/(z F) log(outside/inside), the potential at which an ion of z charges is in equilibrium (Nernst 1888)."""
    return _times(_over(_times(_R, temperature), _times(z, _F)), Call("log", (_over(outside, inside),)))


def ghk_current(
    permeability: Expression,
    z: Expression,
    v: Expression,
    inside: Expression,
    outside: Expression,
    temperature: Expression,
) -> Expression:
    """P z F u (inside - outside exp(-u))/(1 - exp(-u)) with u = z F v/(R T), positive outwards.

    The current of an ion through a membrane in which the field is constant (Goldman 1943, Hodgkin and Katz 1949). It is
    written with exprel(u) = (exp(u) - 1)/u, so that nothing is divided by zero at v = 0.
    """
    u = _over(_times(_times(z, _F), v), _times(_R, temperature))
    outwards = _over(inside, Call("exprel", (Operator("-", (u,)),)))
    inwards = _over(outside, Call("exprel", (u,)))
    return _times(_times(_times(permeability, z), _F), Operator("-", (outwards, inwards)))


def _times(left: Expression, right: Expression) -> Expression:
    return Operator("*", (left, right))


def _over(left: Expression, right: Expression) -> Expression:
    return Operator("/", (left, right))
