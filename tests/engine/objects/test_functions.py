"""Functions of the user's in equations and code: Python for numpy, text for C++, with units, arrays and helpers."""

import numpy as np
import pytest

from jupyspike import (
    BuildError,
    DimensionMismatchError,
    Function,
    Network,
    NeuronGroup,
    StateMonitor,
    UserError,
    amp,
    check_units,
    declare_types,
    implementation,
    ms,
    mV,
    nA,
    prefs,
    run,
    second,
    volt,
)  # fmt: skip
from jupyspike_engine.build.builder import compilations
from jupyspike_engine.diagnostics import ArgumentError, ArgumentTypeError

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


@implementation("cpp", "double rectified(double x, double low) { return x > low ? x - low : 0; }")
@check_units(x=amp, low=amp, result=amp)
def rectified(x, low):
    return np.maximum(x - low, 0 * nA)


def test_a_function_with_units_serves_equations_code_and_values():
    group = NeuronGroup(
        3,
        "I = rectified(i*nA, 0.5*nA) : amp\ndv/dt = I/nA/ms : 1\nx : amp",
        threshold="v > 1",
        reset="x = rectified(I, 1*nA)",
    )
    group.x = "rectified(3*nA*i, 4*nA)"
    np.testing.assert_allclose(group.x / nA, [0, 0, 2])
    trace = StateMonitor(group, "I", record=True)
    Network(group, trace).run(3 * ms)
    np.testing.assert_allclose(trace.I[:, -1] / nA, [0, 0.5, 1.5])
    np.testing.assert_allclose(group.x / nA, [0, 0, 0.5])
    assert rectified(2 * nA, 0.5 * nA) == 1.5 * nA  # it stays a function of Python


def test_a_function_from_the_namespace_of_a_group_or_a_run():
    group = NeuronGroup(2, "v : 1", threshold="True", reset="v = shifted(v, 3*second)")
    own = Function(lambda x, y: x + y / second, arg_units=[1, second], return_unit=1)
    own.implementations.add_implementation("cpp", "double shift(double x, double y) { return x + y; }", name="shift")
    Network(group).run(0.1 * ms, namespace={"shifted": own})
    np.testing.assert_array_equal(group.v, [3, 3])
    other = NeuronGroup(2, "v : 1", threshold="True", reset="v = shifted(v, 1*second)", namespace={"shifted": own})
    Network(other).run(0.1 * ms)
    np.testing.assert_array_equal(other.v, [1, 1])


def test_text_may_read_arrays_call_other_functions_and_use_the_library_of_the_language():
    halved = Function(lambda x: x / 2, arg_units=[1], return_unit=1)
    halved.implementations.add_implementation("cpp", "double halved(double x) { return x/2; }", name="halved")
    code = """
    #include <vector>
    double looked_up(int k) {
        std::vector<double> found(1, _namespace_values[k]);
        return std::max(halved(found[0]), LEAST);
    }"""
    values = np.array([10.0, 2.0, 8.0])
    looked_up = Function(lambda k: np.maximum(values[k] / 2, 1.5), arg_units=[1], return_unit=1)
    looked_up.implementations.add_implementation(
        "cpp", code, namespace={"_values": values}, dependencies={"halved": halved}, name="looked_up",
        define_macros=[("LEAST", "1.5")],
    )  # fmt: skip
    group = NeuronGroup(3, "x = looked_up(i) : 1\ny : 1", threshold="True", reset="y = x")
    net = Network(group)
    net.run(0.1 * ms)
    np.testing.assert_array_equal(group.y, [5, 1.5, 4])


@pytest.mark.parametrize("target", ["cpp", "cython"], indirect=True)
def test_text_may_have_the_name_by_which_the_function_is_called(target):
    def rectified(x):
        return np.maximum(x, 0)

    relu = Function(rectified, arg_units=[1], return_unit=1)
    relu.implementations.add_implementation("cpp", "double relu(double x) { return x > 0 ? x : 0; }")
    relu.implementations.add_implementation("cython", "cdef double relu(double x) nogil:\n    return x if x > 0 else 0")
    group = NeuronGroup(3, "y : 1", threshold="True", reset="y = relu(i - 1.0)")
    Network(group).run(0.1 * ms)
    np.testing.assert_array_equal(group.y, [0, 0, 1])


def test_arrays_of_functions_are_values():
    made = []
    for values in (np.arange(3.0), np.arange(5.0) + 10):
        table = Function(lambda k, values=values: values[k], arg_units=[1], return_unit=1)
        table.implementations.add_implementation(
            "cpp",
            "double table(int k) { return _namespacetable_values[k]; }",
            namespace={"table_values": values},
            name="table",
        )
        group = NeuronGroup(3, "y : 1", threshold="True", reset="y = table(i)")
        before = compilations()
        Network(group).run(0.1 * ms)
        made.append((group.y[:].tolist(), compilations() - before))
    assert [values for values, _ in made] == [[0, 1, 2], [10, 11, 12]]
    assert made[1][1] == 0


