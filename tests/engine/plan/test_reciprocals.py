"""Quotients that become products: only where no exact number is lost."""

import pytest

from jupyspike_engine.plan.nodes import Apply, Constant, Element, Let, Local, Parameter, Update
from jupyspike_engine.plan.reciprocals import multiplied
from jupyspike_engine.plan.traversal import walk

X, TAU = Element("d.x", "own", "real"), Parameter("tau")


def apply(operation, *arguments):
    return Apply(operation, arguments, "real")


def changed(*values):
    """The values as an update computes them, each with the name of its place."""
    update = Update(0, "d", tuple(Let(f"value_{k}", value) for k, value in enumerate(values)))
    return [statement.value for statement in multiplied(update).statements]


QUOTIENT, PRODUCT = apply("divide", X, TAU), apply("multiply", X, apply("divide", Constant(1.0, "real"), TAU))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (apply("exp", QUOTIENT), apply("exp", PRODUCT)),
        (apply("exp", apply("negative", QUOTIENT)), apply("exp", apply("negative", PRODUCT))),
        (apply("divide", apply("exp", X), TAU),
         apply("multiply", apply("exp", X), apply("divide", Constant(1.0, "real"), TAU))),
        (apply("divide", TAU, apply("exprel", X)), apply("multiply", TAU, apply("bernoulli", X))),
        (apply("divide", TAU, apply("exprel", QUOTIENT)), apply("multiply", TAU, apply("bernoulli", PRODUCT))),
    ],
)  # fmt: skip
def test_beside_elementary_functions(before, after):
    assert changed(before) == [after]


@pytest.mark.parametrize(
    "value",
    [
        QUOTIENT,
        apply("exp", apply("real", Apply("floor", (QUOTIENT,), "integer"))),
        Apply("less", (QUOTIENT, TAU), "boolean"),
        apply("exp", apply("divide", X, X)),
        apply("exp", apply("divide", TAU, TAU)),
    ],
)
def test_what_stays(value):
    assert changed(value) == [value]


def test_values_with_names_are_followed():
    first, second = changed(apply("exp", X), apply("divide", Local("value_0", "real"), TAU))
    assert first == apply("exp", X)
    assert isinstance(second, Apply) and second.operation == "multiply"
    assert Local("value_0", "real") in walk(second)
