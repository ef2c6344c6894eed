"""Groups of neurons: their variables, reading and setting them, and parts of groups."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    EquationError,
    Equations,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Subgroup,
    Synapses,
    UserError,
    load_recording,
    ms,
    mV,
    nA,
    run,
    seed,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, IndexRangeError, UnknownNameError


def group_of(size=5):
    return NeuronGroup(size, "v : volt\nn : integer\non : boolean\nw = 2*v : volt\nc : 1 (constant)", name="exc")


def test_values_are_set_by_numbers_quantities_arrays_and_texts():
    group = group_of()
    group.v = 3 * mV
    assert (group.v[:] == 3 * mV).all()
    group.v = [1, 2, 3, 4, 5] * mV
    assert group.v[4] == 5 * mV
    group.v = "i*mV + dt/ms*mV"
    np.testing.assert_allclose(group.v_[:], np.arange(5) * 1e-3 + 1e-4)
    group.n = "N - i"
    assert group.n[:].tolist() == [5, 4, 3, 2, 1]
    group.on = "n > 3"
    assert group.on[:].tolist() == [True, True, False, False, False]
    group.v_ = 0.5
    assert group.v[0] == 500 * mV
    group.c = 2
    factor = 10 * mV  # used by the text
    group.v = "factor*c"
    assert group.v[0] == 20 * mV


def test_a_part_of_the_values_is_set_and_read_by_index_or_condition():
    group = group_of()
    group.v[2] = 1 * mV
    group.v[3:] = [2, 3] * mV
    group.v["i < 2"] = "(10 + i)*mV"
    np.testing.assert_allclose(group.v_[:] * 1e3, [10, 11, 1, 2, 3])
    np.testing.assert_allclose(group.v["v > 2.5*mV"] / mV, [10, 11, 3])
    np.testing.assert_allclose(group.v[[4, 0]] / mV, [3, 10])
    np.testing.assert_allclose(group.v[np.array([True, False, False, False, True])] / mV, [10, 3])
    group.v[1:3] = 0 * mV
    assert group.v[-1] == 3 * mV
    assert np.asarray(group.v[1:3]).tolist() == [0, 0]


def test_subexpressions_are_evaluated_when_they_are_read():
    group = group_of()
    group.v = "i*mV"
    np.testing.assert_allclose(group.w[:] / mV, [0, 2, 4, 6, 8])
    np.testing.assert_allclose(group.w["w > 5*mV"] / mV, [6, 8])
    with pytest.raises(TypeError, match="'w' of 'exc' cannot be set: it is a subexpression"):
        group.w = 3 * mV


def test_views_calculate_with_units():
    group = group_of()
    group.v = "i*mV"
    assert (group.v + 1 * mV)[1] == 2 * mV
    assert (2 * group.v)[2] == 4 * mV
    assert (group.v / mV).tolist() == pytest.approx([0, 1, 2, 3, 4])
    assert (group.v > 2 * mV).tolist() == [False, False, False, True, True]
    assert (-group.v)[1] == -1 * mV
    assert group.v.mean() == 2 * mV
    assert len(group.v) == 5
    assert group.v.dim is volt.dim
    assert repr(group.v).startswith("<exc.v: ")
    group.v += 1 * mV
    assert group.v[0] == 1 * mV
    group.v[:2] *= 3
    np.testing.assert_allclose(group.v_[:] * 1e3, [3, 6, 3, 4, 5])


@pytest.mark.parametrize(
    ("assign", "error", "said"),
    [
        (lambda g: setattr(g, "v", 3), DimensionMismatchError, "the value for 'v' of 'exc' has the wrong unit"),
        (lambda g: setattr(g, "v", 3 * nA), DimensionMismatchError, "the value for 'v' of 'exc' has the wrong unit"),
        (lambda g: setattr(g, "v", "3*nA"), DimensionMismatchError, "the value for 'v' has the wrong unit"),
        (lambda g: setattr(g, "v", [1, 2] * mV), ArgumentError, "2 values do not fit 5 elements"),
        (lambda g: setattr(g, "v", "unknown"), EquationError, "the name 'unknown' is not known"),
        (lambda g: setattr(g, "n", "v"), DimensionMismatchError, "the value for 'n' has the wrong unit"),
        (lambda g: setattr(g, "V", 3 * mV), UnknownNameError, "has no variable 'V'"),
        (lambda g: setattr(g, "i", 3), TypeError, "cannot be set: it is set by the simulator"),
        (lambda g: g.v.__setitem__(5, 3 * mV), IndexRangeError, "the index 5 is outside 'exc'"),
        (lambda g: g.v.__setitem__("v", 3 * mV), UserError, "condition"),
        (lambda g: g.v.__setitem__("i", 3 * mV), UserError, "condition"),
        (lambda g: setattr(g, "v", None), UserError, "'v'"),
        (lambda g: setattr(g, "n", object()), UserError, "'n' cannot be set to"),
        (lambda g: g.u, UnknownNameError, "has no variable or attribute 'u'"),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_changed(assign, error, said):
    group = group_of()
    group.v = "i*mV"
    with pytest.raises(error, match=said):
        assign(group)
    np.testing.assert_allclose(group.v_[:] * 1e3, range(5))


def test_attributes_of_ones_own_need_room():
    group = group_of()
    group.add_attribute("note")
    group.note = "mine"
    assert group.note == "mine"


def test_random_initial_values_are_one_for_each_neuron():
    seed(3)
    group = group_of(1000)
    group.v = "rand()*mV"
    assert len(np.unique(group.v_[:])) == 1000
    group.v = "(rand() - rand())*mV"
    assert (group.v_[:] != 0).all()


def test_the_types_of_arrays():
    group = group_of()
    assert [getattr(group, name + "_")[:].dtype for name in ("v", "n", "on")] == [np.float64, np.int32, np.bool_]


def test_what_a_group_says_of_itself():
    group = group_of()
    assert (len(group), group.N, group.name) == (5, 5, "exc")
    assert group.i[:].tolist() == [0, 1, 2, 3, 4]
    assert group.equations.parameter_names == {"v", "n", "on", "c"}
    assert repr(group) == "<NeuronGroup 'exc' of 5 neurons>"


def test_names_are_unique_while_objects_live():
    first, second = NeuronGroup(1, "v : 1"), NeuronGroup(1, "v : 1")
    assert first.name != second.name
    for wrong in ("1st", "a b", "class"):
        with pytest.raises(ArgumentError, match="cannot be the name of an object"):
            NeuronGroup(1, "v : 1", name=wrong)


@pytest.mark.parametrize("size", [0, -1, 1.5, "3", True, 3 * mV])
def test_the_size_is_a_positive_whole_number(size):
    with pytest.raises((ArgumentError, ArgumentTypeError), match="the number of neurons must be"):
        NeuronGroup(size, "v : 1")
    assert len(NeuronGroup(np.int64(3), "v : 1")) == len(NeuronGroup(3.0, "v : 1")) == 3


def test_equations_bring_their_values(target):
    group = NeuronGroup(1, Equations("dv/dt = (a - v)/tau : volt", a=20 * mV, tau=5 * ms))
    run(5 * ms)
    np.testing.assert_allclose(group.v_[0], 20e-3 * (1 - np.exp(-1)), rtol=1e-12)


def test_constants_of_the_language_in_equations(target):
    group = NeuronGroup(1, "x : 1\ny : 1\nz : 1", threshold="True", reset="x = pi; y = e; z = int(1e300 < inf)")
    run(0.1 * ms)
    assert (group.x[0], group.y[0], group.z[0]) == (np.pi, np.e, 1)


def test_a_condition_as_a_number(target):
    group = NeuronGroup(4, "x : 1", threshold="True", reset="x = int(i > 1)*10 + int(not (i == 0 or i == 3))")
    run(0.1 * ms)
    assert group.x[:].tolist() == [0, 1, 11, 10]


# parts of groups


def test_a_part_counts_from_its_first_neuron():
    group = group_of(10)
    group.v = "i*mV"
    part = group[3:7]
    assert isinstance(part, Subgroup) and len(part) == 4
    np.testing.assert_allclose(part.v_[:] * 1e3, [3, 4, 5, 6])
    assert part.i[:].tolist() == [0, 1, 2, 3]
    part.v = "100*mV + i*mV"
    np.testing.assert_allclose(group.v_[:] * 1e3, [0, 1, 2, 100, 101, 102, 103, 7, 8, 9])
    part.v[0] = 0 * mV
    part.v["i == N - 1"] = -1 * mV
    np.testing.assert_allclose(group.v_[3:7] * 1e3, [0, 101, 102, -1])
    assert np.round(part.w[:] / mV).tolist() == [0, 202, 204, -2]


def test_parts_of_parts_and_other_ways_to_choose_them():
    group = group_of(10)
    group.v = "i*mV"
    for part, first, size in ((group[3:7][1:3], 4, 2), (group[5], 5, 1), (group[[2, 3, 4]], 2, 3), (group[-3:], 7, 3)):
        assert len(part) == size
        assert round(part.v_[0] * 1e3) == first


@pytest.mark.parametrize(
    "item", [slice(0, 8, 2), slice(5, 5), [0, 2], [3, 2], 10, -1, slice(0, 11), [], slice(7, 3), "i > 3", 1.5]
)
def test_parts_are_contiguous_and_inside(item):
    with pytest.raises(IndexRangeError):
        group_of(10)[item]


def test_the_tab_key_offers_variables_and_pathways():
    group = NeuronGroup(2, "dv/dt = -v/ms : 1\nx = 2*v : 1", threshold="v > 1", reset="v = 0")
    assert {"v", "v_", "x", "i", "N", "run_regularly"} <= set(dir(group))
    assert {"mean", "max", "shape", "dim", "in_unit"} <= set(dir(group.v))
    synapses = Synapses(group, group, "w : 1", on_pre="v += w")
    assert {"w", "w_", "i", "j", "delay", "pre"} <= set(dir(synapses)) and "post" not in dir(synapses)
    synapses.connect()
    assert {"w", "w_", "i", "j"} <= set(dir(synapses[0]))


def test_the_tab_key_offers_what_was_recorded(tmp_path):
    group = NeuronGroup(2, "dv/dt = -v/ms : volt\nx : 1", threshold="v > 1*mV", reset="v = 0*mV")
    trace, spikes = StateMonitor(group, "v", record=True, to=tmp_path / "trace"), SpikeMonitor(group, variables="x")
    run(0.1 * ms)
    assert {"v", "v_", "t", "t_"} <= set(dir(trace)) & set(dir(trace[0])) & set(dir(load_recording(tmp_path / "trace")))
    assert {"x", "x_", "i", "t", "count"} <= set(dir(spikes)) and "v" not in dir(spikes)
    for offered in dir(trace):
        getattr(trace, offered)


def test_the_conditions_of_events_are_texts_and_the_equations_are_there_as_they_were_given():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v>1", reset="v = 0", events={"high": "v > 0.5"})
    assert group.events == {"spike": "v > 1", "high": "v > 0.5"}
    assert group.user_equations is group.equations


def test_plain_noise_belongs_to_one_equation():
    with pytest.raises(EquationError, match="'xi' is the noise of 'v' already"):
        NeuronGroup(1, "dv/dt = xi*ms**-0.5 : 1\ndu/dt = xi*ms**-0.5 : 1")
    NeuronGroup(1, "dv/dt = xi*ms**-0.5 : 1\ndu/dt = xi_u*ms**-0.5 : 1")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"events": {"spike": "v > 2"}}, ValueError, "the event 'spike' is given twice"),
        ({"events": "v > 2"}, TypeError, "events must be a dictionary of conditions"),
        ({"events": {"2nd": "v > 2"}}, TypeError, "'2nd' cannot be the name of an event"),
        ({"name": 3}, ValueError, "3 cannot be the name of an object"),
        ({"threshold": "v > t0 and"}, ValueError, "threshold of neurongroup"),
    ],
)
def test_arguments_that_make_no_sense(arguments, error, said):
    with pytest.raises(error, match=said):
        NeuronGroup(1, "v : 1", **{"threshold": "v > 1", **arguments})


def test_an_unknown_name_can_be_caught_as_scripts_do():
    group = NeuronGroup(1, "dv/dt = -v/taum : 1")
    with pytest.raises(KeyError, match="the name 'taum' is not known"):
        run(0 * ms)
    with pytest.raises(KeyError, match="the name 'nothing' is not known"):
        group.v = "nothing"


def test_what_would_rest_goes_on_where_there_is_no_refractoriness(target):
    group = NeuronGroup(1, "dv/dt = 1/ms : 1 (unless refractory)", threshold="v > 1.5", reset="v = 0")
    run(1 * ms)
    np.testing.assert_allclose(group.v, 1)
    group.v = 3
    assert group.v[0] == 3 and group.equations["v"].flags == ()


def test_integers_given_by_a_text_are_cut_off():
    group = NeuronGroup(4, "n : integer")
    group.n = "i/2"
    assert group.n[:].tolist() == [0, 0, 1, 1]
    assert group.n.unit == 1


def test_powers_of_integers_are_integers_where_they_must_be(target):
    """A negative or variable exponent gives a real number."""
    group = NeuronGroup(4, "k = i - 2 : integer\nn = k**3 + (i % 3)**2 : integer\nm : integer\nx = (k + 3)**-1 : 1")
    group.run_regularly("m = k**2")
    run(0.1 * ms)
    assert group.n[:].tolist() == [-8 + 0, -1 + 1, 0 + 4, 1 + 0]
    assert group.m[:].tolist() == [4, 1, 0, 1]
    np.testing.assert_allclose(group.x[:], [1, 1 / 2, 1 / 3, 1 / 4], rtol=1e-15)
    with pytest.raises(ArgumentTypeError, match="'n' must be an integer"):
        NeuronGroup(4, "n = 2**i : integer")
