"""Every operation of the plan has a meaning in numpy and printers in C++ and Cython, and all give the same values."""

import ctypes
from itertools import product

import numpy as np
import pytest

from jupyspike_engine.compiler import TARGETS
from jupyspike_engine.plan.nodes import Apply, Array, Domain, Element, Plan, Store, Update
from jupyspike_engine.plan.operations import OPERATIONS, POWERS, result_type
from jupyspike_engine.targets.interface import DTYPES, Clock, Elements, Memory, Status
from jupyspike_engine.targets.numpy.functions import FUNCTIONS

REALS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 3.0, 0.1, -0.1, 1e-17, -1e-9, 700.0, 1e300, 1e-300]
REALS += [np.inf, -np.inf, np.nan]
INTEGERS = [0, 1, -1, 2, -2, 3, 7, -7, 70000, 2**31 - 1, -(2**31)]
BOOLEANS = [True, False]
VALUES = {"real": REALS, "integer": INTEGERS, "boolean": BOOLEANS}

LOGIC = ("and", "or", "not")
ROUNDED = ("exp", "log", "log10", "expm1", "log1p", "exprel", "bernoulli", "sin", "cos", "tan", "sinh", "cosh", "tanh")
ROUNDED += ("arcsin", "arccos", "arctan", "power")  # the libraries differ in the last bits


def signatures(operation):
    """The types of arguments that an operation is used with."""
    if operation in LOGIC:
        return [("boolean",) * OPERATIONS[operation].arguments]
    if operation == "select":
        return [("boolean", t, u) for t, u in (*product(("real", "integer"), repeat=2), ("boolean", "boolean"))]
    types = list(product(("real", "integer"), repeat=OPERATIONS[operation].arguments))
    if operation in ("equal", "not_equal"):
        types.append(("boolean", "boolean"))
    if operation == "int":
        types.append(("boolean",))
    return types


CASES = [(operation, types) for operation in OPERATIONS for types in signatures(operation)]
OPERANDS = [(place, kind) for place in range(3) for kind in VALUES]


def plan_of_all():
    """One update that computes every case into an array of its own."""
    arrays = [Array(f"d.{place}_{kind}", "d", kind) for place, kind in OPERANDS]
    statements = []
    for number, (operation, types) in enumerate(CASES):
        arguments = tuple(Element(f"d.{place}_{kind}", "own", kind) for place, kind in enumerate(types))
        value = Apply(operation, arguments, result_type(operation, types))
        arrays.append(Array(f"d.out_{number}", "d", value.type))
        statements.append(Store(f"d.out_{number}", "own", value))
    return Plan(1, (Domain("d"),), tuple(arrays), (), (), (), (), (), (Update(0, "d", tuple(statements)),))


