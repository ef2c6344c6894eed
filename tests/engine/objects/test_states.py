"""States of objects as one object: exported, set again, in several formats."""

import numpy as np
import pandas
import pytest

from jupyspike import (
    ArgumentError,
    DimensionMismatchError,
    ImportExport,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    UserError,
    ms,
    mV,
    run,
    second,
    volt,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, UnknownNameError

MODEL = """dv/dt = -v/(10*ms) : volt
n : integer
on : boolean
double = gain*v : volt"""


def some_group(**arguments):
    group = NeuronGroup(3, MODEL, threshold="v > 1*volt", reset="v = 0*mV", refractory=5 * ms, **arguments)
    group.v, group.n, group.on = [1, 2, 3] * mV, [4, 5, 6], [True, False, True]
    return group


def test_all_variables_of_a_group_with_size_index_and_time():
    group = some_group()
    states = group.get_states()
    assert set(states) == {"N", "i", "t", "dt", "t_in_timesteps", "v", "n", "on", "lastspike", "not_refractory"}
    assert (int(states["N"]), states["t"], states["dt"]) == (3, group.t, 0.1 * ms)
    assert states["i"].tolist() == [0, 1, 2]
    assert (states["v"] == [1, 2, 3] * mV).all()
    assert (states["n"].dtype, states["on"].dtype) == (np.int32, bool)


def test_a_name_may_end_in_an_underscore():
    """With another one behind it, it is the same variable without its unit; a shorter name goes first."""
    group = NeuronGroup(2, "g_ : volt")
    group.g_ = [1, 2] * mV
    trace = StateMonitor(group, "g_", record=True)
    Network(group, trace).run(0.1 * ms)
    assert (group.g_[:] == [1, 2] * mV).all() and group.g__[:].tolist() == [1e-3, 2e-3]
    assert (trace.g_[1] == 2 * mV).all() and trace[1].g__[:].tolist() == [2e-3]
    both = NeuronGroup(1, "g : volt\ng_ : volt")
    both.g = 3 * mV
    assert both.g_[:].tolist() == [3e-3]


def test_without_units_values_are_plain_numbers():
    states = some_group().get_states(units=False)
    assert {type(values) for values in states.values()} == {np.ndarray}
    assert states["v"].tolist() == [1e-3, 2e-3, 3e-3]
    assert states["dt"] == 1e-4


def test_what_cannot_be_set_is_left_out_on_request_and_subexpressions_come_on_request():
    gain = 2
    group = some_group()
    assert set(group.get_states(read_only_variables=False)) == {"v", "n", "on", "lastspike", "not_refractory"}
    assert (group.get_states(subexpressions=True)["double"] == [2, 4, 6] * mV).all()
    assert (group.get_states("double")["double"] == gain * group.v[:]).all()


def test_exported_states_are_copies_that_another_group_can_take_over():
    first, second_group = some_group(), some_group()
    states = first.get_states(read_only_variables=False)
    first.v, first.n = 7 * mV, 0
    second_group.v, second_group.on = 0 * mV, True
    second_group.set_states(states)
    assert (second_group.v == [1, 2, 3] * mV).all() and second_group.on[:].tolist() == [True, False, True]
    second_group.set_states({"v": [4e-3, 5e-3, 6e-3]}, units=False)
    assert (second_group.v == [4, 5, 6] * mV).all()


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"v": 3}, DimensionMismatchError, "the value for 'v'"),
        ({"w": 3}, UnknownNameError, "has no variable 'w'"),
        ({"double": 3 * mV}, ArgumentTypeError, "it is a subexpression"),
        ({"N": 3}, ArgumentTypeError, "set by the simulator"),
        ({"t": 3 * ms}, ArgumentTypeError, "set by the simulator"),
    ],
)
def test_what_cannot_be_set_is_refused(values, error, said):
    with pytest.raises(error, match=said):
        some_group().set_states(values)


