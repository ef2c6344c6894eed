"""Functions."""

from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("14. advanced/functions")

UNARY = {
    "sqrt": sqrt, "exp": exp, "log": log, "log10": log10, "abs": abs, "sign": sign, "sin": sin, "cos": cos, "tan": tan,
    "sinh": sinh, "cosh": cosh, "tanh": tanh, "arcsin": arcsin, "arccos": arccos, "arctan": arctan, "expm1": expm1,
    "log1p": log1p, "exprel": exprel, "floor": floor, "ceil": ceil,
}  # fmt: skip


@section.must("functions: exp, log, log10, sqrt, abs, sign, sin, ..., tanh, arctan, expm1, log1p, exprel, floor, ceil")
def elementary():
    G = NeuronGroup(3, "x : 1\n" + "\n".join(f"y_{name} : 1" for name in UNARY))
    G.x = [0.1, 0.5, 0.9]
    G.run_regularly("\n".join(f"y_{name} = {name}(x)" for name in UNARY))
    run(0.1 * ms)
    for name, function in UNARY.items():
        assert allclose(getattr(G, f"y_{name}")[:], function(G.x[:]), rtol=1e-12), name


@section.must("clip, int, timestep")
def others():
    G = NeuronGroup(3, "x : 1\na : 1\nb : integer\nc : integer\nd : 1")
    G.x = [-2.5, 0.5, 2.5]
    G.run_regularly("a = clip(x, -1, 1); b = int(x); c = timestep(x*ms, 0.5*ms); d = int(x > 0)")
    run(0.1 * ms)
    assert list(G.a) == [-1, 0.5, 1] and list(G.b) == [-2, 0, 2] and list(G.c) == [-5, 1, 5] and list(G.d) == [0, 1, 1]


@section.must("rand(), randn(), poisson()")
def random():
    G = NeuronGroup(2000, "a : 1\nb : 1\nc : 1")
    G.run_regularly("a = rand(); b = randn(); c = poisson(3)")
    run(0.1 * ms)
    assert abs(mean(G.a) - 0.5) < 0.05 and abs(std(G.b) - 1) < 0.1 and abs(mean(G.c) - 3) < 0.2


@section.must("check_units for functions of one's own, in Python and in equations", once=True)
def units_of_functions():
    @check_units(current=amp, resistance=ohm, result=volt)
    def ohms_law(current, resistance):
        return current * resistance

    prefs.codegen.target = "numpy"
    G = NeuronGroup(1, "v = ohms_law(2*nA, 3*Mohm) : volt")
    assert ohms_law(2 * nA, 3 * Mohm) == 6 * mV and allclose(G.v[:] / mV, 6)
    with raises(DimensionMismatchError):
        ohms_law(2 * mV, 3 * Mohm)


@section.must("Function(pyfunc, arg_units, return_unit): functions without a decorator", once=True)
def function_objects():
    square = Function(lambda x: x * x, arg_units=[volt], return_unit=volt**2, arg_types=["float"], return_type="float")
    prefs.codegen.target = "numpy"
    G = NeuronGroup(2, "v : volt\nw = square(v) : volt**2")
    G.v = [2, 3] * volt
    assert (G.w[:] == [4, 9] * volt**2).all() and square(2 * volt) == 4 * volt**2


@section.often(
    "implementation(target, code): functions in C++, for the targets cpp and cython alike",
    "add_implementation, add_numpy_implementation, add_dynamic_implementation",
)
def implementations():
    @implementation("cpp", "double twice(double x) { return 2*x; }")
    @implementation("cython", "cdef double twice(double x):\n    return 2*x")
    @check_units(x=1, result=1)
    def twice(x):
        return 2 * x

    thrice = Function(None, arg_units=[1], return_unit=1, arg_names=["x"])
    thrice.implementations.add_numpy_implementation(lambda x: 3 * x)
    thrice.implementations.add_implementation("cpp", "double thrice(double x) { return 3*x; }", name="thrice")
    thrice.implementations.add_implementation("cython", "cdef double thrice(double x):\n    return 3*x", name="thrice")
    squared = Function(lambda x: x * x, arg_units=[1], return_unit=1, arg_names=["x"])
    squared.implementations.add_dynamic_implementation(
        "cpp", lambda owner: "double squared(double x) { return x*x; }", name="squared"
    )
    squared.implementations.add_dynamic_implementation(
        "cython", lambda owner: "cdef double squared(double x):\n    return x*x", name="squared"
    )
    G = NeuronGroup(3, "u : 1\nv : 1\nw : 1")
    G.run_regularly("u = squared(i); v = twice(i); w = thrice(i)")
    run(0.1 * ms)
    assert list(G.u) == [0, 1, 4] and list(G.v) == [0, 2, 4] and list(G.w) == [0, 3, 6] and twice(2) == 4


HALVED = """
cdef extern from "mine.h":
    double half(double)
cdef extern from "other.h":
    double one_more(double)

cdef double halved(double x):
    return half(one_more(x))
"""


@section.often(
    "functions take headers, macros and further source files of C++ along: headers, sources, define_macros, ..."
)
def compiler_options():
    with TemporaryDirectory() as folder:
        (Path(folder) / "mine.h").write_text("#pragma once\ninline double half(double x) { return FACTOR*x; }\n")
        (Path(folder) / "other.cpp").write_text("double one_more(double x) { return x + 1; }\n")
        (Path(folder) / "other.h").write_text("double one_more(double x);\n")
        options = dict(
            headers=['"mine.h"', '"other.h"'],
            sources=[str(Path(folder) / "other.cpp")],
            include_dirs=[folder],
            define_macros=[("FACTOR", "0.5")],
        )

        @implementation("cpp", "double halved(double x) { return half(one_more(x)); }", **options)
        @implementation("cython", HALVED, **options)
        @check_units(x=1, result=1)
        def halved(x):
            return 0.5 * (x + 1)

        G = NeuronGroup(3, "v : 1")
        G.run_regularly("v = halved(i)")
        run(0.1 * ms)
        assert list(G.v) == [0.5, 1, 1.5]


@section.often("declare_types: integer, float, boolean, any, highest", once=True)
def types():
    @declare_types(n="integer", x="any", result="highest")
    @check_units(n=1, x=1, result=1)
    def scaled(n, x):
        return n * x

    prefs.codegen.target = "numpy"
    G = NeuronGroup(2, "v = scaled(i, 2.5) : 1")
    assert list(G.v[:]) == [0, 2.5]


@section.often("auto-vectorised functions receive _vectorisation_idx", once=True)
def vectorised():
    def numbered(_vectorisation_idx):
        return _vectorisation_idx * 1.0

    numbered = Function(numbered, arg_units=[], return_unit=1, stateless=False, auto_vectorise=True)
    prefs.codegen.target = "numpy"
    G = NeuronGroup(3, "v : 1")
    G.run_regularly("v = numbered()")
    run(0.1 * ms)
    assert list(G.v) == [0, 1, 2]


@section.often("functions carry arrays along in their namespace")
def arrays():
    values = array([1.0, 10.0, 100.0])

    @implementation("cpp", "double looked_up(int k) { return _namespace_values[k]; }", namespace={"_values": values})
    @implementation("cython", "cdef double looked_up(int k):\n    return _namespace_values[k]",
                    namespace={"_values": values})  # fmt: skip
    @declare_types(k="integer", result="float")
    @check_units(k=1, result=1)
    def looked_up(k):
        return values[k]

    G = NeuronGroup(3, "v : 1")
    G.run_regularly("v = looked_up(i)")
    run(0.1 * ms)
    assert list(G.v) == list(values)
