"""Cells with a shape: maps, dendrograms, cells in space, kymographs."""

import re

import numpy as np
import pytest

from jupyspike import Cylinder, Morphology, Network, NeuronGroup, Soma, SpatialNeuron, StateMonitor, ms, mV, run, um
from jupyspike.widgets import Board, Dendrogram, Kymograph, Morphology3D, MorphologyMap
from jupyspike.widgets.page import as_seen
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.solids import solids
from jupyspike.widgets.sources import ViewError, elements_of
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.objects.running.live import open_session
from jupyspike_engine.units import UNITS

LOOK = Look(Interval(0, 1))
AREA = UNITS["siemens"] / UNITS["meter"] ** 2
SIDE = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])


@pytest.fixture
def morpho():
    soma = Soma(diameter=20 * um, x=0 * um, y=0 * um)
    soma.dend = Cylinder(x=[0, 100] * um, y=[0, 0] * um, z=[0, 50] * um, diameter=2 * um, n=4)
    soma.dend.L = Cylinder(x=[0, 50] * um, y=[0, 50] * um, z=[0, 0] * um, diameter=1 * um, n=2)
    soma.dend.R = Cylinder(x=[0, 50] * um, y=[0, -20] * um, z=[0, 0] * um, diameter=1 * um, n=2)
    return soma


@pytest.fixture
def cell(morpho):
    model = "Im = g*(-70*mV - v) : amp/meter**2\nleak = g*(-70*mV - v)*area : amp"
    neuron = SpatialNeuron(morpho, model, namespace={"g": 1 * AREA}, name="cell*")
    neuron.v = np.arange(-70, -61) * mV
    return neuron


@pytest.mark.parametrize("kind", [MorphologyMap, Dendrogram, Morphology3D])
def test_compartments_have_the_colours_of_the_present_values(cell, kind):
    view = kind(cell.v)
    drawing = view.draw(LOOK)
    np.testing.assert_allclose(drawing.data["compartments"].levels, 1 + 254 * np.arange(9) / 8, atol=0.51)
    assert drawing.colours == (-70, -62) and view.plot.colours == "v (mV)" and drawing.title == "0.0 ms"
    run(1 * ms)
    np.testing.assert_allclose(view.values(), cell.v / mV)
    assert view.draw(LOOK).title == "1.0 ms"


def test_the_map_of_colours_holds_all_that_was_seen_or_what_it_is_told(cell):
    view, fixed = MorphologyMap(cell.v), MorphologyMap(cell.v, limits=[-80, 40] * mV)
    assert view.draw(LOOK).colours == (-70, -62)
    cell.v = -50 * mV
    assert view.draw(LOOK).colours == (-70, -50)
    cell.v = -60 * mV
    assert view.draw(LOOK).colours == (-70, -50)  # as it was seen before
    cell.v = -50 * mV
    assert fixed.draw(LOOK).colours == (-80, 40)
    np.testing.assert_allclose(fixed.draw(LOOK).data["compartments"].levels, 1 + 254 * 30 / 120, atol=0.51)
    cell.v = np.nan * mV
    assert not view.draw(LOOK).data["compartments"].levels.any()


def test_currents_are_shown_while_the_network_runs(cell):
    view = Dendrogram(cell.leak)
    shown = []
    view.now.monitor.summary = lambda values: shown.append(values) or values
    run(1 * ms)
    np.testing.assert_allclose(shown[-1], cell.leak)
    assert view.plot.colours == "leak (pA)"


def test_a_group_without_a_shape_is_given_one(morpho):
    group = NeuronGroup(9, "v : 1")
    group.v = "i"
    assert MorphologyMap(group.v, shape=morpho).draw(LOOK).colours == (0, 8)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda cell, group, morpho: (3,), "3 is not a variable of compartments"),
        (lambda cell, group, morpho: (group.v,), "has no shape"),
        (lambda cell, group, morpho: (group.v, morpho), "does not have this shape"),
        (lambda cell, group, morpho: (cell.v, None, (1, 2)), "no limits for 'v'"),
        (lambda cell, group, morpho: (cell.v, None, (1 * mV, 1 * mV)), "no limits for 'v'"),
        (lambda cell, group, morpho: (cell.v, None, -70 * mV), "limits of 'v' are two values"),
    ],
)
def test_what_is_no_cell_is_refused(cell, morpho, given, said):
    with pytest.raises(ViewError, match=re.escape(said)):
        MorphologyMap(*given(cell, NeuronGroup(2, "v : 1", name="group*"), morpho))


