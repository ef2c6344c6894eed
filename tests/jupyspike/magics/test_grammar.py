"""What the lines of a cell mean."""

import pytest

from jupyspike.magics.cells import NEURONS, SYNAPSES
from jupyspike.magics.grammar import read_cell
from jupyspike_engine.language.syntax import text


def neurons(body, line="exc -n 10"):
    cell = read_cell(line, body, NEURONS)
    cell.problems.raise_if_any()
    return cell


def values(cell):
    return {constant.name: text(constant.value) for constant in cell.constants}


def test_a_line_with_a_unit_is_an_equation_and_one_without_is_a_constant():
    cell = neurons("dv/dt = (x - v)/tau : volt\nx = 2*y : volt\ny : volt (constant)\ntau = 10*ms")
    assert {d.name: d.role for d in cell.definitions} == {
        "v": "differential equation", "x": "subexpression", "y": "parameter"
    }  # fmt: skip
    assert values(cell) == {"tau": "10*ms"}


@pytest.mark.parametrize(
    ("line", "bounds"),
    [
        ("tau = 10*ms", None),
        ("tau = 10*ms in [5*ms, 50*ms]", ("5*ms", "50*ms", None)),
        ("tau=10*ms in[5*ms,50*ms]step 1*ms", ("5*ms", "50*ms", "1*ms")),
        ("tau = 10*ms in [min_tau, clip(1, 2, 3)*ms] step 1*ms  # in [a, b]", ("min_tau", "clip(1, 2, 3)*ms", "1*ms")),
    ],
)
def test_a_constant_may_have_a_range_and_a_step(line, bounds):
    (constant,) = neurons(f"v : volt\n{line}").constants
    assert text(constant.value) == "10*ms"
    if bounds is None:
        assert constant.bounds is None
    else:
        parts = (constant.bounds.low, constant.bounds.high, constant.bounds.step)
        assert tuple(None if part is None else text(part) for part in parts) == bounds


def test_a_name_that_contains_in_has_no_range():
    assert values(neurons("v : 1\nx = gain*inner + in_2")) == {"x": "gain*inner + in_2"}


def test_the_value_of_a_key_goes_on_in_indented_lines_and_in_open_brackets():
    cell = neurons(
        "v : 1\nthreshold: v > 1 and\n   v < 5\nreset:\n  v = 0\n\n  # then\n  w = clip(w + 1,\n0, 5)\nw : 1\n"
    )
    assert cell.keys["threshold"].text == "v > 1 and\n   v < 5"
    assert cell.keys["reset"].text == "v = 0\n\n  # then\n  w = clip(w + 1,\n0, 5)"
    assert [d.name for d in cell.definitions] == ["v", "w"]


def test_keys_may_be_indented_alike():
    cell = neurons("    v : 1\n    threshold: v > 1\n    reset: v = 0\n    tau = 1*ms")
    assert {key: value.text for key, value in cell.keys.items()} == {"threshold": "v > 1", "reset": "v = 0"}
    assert values(cell) == {"tau": "1*ms"}


def test_equations_wrap():
    cell = neurons("dv/dt = (x\n   - v)/\ntau\n  : volt\n  (unless refractory)\nx : volt\nthreshold: v > 1*mV")
    definition = cell.definitions[0]
    assert str(definition.expr) == "(x - v)/tau"
    assert (definition.unit_text, definition.flags) == ("volt", ("unless refractory",))
    assert list(cell.keys) == ["threshold"]


def test_comments_may_stand_everywhere():
    cell = neurons(
        "# first: x = 3\n"
        "dv/dt = -v/tau : volt  # decay: of v\n"
        "# threshold: v > 100\n"
        "tau = 10*ms  # in [1*ms, 2*ms]\n"
        "threshold: v > 1*mV  # mV: (\n"
        "reset:  # what happens\n"
        "  v = 0*mV  # back\n"
        "  # nothing else\n",
        line="exc -n 10  # how many: -n 20",
    )
    assert [d.name for d in cell.definitions] == ["v"]
    assert values(cell) == {"tau": "10*ms"}
    assert cell.keys["threshold"].text == "v > 1*mV"
    assert cell.keys["reset"].text == "# what happens\n  v = 0*mV"
    assert cell.options.n == "10"


def test_events_are_lines_of_a_name_and_a_condition():
    cell = neurons("v : 1\nevents:\n  high: v > 3  # rare\n\n  # between\n  low: v < 1\norder: 3")
    assert {name: place.text.strip() for name, place in cell.events.items()} == {"high": "v > 3", "low": "v < 1"}
    assert cell.keys["order"].text == "3"


@pytest.mark.parametrize(
    "line", ["a -> b --name c", "a->b --name=c", "--name c a -> b", "a  ->  b  --name 'c'  # a -> d"]
)
def test_the_ends_of_synapses_and_options_come_in_any_order(line):
    cell = read_cell(line, "on_pre: v += 1", SYNAPSES)
    assert not cell.problems
    assert (cell.options.ends[0], cell.options.ends[2], cell.options.name) == ("a", "b", "c")


def test_values_of_options_may_have_spaces_in_quotes_and_signs():
    options = neurons("v : 1", line="exc -n 'N // 2' --dt -0.1*ms --method=euler").options
    assert [options.n.place.text, options.dt.place.text, options.method.place.text] == ["N // 2", "-0.1*ms", "euler"]


def test_every_part_knows_its_place():
    cell = neurons("v : 1\n\ntau = 3*ms\nthreshold: v > 1", line="exc -n 10")
    assert [(p.line, p.column) for p in (cell.definitions[0].name_span, cell.constants[0].name_span)] == [
        (2, 1),
        (4, 1),
    ]
    assert (cell.keys["threshold"].line, cell.keys["threshold"].column) == (5, 12)
    assert (cell.options.n.place.line, cell.options.n.place.column) == (1, 18)
    assert cell.source.title == "%%neurons exc"
