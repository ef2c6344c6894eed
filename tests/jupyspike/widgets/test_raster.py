"""The raster: dots as long as they can be sent, an image of counts beyond."""

import numpy as np
import pytest

from jupyspike.widgets.encoding import encode
from jupyspike.widgets.plots import Counts, Interval, Points
from jupyspike.widgets.raster import MAX_DOTS, Raster


@pytest.fixture
def raster(session):
    return Raster(session, ["exc", "inh"])


def record(session, group, times, indices):
    session.spike_probes[group][0].record(np.asarray(times), np.asarray(indices, np.int32))


def test_groups_are_stacked_the_first_at_the_bottom(session, raster):
    record(session, "exc", [0.1, 0.2], [0, 319])
    record(session, "inh", [0.3], [7])
    raster.read()
    drawing = raster.draw(Interval(0.0, 1.0))
    assert drawing.data["exc"].y.tolist() == [0, 319]
    assert drawing.data["inh"].y.tolist() == [327]
    assert drawing.y == (-0.5, 399.5)


def test_only_the_window_is_drawn(session, raster):
    record(session, "exc", np.arange(100) * 0.1, np.arange(100))
    raster.read()
    assert raster.draw(Interval(2.0, 2.95)).data["exc"].y.tolist() == list(range(20, 30))


def test_up_to_20000_spikes_are_dots_and_one_more_makes_an_image(session, raster):
    record(session, "exc", np.linspace(0, 0.9, MAX_DOTS), np.arange(MAX_DOTS) % 320)
    raster.read()
    assert all(isinstance(data, Points) for data in raster.draw(Interval(0, 1)).data.values())
    record(session, "exc", [0.95], [3])
    raster.read()
    drawing = raster.draw(Interval(0, 1))
    assert all(isinstance(data, Counts) for data in drawing.data.values())
    assert set(drawing.data) == {"exc counts", "inh counts"}


def test_images_of_groups_cover_the_axis_without_gaps(session, raster):
    record(session, "exc", np.linspace(0, 1, 30_000), np.arange(30_000) % 320)
    raster.read()
    images = raster.draw(Interval(0, 1)).data
    assert images["exc counts"].y == (-0.5, 319.5)
    assert images["inh counts"].y == (319.5, 399.5)
    assert images["exc counts"].image.shape[0] <= 320
    assert images["inh counts"].image.max() == 0


def test_looking_closer_gives_dots_again(session, raster):
    record(session, "exc", np.linspace(0, 1, 60_000), np.arange(60_000) % 320)
    raster.read()
    closer = raster.draw(Interval(0.0, 0.1), Interval(100, 110))
    assert isinstance(closer.data["exc"], Points)
    assert np.unique(closer.data["exc"].y).tolist() == list(range(100, 111))


def test_ten_million_spikes_fit_into_one_frame_of_300_kB(session):
    raster = Raster(session, ["exc"], kept=10**7)
    random = np.random.default_rng(0)
    for second in range(10):
        record(session, "exc", np.sort(random.uniform(second, second + 1, 10**6)), random.integers(0, 320, 10**6))
        raster.read()
    assert len(raster._bands[0].spikes) == 10**7
    x = Interval(0, 10)
    _, data = encode(x, [(raster.plot, raster.draw(x))])
    assert len(data) <= 300_000


def test_a_single_group_has_an_axis_of_neurons(session):
    plot = Raster(session, ["inh"]).plot
    assert plot.y_label == "inh: neuron"
    assert plot.ticks == ()


def test_a_group_has_the_same_colour_in_all_plots(session):
    colours = {mark.colour for mark in Raster(session, ["inh"]).plot.marks}
    assert colours == {mark.colour for mark in Raster(session, ["exc", "inh"]).plot.marks if "inh" in mark.name}