def test_parts_and_cells_of_a_population(morpho):
    model = "Im = g*(-70*mV - v) : amp/meter**2"
    cells = SpatialNeuron(morpho, model, namespace={"g": 1 * AREA}, N=3, name="cells*")
    cells.v = "-70*mV + 10*cell*mV + compartment*mV"
    second = -60.0 + np.arange(9)
    for view in (MorphologyMap(cells.v, cell=1), MorphologyMap(cells[1, :].v)):
        np.testing.assert_allclose(view.values(), second)
        assert view.plot.name == f"morphology {cells.name}[1].v"
    part = MorphologyMap(cells.dend.R.v, cell=2)
    levels = part.draw(LOOK).data["compartments"].levels
    assert np.flatnonzero(levels).tolist() == [7, 8] and part.draw(LOOK).colours == (-43, -42)
    with pytest.raises(ViewError, match="does not have this cell"):
        MorphologyMap(cells[1, :].v, cell=2)
    trace = part.picked(150, -10, (1, 1), LOOK)
    assert trace.elements == [8 * 3 + 2]
    assert Kymograph(cells.v, cell=2).values.elements[:3] == (2, 5, 8)
    with pytest.raises(ViewError, match="does not have this cell"):
        Dendrogram(cells.v, cell=3)


def test_a_click_means_the_compartment_that_is_there_or_near(cell):
    view = MorphologyMap(cell.v)
    assert view.nearest(0, 0, (1, 1)) == 0  # branches begin in the middle of the soma, too
    assert view.nearest(62, 0.5, (1, 1)) == 3
    assert view.nearest(62, 8, (1, 1)) == 3
    assert view.nearest(62, 40, (1, 1)) is None
    assert view.nearest(140, 40, (1, 1)) == 6
    assert Dendrogram(cell.v).nearest(1, 130, (0.01, 1)) == 8 - 1
    assert Morphology3D(cell.v).nearest(31, 0, (1, 1), SIDE) == 3  # 62 um along x are 31 um along z


def test_a_cell_in_space_that_is_shown_later_is_sent_to_the_page(cell):
    board = Board(MorphologyMap(cell.v))
    assert board._canvas.solids == []
    board.show([Morphology3D(cell.v)])
    assert [solid["name"] for solid in board._canvas.solids] == [board.views[0].plot.name]
    board.close()


def test_a_trace_has_no_more_lines_than_can_be_told_apart(morpho):
    tall = Cylinder(length=1000 * um, diameter=2 * um, n=20)
    view = MorphologyMap(SpatialNeuron(tall, "Im = 0*amp/meter**2 : amp/meter**2", name="tall*").v)
    middles = [corners.mean(axis=0) for corners in view.outlines]
    for x, y in middles:
        trace = view.picked(x, y, (1, 1), LOOK)
    assert trace.elements == list(range(12))


def test_a_paused_run_shows_the_values_of_now(cell):
    view = MorphologyMap(cell.v)
    session = open_session(Network(cell), 1000 * ms)
    session.run_for(0.001)
    while session.status != "paused":
        session.wait(0.01)
    cell.v = -20 * mV
    assert view.values() == pytest.approx(np.full(9, -20))
    session.stop()


def test_clicks_add_traces_and_take_them_away(cell):
    board = Board(MorphologyMap(cell.v))
    (view,) = board.views
    board._picked(view.plot.name, 62, 0, (1, 1))
    board._picked(view.plot.name, 140, 40, (1, 1))
    run(1 * ms)
    assert [shown.plot.name for shown in board.views] == [view.plot.name, f"{cell.name}.v"]
    trace = board.views[1]
    assert [mark.label for mark in trace.plot.marks] == [f"{cell.name}[3]", f"{cell.name}[6]"]
    assert len(trace.draw(Look(Interval(0, 0.001))).data["v[6]"].x) == 10
    board._picked(view.plot.name, 62, 0, (1, 1))
    assert board.views[1].elements == [6]
    board._picked(view.plot.name, 140, 40, (1, 1))
    assert board.views == (view,)
    board.close()
    assert not list(cell.watchers)


def test_a_click_into_a_live_run_records_from_then_on(cell):
    view = MorphologyMap(cell.v)
    session = open_session(Network(cell), 10 * ms)
    session.run_for(0.005)
    while session.status != "paused":
        session.wait(0.01)
    trace = view.picked(62, 0, (1, 1), LOOK)
    session.play()
    assert session.wait(10) and session.error is None
    times, values = trace.sources[0].within(Interval(0, 1))
    assert len(times) == 50 and times[0] == pytest.approx(0.005)
    assert np.ptp(values) > 0


def test_a_cell_in_space_stands_above_or_below_the_figures_as_in_the_list(cell):
    flat, space = MorphologyMap(cell.v).plot, Morphology3D(cell.v).plot
    below = [[drawn["below"] for drawn in solids(plots)] for plots in ([space], [space, flat], [flat, space, flat])]
    assert below == [[False], [False], [True]]


def test_cells_in_space_are_drawn_in_files_as_they_are_turned(cell, tmp_path):
    view = Morphology3D(cell.v)
    front, side = (view.draw(Look(Interval(0, 1), rotation=rotation)) for rotation in (None, SIDE))
    assert front.x.stop > 150 > 63 > side.x.stop
    svg = view.save(tmp_path / "cell.svg").read_text(encoding="utf-8")
    assert svg.count("<path") >= 9
    page = view.save(tmp_path / "cell.html").read_text(encoding="utf-8")
    assert "jupyspikeSolid" in page and "Copyright" in page
    assert MorphologyMap(cell.v).save(tmp_path / "map.html").read_text(encoding="utf-8").count("jupyspikeSolid") == 0


