"""Receptive fields: spike-triggered averages as maps, lines and images."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from jupyspike import Network, SpikeGeneratorGroup, SpikeTriggeredAverage, TimedArray, ms, mV
from jupyspike.widgets import ReceptiveField
from jupyspike.widgets.axes import x_label
from jupyspike.widgets.colourmaps import MAPS
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError

LOOK = Look(Interval(0, 1))
FRAMES = np.random.default_rng(3).standard_normal((40, 6))


def averaged(frames, window=4 * ms):
    """Two neurons that spike at given times while frames are shown, a millisecond each."""
    source = SpikeGeneratorGroup(2, [0, 0, 1, 0], [5.5, 10.5, 12.5, 30.5] * ms)
    average = SpikeTriggeredAverage(source, TimedArray(frames * mV, dt=1 * ms), window=window)
    network = Network(source, average)
    network.run(40 * ms)
    return average, network


def before_spikes(frames, spikes=(5, 10, 30), lags=4):
    return np.mean([frames[k - lags + 1 : k + 1][::-1] for k in spikes], axis=0)


def test_time_before_the_spike_is_across_and_channels_are_up():
    average, _ = averaged(FRAMES)
    view = ReceptiveField(average)
    np.testing.assert_allclose(view.values(), before_spikes(FRAMES))
    drawing = view.draw(LOOK)
    image = drawing.data["map"]
    assert image.levels.shape == (6, 4)
    assert np.unravel_index(image.levels.argmax(), (6, 4)) == tuple(
        np.unravel_index(before_spikes(FRAMES)[::-1].T.argmax(), (6, 4))
    )
    assert drawing.x == pytest.approx((-0.0035, 0.0005)) and drawing.y == (-0.5, 5.5)
    assert drawing.title.endswith("[0]: average over 3 spikes")
    assert view.plot.colours == "stimulus (mV)"
    assert x_label(view.plot, drawing.x) == "time from the spike (ms)"


def test_a_neuron_is_called_by_its_number_in_the_group():
    source = SpikeGeneratorGroup(5, [3], [5.5] * ms, name="several*")
    average = SpikeTriggeredAverage(source, TimedArray(FRAMES * mV, dt=1 * ms), window=4 * ms, record=[1, 3])
    Network(source, average).run(10 * ms)
    view = ReceptiveField(average, 1)
    assert view.called == f"{source.name}[3]"
    assert view.draw(LOOK).title == f"{source.name}[3]: average over 1 spikes"


def test_one_channel_is_a_line_between_standard_errors():
    average, _ = averaged(FRAMES[:, 0])
    drawing = ReceptiveField(average).draw(LOOK)
    expected = before_spikes(FRAMES[:, :1])[::-1, 0]
    error = average.standard_error[0, ::-1, 0] / mV
    np.testing.assert_allclose(drawing.data["average"].y, expected)
    np.testing.assert_allclose(drawing.data["above"].y, expected + error)
    np.testing.assert_allclose(drawing.data["below"].y, expected - error)
    assert drawing.data["average"].x == pytest.approx([-0.003, -0.002, -0.001, 0])
    assert drawing.y.start < (expected - error).min() and drawing.y.stop > (expected + error).max()


def test_channels_can_be_pixels_with_a_slider_for_the_time_before_the_spike():
    average, _ = averaged(FRAMES)
    view = ReceptiveField(average, shape=(2, 3))
    assert view.plot.equal and not ReceptiveField(average).plot.equal
    show, lag = view.controls()
    before = view.state
    lag.value = 2
    assert view.state != before
    drawing = view.draw(LOOK)
    expected = before_spikes(FRAMES)[2].reshape(2, 3)
    levels = drawing.data["map"].levels
    assert np.unravel_index(levels.argmax(), (2, 3)) == np.unravel_index(expected.argmax(), (2, 3))
    assert drawing.title.endswith(": average over 3 spikes, 2 ms before")
    show.value = "standard error"
    np.testing.assert_allclose(view.values(), average.standard_error[0] / mV)


@pytest.mark.parametrize("shape", [None, (2, 3)])
def test_the_neutral_colour_is_the_mean_of_the_stimulus_and_the_scale_that_of_all_times(shape):
    average, network = averaged(FRAMES + 10)
    network.run(10 * ms)  # the last frame stays
    mean = (40 * FRAMES.mean() + 10 * FRAMES[-1].mean()) / 50 + 10
    farthest = np.abs(before_spikes(FRAMES + 10) - mean).max()
    view = ReceptiveField(average, shape=shape)
    drawing = view.draw(LOOK)
    assert drawing.map == "diverging"
    assert drawing.colours == pytest.approx((mean - farthest, mean + farthest))
    lags = [view.draw(LOOK).data["map"].levels for view.lag in range(4)]
    assert {np.min(lags), np.max(lags)} & {1, 255}
    more = before_spikes(FRAMES + 10) > mean
    seen = lags if shape else [lags[0].T[::-1]]
    np.testing.assert_array_equal(np.array(seen).reshape(more.shape) >= 128, more)


def test_standard_errors_have_the_colours_from_the_lowest_to_the_highest():
    average, _ = averaged(FRAMES)
    drawing = ReceptiveField(average, show="standard error", shape=(2, 3)).draw(LOOK)
    error = average.standard_error[0] / mV
    assert drawing.map == "sequential" and drawing.colours == pytest.approx((error.min(), error.max()))


def test_rates_before_spikes_are_more_or_less_than_the_mean_rate():
    source = SpikeGeneratorGroup(1, [0, 0], [10.5, 20.5] * ms)
    before = SpikeGeneratorGroup(2, [0, 0, 1, 1], [9.5, 19.5, 3.5, 15.5] * ms)
    average = SpikeTriggeredAverage(source, before, window=3 * ms, dt=1 * ms)
    Network(source, before, average).run(40 * ms)
    drawing = ReceptiveField(average).draw(LOOK)
    assert sum(drawing.colours) / 2 == pytest.approx(0.05)  # kHz: 4 spikes of 2 neurons in 40 ms
    assert drawing.data["map"].levels.max() == 255


def test_a_stimulus_that_never_changes_is_neutral():
    average, _ = averaged(np.full((40, 6), 2.0))
    assert (ReceptiveField(average).draw(LOOK).data["map"].levels == 128).all()


def test_it_can_be_saved_as_a_picture(tmp_path):
    average, _ = averaged(FRAMES)
    view = ReceptiveField(average)
    assert view.save(tmp_path / "field.svg").read_text(encoding="utf-8").count("<image") >= 1
    scales = {"average": "diverging", "standard error": "sequential"}
    for view.show, kind in scales.items():
        levels = view.draw(LOOK).data["map"].levels
        ends = MAPS[kind][levels.min()], MAPS[kind][levels.max()]
        pixels = (255 * imread(view.save(tmp_path / "field.png"))[..., :3]).round().astype(int)
        for colour in ends:
            assert (pixels == np.round(255 * np.array(to_rgb(colour)))).all(axis=2).any()
        assert all(colour in view.save(tmp_path / "field.html").read_text(encoding="utf-8") for colour in ends)


def test_a_neuron_without_spikes_shows_nothing_yet():
    average, network = averaged(FRAMES)
    view = ReceptiveField(average, 1)
    assert view.spikes == 1
    average.clear()
    drawing = view.draw(LOOK)
    assert not drawing.data["map"].levels.any() and drawing.title.endswith("average over 0 spikes")
    before = view.state
    network.run(1 * ms)
    assert view.state != before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2,), "does not have this neuron"),
        ((0, (2, 2)), "has 6 channels, not 2 times 2"),
        ((0, None, "median"), "cannot be shown"),
    ],
)
def test_what_an_average_does_not_have_is_refused(arguments, message):
    average, _ = averaged(FRAMES)
    with pytest.raises(ViewError, match=message):
        ReceptiveField(average, *arguments)
    with pytest.raises(ViewError, match="is not an average"):
        ReceptiveField(FRAMES)