def times(factor, name="scaled", **options):
    """A function that multiplies, of which there may be several with one name."""
    function = Function(lambda x: factor * x, arg_units=[1], return_unit=1)
    function.implementations.add_implementation(
        "cpp", f"double {name}(double x) {{ return {factor}*x; }}", name=name, **options
    )
    return function


def test_functions_with_the_same_name_are_different_functions():
    namespace = {"twice": times(2), "thrice": times(3)}
    group = NeuronGroup(2, "v : 1\nw : 1", threshold="True", reset="v = twice(i); w = thrice(i)", namespace=namespace)
    other = NeuronGroup(2, "v : 1", threshold="True", reset="v = twice(i)", namespace={"twice": times(5)})
    Network(group, other).run(0.1 * ms)
    assert [*group.v, *group.w, *other.v] == [0, 2, 0, 3, 0, 5]


def test_arrays_and_helpers_with_the_same_name_belong_to_their_function():
    def made(values, factor):
        function = Function(lambda k: factor * values[k], arg_units=[1], arg_types=["integer"], return_unit=1)
        function.implementations.add_implementation(
            "cpp", "double found(int k) { return helper(_namespace_values[k]); }", name="found",
            namespace={"_values": values}, dependencies={"helper": times(factor, "helper")},
        )  # fmt: skip
        return function

    namespace = {"first": made(np.array([1.0, 2.0]), 2), "second_one": made(np.array([10.0, 20.0]), 3)}
    reset = "v = first(i); w = second_one(i)"
    group = NeuronGroup(2, "v : 1\nw : 1", threshold="True", reset=reset, namespace=namespace)
    Network(group).run(0.1 * ms)
    assert [*group.v, *group.w] == [2, 4, 30, 60]


@pytest.mark.parametrize("name", ["step", "k", "erf"])
def test_the_names_of_functions_are_free(name):
    """Programs have variables, and C++ has functions, of these names."""
    namespace = {"twice": times(2, name)}
    group = NeuronGroup(2, "v : 1\nw = twice(i) : 1", threshold="w >= 0", reset="v = w", namespace=namespace)
    Network(group).run(0.1 * ms)
    assert group.v[:].tolist() == [0, 2]


def test_macros_come_before_what_uses_them():
    function = Function(lambda x: 2 * x, arg_units=[1], return_unit=1)
    code = {"support_code": "double doubled(double x) { return TWO*x; }", "hashdefine_code": "#define TWO 2"}
    function.implementations.add_implementation("cpp", code, name="doubled")
    group = NeuronGroup(2, "v : 1", threshold="True", reset="v = function(i)")
    run(0.1 * ms)
    assert group.v[:].tolist() == [0, 2]


def test_a_function_defined_anew_is_another_one():
    """As when the cell of a notebook is run again."""
    group = NeuronGroup(2, "v : 1", threshold="True", reset="v = f(i + 1)")
    network, found = Network(group), []
    for factor in (2, 3, 4):
        network.run(0.1 * ms, namespace={"f": times(factor)})
        found.append(group.v[0])
    assert found == [2, 3, 4]


def test_functions_with_the_numbers_of_the_elements():
    numbered = Function(
        lambda x, _vectorisation_idx: x + _vectorisation_idx, arg_units=[1], return_unit=1, auto_vectorise=True
    )
    numbered.implementations.add_implementation(
        "cpp", "double numbered(double x, int k) { return x + k; }", name="numbered"
    )
    group = NeuronGroup(4, "y : 1", threshold="i > 1", reset="y = numbered(10)")
    Network(group).run(0.1 * ms)
    np.testing.assert_array_equal(group.y, [0, 0, 12, 13])


def test_functions_that_are_not_stateless_are_called_once_a_step():
    calls = []
    counting = Function(lambda: calls.append(1) or float(len(calls)), arg_units=[], return_unit=1, stateless=False)
    counting.implementations.add_implementation(
        "cpp", "static double calls = 0; double counting() { return ++calls; }", name="counting"
    )
    with pytest.raises(UserError, match="constant over dt"):
        NeuronGroup(1, "x = counting() : 1")
    group = NeuronGroup(1, "x = counting() : 1 (constant over dt, shared)\na = x : 1\nb = x : 1")
    trace = StateMonitor(group, ["a", "b"], record=True)
    Network(group, trace).run(0.3 * ms)
    np.testing.assert_array_equal(trace.a, trace.b)
    np.testing.assert_array_equal(np.diff(trace.a[0]), [1, 1])


