"""What a live session offers to be moved: bounds, units, and which values are arguments of the program."""

import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    Hz,
    Network,
    NeuronGroup,
    Slider,
    Synapses,
    mA,
    ms,
    mV,
    nA,
    nS,
    pA,
    uvolt,
    volt,
)
from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.objects.running.live import Preset, Range, display_unit, open_session
from jupyspike_engine.objects.running.movable import movables
from jupyspike_engine.simulation.changes import Parameter
from jupyspike_engine.units import UNITS, dimension_of


def leaky(name, model="dv/dt = -v/tau : volt", **arguments):
    return NeuronGroup(2, model, namespace={"tau": 10 * ms}, name=name, **arguments)


@pytest.fixture
def opened():
    sessions = []

    def open_one(net, **arguments):
        sessions.append(open_session(net, 10 * ms, namespace={}, **arguments))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.stop()


@pytest.mark.parametrize(
    "bounds",
    [
        Range(1 * ms, 10 * ms),
        Range(10 * ms, 20 * ms),
        Range(1 * ms, 11 * ms, 10 * ms),  # but for rounding
        Range(1 * ms, 90 * ms, log=True),
    ],
)
def test_a_value_may_lie_at_an_end_and_a_step_be_as_long_as_the_range(bounds):
    bounds.check("tau", 10 * ms)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Range(10 * ms, 10 * ms), r"the range of 'tau' is empty.*\[10 ms, 10 ms\]"),
        (Range(11 * ms, 20 * ms), r"the value of 'tau' lies outside its range.*10 ms is outside of \[11 ms, 20 ms\]"),
        (Range(1 * ms, 9 * ms), "outside its range"),
        (Range(0 * ms, 20 * ms, log=True), "the range of 'tau' is not logarithmic"),
        (Range(-1 * ms, 20 * ms, log=True), "not logarithmic"),
        (Range(1 * ms, 20 * ms, 0 * ms), "the step of 'tau' must be above zero and no longer than its range"),
        (Range(1 * ms, 20 * ms, -1 * ms), "must be above zero"),
        (Range(1 * ms, 20 * ms, 20 * ms), "no longer than its range"),
    ],
)
def test_bounds_that_make_no_sense_are_told(bounds, said):
    with pytest.raises(ArgumentError, match=f"(?s){said}"):
        bounds.check("tau", 10 * ms)


@pytest.mark.parametrize("part, bounds", [("lower end", (1, 20 * ms)), ("upper end", (1 * ms, 20 * mV))])
def test_bounds_have_the_unit_of_the_value(part, bounds):
    with pytest.raises(DimensionMismatchError, match=f"the {part} of the range of 'tau' has another unit"):
        Range(*bounds).check("tau", 10 * ms)


def test_a_slider_is_written_as_it_was_made():
    assert (
        repr(Slider("tau", 5 * ms, 50 * ms, 1 * ms)) == "Slider('tau', 5. * msecond, 50. * msecond, step=1. * msecond)"
    )
    assert repr(Slider("p", 0, 1)) == "Slider('p', 0, 1)"
    for wrong in (lambda: Slider(3 * ms, 1, 2), lambda: Preset("fast", 3)):
        with pytest.raises(ArgumentTypeError):
            wrong()


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ([0, 0] * mV, "mV"), ([0, 0] * Hz, "Hz"), ([0.1, 0.05] * mV, "mV"), (99 * uvolt, "uV"), (2 * volt, "V"),
        (-70 * mV, "mV"), ([0.5] * nA, "pA"), (3 * nA, "nA"), (20 * pA, "pA"), (2 * mA, "mA"), (0.2 * nS, "nS"),
        ([float("nan"), 0.8] * mV, "mV"), (0.3, "1"),
    ],
)  # fmt: skip
def test_values_are_told_in_the_usual_unit_unless_they_are_far_from_it(values, unit):
    assert str(display_unit(values, dimension_of(values))) == unit


def test_a_parameter_has_the_bounds_and_the_step_of_its_slider(opened):
    session = opened(
        Network(leaky("bounded", "dv/dt = (drive - v)/tau : 1\ndrive : 1")),
        ranges={"bounded": {"tau": Range(5 * ms, 50 * ms, log=True)}},
        sliders=[Slider("bounded.drive", 0, 2, 0.25), Slider("tau", 9 * ms, 2000 * ms)],
    )
    first, factor, other = session.parameters
    assert first == Parameter("bounded.tau", 0.01, 0.005, 0.05, None, UNITS["ms"], True)
    assert (factor.value, factor.low, factor.high, factor.step, str(factor.unit)) == (0.0, 0.0, 2.0, 0.25, "1")
    assert (other.name, other.value, other.high) == ("tau", 0.01, 2.0)


def test_a_constant_that_no_equation_uses_may_have_a_slider_and_one_that_is_not_there_may_not(opened):
    group = leaky("with_more")
    group.namespace["kick"] = 1.0
    session = opened(Network(group), ranges={"with_more": {"kick": Range(0, 2)}})
    session.set("with_more.kick", 1.5)
    session.play()
    assert session.wait(20) and group.namespace["kick"] == 1.5
    with pytest.raises(ArgumentError, match=r"there is no constant 'with_more\.kik'") as error:
        opened(Network(group), ranges={"with_more": {"kik": Range(0, 2)}})
    assert "tau" in str(error.value) or "kick" in str(error.value)


def names_of(*objects):
    net = Network(*objects)
    prepared = net.prepare(1 * ms, {})
    net.finish(prepared)
    return {name: one.is_factor for name, one in movables(prepared, {}).items()}


def test_what_nothing_else_changes_can_be_moved():
    model = "dv/dt = -v/tau : volt\na : 1\nb : 1\nc : 1\nd : 1\nn : integer\ns : volt (shared)"
    group = leaky("open", model, threshold="v > 1*volt", reset="b += 1")
    group.d = [1, 2]
    group[:1].run_regularly("c += 1")
    synapses = Synapses(group, group, "w : 1\nu : 1", on_pre="u += 1; a_post += w", on_post="u -= 1", name="joined")
    assert names_of(group, synapses) == {
        "open.tau": False, "open.d": True, "open.s": False, "joined.delay": False, "joined.post.delay": False,
    }  # fmt: skip
    synapses.connect()
    synapses.w = "i + 1"
    assert names_of(group, synapses)["joined.w"] is True
    synapses.w = 3
    assert names_of(group, synapses)["joined.w"] is False


def test_a_name_that_means_a_time_here_and_a_number_there_is_not_moved_in_both(opened):
    one = NeuronGroup(1, "dv/dt = -v/x : 1", namespace={"x": 10 * ms}, name="one_of_two")
    two = NeuronGroup(1, "dv/dt = -x*v/ms : 1", namespace={"x": 0.01}, name="two_of_two")
    with pytest.raises(ArgumentError, match="'x' has different values") as error:
        opened(Network(one, two), sliders=[Slider("x", 1 * ms, 50 * ms)])
    assert "10. ms in one_of_two, 0.01 in two_of_two" in str(error.value)
    assert "say which one: 'one_of_two.x'" in str(error.value)
