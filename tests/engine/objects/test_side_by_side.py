"""What an event of a target needs of a synapse lies in one place of the memory."""

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, StateMonitor, Synapses, ms, prefs, seed

TRACES = "dx/dt = -x/(20*ms) : 1 (event-driven)\ndy/dt = -y/(10*ms) : 1 (event-driven)"


def synapses(model, **options):
    group = NeuronGroup(4, "dv/dt = (1.5 - v)/(5*ms) : 1\ntotal : 1", threshold="v > 1", reset="v = 0", name="group")
    made = Synapses(group, group, model, name="synapses", **options)
    made.connect()
    return group, made


def distances(made):
    return {name: array.strides[0] // array.itemsize for name, array in made.arrays.items()}


def test_variables_that_events_of_the_target_use_lie_side_by_side():
    _, made = synapses(f"w : 1\nidle : 1\nk : integer\n{TRACES}", on_pre="x += 1", on_post="w += x*k; y += 1")
    assert set(made.beside) == {"w", "x", "y", "lastupdate"}
    assert distances(made) == {"w": 4, "idle": 1, "k": 1, "x": 4, "y": 4, "lastupdate": 4}


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (f"w : 1\n{TRACES}", {"on_pre": "x += 1; w += y"}),  # rows of a source lie next to each other
        ("w : 1", {"on_post": "w += 1"}),  # a single one
        ("w : 1\na : 1 (shared)", {"on_post": "w += a"}),
        ("dw/dt = -w*a/ms : 1 (clock-driven)\na : 1", {"on_post": "w += a"}),  # used in each step
        ("w : 1\na : 1\ntotal_post = a*w : 1 (summed)", {"on_post": "w += a"}),
        ("w : 1\na : 1", {"on_post": "w += a", "dtype": np.float32}),
    ],
)
def test_others_have_arrays_of_their_own(model, options):
    _, made = synapses(model, **options)
    assert made.beside == ()
    assert set(distances(made).values()) == {1}


def test_synapses_that_are_added_find_the_values_of_those_before():
    _, made = synapses(f"w : 1\n{TRACES}", on_pre="x += 1", on_post="w += x; y += 1")
    made.w, made.x = np.arange(16), np.arange(16) + 0.5
    made.connect("i < 2")
    assert made.w[:16].tolist() == list(range(16))
    assert made.x[:16].tolist() == [k + 0.5 for k in range(16)]
    assert not made.w[16:].any()
    assert distances(made)["w"] == 4


def everything():
    """Events, statements in each step, synapses onto synapses, a monitor and a stored state see the same values."""
    seed(3)
    group, made = synapses(f"w : 1\n{TRACES}", on_pre="x += 0.5; v_post += 0.01*w", on_post="w += x; y += 0.1*i")
    group.v = "i*0.3"
    made.w = "0.1*i + 0.01*j"
    made.run_regularly("w *= 1.001; y += 0.01*rand()", dt=1 * ms)
    onto = Synapses(group, made, on_pre="w_post += 0.001*y_post")
    onto.connect(j="i + 2")
    monitor = StateMonitor(made, ["w", "x", "y"], record=[0, 5, 7])
    network = Network(group, made, onto, monitor)
    network.run(10 * ms)
    network.store()
    network.run(10 * ms)
    network.restore()
    network.run(10 * ms)
    return [*(np.array(getattr(monitor, name)) for name in "wxy"), np.array(made.w), np.array(made.lastupdate_)]


@pytest.mark.every_target
def test_all_that_uses_them_gives_what_numpy_gives(target):
    values_of_target = everything()
    prefs.codegen.target = "numpy"
    for values, meant in zip(values_of_target, everything(), strict=True):
        np.testing.assert_allclose(values, meant, rtol=1e-13)