def test_a_shared_variable_is_a_single_value():
    group = NeuronGroup(3, "v : 1\nscale : volt (shared)")
    group.scale = 2 * mV
    states = group.get_states(read_only_variables=False)
    assert set(states) == {"v", "scale"} and np.shape(states["scale"]) == () and states["scale"] == 2 * mV
    group.scale = 3 * mV
    group.set_states(states)
    assert group.scale[:] == 2 * mV


def test_a_part_of_a_group_exports_and_sets_its_own_neurons():
    group = some_group()
    states = group[1:].get_states(["N", "i", "v"])
    assert (int(states["N"]), states["i"].tolist(), states["v"].tolist()) == (2, [0, 1], [2 * mV, 3 * mV])
    group[1:].set_states({"v": 9 * mV})
    assert (group.v == [1, 9, 9] * mV).all()


def test_synapses_export_their_ends_and_their_own_variables():
    group = some_group()
    synapses = Synapses(group, group, "w : volt", on_pre="v += w")
    synapses.connect(i=[2, 0], j=[1, 1])
    synapses.w = [3, 4] * mV
    states = synapses.get_states()
    assert {"N", "i", "j", "t", "dt", "t_in_timesteps", "w"} <= set(states)
    assert (states["i"].tolist(), states["j"].tolist()) == ([2, 0], [1, 1])
    assert (states["w"] == [3, 4] * mV).all()
    assert set(synapses.get_states(read_only_variables=False)) == {"w"}
    assert (synapses.get_states(["v_pre"])["v_pre"] == [3, 1] * mV).all()


def test_a_network_exports_objects_by_name(target):
    group = some_group(name="cells", namespace={"gain": 2})
    trace = StateMonitor(group, "v", record=True, name="trace")
    net = Network(group, trace)
    states = net.get_states(read_only_variables=False)
    net.run(1 * ms)
    net.set_states({"cells": states["cells"]})
    assert (group.v == [1, 2, 3] * mV).all()
    assert net.get_states(units=False)["trace"]["v"].shape == (10, 3)
    with pytest.raises(UserError, match="there is no object 'cell'"):
        net.set_states({"cell": {}})
    with pytest.raises(AttributeError, match="'v' of 'trace' cannot be set: it is what was recorded"):
        net.set_states({"trace": {"v": 3}})


def test_what_a_network_exports_brings_it_back_with_its_delays(target):
    group = NeuronGroup(2, "v : volt", threshold="False", name="cells")
    synapses = Synapses(group, group, "w : 1", on_pre={"fast": "w += 1", "slow": "w += 2"}, delay={"fast": 1 * ms},
                        name="wires")  # fmt: skip
    synapses.connect()
    synapses.w, synapses.slow.delay = "i", "(i + j)*ms"
    update = group.run_regularly("v += 1*mV", name="growing")
    net = Network(group, synapses, StateMonitor(group, "v", record=True, name="trace"), update)
    states = net.get_states(read_only_variables=False)
    assert states["wires_fast"]["delay"] == 1 * ms and (states["wires_slow"]["delay"] == [0, 1, 1, 2] * ms).all()
    synapses.w, synapses.slow.delay = 0, 7 * ms
    net.run(1 * ms)
    net.set_states(states)
    assert (synapses.slow.delay[:] == [0, 1, 1, 2] * ms).all() and (group.v == 0 * mV).all()
    net.set_states({"wires_slow": {"delay": [4, 3, 2, 1]}, "wires_fast": {"delay": 2e-3}}, units=False)
    assert synapses.slow.delay[3] == 1 * second and synapses.fast.delay == 2 * ms
    with pytest.raises(UserError, match="no 'weight'"):
        synapses.slow.get_states("weight")


def test_what_objects_contain_is_found_by_name():
    group = some_group(name="cells")
    growing = group.run_regularly("v += 1*mV", name="growing", when="end")
    net = Network(group)
    assert net["growing"] is growing and net["cells_stateupdater"] is group.state_updater
    assert growing in net and "growing" in net
    assert [item.name for item in net.sorted_objects][-1] == "growing"


