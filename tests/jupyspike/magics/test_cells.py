"""What a cell leaves in the notebook: an ordinary group or synapses, made from its text and the notebook's names."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, Synapses, ms, mV, seed
from jupyspike_engine.objects.running.live import Range

EXC = """%%neurons exc -n 20
dv/dt = (El - v)/tau : volt (unless refractory)
I : amp
threshold: v > -50*mV
reset: v = El
refractory: 5*ms
El = -65*mV in [-80*mV, -60*mV] step 0.5*mV
tau = 10*ms in [5*ms, 50*ms]
initial: v = El + i*mV
         I = 2*nA
"""


def test_a_cell_binds_an_ordinary_group_to_its_name(notebook):
    notebook.run(EXC)
    exc = notebook["exc"]
    assert isinstance(exc, NeuronGroup)
    assert (exc.name, len(exc)) == ("exc", 20)
    np.testing.assert_allclose(np.asarray(exc.v) * 1e3, -65 + np.arange(20))
    notebook.run("exc.v = -70*mV; state = exc.I[3]")
    assert str(notebook["state"]) == "2. nA"


def test_constants_belong_to_the_group(notebook):
    notebook.run("tau = 1*ms", EXC)
    assert notebook["exc"].namespace == {"El": -65 * mV, "tau": 10 * ms}
    assert notebook["tau"] == 1 * ms


def test_ranges_are_kept_for_sliders(notebook):
    notebook.run(EXC)
    ranges = notebook.magics.notebook.defined["exc"].ranges
    assert ranges == {"El": Range(-80 * mV, -60 * mV, 0.5 * mV), "tau": Range(5 * ms, 50 * ms)}


def test_constants_may_use_those_above_them_and_names_of_the_notebook(notebook):
    notebook.run("tau = 10*ms", "%%neurons exc\nb = 3*tau\nc = 2*b + sqrt(4)*tau\ndv/dt = -v/c : 1")
    assert notebook["exc"].namespace == {"b": 30 * ms, "c": 80 * ms}


@pytest.mark.parametrize(
    ("written", "size"), [("-n 7", 7), ("--n=7", 7), ("-n N_exc", 70), ("-n 'N_exc // k'", 35), ("", 1)]
)
def test_the_size_may_be_given_by_names(notebook, written, size):
    notebook.run("N_exc = 70", f"%%neurons exc {written}\nv : 1\nk = 2")
    assert len(notebook["exc"]) == size


def test_method_order_and_time_step(notebook):
    notebook.run("%%neurons exc --method rk4 --dt 0.5*ms\ndv/dt = -v/ms : 1\norder: 3")
    exc = notebook["exc"]
    assert (exc.integration().integrator.name, exc.dt, exc.order) == ("rk4", 0.5 * ms, 3)
    notebook.run("%%neurons exc\ndv/dt = -v/ms : 1\nmethod: exact, euler  # whichever fits")
    assert notebook["exc"].integration().integrator.name == "exact"


def test_events(notebook):
    cell = "%%neurons exc -n 3\ndv/dt = 1/ms : 1\nevents:\n  high: v > 2\n  # and\n  higher: v > 3\ninitial: v = i"
    notebook.run(cell, "seen = EventMonitor(exc, 'high')", "%simulate 1*ms")
    assert notebook["seen"].num_events > 0
    assert list(notebook["exc"].events) == ["high", "higher"]


def test_synapses_of_a_cell(notebook):
    notebook.run(EXC, EXC.replace("exc", "inh"))
    notebook.run(
        "%%synapses exc -> inh --name drive\nw : volt\non_pre: v += w\non_post: w += 0.1*mV\ndelay: 1.5*ms\n"
        "connect: i != j, p=1\ninitial: w = i*mV + j*mV/10"
    )
    drive = notebook["drive"]
    assert isinstance(drive, Synapses)
    assert (drive.source, drive.target) == (notebook["exc"], notebook["inh"])
    assert len(drive) == 20 * 19
    assert drive.delay == 1.5 * ms
    np.testing.assert_allclose(np.asarray(drive.w) * 1e3, drive.i + drive.j / 10)


DRIVE = "%%synapses exc -> exc --name drive\nw : 1\non_pre: v += 1*mV\nconnect: i != j\n"


@pytest.mark.parametrize(
    ("delay", "in_ms"),
    [
        ("0.1*ms*(20*i + j)", lambda i, j: 0.1 * (20 * i + j)),
        ("step*abs(i - j)", lambda i, j: 0.2 * abs(i - j)),
        ("1*ms + (I_pre/nA)*0.1*ms", lambda i, j: 1 + 0.1 * i),
        ("w*ms", lambda i, j: 2.0 * j),
    ],
)
def test_each_synapse_may_have_its_own_delay(notebook, delay, in_ms):
    notebook.run(EXC.replace("I = 2*nA", "I = i*nA"), f"{DRIVE}step = 0.2*ms\ninitial: w = 2*j\ndelay: {delay}")
    drive = notebook["drive"]
    np.testing.assert_allclose(np.asarray(drive.delay) * 1e3, in_ms(drive.i[:], drive.j[:]), atol=1e-12)


def test_random_delays_are_drawn_for_each_synapse(notebook):
    seed(4)
    notebook.run(EXC, f"{DRIVE}initial: w = rand()\ndelay: 1*ms + rand()*2*ms")
    drive = notebook["drive"]
    drawn = np.asarray(drive.delay) * 1e3
    assert len(np.unique(drawn)) == 380 and drawn.min() >= 1 and drawn.max() <= 3
    assert abs(drawn.mean() - 2) < 5 * 2 / np.sqrt(12 * 380)
    assert abs(np.corrcoef(drawn, drive.w)[0, 1]) < 5 / np.sqrt(380)


def test_a_delay_that_is_the_same_for_all_is_kept_once(notebook):
    notebook.run(EXC, f"{DRIVE}d = 2*ms\ndelay: sqrt(4)*d")
    assert notebook["drive"].delay == 4 * ms


@pytest.mark.parametrize(
    ("connect", "pairs"),
    [
        ("", []),
        ("connect: all", [(i, j) for i in range(4) for j in range(3)]),
        ("connect: True", [(i, j) for i in range(4) for j in range(3)]),
        ("connect: i == j", [(0, 0), (1, 1), (2, 2)]),
        ("connect: j=i, skip_if_invalid=True", [(0, 0), (1, 1), (2, 2)]),
        ("connect: j='(i + 1) % 3'", [(0, 1), (1, 2), (2, 0), (3, 1)]),
        ("connect: i=j + shift", [(1, 0), (2, 1), (3, 2)]),
        ("connect: i == j, n=copies", [(0, 0), (0, 0), (1, 1), (1, 1), (2, 2), (2, 2)]),
        ("connect: i == j, n=i", [(1, 1), (2, 2), (2, 2)]),
        ("connect: j=k for k in range(1, 3) if k != i", [(0, 1), (0, 2), (1, 2), (2, 1), (3, 1), (3, 2)]),
        (
            "connect: i='k for k in sample(0, 4, 2, p=one)', skip_if_invalid=True",
            [(0, 0), (0, 1), (0, 2), (2, 0), (2, 1), (2, 2)],
        ),
        ("connect:\n  i == j,  # the same\n  n=2*one,\n  p=one\n", [(0, 0), (0, 0), (1, 1), (1, 1), (2, 2), (2, 2)]),
        ("connect: i > x_post and v_pre < 3*mV", [(1, 0), (2, 0), (2, 1)]),
        ("connect: p=int(i == 2)*one", [(2, 0), (2, 1), (2, 2)]),
        ("connect: p=0", []),
    ],
)
def test_the_ways_to_connect(notebook, connect, pairs):
    notebook.run("shift = 1; copies = 2")
    notebook.run(
        "%%neurons a -n 4\nv : volt\nthreshold: v > 9*mV\ninitial: v = i*mV", "%%neurons b -n 3\nx : 1\ninitial: x = i"
    )
    ran = notebook.run(f"%%synapses a -> b\none = 1\non_pre: x += 1\n{connect}")
    made = notebook["a_to_b"]
    assert sorted(zip(made.i.tolist(), made.j.tolist(), strict=True)) == pairs
    assert ("there are no synapses yet" in ran.shown[0]) == (not pairs)


def test_parts_of_groups(notebook):
    notebook.run("half = 5", "%%neurons a -n 10\nv : 1\nthreshold: v > 1")
    ends = {
        "a[0:3] -> a": (3, 10),
        "a[half:] -> a[2]": (5, 1),
        "a[:half]->a[-2:]": (5, 2),
        "a -> 'a[half - 1 : 10]'": (10, 6),
    }
    for written, (sources, targets) in ends.items():
        notebook.run(f"%%synapses {written}\non_pre: v += 1\nconnect: all")
        made = notebook["a_to_a"]
        assert (len(made.source), len(made.target), len(made)) == (sources, targets, sources * targets)


def test_objects_made_in_python_can_be_ends(notebook):
    notebook.run("P = PoissonGroup(50, 400*Hz)\npart = P[10:20]", "%%neurons exc -n 5\ndv/dt = -v/(10*ms) : volt")
    notebook.run(
        "%%synapses P -> exc\non_pre: v += 1*mV\nconnect: all",
        "%%synapses part -> exc\non_pre: v += 1*mV\nconnect: all",
    )
    notebook.run("%simulate 20*ms")
    assert (len(notebook["P_to_exc"]), len(notebook["part_to_exc"])) == (250, 50)
    assert (np.asarray(notebook["exc"].v) > 0).all()


def test_two_cells_between_the_same_groups_need_names(notebook):
    notebook.run("%%neurons a -n 4\nv : 1\nthreshold: v > 1")
    first = notebook.run("%%synapses a[0:2] -> a\non_pre: v += 1\nconnect: all")
    again = notebook.run("%%synapses a[0:2] -> a\non_pre: v += 1\nconnect: all")
    second = notebook.run("%%synapses a[2:4] -> a\non_pre: v += 2\nconnect: all")
    assert "in place of" not in first.shown[0] + again.shown[0]
    assert "in place of the earlier 'a_to_a'; with --name both can be there" in second.shown[0]


def test_random_numbers_of_a_cell_depend_on_the_seed_and_its_name_alone(notebook):
    cell = "%%neurons exc -n 5\nv : 1\ninitial: v = rand()"
    values = []
    for seeds, other in ((1, 0), (1, 1), (2, 0)):
        seed(seeds)
        notebook.run(*["%%neurons other -n 3\nv : 1\ninitial: v = rand()"] * other, cell)
        values.append(np.asarray(notebook["exc"].v).tolist())
    assert values[0] == values[1] != values[2]
