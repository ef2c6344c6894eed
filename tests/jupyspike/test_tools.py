"""Figures in one call: what is drawn are the numbers that were recorded, in the units on the axes."""

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    mV,
    prefs,
    second,
)  # fmt: skip
from jupyspike.tools import brian_plot, plot_raster, plot_rate, plot_state, plot_synapses
from jupyspike_engine.diagnostics import ArgumentError, ArgumentTypeError

pyplot = pytest.importorskip("matplotlib.pyplot", reason="the tools draw with matplotlib")


@pytest.fixture(autouse=True)
def blank_figure():
    pyplot.close("all")  # of earlier tests
    pyplot.switch_backend("agg")
    prefs.codegen.target = "numpy"
    yield
    pyplot.close("all")
    prefs.reset_to_defaults()


def recorded():
    source = SpikeGeneratorGroup(3, [0, 2, 1], [1, 2, 3] * ms)
    group = NeuronGroup(2, "dv/dt = (10*mV - v)/(5*ms) : volt", threshold="v > 8*mV", reset="v = 0*mV")
    synapses = Synapses(source, group, "w : volt", on_pre="v += w")
    synapses.connect(i=[0, 1, 2], j=[0, 1, 1])
    synapses.w = [1, 2, 3] * mV
    monitors = SpikeMonitor(source), StateMonitor(group, "v", record=True), PopulationRateMonitor(group)
    Network(source, group, synapses, monitors).run(5 * ms)
    return (*monitors, synapses)


def test_each_object_is_drawn_in_its_own_way():
    spikes, trace, rate, synapses = recorded()
    axes = brian_plot(spikes)
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [1, 2, 3])
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [0, 2, 1])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time (ms)", "neuron index")
    axes = brian_plot(trace, axes=pyplot.figure().gca())
    assert len(axes.lines) == 2 and axes.get_ylabel() == "v (mV)"
    np.testing.assert_allclose(axes.lines[1].get_ydata(), trace.v[1] / mV)
    axes = brian_plot(trace[0], axes=pyplot.figure().gca())
    np.testing.assert_allclose(axes.lines[0].get_ydata(), trace.v[0] / mV)
    axes = brian_plot(rate, axes=pyplot.figure().gca())
    np.testing.assert_allclose(axes.lines[0].get_ydata(), rate.rate / Hz)
    axes = brian_plot(synapses.w, axes=pyplot.figure().gca())
    np.testing.assert_allclose(axes.collections[0].get_array(), [1, 2, 3])
    assert axes.figure.axes[1].get_ylabel() == "w (mV)"
    np.testing.assert_allclose(
        brian_plot(synapses, axes=pyplot.figure().gca()).collections[0].get_offsets()[:, 1], [0, 1, 1]
    )


def test_units_are_chosen_by_the_reader():
    axes = plot_state([0, 1] * ms, [1, 2] * mV, time_unit=second, var_unit=mV, var_name="u")
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [0, 0.001])
    assert axes.get_xlabel() == "time (s)" and axes.get_ylabel() == "u (mV)"
    axes = plot_rate([0, 1] * ms, [5, 6] * Hz, axes=pyplot.figure().gca())
    assert axes.get_ylabel() == "population rate (Hz)"
    axes = plot_raster([0, 1], [1, 2] * ms, axes=pyplot.figure().gca(), color="k")
    assert axes.lines[0].get_color() == "k"


def test_connections_as_a_matrix():
    axes = plot_synapses([0, 1, 1], [2, 0, 0], plot_type="image")
    np.testing.assert_array_equal(axes.images[0].get_array(), [[0, 2], [0, 0], [1, 0]])
    axes = plot_synapses([0, 1], [1, 0], np.array([3.0, 4.0]), plot_type="image", axes=pyplot.figure().gca())
    assert axes.images[0].get_array()[1, 0] == 3
    with pytest.raises(ArgumentError, match="not a type of plot"):
        plot_synapses([0], [0], plot_type="cake")
    with pytest.raises(ArgumentTypeError, match="no picture"):
        brian_plot(3)
