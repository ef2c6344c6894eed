"""The still picture."""

from xml.etree import ElementTree

import numpy as np
import pytest

from jupyspike.widgets.plots import Interval
from jupyspike.widgets.raster import Raster
from jupyspike.widgets.rate import Rate
from jupyspike.widgets.svg import nice_ticks, picture
from jupyspike.widgets.traces import Trace

NS = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn(session):
    views = [Raster(session, ["exc", "inh"]), Rate(session, ["exc", "inh"]), Trace(session, "exc", "v", [0, 1])]
    session.advance(1.0)
    for view in views:
        view.read()
    return [(view.plot, view.draw(Interval(0, 1))) for view in views]


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter(NS + "text")]


def test_it_shows_all_plots_with_units_and_a_caption(drawn):
    shown = texts(picture(drawn, Interval(0, 1), "network: finished at 1.000 s"))
    assert {"exc", "inh", "rate (Hz)", "v (mV)", "time (s)", "network: finished at 1.000 s"} <= set(shown)


def test_each_spike_is_a_dot(session, drawn):
    spikes = sum(len(drawn[0][1].data[name].x) for name in ("exc", "inh"))
    svg = picture(drawn[:1], Interval(0, 1))
    paths = [p.get("d", "") for p in ElementTree.fromstring(svg).iter(NS + "path") if p.get("stroke", "")[:1] == "#"]
    assert sum(path.count("M") for path in paths if "h1.6" in path) == spikes


def test_many_spikes_are_an_image(session):
    raster = Raster(session, ["exc"])
    session.spike_probes["exc"][0].record(np.linspace(0, 1, 30_000), np.arange(30_000) % 320)
    raster.read()
    svg = picture([(raster.plot, raster.draw(Interval(0, 1)))], Interval(0, 1))
    (image,) = ElementTree.fromstring(svg).iter(NS + "image")
    assert image.get("href").startswith("data:image/png;base64,iVBORw0KGgo")
    assert len(svg) < 300_000


def test_ticks_are_round_and_inside():
    values = [value for value, _ in nice_ticks(Interval(-72.3, -48.1), 5)]
    assert values == [-70, -65, -60, -55, -50]


def test_names_cannot_break_the_markup(drawn):
    assert "a < b & c" in texts(picture(drawn, Interval(0, 1), "a < b & c"))
