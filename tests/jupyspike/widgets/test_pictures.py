"""Figures as files: pictures, and pages that need no kernel."""

import re
import struct
import tracemalloc
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from jupyspike import Cylinder, SpatialNeuron, Synapses, ms, run, um
from jupyspike.widgets import (
    Board,
    Connectivity,
    Intervals,
    Morphology3D,
    PhasePlane,
    Raster,
    Rate,
    Spectrum,
    Trace,
    Weights,
)
from jupyspike.widgets.page import as_seen
from jupyspike.widgets.pictures import _plot, picture
from jupyspike.widgets.plots import Axis, Drawing, Interval, Look, Plot
from jupyspike_engine.diagnostics import ArgumentError

NS = "{http://www.w3.org/2000/svg}"
TEXT = re.compile(r"<!-- (.*?) -->")


@pytest.fixture
def board(session, exc, inh):
    board = Board(Raster(exc, inh), Rate(exc, inh), Trace(exc.v, [0, 1]))
    session.advance(1.0)
    return board


def test_a_picture_shows_all_plots_with_units_and_a_caption(board):
    svg = picture(board._pump.drawn(), "svg", "network: finished at 1.000 s").decode()
    assert {"exc", "inh", "rate (Hz)", "v (mV)", "time (s)", "network: finished at 1.000 s"} <= set(TEXT.findall(svg))
    assert ElementTree.fromstring(svg).tag == NS + "svg"
    assert TEXT.findall(svg).count("time (s)") == 1


def test_a_picture_of_points_is_as_wide_as_two_pages(board, tmp_path):
    data = board.save(tmp_path / "figure.PNG").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20]) == (1720,)


def test_many_spikes_are_an_image(session, exc):
    raster = Raster(exc)
    session.record("exc", np.linspace(0, 1, 30_000), np.arange(30_000) % 320)
    look = Look(Interval(0, 1))
    svg = picture([(raster.plot, look, raster.draw(look))], "svg").decode()
    assert "data:image/png;base64,iVBORw0KGgo" in svg.replace("\n", "")
    assert len(svg) < 300_000


def test_drawing_an_image_takes_little_memory(session, exc):
    """Each panel draws its last frame on a thread of its own, and what each needed stays with the process."""
    raster = Raster(exc)
    session.record("exc", np.linspace(0, 1, 30_000), np.arange(30_000) % 320)
    drawn = [(raster.plot, look := Look(Interval(0, 1)), raster.draw(look))]
    picture(drawn, "svg")
    tracemalloc.start()
    try:
        picture(drawn, "svg")
        assert tracemalloc.get_traced_memory()[1] < 8e6
    finally:
        tracemalloc.stop()


@pytest.fixture
def axes_of(monkeypatch):
    """The axes of a picture of views."""

    def drawn(*views):
        figures = []
        monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: figures.append(figure))
        look = Look(Interval(0.0, 0.05))
        picture([(view.plot, look, view.draw(look)) for view in views], "svg")
        return figures[0].axes

    return drawn


def test_spikes_are_bars_where_there_is_room_and_groups_have_a_line_between_them(session, exc, inh, axes_of):
    for group in ("exc", "inh"):
        session.record(group, [0.01], [1])
    dots, lines = (axes_of(Raster(*groups))[0].get_lines() for groups in ((exc[:10],), (exc, inh)))
    assert dots[0].get_markersize() == pytest.approx(0.72 * 12)
    assert lines[0].get_markersize() == pytest.approx(0.72 * 2)
    assert list(lines[2].get_ydata()) == [319.5, 319.5]


def test_axes_are_as_they_are_in_the_browser(spiking, axes_of):
    raster, intervals, spectrum = Raster(spiking), Intervals(spiking), Spectrum(spiking)
    run(100 * ms)
    time, shares, power = axes_of(raster, intervals, spectrum)
    assert [axes.get_yscale() for axes in (time, shares, power)] == ["linear", "linear", "log"]
    assert shares.get_lines()[0].get_drawstyle() == "steps-post"
    assert time.get_xlabel() == "time (ms)" and time.xaxis.get_major_formatter()(0.02, 0) == "20"
    assert time.xaxis.get_major_formatter()(-0.02, 0) == "\N{MINUS SIGN}20"


