"""The Cython target: functions in Cython, C++ and Python, its choice, and what it says where something is missing."""

import threading

import numpy as np
import pytest

from jupyspike import (
    BuildError,
    DimensionMismatchError,
    Function,
    Network,
    NeuronGroup,
    check_units,
    declare_types,
    implementation,
    ms,
    mV,
    prefs,
    volt,
)
from jupyspike_engine import compiler
from jupyspike_engine.build import cython
from jupyspike_engine.build.builder import compilations
from jupyspike_engine.plan.nodes import Plan
from jupyspike_engine.targets.cython.source import cython_source


@pytest.fixture(autouse=True)
def on_cython(clean_scope):
    prefs.codegen.target = "cython"


def computed(text, size=3, target=None, **namespace):
    """What a text assigns to the variable y of some neurons."""
    if target is not None:
        prefs.codegen.target = target
    group = NeuronGroup(size, "y : 1", threshold="True", reset=f"y = {text}", namespace=namespace, name="computing")
    net = Network(group)
    net.run(0.1 * ms)
    return group.y[:].tolist(), net.last.compiled.target


HALF = """
cdef double half(double x):
    if x < 0:
        raise ValueError("nothing below zero")
    return x/2
"""


@implementation("cython", HALF)
@check_units(x=1, result=1)
def half(x):
    raise AssertionError("the text in Cython is there")


def test_the_text_of_a_function_becomes_part_of_the_module():
    assert computed("half(i)") == ([0, 0.5, 1], "cython")


def test_an_exception_reaches_the_user_and_the_program_can_be_used_again():
    with pytest.raises(ValueError, match="nothing below zero"):
        computed("half(1.0 - i)")
    assert computed("half(1.0 + i)")[0] == [0.5, 1, 1.5]


def test_text_reads_arrays_and_calls_other_functions_whatever_they_are_written_in():
    in_cpp = Function(lambda x: None, arg_units=[1], return_unit=1)
    in_cpp.implementations.add_implementation(
        "cpp", 'double tripled(double x) { return x*sizeof("\\n\\"")*OF; }', name="tripled", define_macros=[("OF", 1)]
    )
    in_python = Function(lambda x: x + 100, arg_units=[1], return_unit=1)
    in_python.name = "larger"
    made = Function(lambda k: None, arg_units=[1], return_unit=1)
    made.implementations.add_implementation(
        "cython",
        """
        cdef double made(int k):
            return tripled(_namespacevalues[k]) + <double>larger(half(k))
        """.replace("\n        ", "\n"),
        namespace={"values": np.array([1.0, 10.0, 4.0])},
        dependencies={"tripled": in_cpp, "larger": in_python, "half": half},
        name="made",
    )
    assert computed("made(i)", made=made)[0] == [103, 130.5, 113]


def test_a_function_in_python_gets_single_numbers_with_their_units():
    seen = []

    @check_units(x=volt, y=1, result=volt)
    def added(x, y):
        seen.append((x, np.shape(x)))
        return np.clip(x + y * mV, 0 * mV, 2 * mV)

    assert computed("added(i*mV, 1)/mV", added=added)[0] == [1, 2, 2]
    assert seen == [(k * mV, ()) for k in range(3)]


def test_types_of_results_of_functions_in_python():
    @declare_types(k="integer", result="integer")
    @check_units(k=1, result=1)
    def following(k):
        return k + 1.0  # a whole number, whatever its type

    @check_units(k=1, result=bool)
    def odd(k):
        return k % 2 == 1

    assert computed("following(i)//2 + 10*int(odd(i))", following=following, odd=odd)[0] == [0, 11, 1]


def test_plain_numbers_are_given_where_units_are_discarded():
    plain = Function(lambda x: x + 1, arg_units=[volt], return_unit=volt)
    plain.implementations.add_numpy_implementation(plain.pyfunc, discard_units=True)
    assert computed("plain(2*volt)/volt", 1, plain=plain)[0] == [3]


def test_a_wrong_unit_of_a_result_is_noticed():
    wrong = Function(lambda x: x * volt, arg_units=[1], return_unit=1)
    with pytest.raises(DimensionMismatchError, match="another unit than it declares"):
        computed("wrong(1)", wrong=wrong)


def test_one_module_serves_other_functions_and_arrays_of_the_same_names():
    results = []
    for add in (1, 2):
        shifted = Function(lambda x, add=add: x + add, arg_units=[1], return_unit=1)
        table = Function(lambda k: None, arg_units=[1], return_unit=1)
        table.implementations.add_implementation(
            "cython",
            "cdef double table(int k):\n    return _namespacetable_values[k]",
            namespace={"table_values": np.arange(3.0) * add},
            name="table",
        )
        shifted.name = "shifted"
        before = compilations()
        results.append(computed("shifted(0) + table(i)", shifted=shifted, table=table)[0])
    assert results == [[1, 2, 3], [2, 4, 6]]
    assert compilations() == before


