"""States of networks that are stored, in memory and in files, and brought back."""

import gc

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    EventClock,
    EventMonitor,
    Network,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    PopulationRateMonitor,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    defaultclock,
    kHz,
    ms,
    restore,
    run,
    seed,
    store,
)  # fmt: skip
from jupyspike_engine.diagnostics import UnknownNameError

pytestmark = [pytest.mark.every_target, pytest.mark.usefixtures("target")]


def stochastic():
    seed(8)
    group = NeuronGroup(
        20, "dv/dt = (1.5 - v)/(10*ms) + 0.5*xi/sqrt(10*ms) : 1\nk : 1 (shared)", threshold="v > 1", reset="v = 0",
        refractory=2 * ms, name="kept_group", method="euler",
    )  # fmt: skip
    inputs = PoissonGroup(10, rates=1 * kHz, name="kept_inputs")
    synapses = Synapses(inputs, group, "w : 1", on_pre="v_post += w", name="kept_synapses")
    synapses.connect(p=0.5)
    synapses.w, synapses.delay = "0.1*rand()", "4*ms*rand()"
    spikes = SpikeMonitor(group, name="kept_spikes")
    trace = StateMonitor(group, "v", record=[3], dt=0.3 * ms, name="kept_trace")
    return group, inputs, synapses, spikes, trace


def recorded(objects):
    group, _, synapses, spikes, trace = objects
    return [spikes.t_.copy(), spikes.i.copy(), np.array(trace.v), np.array(group.v), np.array(synapses.w)]


def test_a_state_comes_back_with_spikes_on_their_way_and_random_numbers(tmp_path):
    objects = stochastic()
    group, inputs, synapses, *_ = objects
    net = Network(objects)
    net.run(10 * ms)
    net.store()
    net.store("other", filename=tmp_path / "state")
    net.run(10 * ms)
    wanted = recorded(objects)
    group.v, synapses.w, synapses.delay = 5, 9, 1 * ms
    net.restore(restore_random_state=True)
    assert net.t / ms == pytest.approx(10) and group.t == net.t
    net.run(10 * ms)
    for found, value in zip(recorded(objects), wanted, strict=True):
        np.testing.assert_array_equal(found, value)
    del objects, group, inputs, synapses, net
    again = stochastic()
    net = Network(again)
    net.restore("other", filename=tmp_path / "state", restore_random_state=True)
    net.run(10 * ms)
    for found, value in zip(recorded(again), wanted, strict=True):
        np.testing.assert_array_equal(found, value)


def test_after_a_restore_other_random_numbers_are_drawn_unless_they_are_asked_for():
    objects = stochastic()
    net = Network(objects)
    net.store()
    trials = []
    for _ in range(3):
        net.restore()
        net.run(20 * ms)
        trials.append(objects[3].t_.tolist())
    assert len({str(trial) for trial in trials}) == 3


def test_states_of_visible_objects_are_kept_by_name():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1")
    store()
    run(1 * ms)
    store("later")
    run(1 * ms)
    restore("later")
    assert group.v[0] == pytest.approx(1)
    restore()
    assert group.v[0] == 0 and group.t == 0 * ms
    run(0.5 * ms)
    assert group.v[0] == pytest.approx(0.5)


def test_new_connections_are_forgotten_when_a_state_comes_back():
    group = NeuronGroup(3, "v : 1", threshold="True")
    synapses = Synapses(group, group, "w : 1", on_pre="v_post += w")
    synapses.connect(i=[2, 0], j=[1, 1])
    synapses.w = [1, 2]
    net = Network(group, synapses)
    net.store()
    synapses.connect()
    synapses.w = 7
    net.restore()
    assert list(synapses.i) == [2, 0] and list(synapses.w) == [1, 2]
    net.run(0.1 * ms)
    assert list(group.v) == [0, 3, 0]


def test_a_state_that_does_not_fit_changes_nothing(tmp_path):
    group = NeuronGroup(3, "v : 1", name="fitting")
    Network(group).store(filename=tmp_path / "state")
    del group
    other = NeuronGroup(4, "v : 1", name="fitting")
    other.v = 2
    net = Network(other)
    with pytest.raises(ArgumentError, match="does not fit"):
        net.restore(filename=tmp_path / "state")
    assert list(other.v) == [2, 2, 2, 2]
    with pytest.raises(ArgumentError, match="other objects"):
        Network(other, NeuronGroup(1, "v : 1")).restore(filename=tmp_path / "state")
    with pytest.raises(UnknownNameError, match="no state 'missing'"):
        net.restore("missing", filename=tmp_path / "state")
    with pytest.raises(UnknownNameError, match="no state"):
        net.restore()