def operand_values(size):
    """Special values in all combinations (every place cycles at its own pace), then random ones."""
    random = np.random.default_rng(7)
    values = {}
    for place, kind in OPERANDS:
        special = np.array(VALUES[kind], DTYPES[kind])
        pace = len(special) ** place
        cycled = special[np.arange(size // 2) // pace % len(special)]
        drawn = {
            "real": random.normal(0, 10, size - size // 2),
            "integer": random.integers(-50, 50, size - size // 2),
            "boolean": random.random(size - size // 2) < 0.5,
        }[kind]
        values[f"d.{place}_{kind}"] = np.concatenate([cycled, drawn]).astype(DTYPES[kind])
    return values


@pytest.fixture(scope="module")
def results():
    """The arrays after one step, by target."""
    plan = plan_of_all()
    size = 2 * len(REALS) ** 3
    found = {}
    for target, program_of in TARGETS.items():
        arrays = {array.name: np.zeros(size, DTYPES[array.type]) for array in plan.arrays} | operand_values(size)
        clocks = (Clock * 1)(Clock(0, 1, 1e-4))
        memory = Memory(0, np.zeros(0), arrays, clocks, {"d": Elements(size, 0)}, {}, {}, {})
        program = program_of(plan)
        assert program.advance(memory, 5) == Status.DONE
        assert memory.clocks[0].step == 1
        found[target] = arrays
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=["_".join((name, *types)) for name, types in CASES])
def test_all_targets_give_the_same_value(number, results):
    operation, _ = CASES[number]
    meant, compiled, cython = (results[target][f"d.out_{number}"] for target in ("numpy", "cpp", "cython"))
    np.testing.assert_array_equal(cython, compiled)
    if operation in ROUNDED:
        np.testing.assert_allclose(compiled, meant, rtol=2e-14, atol=0)
    else:
        np.testing.assert_array_equal(compiled, meant)
        if meant.dtype == np.float64 and operation != "clip":
            np.testing.assert_array_equal(np.signbit(compiled), np.signbit(meant))


def test_powers_with_a_small_exponent_are_products():
    values = np.array(REALS)
    with np.errstate(all="ignore"):
        for exponent, operation in POWERS.items():
            if operation != "sqrt":
                np.testing.assert_allclose(FUNCTIONS[operation](values), values**exponent, rtol=4e-16)


def evaluated(operation, *arguments):
    with np.errstate(all="ignore"):
        return FUNCTIONS[operation](*(np.asarray(argument) for argument in arguments))


@pytest.mark.parametrize(
    ("operation", "arguments", "value"),
    [
        ("floor_divide", (-7, 2), -4), ("floor_divide", (7, -2), -4), ("floor_divide", (-7.5, 2.0), -4.0),
        ("floor_divide", (1.0, 0.1), 9.0), ("floor_divide", (7, 0), 0), ("floor_divide", (7.0, 0.0), np.inf),
        ("modulo", (-7, 3), 2), ("modulo", (7, -3), -2), ("modulo", (-7.5, 2.0), 0.5), ("modulo", (5, 0), 0),
        ("modulo", (5.0, 0.0), np.nan), ("divide", (1, 2), 0.5), ("divide", (1.0, 0.0), np.inf),
        ("power", (2, -1), 0.5), ("power", (0.0, 0.0), 1.0), ("power", (-8.0, 1 / 3), np.nan),
        ("sign", (-0.1,), -1.0), ("sign", (0.0,), 0.0), ("sign", (np.nan,), np.nan),
        ("exprel", (0.0,), 1.0), ("exprel", (1e-9,), 1.0000000005), ("exprel", (-1000.0,), 0.001),
        ("bernoulli", (0.0,), 1.0), ("bernoulli", (np.inf,), 0.0), ("bernoulli", (-1000.0,), 1000.0),
        ("floor", (-2.5,), -3), ("ceil", (-2.5,), -2), ("int", (-2.5,), -2), ("int", (True,), 1),
        ("int", (np.inf,), 2**62), ("floor", (-1e300,), -(2**62)),
        ("clip", (5.0, 0.0, 1.0), 1.0), ("clip", (-5, 0, 1), 0), ("clip", (np.nan, 0.0, 1.0), np.nan),
        ("timestep", (0.3, 0.1), 3), ("timestep", (0.29999999999999993, 0.1), 3), ("timestep", (0.28, 0.1), 2),
        ("timestep", (np.inf, 0.1), 2**62),
        ("select", (True, 1, 2.5), 1.0), ("select", (False, 1, 2.5), 2.5), ("log", (0.0,), -np.inf),
        ("sqrt", (-1.0,), np.nan), ("abs", (-3,), 3), ("not", (True,), False), ("negative", (3,), -3),
        ("greater", (np.nan, 1.0), False), ("not_equal", (np.nan, np.nan), True),
    ],
)  # fmt: skip
def test_the_meaning_of_operations(operation, arguments, value):
    np.testing.assert_array_equal(evaluated(operation, *arguments), value)


def test_every_operation_is_known_to_both_targets():
    assert set(OPERATIONS) == set(FUNCTIONS)
    assert {operation for operation, _ in CASES} == set(OPERATIONS)


def test_the_layout_of_a_clock_is_that_of_the_header():
    assert ctypes.sizeof(Clock) == 32
