"""The raster: dots as long as they can be sent, an image of counts beyond."""

import time

import numpy as np
import pytest

from jupyspike import Cylinder, SpatialNeuron, SpikeMonitor, ms, mV, run, um
from jupyspike.widgets import Raster
from jupyspike.widgets.encoding import encode
from jupyspike.widgets.plots import Image, Interval, Look, Points
from jupyspike.widgets.raster import MAX_DOTS
from jupyspike.widgets.sources import ViewError
from jupyspike_engine.simulation.recording import Chunk

WHOLE = Look(Interval(0.0, 1.0))


@pytest.fixture
def raster(exc, inh):
    return Raster(exc, inh)


def test_groups_are_stacked_the_first_at_the_bottom(session, raster):
    session.record("exc", [0.1, 0.2], [0, 319])
    session.record("inh", [0.3], [7])
    drawing = raster.draw(WHOLE)
    assert drawing.data["exc"].y.tolist() == [0, 319]
    assert drawing.data["inh"].y.tolist() == [327]
    assert drawing.y == (-0.5, 399.5)
    assert raster.plot.y.ticks == ((159.5, "exc"), (359.5, "inh")) and raster.plot.lines == (319.5,)
    beyond = raster.draw(Look(Interval(0, 1), y=Interval(500, 600)))
    assert not any(len(dots.x) for dots in beyond.data.values())


def test_a_population_of_cells_with_a_shape_has_a_line_for_each_cell():
    morpho = Cylinder(length=100 * um, diameter=1 * um, n=5)
    model = "Im = 0*amp/meter**2 : amp/meter**2"
    cells = SpatialNeuron(morpho, model, N=4, threshold="v > 0*volt", threshold_location=3, refractory=9 * ms)
    spikes = SpikeMonitor(cells)
    cells.v[2, :] = 10 * mV
    run(1 * ms)
    drawing = Raster(cells).draw(WHOLE)
    (data,) = drawing.data.values()
    assert data.y.tolist() == [2] == spikes.i[:].tolist() and drawing.y == (-0.5, 3.5)


def test_only_the_window_is_drawn(session, raster):
    session.record("exc", np.arange(100) * 0.1, np.arange(100))
    assert raster.draw(Look(Interval(2.0, 2.95))).data["exc"].y.tolist() == list(range(20, 30))


def test_up_to_20000_spikes_are_dots_and_one_more_makes_an_image(session, raster):
    session.record("exc", np.linspace(0, 0.9, MAX_DOTS), np.arange(MAX_DOTS) % 320)
    assert all(isinstance(data, Points) for data in raster.draw(WHOLE).data.values())
    session.record("exc", [0.95], [3])
    drawing = raster.draw(WHOLE)
    assert all(isinstance(data, Image) for data in drawing.data.values())
    assert set(drawing.data) == {"exc counts", "inh counts"}


def test_the_spikes_of_all_groups_together_are_dots_or_an_image(session, raster):
    for group, count in (("exc", MAX_DOTS - 10), ("inh", 10)):
        session.record(group, np.linspace(0, 0.9, count), np.zeros(count))
    assert all(isinstance(data, Points) for data in raster.draw(WHOLE).data.values())
    session.record("inh", [0.95], [0])
    assert all(isinstance(data, Image) for data in raster.draw(WHOLE).data.values())


def test_images_of_groups_cover_the_axis_without_gaps(session, raster):
    session.record("exc", np.linspace(0, 1, 30_000), np.arange(30_000) % 320)
    images = raster.draw(WHOLE).data
    assert images["exc counts"].y == (-0.5, 319.5)
    assert images["inh counts"].y == (319.5, 399.5)
    assert images["exc counts"].levels.shape[0] <= 320
    assert images["inh counts"].levels.max() == 0


def test_looking_closer_gives_dots_again(session, raster):
    session.record("exc", np.linspace(0, 1, 60_000), np.arange(60_000) % 320)
    closer = raster.draw(Look(Interval(0.0, 0.1), y=Interval(100, 110)))
    assert isinstance(closer.data["exc"], Points)
    assert np.unique(closer.data["exc"].y).tolist() == list(range(100, 111))
    lowest = raster.draw(Look(Interval(0.0, 1.0), y=Interval(-0.5, 4.5)))
    assert np.unique(lowest.data["exc"].y).tolist() == list(range(5))
    some = raster.draw(Look(Interval(0.0, 1.0), y=Interval(0.0, 159.0)))
    assert some.data["exc counts"].levels.shape[0] == 159  # no more rows than neurons


def test_ten_million_spikes_are_drawn_within_a_second_into_one_frame_of_300_kB(exc):
    spikes = SpikeMonitor(exc)
    random = np.random.default_rng(0)
    for second in range(10):
        times = np.sort(random.uniform(second, second + 1, 10**6))
        spikes.recording.add(Chunk(times, random.integers(0, 320, 10**6, np.int32), ()))
    raster, look = Raster(spikes), Look(Interval(0, 10))
    took = []
    for _ in range(3):
        began = time.process_time()
        drawing = raster.draw(look)
        _, data = encode(look.time, [(raster.plot, drawing)])
        took.append(time.process_time() - began)
    assert min(took) < 1
    assert len(data) <= 300_000
    closer = raster.draw(Look(Interval(3.0, 3.1), y=Interval(10, 20))).data["exc"]
    rows = slice(*np.searchsorted(spikes.t_, [3.0, 3.1]))
    inside = (spikes.i[rows] >= 10) & (spikes.i[rows] <= 20)
    np.testing.assert_array_equal(closer.x, spikes.t_[rows][inside])
    np.testing.assert_array_equal(closer.y, spikes.i[rows][inside])


def test_a_single_group_has_an_axis_of_neurons(inh):
    axis = Raster(inh).plot.y
    assert (axis.label, axis.ticks) == ("index in inh", ())


def test_a_group_has_the_same_colour_in_all_plots(exc, inh):
    colours = {mark.colour for mark in Raster(inh).plot.marks}
    assert colours == {mark.colour for mark in Raster(exc, inh).plot.marks if "inh" in mark.name}


def test_a_group_that_never_spikes_is_refused(exc):
    with pytest.raises(ViewError, match="is not a group of neurons"):
        Raster(exc, exc.v)
    with pytest.raises(ViewError, match="raster of nothing"):
        Raster()


def test_it_shows_what_a_monitor_of_the_user_has_recorded(spiking):
    spikes = SpikeMonitor(spiking)
    run(100 * ms)
    for raster in (Raster(spikes), Raster(spiking)):
        drawn = raster.draw(Look(Interval(0, 0.1))).data[spiking.name]
        np.testing.assert_array_equal(drawn.x, spikes.t_)
        np.testing.assert_array_equal(drawn.y, spikes.i)


def test_without_a_monitor_it_lets_one_run_along(spiking):
    raster = Raster(spiking)
    run(50 * ms)
    spikes = SpikeMonitor(spiking)
    run(50 * ms)
    drawn = raster.draw(Look(Interval(0, 0.1))).data[spiking.name]
    later = drawn.x >= 0.05
    np.testing.assert_array_equal(drawn.x[later], spikes.t_)
    np.testing.assert_array_equal(drawn.y[later], spikes.i)
    assert drawn.x[0] < 0.02