def test_files_that_are_not_stored_networks_are_told_and_left_alone(tmp_path):
    group = NeuronGroup(3, "v : 1")
    net = Network(group)
    net.store(filename=tmp_path / "state")
    whole = (tmp_path / "state").read_bytes()
    np.savez(tmp_path / "other.npz", v=np.zeros(3))
    contents = {"empty": b"", "text": b"v = 3", "other": (tmp_path / "other.npz").read_bytes()}
    contents |= {"cut": whole[: len(whole) // 2], "flipped": whole[:99] + b"!" + whole[100:]}
    group.v = 2
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        for use in (net.restore, net.store):
            with pytest.raises(ArgumentError, match=rf"'.*{name}' is not a stored network"):
                use(filename=path)
        assert path.read_bytes() == content and list(group.v) == [2, 2, 2]
    with pytest.raises(FileNotFoundError, match=r"there is no file '.*nothing'"):
        net.restore(filename=tmp_path / "nothing")
    with pytest.raises(ArgumentError, match=r"cannot be written to '.*nowhere.state'"):
        net.store(filename=tmp_path / "nowhere" / "state")


def test_a_disk_that_is_full_leaves_the_states_of_before(tmp_path, monkeypatch):
    net = Network(NeuronGroup(1, "v : 1"))
    net.store(filename=tmp_path / "state")
    before = (tmp_path / "state").read_bytes()

    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(ArgumentError, match="No space left"):
        net.store("more", filename=tmp_path / "state")
    assert [path.name for path in tmp_path.iterdir()] == ["state"] and (tmp_path / "state").read_bytes() == before


def test_time_steps_come_back_with_a_state():
    group = NeuronGroup(1, "dv/dt = 1/ms : 1\nn : integer", dt=0.2 * ms)
    counting = group.run_regularly("n += 1", dt=0.5 * ms)
    net = Network(group, SpikeGeneratorGroup(1, [0], [0] * ms))
    net.run(1 * ms)
    net.store()
    group.clock.dt, counting.clock.dt, defaultclock.dt = 0.25 * ms, 1 * ms, 0.5 * ms
    net.run(1 * ms)
    net.restore()
    assert (group.dt, counting.dt, defaultclock.dt) == (0.2 * ms, 0.5 * ms, 0.1 * ms)
    net.run(1 * ms)
    assert (group.v[0], group.n[0]) == (pytest.approx(2), 4)


NEURONS = """
dv/dt = (1.4 - v)/(10*ms) + 0.5*xi/sqrt(10*ms) : 1
dy/dt = -y/(3*ms) : 1
theta : 1
n : integer
"""
PLASTICITY = """
w : 1
gate : 1
dapre/dt = -apre/(20*ms) : 1 (event-driven)
dx/dt = -x/(5*ms) : 1 (clock-driven)
"""


def of_all_kinds():
    """A network with a bit of all that has a state."""
    seed(12)
    cells = NeuronGroup(
        12, NEURONS, threshold="v > 1 + theta", reset="v = 0; n += 1", refractory="1*ms + n*0.01*ms", method="euler",
        events={"half": "v > 0.5 and v < 0.55"}, name="cells",
    )  # fmt: skip
    cells.run_regularly("theta = 0.1*rand()", dt=0.7 * ms, name="drifting")
    cells.run_on_event("half", "y += 0.1*randn()")
    noise, given = (
        PoissonGroup(8, 200e-3 * kHz, name="noise"),
        SpikeGeneratorGroup(3, [0, 1, 2, 0], [1, 2, 3, 7.3] * ms, period=9 * ms, name="given"),
    )
    slow = NeuronGroup(3, "dz/dt = -z/(3*ms) : 1\ntotal : 1", dt=0.3 * ms, name="slow")
    slow.z = 1
    plastic = Synapses(
        cells, cells, PLASTICITY, on_pre={"now": "v_post += w*gate; apre += 0.01", "late": "x += rand()"},
        on_post="w = clip(w + apre, 0, 1)", method="exact", name="plastic",
    )  # fmt: skip
    plastic.connect("i != j", p=0.5)
    plastic.w, plastic.gate = "0.05*rand()", 1
    plastic.now.delay, plastic.late.delay, plastic.post.delay = "4*ms*rand()", 1.3 * ms, "0.5*ms"
    gating = Synapses(noise, plastic, on_pre="gate_post = 0.5 + 0.5*rand()", name="gating")
    gating.connect(p=0.1)
    gating.delay = "2*ms*rand()"
    driving = Synapses(given, cells, on_pre="v += 0.2", delay=2.5 * ms, name="driving")
    driving.connect(p=0.5)
    summing = Synapses(cells, slow, "total_post = v_pre : 1 (summed)", name="summing")
    summing.connect(j="i % 3")
    monitors = [
        SpikeMonitor(cells, ["v", "n"], name="spikes"), EventMonitor(cells, "half", name="halves"),
        PopulationRateMonitor(cells, name="rate"), SpikeMonitor(given, record=False, name="counts"),
        StateMonitor(plastic, ["w", "x"], record=[0, 5], dt=0.5 * ms, name="weights"),
        StateMonitor(slow, True, record=True, clock=EventClock([1.05, 9.31, 14] * ms), name="instants"),
    ]  # fmt: skip
    extra = PoissonInput(cells, "v", 10, 20e-3 * kHz, weight=0.01, name="extra")
    return Network(cells, noise, given, slow, plastic, gating, driving, summing, extra, monitors)


def everything(net):
    states = net.get_states(units=False)
    return {f"{name}.{key}": np.array(value) for name, of_one in states.items() for key, value in of_one.items()}


def test_a_restored_network_goes_on_as_one_that_was_never_interrupted(tmp_path):
    net = of_all_kinds()
    net.run(8.3 * ms)
    net.store()
    net.store("first", filename=tmp_path / "states")
    stored = everything(net)
    net.run(7.7 * ms)
    wanted = everything(net)
    net.store("second", filename=tmp_path / "states")
    assert len(wanted["spikes.i"]) > len(stored["spikes.i"]) > 0

    def goes_on(network, how):
        network.restore(restore_random_state=True, **how)
        for key, value in everything(network).items():
            np.testing.assert_array_equal(value, stored[key], err_msg=key)
        network.run(3 * ms)
        network.run(4.7 * ms)
        for key, value in everything(network).items():
            np.testing.assert_array_equal(value, wanted[key], err_msg=key)

    for how in ({}, {"name": "first", "filename": tmp_path / "states"}, {}):
        goes_on(net, how)
    del net
    gc.collect()  # names are free again
    again = of_all_kinds()
    seed(99)
    again.run(1 * ms)
    goes_on(again, {"name": "first", "filename": tmp_path / "states"})
    again.restore("second", filename=tmp_path / "states")
    for key, value in everything(again).items():
        np.testing.assert_array_equal(value, wanted[key], err_msg=key)


@pytest.mark.parametrize("delay", [1.0, "rand()*5"])
def test_rows_of_the_same_synapses_are_not_made_again(delay: float | str) -> None:
    seed(1)
    group = NeuronGroup(50, "dv/dt = (1.5 - v)/(5*ms) : 1", threshold="v > 1", reset="v = 0")
    group.v = "rand()"
    synapses = Synapses(group, group, "w : 1", on_pre="v += w")
    synapses.connect(p=0.2)
    synapses.w = "rand()*0.1"
    synapses.delay = delay * ms if isinstance(delay, float) else f"{delay}*ms"
    weights, delays = synapses.w[:].copy(), synapses.delay[:]
    net = Network(group, synapses, spikes := SpikeMonitor(group))
    net.store()  # before a run stores them by delay
    net.run(20 * ms)
    first, rows = (spikes.i[:].copy(), spikes.t[:].copy()), synapses.pre.rows(1e-4)
    synapses.w = 0
    net.restore()
    assert np.array_equal(synapses.w[:], weights) and np.array_equal(synapses.delay[:], delays)
    assert synapses.pre.rows(1e-4).starts is rows.starts
    net.run(20 * ms)
    assert np.array_equal(spikes.i[:], first[0]) and np.array_equal(spikes.t[:], first[1])
    synapses.connect(i=0, j=0)
    assert synapses.pre.rows(1e-4).starts is not rows.starts
