"""matplotlib draws quantities in base units, once it has been told about them."""

import numpy as np
import pytest

from jupyspike_engine.units import ms, mV
from jupyspike_engine.units.plotting import register_with_matplotlib

pytest.importorskip("matplotlib", reason="matplotlib is not needed to run jupyspike")


def test_quantities_of_two_units_are_drawn_against_each_other():
    from matplotlib.figure import Figure

    register_with_matplotlib()
    axes = Figure().subplots()
    t, v = np.arange(5) * ms, np.arange(5) * mV
    (line,) = axes.plot(t, v)
    axes.axvline(3 * ms)
    axes.axhline(2 * mV)
    assert np.allclose(line.get_xdata(orig=False), np.asarray(t))
    assert np.allclose(line.get_ydata(orig=False), np.asarray(v))
