"""Elementary functions of generated programs: how far they are from the truth, and the same bits in every lane."""

import ctypes

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.build.builder import build
from jupyspike_engine.numerics.exponential import expm1, exponential

NAMES = {"exp": "jsp_exponential", "expm1": "jsp_expm1", "exprel": "jsp_exprel", "bernoulli": "jsp_bernoulli",
         "log": "jsp_logarithm", "tanh": "jsp_tanh"}  # fmt: skip


@pytest.fixture(scope="module")
def functions():
    """The functions of the header over arrays, compiled with the flags of programs (and so as vector instructions)."""
    exported = 'extern "C" __attribute__((visibility("default")))'
    text = '#include "jupyspike_math.h"\n' + "\n".join(
        f"{exported} void over_{name}(int64_t count, const double *__restrict__ x, double *__restrict__ out) {{\n"
        f"    for (int64_t k = 0; k < count; ++k) out[k] = {function}(x[k]);\n}}"
        for name, function in NAMES.items()
    )
    library = ctypes.CDLL(str(build(text).path))

    def over_arrays(name):
        function = getattr(library, f"over_{name}")
        function.argtypes = (ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)

        def values(x):
            x = np.ascontiguousarray(x, np.float64)
            out = np.empty_like(x)
            function(x.size, x.ctypes.data, out.ctypes.data)
            return out

        return values

    return {name: over_arrays(name) for name in NAMES}


def exprel(x):
    return np.expm1(x) / x


@pytest.mark.parametrize(("name", "twin"), [("exp", exponential), ("expm1", expm1)])
def test_exact_integration_computes_the_same_bits_in_python(functions, name, twin):
    random = np.random.default_rng(3)
    special = [0.0, -0.0, 1e-300, np.inf, -np.inf, np.nan, 709.9, -745.2, 1e4, -1e4]
    x = np.concatenate([random.uniform(-750, 710, 5000), random.normal(size=5000), special])
    np.testing.assert_array_equal(twin(x), functions[name](x))


def bernoulli(x):
    return x / np.expm1(x)


EXTENDED = np.finfo(np.longdouble).nmant > 60
MOST = {"exp": 1.2, "expm1": 2.0, "exprel": 2.5, "bernoulli": 2.5, "log": 0.9, "tanh": 2.5}


@pytest.mark.skipif(not EXTENDED, reason="the truth is computed with numbers of 80 bits, which this machine lacks")
@pytest.mark.parametrize(
    ("name", "truth", "low", "high"),
    [
        ("exp", np.exp, -707, 709.7), ("exp", np.exp, -1, 1), ("expm1", np.expm1, -40, 709.7),
        ("expm1", np.expm1, -2, 2), ("expm1", np.expm1, -1e-3, 1e-3), ("exprel", exprel, -5, 5),
        ("exprel", exprel, -40, 700), ("bernoulli", bernoulli, -5, 5), ("bernoulli", bernoulli, -700, 600),
        ("log", np.log, 0.5, 2), ("log", np.log, 1e-307, 1e300), ("tanh", np.tanh, -1, 1),
        ("tanh", np.tanh, -20, 20), ("tanh", np.tanh, -1e-5, 1e-5),
    ],
)  # fmt: skip
def test_the_error_is_that_of_the_last_place(functions, name, truth, low, high):
    x = np.random.default_rng(1).uniform(low, high, 200_000)
    true = truth(x.astype(np.longdouble))
    error = np.abs((functions[name](x).astype(np.longdouble) - true) / np.spacing(np.abs(true.astype(np.float64))))
    assert 0.3 < error.max() < MOST[name]


@pytest.mark.parametrize(
    ("name", "arguments", "values"),
    [
        ("exp", [0, -0.0, np.inf, -np.inf, 710, -746, -707.01, 1e300, np.nan],
         [1, 1, np.inf, 0, np.inf, 0, 0, np.inf, np.nan]),
        ("expm1", [0, np.inf, -np.inf, 1e-300, -1e-300, 1e-307, -800, 800, np.nan],
         [0, np.inf, -1, 1e-300, -1e-300, 1e-307, -1, np.inf, np.nan]),
        ("exprel", [0, -0.0, 1e-17, np.inf, -np.inf, np.nan], [1, 1, 1, np.inf, 0, np.nan]),
        ("bernoulli", [0, -0.0, 1e-17, np.inf, -np.inf, np.nan], [1, 1, 1, 0, np.inf, np.nan]),
        ("log", [0, -0.0, 1, np.inf, -1, -np.inf, 5e-324, np.nan],
         [-np.inf, -np.inf, 0, np.inf, np.nan, np.nan, np.log(5e-324), np.nan]),
        ("tanh", [0, -0.0, np.inf, -np.inf, 1e-300, 25, -25, np.nan], [0, -0.0, 1, -1, 1e-300, 1, -1, np.nan]),
    ],
)  # fmt: skip
def test_at_the_edges(functions, name, arguments, values):
    np.testing.assert_array_equal(functions[name](arguments), values)


@given(x=st.floats(), before=st.integers(0, 8), after=st.integers(0, 8))
@pytest.mark.parametrize("name", NAMES)
def test_a_value_depends_on_neither_its_lane_nor_the_tail_of_the_loop(functions, name, x, before, after):
    others = np.full(before + 1 + after, 0.7)
    others[before] = x
    alone, among = functions[name]([x]), functions[name](others)[before : before + 1]
    assert alone.view(np.uint64) == among.view(np.uint64) or (np.isnan(alone) and np.isnan(among))
