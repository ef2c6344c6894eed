"""Constants in a group's own namespace are attributes: read, set with their unit, moved in a live run."""

import pytest

from jupyspike import NeuronGroup, Synapses, collect, magic_network, ms, mV, nS, run, second
from jupyspike_engine.diagnostics import ArgumentTypeError, DimensionMismatchError, UnknownNameError
from jupyspike_engine.objects.running.live import open_session


@pytest.fixture
def group():
    constants = {"tau": 10 * ms, "El": 2 * mV, "twice": lambda x: 2 * x}
    return NeuronGroup(3, "dv/dt = (El - v)/tau : volt", method="exact", namespace=constants, name="exc")


def test_they_are_read_and_listed(group):
    assert group.tau == 10 * ms
    assert group[1:].El == 2 * mV
    assert {"tau", "El"} <= {*dir(group)}
    assert "twice" not in dir(group)


def test_a_new_value_holds_for_the_next_run(group):
    run(1 * second)
    group.El = 4 * mV
    run(1 * second)
    assert group.v[0] == pytest.approx(4e-3)
    assert group.namespace["El"] == 4 * mV


def test_synapses_have_them_too(group):
    synapses = Synapses(group, group, "w : 1", namespace={"g_max": 3 * nS})
    synapses.g_max *= 2
    assert synapses.namespace == {"g_max": 6 * nS}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("tau", 3 * mV, DimensionMismatchError), ("tau", [1, 2] * ms, ArgumentTypeError),
     ("tau", "3*ms", ArgumentTypeError), ("tua", 3 * ms, UnknownNameError), ("twice", 3, UnknownNameError)],
)  # fmt: skip
def test_what_does_not_fit_is_an_error(group, name, value, error):
    with pytest.raises(error):
        setattr(group, name, value)
    assert group.tau == 10 * ms


def test_a_misspelt_one_is_told(group):
    with pytest.raises(UnknownNameError, match="did you mean 'tau'"):
        _ = group.tua


def test_a_live_run_follows_and_logs_it(group):
    magic_network.gather({"exc": group})
    live_run = open_session(magic_network, 10_000 * second)
    live_run.speed = None
    live_run.play()
    group[1:].El = 8 * mV  # there is one value for the whole group
    while not live_run.log:
        assert not live_run.wait(0.01)
    live_run.stop()
    assert live_run.wait(10)
    [change] = live_run.log
    assert change.value == 8e-3
    assert group in collect() and group.El == 8 * mV
