"""Running."""

import gc
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Page, logged
from pytest import raises

from jupyspike import *

section = Page("9. user/running")

GROWING = "dv/dt = 1/ms : 1"


@section.must(
    "Network: add, remove, objects, sorted_objects, 'in', by name, t",
    "run() and Network.run(): a duration, and names of values",
    once=True,
)
def network():
    G, H = NeuronGroup(1, "dv/dt = rate : 1", name="first"), NeuronGroup(1, GROWING, name="second")
    net = Network([G])
    net.add(H)
    net.remove(H)
    assert "first" in net and net["first"] is G and H not in net.objects and G in net.sorted_objects
    net.run(1 * ms, namespace={"rate": 2 / ms})
    assert allclose(G.v, 2) and net.t == 1 * ms and len(net) == 1
    with raises(AttributeError):
        net.t = 3 * ms


@section.must(
    "run() simulates all objects that the calling code sees by name, not those in lists",
    "what was simulated goes on; what is all new begins at 0; a mixture is a MagicError",
    "monitors may join at any time; start_scope() hides what is there; collect() lists what is seen",
    once=True,
)
def magic():
    G, hidden = NeuronGroup(1, GROWING), [NeuronGroup(1, GROWING)]
    assert collect() == {G}
    run(1 * ms)
    M = StateMonitor(G, "v", record=True)

    class Watching(BrianObject):
        add_to_magic_network, invalidates_magic_network = True, False

    late = Watching("late")
    run(1 * ms)
    assert allclose(G.v, 2) and hidden[0].v[0] == 0 and allclose(M.t[0] / ms, 1) and late in collect()
    new = NeuronGroup(1, GROWING)
    with raises(MagicError):
        run(1 * ms)
    start_scope()
    other = NeuronGroup(1, GROWING)
    run(1 * ms)
    assert other.t == 1 * ms and new.v[0] == 0


@section.must(
    "defaultclock.dt (0.1 ms at first), dt= and clock= of objects, several clocks in a network",
    "dt may change between runs if the time is then a whole number of steps",
)
def clocks():
    assert defaultclock.dt == 0.1 * ms
    G, H = NeuronGroup(1, "v : 1"), NeuronGroup(1, "v : 1", dt=0.2 * ms)
    K = NeuronGroup(1, "v : 1", clock=Clock(dt=0.5 * ms))
    for group in (G, H, K):
        group.run_regularly("v += 1")
    net = Network(G, H, K)
    net.run(1 * ms)
    assert (G.v[0], H.v[0], K.v[0]) == (10, 5, 2) and H.clock.dt == 0.2 * ms
    defaultclock.dt = 0.25 * ms
    net.run(1 * ms)
    assert G.v[0] == 14
    defaultclock.dt = 0.3 * ms
    with raises(ValueError):
        net.run(3 * ms)


@section.must("report='text', 'stdout', 'stderr' or a function: at the start, now and then, at the end", once=True)
def report():
    G, told, out = NeuronGroup(1, GROWING), [], StringIO()
    run(1 * ms, report=lambda *args: told.append(args))
    with redirect_stdout(out):
        run(1 * ms, report="text", report_period=1 * second)
        run(1 * ms, report="stdout")
    assert told[0][1] == 0 and told[-1][1] == 1 and told[0][3] == 1 * ms and "simulated" in out.getvalue() and G.N == 1


@section.must(
    "store() and restore(): all states, delays, spikes on their way; under names, in files",
    "restore(restore_random_state=True)",
)
def stored():
    G = NeuronGroup(1, "v : 1\nr : 1", threshold="t < 0.05*ms", reset="v += 1", name="kept_group")
    S = Synapses(G, G, on_pre="v += 10", delay=0.5 * ms, name="kept_synapses")
    S.connect()
    G.run_regularly("r = rand()", name="kept_draws")
    net, results = Network(G, S), []
    net.run(0.2 * ms)
    net.store()
    with TemporaryDirectory() as folder:
        net.store("second", filename=str(Path(folder) / "state"))
        for what in (dict(), dict(name="second", filename=str(Path(folder) / "state"))):
            net.restore(**what, restore_random_state=True)
            assert G.v[0] == 1 and allclose(net.t / ms, 0.2)
            net.run(0.5 * ms)
            results.append((G.v[0], G.r[0]))
    assert results[0] == results[1] and results[0][0] == 11


@section.must("stop() from a network operation ends the run after the step")
def stopping():
    G = NeuronGroup(1, GROWING)

    @network_operation
    def enough(t):
        if t > 0.45 * ms:
            stop()

    run(2 * ms)
    assert G.t < 0.7 * ms and enough.active