def recorded(target):
    group = NeuronGroup(2, "dv/dt = 1*volt/second : volt", threshold="v > 1.05*mV", reset="v = 0*mV")
    spikes, trace, rate = SpikeMonitor(group, "v"), StateMonitor(group, "v", record=[1]), PopulationRateMonitor(group)
    run(2 * ms)
    return spikes, trace, rate


def test_monitors_export_what_they_recorded(target):
    spikes, trace, rate = recorded(target)
    states = spikes.get_states()
    assert list(states) == ["i", "t", "v", "count", "N"]
    assert (states["i"].tolist(), states["count"].tolist(), int(states["N"])) == ([0, 1], [1, 1], 2)
    assert states["v"].dim is volt.dim
    assert {name: values.shape for name, values in trace.get_states(units=False).items()} == {
        "t": (20,), "v": (20, 1), "N": (),
    }  # fmt: skip
    assert set(rate.get_states()) == {"rate", "t", "N"}
    assert set(rate.get_states("rate")) == {"rate"}
    with pytest.raises(UserError, match="has nothing of the name 'w'"):
        spikes.get_states(["w"])


def test_data_frames_of_groups_and_of_monitors(target):
    spikes, trace, rate = recorded(target)
    frame = spikes.get_states(units=False, format="pandas")
    assert list(frame.columns) == ["i", "t", "v"] and frame["i"].tolist() == [0, 1]
    frame = trace.get_states(units=False, format="pandas")
    assert list(frame.columns) == ["t", "v[1]"]
    np.testing.assert_array_equal(frame["v[1]"], trace[1].v_)
    assert rate.get_states(units=False, format="pandas").shape == (20, 2)
    group = some_group()
    frame = group.get_states(units=False, format="pandas")
    assert frame["N"].tolist() == [3, 3, 3] and frame["v"].tolist() == [1e-3, 2e-3, 3e-3]
    assert group.get_states(["N", "t"], units=False, format="pandas").shape == (1, 2)
    group.set_states(pandas.DataFrame({"n": [7, 8, 9], "v": [0.1, 0.2, 0.3]}), units=False, format="pandas")
    assert group.n[:].tolist() == [7, 8, 9] and group.v_[:].tolist() == [0.1, 0.2, 0.3]


def test_what_a_data_frame_cannot_hold(target):
    spikes = recorded(target)[0]
    group = NeuronGroup(5, "v : 1", threshold="i == 0")
    uneven = SpikeMonitor(group)
    run(0.1 * ms)
    with pytest.raises(NotImplementedError, match="plain numbers"):
        spikes.get_states(format="pandas")
    with pytest.raises(NotImplementedError, match="plain numbers"):
        group.set_states(pandas.DataFrame({"v": [1.0] * 5}), format="pandas")
    with pytest.raises(ArgumentError, match=r"must be of one length\n    found: i 1, count 5"):
        uneven.get_states(["i", "count"], units=False, format="pandas")


class Lists(ImportExport):
    name = "lists"

    @staticmethod
    def export_data(group, variables, units=True, level=0):
        return [list(group.state(variable, units)[:]) for variable in variables]

    @staticmethod
    def import_data(group, data, units=True, level=0):
        group.v = data[0]


def test_formats_can_be_added(monkeypatch):
    monkeypatch.setattr(ImportExport, "methods", dict(ImportExport.methods))
    ImportExport.register(Lists())
    group = some_group()
    assert group.get_states("n", format="lists") == [[4, 5, 6]]
    group.set_states([[3, 4, 5] * mV], format="lists")
    assert (group.v == [3, 4, 5] * mV).all()
    with pytest.raises(ArgumentError, match="already a format 'lists'"):
        ImportExport.register(Lists())
    with pytest.raises(ArgumentTypeError, match="is not a format"):
        ImportExport.register(Lists)
    with pytest.raises(NotImplementedError, match="did you mean 'lists'"):
        group.get_states(format="list")
