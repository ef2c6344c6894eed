"""Power spectra of rates and of variables."""

import numpy as np
import pytest
from scipy.signal import welch

from jupyspike import NeuronGroup, PopulationRateMonitor, SpikeMonitor, StateMonitor, ms, mV, run, second
from jupyspike.widgets import Spectrum
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError

LOOK = Look(Interval(0, 1))


def test_a_rhythm_of_the_rate_is_seen_at_its_frequency(session, exc):
    random = np.random.default_rng(0)
    spectrum = Spectrum(exc)
    times = np.sort(random.uniform(0, 10, 40_000))
    times = times[random.uniform(0, 1, 40_000) < 0.5 * (1 + np.sin(2 * np.pi * 40 * times))]
    session.record("exc", times, np.zeros(len(times)))
    session.network.recorded_until = 10.0
    line = spectrum.draw(LOOK).data["exc"]
    assert line.x[line.y.argmax()] == pytest.approx(40, abs=1)
    assert line.y.max() > 20 * np.median(line.y)
    assert line.x.min() > 0  # what does not oscillate is left out


def test_it_is_the_spectrum_of_the_binned_rate_of_a_monitor(spiking):
    spikes, rate = SpikeMonitor(spiking), PopulationRateMonitor(spiking)
    run(2 * second)
    frequencies, power = Spectrum(spikes).spectra()[spiking.name]
    _, binned = rate.binned_rate(1 * ms)
    expected_frequencies, expected = welch(np.asarray(binned), fs=1000, nperseg=1000)
    np.testing.assert_allclose(frequencies, expected_frequencies)
    np.testing.assert_allclose(power, expected, rtol=1e-6, atol=1e-12)


def test_the_spectrum_of_a_variable_has_its_unit(spiking):
    values = StateMonitor(spiking, "v", record=[0, 2])
    run(1 * second)
    spectrum = Spectrum(values, [2])
    _, power = spectrum.spectra()["v[2]"]
    _, expected = welch(values[2].v / mV, fs=10_000, nperseg=10_000)
    np.testing.assert_allclose(power, expected, rtol=1e-6, atol=1e-12)
    assert spectrum.plot.y.label == "power (mV\N{SUPERSCRIPT TWO}/Hz)"
    assert spectrum.plot.y.log and spectrum.plot.x.label == "frequency (Hz)"
    with pytest.raises(ViewError, match="that of one variable"):
        Spectrum(values, [2], [0])


@pytest.mark.parametrize(("unit", "label"), [("amp/metre**2", "(A/m\N{SUPERSCRIPT TWO})"), ("1", "1")])
def test_a_unit_of_several_parts_is_squared_as_a_whole(unit, label):
    group = NeuronGroup(1, f"dx/dt = 0*x/second : {unit}", name="any*")
    squared = label if unit == "1" else f"{label}\N{SUPERSCRIPT TWO}"
    assert Spectrum(group.x).plot.y.label == f"power ({squared}/Hz)"


def test_frequencies_end_where_the_sampling_does_or_at_200_Hz(spiking):
    fine, coarse = StateMonitor(spiking, "v", record=0), StateMonitor(spiking, "v", record=0, dt=10 * ms)
    run(2 * second)
    for monitor, last in ((fine, 200), (coarse, 50)):
        assert Spectrum(monitor).draw(LOOK).x == pytest.approx((0, last))


def test_only_the_latest_stretch_is_looked_at(session, exc):
    spectrum = Spectrum(exc, over=1 * second)
    session.record("exc", np.arange(0, 5, 0.05), np.zeros(100))
    session.record("exc", np.arange(5, 6, 0.01), np.zeros(100))
    session.network.recorded_until = 6.0
    line = spectrum.draw(LOOK).data["exc"]
    assert line.x[line.y.argmax()] == pytest.approx(100, abs=1)
    assert line.y[np.searchsorted(line.x, 20)] < 1e-3 * line.y.max()


def test_before_anything_is_recorded_it_is_empty(exc, spiking):
    assert Spectrum(exc).draw(LOOK).data == {}
    assert Spectrum(spiking.v).draw(LOOK).data == {}


def test_what_neither_spikes_nor_is_a_variable_is_refused(exc):
    with pytest.raises(ViewError, match="is not a group of neurons"):
        Spectrum(3)
    with pytest.raises(ViewError, match="of nothing"):
        Spectrum()