def test_types_are_declared():
    @implementation("cpp", "int64_t next_one(int64_t k) { return k + 1; }")
    @declare_types(k="integer", result="integer")
    @check_units(k=1, result=1)
    def next_one(k):
        return k + 1

    group = NeuronGroup(2, "n : integer\nm : integer", threshold="True", reset="n = next_one(n); m = next_one(c)")
    Network(group).run(0.2 * ms, namespace={"next_one": next_one, "c": 7})
    np.testing.assert_array_equal(group.n, [2, 2])
    np.testing.assert_array_equal(group.m, [8, 8])
    with pytest.raises(UserError, match=r"an argument of next_one\(\) must be an integer"):
        group.n = "next_one(i*1.5)"
    with pytest.raises(ArgumentError, match="not a type"):
        declare_types(k="integr")
    with pytest.raises(ArgumentError, match="not an argument"):
        declare_types(m="integer")(next_one)


def test_truth_values_are_taken_and_given():
    @implementation("cpp", "bool both(bool a, bool b) { return a && b; }")
    @check_units(a=bool, b=bool, result=bool)
    def both(a, b):
        return np.logical_and(a, b)

    group = NeuronGroup(3, "v : 1", threshold="both(i > 0, i < 2)", reset="v += 1")
    Network(group).run(0.2 * ms)
    np.testing.assert_array_equal(group.v, [0, 2, 0])
    with pytest.raises(UserError, match="needs another type"):
        NeuronGroup(1, "v : 1", threshold="both(i, True)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = rectified(1*nA) : amp", "takes 2 arguments"),
        ("x = rectified(1*volt, 1*nA) : amp", "wrong unit"),
        ("x = rectified(1*nA, 1*nA) : volt", "wrong unit"),
        ("x = plain(1) : 1", "units must be declared"),
    ],
)
def test_calls_are_checked(text, message):
    def plain(x):
        return x

    with pytest.raises(UserError, match=message):
        Network(NeuronGroup(1, text)).run(0 * ms)


def test_units_of_arguments_may_depend_on_each_other():
    @implementation("cpp", "double larger(double a, double b) { return a > b ? a : b; }")
    @check_units(a=None, b="a", result=lambda a, b: a)
    def larger(a, b):
        return np.maximum(a, b)

    group = NeuronGroup(1, "x = larger(2*mV, 3*mV) : volt\ny = larger(5, 4) : 1\nz : 1")
    group.z = "x/volt + y"
    assert group.z[0] == pytest.approx(5.003)
    with pytest.raises(UserError, match="wrong unit"):
        NeuronGroup(1, "x = larger(2*mV, 3) : volt")
    assert (group.x[:] == [3] * mV).all() and volt


def test_a_wrong_unit_of_a_result_is_noticed_by_numpy():
    wrong = Function(lambda x: x * second, arg_units=[1], return_unit=1)
    group = NeuronGroup(1, "y : 1")
    with pytest.raises(DimensionMismatchError, match="another unit than it declares"):
        group.y = "wrong(1)"


def test_a_function_without_text_for_the_target_is_named():
    prefs.codegen.target = "cpp"
    python_only = Function(lambda x: x, arg_units=[1], return_unit=1)
    group = NeuronGroup(1, "v : 1", threshold="True", reset="v = python_only(v)")
    with pytest.raises(BuildError, match="has no C"):
        run(0.1 * ms)
    prefs.codegen.target = "numpy"
    run(0.1 * ms)
    assert group.v[0] == 0


def test_numpy_may_be_given_plain_arrays():
    prefs.codegen.target = "numpy"

    given = []

    @implementation("numpy", discard_units=True)
    @check_units(x=volt, result=volt)
    def plain(x):
        given.append(type(x))
        return 2 * x

    group = NeuronGroup(2, "v : volt")
    group.v = "plain(3*mV)"
    assert (group.v[:] == [6, 6] * mV).all() and given == [np.ndarray]
    assert plain(1 * mV) == 2 * mV


def test_sources_are_compiled_with_the_program(tmp_path):
    (tmp_path / "cubed.cpp").write_text("double cubed(double x) { return x*x*x; }\n")
    (tmp_path / "cubed.h").write_text("double cubed(double x);\n")
    cubed = Function(lambda x: x**3, arg_units=[1], return_unit=1)
    cubed.implementations.add_implementation(
        "cpp",
        "",
        name="cubed",
        headers=['"cubed.h"'],
        include_dirs=[str(tmp_path)],
        sources=[str(tmp_path / "cubed.cpp")],
    )
    group = NeuronGroup(2, "v : 1", threshold="True", reset="v = cubed(i + 1)")
    Network(group).run(0.1 * ms)
    np.testing.assert_array_equal(group.v, [1, 8])


def test_options_and_targets_that_do_not_exist_are_named():
    function = Function(lambda x: x, arg_units=[1], return_unit=1)
    with pytest.raises(ArgumentError, match="not a target"):
        implementation("fortran", "")(function)
    with pytest.raises(ArgumentError, match="did you mean 'headers'"):
        function.implementations.add_implementation("cpp", "", header=["x"])
    with pytest.raises(ArgumentTypeError, match="a Function already"):
        Function(function)