def test_a_cell_in_space_is_drawn_from_where_it_is_seen():
    morpho = Cylinder(x=[0, 100] * um, y=[0, 10] * um, z=[0, 30] * um, diameter=2 * um, n=4)
    view = Morphology3D(SpatialNeuron(morpho, "Im = 0*amp/meter**2 : amp/meter**2", name="cell*").v)
    reached = []
    for rotation in (None, np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])):
        axes = Figure().add_subplot()
        look = Look(Interval(0, 1), rotation=rotation)
        _plot(axes, view.plot, look, view.draw(look), with_axis=True)
        corners = np.concatenate([path.vertices for path in axes.collections[0].get_paths()])
        reached.append(np.ptp(corners[:, 0]))
    assert reached == pytest.approx([100, 30], abs=3)


def test_what_is_empty_in_an_image_is_transparent(spiking, axes_of):
    synapses = Synapses(spiking, spiking)
    synapses.connect(i=[1], j=[2])
    levels = axes_of(Connectivity(synapses))[0].get_images()[0].get_array()
    assert levels.shape == (10, 10, 4) and np.argwhere(levels[..., 3]).tolist() == [[2, 1]]


def test_a_page_holds_the_data_and_asks_for_nothing_else(board, tmp_path):
    html = board.save(tmp_path / "figure.html").read_text()
    assert not re.search(r"<(script|link)[^>]*\b(src|href)=", html)
    assert "Bokeh" in html and '"name":"raster/exc"' in html
    assert len(html) > 1_000_000  # with BokehJS


def test_what_a_person_looks_at_is_what_is_saved(board):
    board._pump.answered({"kind": "look", "ranges": {"time": [0.5, 0.6], "rate/y": [0, 77]}})
    for _, look, _ in board._pump.drawn():
        assert look.time == (0.5, 0.6)
    html = board.export("html").decode()
    assert '"name":"rate/y","attributes"' in html.replace(" ", "") or '"end":77' in html.replace(" ", "")


def test_the_parts_of_axes_that_a_person_has_chosen_are_those_of_a_file():
    own, timed = Drawing(Interval(0, 9), Interval(0, 9)), Drawing(None, Interval(0, 9))
    chosen = Look(Interval(0, 1), x=Interval(2, 3), y=Interval(4, 5))
    plot = Plot("any", Axis("x"), Axis("y"), ())
    seen = [as_seen(plot, drawing, chosen) for drawing in (own, timed)]
    assert [(drawing.x, drawing.y) for drawing in seen] == [((2, 3), (4, 5)), (None, (4, 5))]
    assert as_seen(plot, own, Look(Interval(0, 1))) == own


def test_every_kind_of_view_can_be_saved(spiking, tmp_path):
    synapses = Synapses(spiking, spiking, "x : 1", on_pre="x += 0.1")
    synapses.connect(p=0.5)
    views = [
        Raster(spiking), Spectrum(spiking, spiking[:3]), Intervals(spiking), PhasePlane(spiking.v, spiking.w),
        Connectivity(synapses.x), Weights(synapses.x),
    ]  # fmt: skip
    run(100 * ms)
    board = Board(*views)
    svg = board.save(tmp_path / "all.svg").read_text()
    assert {"frequency (Hz)", "interval between spikes (ms)", "dv/dt = 0", "v (mV)", "x", "synapses (%)"} <= set(
        TEXT.findall(svg)
    )
    assert board.save(tmp_path / "all.html").stat().st_size > 1_000_000
    assert views[0].save(tmp_path / "one.svg").read_text().startswith("<?xml")


def test_other_kinds_of_files_are_refused(board, tmp_path):
    with pytest.raises(ArgumentError, match=r"cannot be saved as 'pgn'[^$]*'png'"):
        board.save(tmp_path / "figure.pgn")
    assert list(tmp_path.iterdir()) == []