def test_of_a_section_far_from_the_root_a_kymograph_names_the_last_parts():
    shape = section = Soma(diameter=20 * um)
    for _ in range(8):
        section.apical = Cylinder(length=50 * um, diameter=2 * um, n=1)
        section = section.apical
    neuron = SpatialNeuron(shape, "Im = gL*(-70*mV - v) : amp/meter**2\ngL : siemens/meter**2", name="long*")
    title = Kymograph(neuron.v).draw(LOOK).title
    assert title == "from the root to \N{HORIZONTAL ELLIPSIS}pical.apical.apical"


@pytest.mark.parametrize("kind", [MorphologyMap, Morphology3D])
def test_files_show_what_there_is_in_the_part_of_the_plane_that_is_seen(cell, kind):
    """A page may be twice as wide: with all of its empty sides the cell would be tiny in a picture."""
    view = kind(cell.v)
    drawing = view.draw(LOOK)
    far = as_seen(view.plot, drawing, Look(Interval(0, 1), Interval(-5000, 5000), Interval(-1000, 1000)))
    assert (far.x, far.y) == (drawing.x, drawing.y)
    close = as_seen(view.plot, drawing, Look(Interval(0, 1), Interval(10, 20), Interval(-1, 1)))
    assert (close.x, close.y) == ((10, 20), (-1, 1))
    beside = as_seen(view.plot, drawing, Look(Interval(0, 1), Interval(5000, 6000), Interval(-1, 1)))
    assert beside.x == (5000, 6000)


def test_a_kymograph_shows_the_way_to_the_tip_that_is_farthest_away(cell):
    view, monitor = Kymograph(cell.v), StateMonitor(cell, "v", record=True)
    assert view.way.tolist() == [0, 1, 2, 3, 4, 5, 6]
    run(2 * ms)
    drawing = view.draw(Look(Interval(0, 0.002)))
    image = drawing.data["map"]
    assert image.levels.shape == (28, 20) and drawing.title == "from the root to .dend.L"
    shown = drawing.colours.start + (image.levels - 1.0) / 254 * (drawing.colours.stop - drawing.colours.start)
    places = np.abs(np.linspace(*view.range, 28)[:, None] - cell.distance[:7] / um).argmin(axis=1)
    np.testing.assert_allclose(shown, monitor.v[places] / mV, atol=0.02)
    assert not view.draw(Look(Interval(0.003, 0.004))).data
    assert Kymograph(cell.v, limits=(-80, 40) * mV).draw(Look(Interval(0, 0.002))).colours == (-80, 40)
    later = view.draw(Look(Interval(0.001, 0.0015))).data["map"]
    assert later.levels.shape == (28, 5) and later.x == pytest.approx((0.001, 0.0015))


def test_kymographs_of_other_ways(cell, morpho):
    way = ((8, 8), (morpho.dend.R, 8), (morpho.dend[: 50 * um], 2), (cell.dend.main, 4), (cell.dend, 6), ("dend", 6))
    for to, end in way:
        assert Kymograph(cell.v, to).way[-1] == end
    other = SpatialNeuron(morpho, "Im = 0*amp/meter**2 : amp/meter**2")
    with pytest.raises(ViewError, match="not a part of"):
        Kymograph(cell.v, other.dend)
    with pytest.raises(UserError, match="there is no section or attribute 'dnd'"):
        Kymograph(cell.v, "dnd")


def test_traces_of_compartments_are_chosen_by_the_shape(cell, morpho):
    for which in ("distance > 30*um", "dend", morpho.dend.R):
        chosen = cell.indices_of(which).tolist()
        assert chosen and elements_of(which, cell) == chosen
    assert elements_of([0, 3], cell) == [0, 3]
    with pytest.raises(UserError, match="the name 'dist' is not known"):
        elements_of("dist > 50*um", cell)


@pytest.mark.parametrize("to", [9, [[1]]])
def test_a_way_to_nowhere_is_refused(cell, to):
    with pytest.raises(ViewError, match=r"not where a way ends|does not have this compartment"):
        Kymograph(cell.v, to)


def test_a_large_cell_fits_into_a_frame(tmp_path):
    from jupyspike.widgets.encoding import encode

    morpho = Morphology.from_points([(1, "soma", 0, 0, 0, 20, -1)])
    for k in range(20):
        setattr(morpho, f"d{k}", Cylinder(length=500 * um, diameter=1 * um, n=1000))
    group = NeuronGroup(len(morpho.compartments()), "v : 1")
    group.v = "rand()"
    view = MorphologyMap(group.v, shape=morpho)
    _, data = encode(Interval(0, 1), [(view.plot, view.draw(LOOK))])
    assert len(group) == 20_001 and len(data) < 25_000