@section.must("an interrupt ends the run after a step, and the script goes on", once=True)
def interrupt():
    from _thread import interrupt_main

    G = NeuronGroup(1, GROWING)

    @network_operation(dt=1 * ms)
    def press(t):
        if t > 0.5 * ms:
            interrupt_main()

    run(10 * second)
    assert 1 * ms <= G.t < 10 * second and allclose(G.v, G.t / ms) and press.active


@section.often("profile=True, profiling_info and profiling_summary()")
def profile():
    G = NeuronGroup(1, GROWING, name="profiled")
    net = Network(G)
    net.run(1 * ms, profile=True)
    assert any("profiled" in name for name, _ in net.profiling_info) and "profiled" in str(
        profiling_summary(net, show=3)
    )


@section.must(
    "slots start, groups, thresholds, synapses, resets, end, each with before_ and after_; then order, then names",
    "when= and order= of objects, Network.schedule, scheduling_summary(), .active",
)
def schedule():
    G = NeuronGroup(1, "v : 1", name="scheduled")
    for code, when, order in (("v *= 10", "after_resets", 0), ("v += 1", "before_groups", 0), ("v += 2", "end", -1),
                              ("v *= 2", "end", 1)):  # fmt: skip
        last = G.run_regularly(code, when=when, order=order)
    net = Network(G)
    net.run(0.1 * ms)
    assert G.v[0] == 24 and "scheduled" in str(scheduling_summary(net))
    assert [slot for slot in net.schedule if "_" not in slot] == "start groups thresholds synapses resets end".split()
    net.schedule, last.active = ["end", "start", "groups", "thresholds", "synapses", "resets"], False
    G.v = 0
    net.run(0.1 * ms)
    assert G.v[0] == 30


@section.often("a schedule with slots of one's own", once=True)
def own_schedule():
    G = NeuronGroup(1, "v : 1")
    G.run_regularly("v += 1", when="mine"), G.run_regularly("v *= 10", when="before_mine")
    net = Network(G)
    net.schedule = ["start", "groups", "mine", "thresholds", "synapses", "resets", "end"]
    net.run(0.2 * ms)
    assert G.v[0] == 11


@section.often("schedule_propagation_offset(): the shortest time from a spike to its effect", once=True)
def propagation():
    net = Network(NeuronGroup(1, GROWING))
    assert schedule_propagation_offset() == schedule_propagation_offset(net) == 0 * ms
    net.schedule = ["start", "groups", "synapses", "thresholds", "resets", "end"]
    assert schedule_propagation_offset(net) == defaultclock.dt


@section.must(
    "Clock and EventClock: t, dt, timestep; shared by objects; dt of a clock is set, not that of an object", once=True
)
def clock_attributes():
    clock = Clock(dt=0.5 * ms, name="mine")
    G = NeuronGroup(1, GROWING, clock=clock)
    run(1 * ms)
    assert clock.t == G.t == 1 * ms and clock.timestep == 2 and clock.dt == G.dt == 0.5 * ms and clock.name == "mine"
    clock.dt = 0.25 * ms
    assert G.dt == 0.25 * ms and EventClock([1, 2] * ms).t is not None
    with raises(AttributeError):
        G.dt = 1 * ms


@section.often(
    "BrianObject to derive own objects from: add_dependency, before_run, after_run, updaters, contained_objects",
    once=True,
)
def own_objects():
    told = []

    class Own(BrianObject):
        def before_run(self, run_namespace):
            told.append("before")

        def after_run(self):
            told.append("after")

    G = NeuronGroup(1, GROWING)
    own = Own(name="own*")
    own.add_dependency(G)
    Network(G, own).run(0.1 * ms)
    assert told == ["before", "after"] and own.contained_objects == [] and own.updaters is not None


@section.often("CodeRunner runs statements of a group")
def code_runner():
    G = NeuronGroup(2, "v : 1")
    runner = CodeRunner(G, "stateupdate", code="v += 1", when="end")
    run(0.3 * ms)
    assert (G.v[:] == 3).all() and runner.when == "end"


@section.often("negative durations are an error, others are rounded to steps", once=True)
def durations():
    G = NeuronGroup(1, GROWING)
    with raises(ValueError):
        run(-1 * ms)
    run(0.149 * ms)
    assert allclose(G.t / ms, 0.2)  # a step that begins before the end belongs to the run
    run(0.151 * ms)
    assert allclose(G.t / ms, 0.3)


@section.often("an object that never was in a network is told of when it vanishes", once=True)
def unused():
    with logged("WARNING") as told:
        G = NeuronGroup(1, GROWING, name="forgotten")
        del G
        gc.collect()
    assert "forgotten" in told.getvalue()