def test_programs_of_one_module_run_in_two_threads_each_with_its_own_functions():
    def network(add):
        adding = Function(lambda x: x + add, arg_units=[1], return_unit=1)
        adding.name = "adding"
        group = NeuronGroup(2, "y : 1", threshold="True", reset="y = adding(y)", namespace={"adding": adding})
        return Network(group), group

    networks = [network(1), network(1000)]
    for net, _ in networks:
        net.run(0 * ms)
    threads = [threading.Thread(target=net.run, args=(20 * ms,)) for net, _ in networks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [group.y[:].tolist() for _, group in networks] == [[200, 200], [200000, 200000]]


def test_a_function_in_cython_serves_a_method_that_chooses_its_steps():
    decay = "cdef double decay(double x):\n    if x > 1:\n        raise ValueError('too large')\n    return -x"
    decaying = Function(lambda x: -x, arg_units=[1], return_unit=1)
    decaying.implementations.add_implementation("cython", decay, name="decay")
    group = NeuronGroup(2, "dv/dt = decaying(v)/ms : 1", method="gsl_rkf45")
    group.v = 0.5
    net = Network(group)
    net.run(1 * ms)
    np.testing.assert_allclose(group.v, 0.5 * np.exp(-1), rtol=1e-5)
    group.v = 2
    with pytest.raises(ValueError, match="too large"):
        net.run(1 * ms)


def test_auto_takes_what_the_functions_are_written_in(monkeypatch):
    in_cpp = Function(lambda x: x, arg_units=[1], return_unit=1)
    in_cpp.implementations.add_implementation("cpp", "double same(double x) { return x; }", name="same")
    in_python = Function(lambda x: x, arg_units=[1], return_unit=1)
    assert computed("i", target="auto")[1] == "cpp"
    assert computed("same(i)", same=in_cpp)[1] == "cpp"
    assert computed("same(half(i))", same=in_cpp) == ([0, 0.5, 1], "cython")
    assert computed("own(i)", own=in_python)[1] == "numpy"
    monkeypatch.setattr(cython, "cython_version", lambda: "")
    numpys = Function(lambda x: x / 2, arg_units=[1], return_unit=1)
    numpys.implementations.add_implementation("cython", HALF.replace("half", "numpys"), name="numpys")
    assert computed("numpys(i)", numpys=numpys) == ([0, 0.5, 1], "numpy")


@pytest.mark.parametrize(
    ("name", "value", "message", "remedy"),
    [
        ("cython_version", lambda: "", "Cython is not installed", "pip install cython"),
        ("cython_version", lambda: "0.29.36", "Cython 0.29.36 is too old", 'pip install "cython>=3"'),
        ("sysconfig.get_path", lambda name: "/nowhere", "the headers of Python are not installed", "python3-dev"),
    ],
)
def test_what_is_missing_is_told_with_its_remedy(name, value, message, remedy, monkeypatch):
    monkeypatch.setattr(f"jupyspike_engine.build.cython.{name}", value)
    with pytest.raises(BuildError) as caught:
        computed("half(i)")
    assert message in str(caught.value)
    assert remedy in str(caught.value)


def test_errors_in_the_text_of_a_function_are_told_by_the_compiler_that_found_them():
    def broken(text):
        function = Function(lambda x: x, arg_units=[1], return_unit=1)
        function.implementations.add_implementation("cython", text, name="broken")
        with pytest.raises(BuildError) as caught:
            computed("broken(i)", broken=function)
        return str(caught.value)

    said = broken("cdef double broken(double x):\n    return undeclared + x")
    assert "the Cython compiler refused the generated program: undeclared name not builtin: undeclared" in said
    assert "return undeclared + x" in said
    said = broken("cdef extern from *:\n    double missing()\ncdef double broken(double x):\n    return missing()")
    assert "'missing' was not declared" in said
    assert "return missing()" in said


def test_the_lines_of_a_module_point_at_the_text_that_they_came_from():
    group = NeuronGroup(2, "v : 1\nn : integer", threshold="v > 0.5", reset="v = 0; n += 7", name="pointed")
    net = Network(group)
    net.run(0 * ms)
    source = cython_source(net.last.compiled.plan)
    lines = source.text.splitlines()
    places = {span.text: lines[number - 1].strip() for number, span in source.places.items()}
    assert places["n += 7"] == "g0_n[i] = (<int64_t>g0_n[i] + <int64_t>7)"


def test_the_smallest_plan_is_a_module():
    program = compiler.TARGETS["cython"](Plan(1, (), (), (), (), (), (), (), ()))
    assert "built in" in program.origin or program.origin == "from the cache"
