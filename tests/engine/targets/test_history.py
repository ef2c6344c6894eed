"""The memory of events: what happened in the last steps, whoever keeps it and however often room is made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms
from jupyspike_engine.objects.running import layout
from jupyspike_engine.targets.interface import History

pytestmark = pytest.mark.every_target

events = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True).map(sorted), min_size=1, max_size=30)


def told(history, steps):
    for step, elements in enumerate(steps):
        if len(history.elements) - history.head < 10:
            history = history.rearranged(step, history.depth, 20)
        history.put(step, np.array(elements, np.int32))
    return history


@given(events, st.integers(1, 8))
def test_the_events_of_the_last_steps_are_known(steps, depth):
    history = told(History(10, depth), steps)
    for back in range(min(depth, len(steps))):
        assert history.at(len(steps) - 1 - back).tolist() == steps[-1 - back]
    assert history.at(-1).tolist() == []


@given(events, st.integers(1, 8), st.integers(1, 12))
def test_a_history_of_another_depth_keeps_what_both_know(steps, depth, other):
    history = told(History(10, depth), steps).rearranged(len(steps), other, 30)
    for back in range(1, other):
        known = back < depth and back <= len(steps)
        expected = steps[-back] if known else []
        assert history.at(len(steps) - back).tolist() == expected


@pytest.mark.parametrize("delay", [0, 1, 5, 40])
def test_buffers_that_fill_up_lose_nothing(target, monkeypatch, delay):
    """With hardly any room for events, the program asks for more or moves the old ones out all the time."""
    monkeypatch.setattr(layout, "History", lambda size, depth: _small(depth))
    group = NeuronGroup(7, "v : 1", threshold="(i + t_in_timesteps) % 3 != 0")
    receiver = NeuronGroup(1, "n : 1")
    synapses = Synapses(group, receiver, on_pre="n += 1 + i", delay=delay * 0.1 * ms)
    synapses.connect()
    spikes, trace = SpikeMonitor(group), StateMonitor(receiver, "n", record=0)
    Network(group, receiver, synapses, spikes, trace).run(30 * ms)
    sums = np.array([sum(1 + i for i in range(7) if (i + step) % 3) for step in range(300)])
    expected = np.concatenate([np.zeros(delay + 1), np.cumsum(sums)])[:300]
    np.testing.assert_array_equal(trace.n[0], expected)
    assert spikes.num_spikes == sum((i + step) % 3 != 0 for i in range(7) for step in range(300))


def _small(depth):
    history = History(0, depth)
    history.elements = np.zeros(8, np.int32)
    return history
