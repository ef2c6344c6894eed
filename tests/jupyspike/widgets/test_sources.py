"""Where views get their data: from when on, until when, and of which run."""

import numpy as np
import pytest

from jupyspike import Network, NeuronGroup, SpikeMonitor, StateMonitor, ms, mV, run
from jupyspike.widgets import Board, Raster, Trace
from jupyspike.widgets.kept import KeptRun, reading
from jupyspike.widgets.plots import Interval
from jupyspike.widgets.sources import between, spikes_of, values_of
from jupyspike_engine.simulation.recording import Chunk, Recording

TIMES = np.array([0.0, 1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("start", "stop", "margin", "chosen"),
    [(1, 2, 0, [1, 2]), (1, 2, 1, [0, 1, 2, 3]), (0.5, 1.5, 0, [1]), (0, 3, 2, [0, 1, 2, 3]), (4, 5, 1, [3])],
)
def test_rows_at_both_ends_of_a_time_belong_to_it(start, stop, margin, chosen):
    assert TIMES[between(TIMES, Interval(start, stop), margin)].tolist() == chosen


def test_a_monitor_of_the_user_is_not_watched_besides(spiking):
    spikes, values = SpikeMonitor(spiking), StateMonitor(spiking, "v", record=True)
    run(1 * ms)
    views = Raster(spikes), Trace(values)
    assert not spiking.watchers
    for view in views:
        view.detach()


def test_a_monitor_that_is_switched_off_is_not_what_is_drawn(spiking):
    values = StateMonitor(spiking, "v", record=True)
    values.active = False
    network = Network(spiking, values)
    network.run(1 * ms)
    trace = Trace(spiking.v, 3)
    network.run(1 * ms)
    assert len(trace.sources[0].within(Interval(0, 1))[0]) == 10


def test_what_is_known_begins_where_it_was_recorded_first(spiking):
    run(50 * ms)
    values, spikes = StateMonitor(spiking, "v", record=True), SpikeMonitor(spiking)
    run(50 * ms)
    assert Board(Trace(values))._timeline.shown() == pytest.approx((0.05, 0.1))
    assert spikes_of(spikes).begin == pytest.approx(0.05)
    spikes.recording = Recording(0, 1, keep=2)
    spikes.recording.add(Chunk(np.arange(9) * 0.1, np.zeros(9, np.int32), ()))
    assert spikes_of(spikes).begin == pytest.approx(0.7)  # earlier ones are forgotten


def test_parts_of_a_group_are_kept_apart(spiking):
    keys = {spikes_of(part).key for part in (spiking, spiking[:5], spiking[5:])}
    assert len(keys) == 3


def test_an_earlier_run_is_drawn_as_if_it_had_begun_with_the_present_one():
    group = NeuronGroup(3, "dv/dt = -v/ms : volt", threshold="v > 1*volt", name="earlier*")
    group.v = 10 * mV
    spikes, values = spikes_of(group), values_of(group.v, [2])
    recorded = {
        spikes.key: Chunk(np.array([2.25, 2.5]), np.array([0, 1], np.int32), ()),
        values.key: Chunk(np.array([2.0, 2.5]), np.empty(0, np.int32), (np.array([[0.003], [0.004]]),)),
    }
    kept = KeptRun(1, {}, {}, 2.0, 3.0, recorded, 2.0)
    with reading(kept.from_start(5.0)):
        assert (spikes.begin, spikes.until, values.until) == (5.0, 6.0, 6.0)
        assert [part.tolist() for part in spikes.within(Interval(5.3, 6))] == [[5.5], [1]]
        times, shown = values.within(Interval(5.0, 6.0))
        assert times.tolist() == [5.0, 5.5] and shown[:, 0] == pytest.approx([3, 4])
    assert len(spikes.all()[0]) == 0
