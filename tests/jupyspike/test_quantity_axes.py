"""matplotlib draws quantities."""

import matplotlib
import numpy as np
import pytest

from jupyspike import NeuronGroup
from jupyspike_engine.logs import BrianLogger, catch_logs
from jupyspike_engine.units import amp, metre, mM, ms, mV, nS, second, volt

matplotlib.use("agg")

from matplotlib import pyplot as plt  # after the choice of what it draws on

TIMES, VOLTAGES = np.arange(4) * ms, [-70.0, -60.0, -50.0, -40.0] * mV


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    figure.canvas.draw()  # whatever was put on them can be drawn
    plt.close(figure)


def test_quantities_are_drawn_in_si_units_which_label_the_axes(axes):
    (line,) = axes.plot(TIMES, VOLTAGES)
    assert np.array_equal(line.get_xdata(orig=False), TIMES / second)
    assert np.array_equal(line.get_ydata(orig=False), VOLTAGES / volt)
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\mathrm{s}$", r"$\mathrm{V}$")


def test_a_label_of_the_user_stays(axes):
    axes.set_ylabel("membrane potential")
    axes.plot(TIMES, VOLTAGES)
    assert axes.get_ylabel() == "membrane potential"


def test_plain_numbers_are_drawn_as_they_are(axes):
    (line,) = axes.plot(TIMES / ms, VOLTAGES / mV)
    assert np.array_equal(line.get_xdata(orig=False), TIMES / ms)
    assert np.array_equal(line.get_ydata(orig=False), VOLTAGES / mV)
    assert axes.get_xlabel() == axes.get_ylabel() == ""
    assert axes.xaxis.units is None


def test_an_axis_takes_all_values_of_its_dimension(axes):
    axes.plot(TIMES, VOLTAGES)
    (line,) = axes.plot(np.array([0.0, 1.0]) * second, [0, 1] * volt)
    assert list(line.get_ydata(orig=False)) == [0.0, 1.0]
    axes.axhline(-55 * mV)
    axes.set_ylim(-80 * mV, 0)
    assert axes.get_ylim() == (-0.08, 0)


@pytest.mark.parametrize("other", [[1, 2, 3, 4] * nS, np.ones(4) * amp])
def test_values_of_a_second_dimension_are_drawn_in_si_units_which_is_told_once(axes, other):
    BrianLogger.initialize()
    with catch_logs() as told:
        axes.plot(TIMES, VOLTAGES)
        for _ in range(2):
            (line,) = axes.plot(TIMES, other)
    assert np.array_equal(line.get_ydata(orig=False), np.asarray(other))
    ((level, _, text),) = told
    assert level == "WARNING" and f"in {other.dim} are drawn on an axis in volt" in text and "twinx()" in text


def test_nothing_can_be_drawn_and_times_against_voltages_counted(axes):
    (line,) = axes.plot([] * ms, [] * mV)
    assert len(line.get_ydata()) == 0
    counts, times, voltages, _ = plt.hist2d(TIMES, VOLTAGES, bins=2)
    assert counts.sum() == 4 and times.shape == voltages.shape == (3,)


def test_an_axis_can_be_set_to_a_unit(axes):
    axes.yaxis.set_units(mV)
    (line,) = axes.plot(TIMES, VOLTAGES)
    assert np.allclose(line.get_ydata(orig=False), VOLTAGES / mV)
    assert axes.get_ylabel() == r"$\mathrm{mV}$"


def test_variables_of_groups_are_drawn_as_quantities(axes):
    group = NeuronGroup(3, "v : volt\nx : metre\nn : 1")
    group.v, group.x, group.n = [1, 2, 3] * mV, [1, 2, 3] * metre, [1, 2, 3]
    (line,) = axes.plot(group.x, group.v)
    assert np.allclose(line.get_ydata(orig=False), [1e-3, 2e-3, 3e-3])
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\mathrm{m}$", r"$\mathrm{V}$")
    (line,) = axes.twinx().plot(group.x, group.n)
    assert np.array_equal(line.get_ydata(orig=False), [1, 2, 3])


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.plot(VOLTAGES),
        lambda axes: axes.plot([1 * ms, 2 * ms], [1 * mV, 2 * mV]),
        lambda axes: axes.plot(TIMES, np.ones((4, 3)) * volt),
        lambda axes: axes.step(TIMES, VOLTAGES),
        lambda axes: axes.scatter(TIMES, VOLTAGES),
        lambda axes: axes.fill_between(TIMES, VOLTAGES, -80 * mV),
        lambda axes: axes.errorbar(TIMES, VOLTAGES, 1 * mV * np.ones(4)),
        lambda axes: axes.bar(TIMES, VOLTAGES, 0.5 * ms),
        lambda axes: axes.vlines(TIMES, -80 * mV, VOLTAGES),
        lambda axes: axes.hist(VOLTAGES),
        lambda axes: axes.semilogy(TIMES, -VOLTAGES),
        lambda axes: axes.axvspan(1 * ms, 2 * ms),
        lambda axes: axes.text(1 * ms, -70 * mV, "spike"),
        lambda axes: axes.annotate("spike", (1 * ms, -70 * mV)),
        lambda axes: axes.eventplot(TIMES),
        lambda axes: axes.imshow(np.ones((2, 2)) * volt),
        lambda axes: axes.pcolormesh(TIMES, TIMES, np.ones((3, 3)) * mM),
        lambda axes: axes.plot([1, np.nan, np.inf] * mV),
        lambda axes: axes.plot([] * mV),
    ],
)  # fmt: skip
def test_all_kinds_of_plots_take_quantities(axes, draw):
    draw(axes)
