"""Cells with a shape in JupyterLab: colours, clicks, rotation and files, on a cell that was read from a SWC file."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from figures import Notebook
from matplotlib.image import imread

SWC = Path(__file__).parents[2] / "notebooks" / "cells" / "pyramidal.swc"
CELL = f"""
import json
import numpy as np
from jupyspike import *
from jupyspike.widgets import *
morpho = Morphology.from_file({str(SWC)!r})
model = '''Im = gL*(EL - v) + gNa*m**3*h*(ENa - v) + gK*n**4*(EK - v) : amp/meter**2
INa = gNa*m**3*h*(ENa - v) : amp/meter**2
I : amp (point current)
vu = v/mV : 1
dm/dt = (0.1*(vu + 40)/(1 - exp(-(vu + 40.0001)/10))*(1 - m) - 4*exp(-(vu + 65)/18)*m)/ms : 1
dh/dt = (0.07*exp(-(vu + 65)/20)*(1 - h) - h/(exp(-(vu + 35)/10) + 1))/ms : 1
dn/dt = (0.01*(vu + 55)/(1 - exp(-(vu + 55.0001)/10))*(1 - n) - 0.125*exp(-(vu + 65)/80)*n)/ms : 1'''
gL, EL, gNa, ENa = 0.3*msiemens/cm**2, -54.4*mV, 120*msiemens/cm**2, 50*mV
gK, EK = 36*msiemens/cm**2, -77*mV
cell = SpatialNeuron(morpho, model, Cm=1*uF/cm**2, Ri=100*ohm*cm, name='cell')
cell.v, cell.h, cell.n, cell.m = -65*mV, 0.6, 0.32, 0.05
cell.I[0] = 2*nA
everything = StateMonitor(cell, 'v', record=True)
run(6*ms)
def tell(**values):
    print(json.dumps({{name: np.asarray(value).tolist() for name, value in values.items()}}))
"""
PLACE = """([name, x, y]) => {
    for (const shown of [...Bokeh.documents].reverse()) {
        const found = [...shown._all_models.values()].find((m) => m.type === 'Figure' && m.name === name);
        if (!found) continue;
        const view = Bokeh.index.find_one(found);
        view.el.scrollIntoView({ block: 'center' });
        const { left, top } = view.el.getBoundingClientRect();
        return [left + view.frame.x_scale.compute(x), top + view.frame.y_scale.compute(y)];
    }
}"""
SOLID = "[...document.querySelectorAll('.jupyspike-solid')].at(-1)"


class Cell(Notebook):
    """A notebook with a cell that has fired."""

    def click(self, name, x, y):
        """Click at a place of a figure."""
        self.page.page.mouse.click(*self.page.page.evaluate(PLACE, [name, float(x), float(y)]))

    def values(self, name, low, high):
        """What the colours of compartments stand for."""
        return low + (self.data(f"{name}/compartments")["level"] - 1.0) / 254 * (high - low)

    @property
    def space(self):
        """The picture of a cell in space, as RGB."""
        shot = self.page.page.locator(".jupyspike-solid canvas").last.screenshot()
        return np.round(255 * imread(BytesIO(shot), "png")[:, :, :3]).astype(int)


@pytest.fixture(scope="module")
def cell(browser):
    page = browser.open([CELL])
    page.run(0)
    yield Cell(page)
    assert page.errors == []
    page.close()


def test_a_map_of_a_cell(cell, screenshots):
    name = "morphology cell.v"
    shown = cell.show("shown = MorphologyMap(cell.v)\nshown", f"{name}/compartments")
    v = cell.told("v=cell.v/mV")["v"]
    np.testing.assert_allclose(cell.values(name, v.min(), v.max()), v, atol=np.ptp(v) / 250)
    figure = cell.figure(name)
    assert figure["labels"] == ["x (\N{MICRO SIGN}m)", "y (\N{MICRO SIGN}m)"] and figure["title"] == "6.0 ms"
    area = cell.page.page.evaluate(PLACE, [name, 0, 0]), cell.page.page.evaluate(PLACE, [name, 100, 100])
    assert area[1][0] - area[0][0] == pytest.approx(area[0][1] - area[1][1], rel=1e-3)  # a length is as long up
    cell.picture(shown, screenshots / "view-morphology.png")


def test_a_click_on_a_compartment_adds_its_trace_and_another_one_takes_it_away(cell, screenshots):
    told = cell.told("middle=morpho.compartments().middle*1e6, v=everything.v/mV, t=everything.t_")
    for count, compartment in enumerate((0, 120), start=1):
        cell.click("morphology cell.v", *told["middle"][compartment, :2])
        cell.page.wait_for(lambda k=compartment: cell.filled(f"cell.v/v[{k}]"))
        line = cell.data(f"cell.v/v[{compartment}]")
        np.testing.assert_allclose(line["y"], told["v"][compartment], atol=np.ptp(told["v"][compartment]) / 6e4)
        assert cell.page.python("len(shown.trace.elements)") == count
    cell.page.page.locator(".jupyspike-panel").last.screenshot(path=screenshots / "view-morphology-trace.png")
    cell.click("morphology cell.v", *told["middle"][0, :2])
    cell.page.wait_for(lambda: not cell.data("cell.v/v[0]") and cell.filled("cell.v/v[120]"))
    cell.click("morphology cell.v", *told["middle"][120, :2])
    cell.page.wait_for(lambda: not cell.data("cell.v/v[120]"))
    assert cell.page.python("[view.plot.name for view in shown.board.views]") == [NAME]


def test_a_dendrogram_of_a_current(cell, screenshots):
    name = "dendrogram cell.INa"
    shown = cell.show("Dendrogram(cell.INa)", f"{name}/compartments")
    current = cell.told("i=cell.INa[:]/(uA/cm**2)")["i"]
    np.testing.assert_allclose(cell.values(name, current.min(), current.max()), current, atol=np.ptp(current) / 250)
    cell.picture(shown, screenshots / "view-dendrogram.png")


def test_a_kymograph(cell, screenshots):
    shown = cell.show("kymograph = Kymograph(cell.v)\nkymograph", "kymograph cell.v/map")
    told = cell.told("v=everything.v[list(kymograph.values.elements)]/mV, d=kymograph._distance")
    image, figure = cell.image("kymograph cell.v/map"), cell.figure("kymograph cell.v")
    assert figure["x"] == pytest.approx([0, 0.006]) and figure["y"] == pytest.approx([0, told["d"][-1]])
    up = np.linspace(0, told["d"][-1], len(image))
    nearest = np.abs(up[:, None] - told["d"]).argmin(axis=1)
    shade = told["v"].min() + (image - 1.0) / 254 * np.ptp(told["v"])
    np.testing.assert_allclose(shade, told["v"][nearest], atol=np.ptp(told["v"]) / 250)
    cell.picture(shown, screenshots / "view-kymograph.png")


RULE = SOLID + """.querySelector('[style*="border-bottom"]').style.width"""


def test_over_a_cell_in_space_the_wheel_moves_the_page_until_a_click(cell):
    page = cell.page.page
    cell.page.add("Morphology3D(cell.v)")
    page.wait_for_function("document.querySelector('.jupyspike-solid')?.textContent.includes('6.0 ms')")
    box = page.locator(".jupyspike-solid canvas").last.bounding_box()
    before = page.evaluate(RULE)

    def zooms(wheel):
        page.mouse.wheel(0, wheel)
        page.wait_for_timeout(300)
        return page.evaluate(RULE) != before

    for click in (False, True, False):
        page.mouse.move(box["x"] - 30, box["y"] + 50)
        page.mouse.move(box["x"] + 20, box["y"] + 50)
        if click:
            page.mouse.click(box["x"] + 20, box["y"] + 50)
        assert zooms(-10) is click
        before = page.evaluate(RULE)


def test_a_cell_in_space_is_turned_and_clicked(cell, screenshots):
    page = cell.page.page
    shown = cell.page.add("space = Morphology3D(cell.v)\nspace")
    page.wait_for_function("document.querySelector('.jupyspike-solid')?.textContent.includes('6.0 ms')")
    cell.picture(shown, screenshots / "view-morphology3d.png")
    before = cell.space
    drawn = np.any(before != before[0, 0], axis=2)
    assert 500 < drawn.sum() < drawn.size / 4
    box = page.locator(".jupyspike-solid canvas").last.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 230, steps=5)
    page.mouse.up()
    cell.page.wait_for(lambda: cell.page.python("len(space.board._pump._turned)") == 1)
    turned = cell.space
    assert np.any(turned != before)
    rotation = np.array(cell.page.python("space.board._pump.looks()[0].rotation.tolist()"))
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-6)
    assert rotation[0, 0] < 0.9  # turned about the upright axis
    window = cell.told("x=space.board._pump.looks()[0].x, y=space.board._pump.looks()[0].y, middle=space.tubes.end")
    place = rotation @ window["middle"][30]
    share = [(place[k] - window[axis][0]) / np.ptp(window[axis]) for k, axis in enumerate("xy")]
    page.mouse.click(box["x"] + share[0] * box["width"], box["y"] + (1 - share[1]) * box["height"])
    cell.page.wait_for(lambda: cell.page.python("space.trace is not None"))
    (compartment,) = cell.page.python("space.trace.elements")
    assert np.linalg.norm(rotation[:2] @ (window["middle"][compartment] - window["middle"][30])) < 40
    cell.page.wait_for(lambda: cell.filled(f"cell.v/v[{compartment}]"))
    assert np.abs(cell.space - turned).mean() < 1  # it is still seen from there
    cell.page.theme("JupyterLab Dark")
    page.wait_for_timeout(700)
    cell.picture(shown, screenshots / "view-morphology3d-dark.png")
    cell.page.theme("JupyterLab Light")


@pytest.mark.parametrize("kind", ["png", "html"])
def test_a_cell_in_space_is_saved_as_it_is_turned(cell, browser, tmp_path, screenshots, kind):
    page = cell.page.page
    with page.expect_download(timeout=60_000) as download:
        page.locator(".jupyspike-export").last.get_by_text(kind.upper()).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"morphology3d-cell.v.{kind}"
    if kind == "png":
        assert file.read_bytes().startswith(b"\x89PNG")
        (screenshots / "saved-morphology3d.png").write_bytes(file.read_bytes())
        return
    shown = browser.show(file)  # without a server and without the internet
    shown.wait_for_function("document.querySelector('.jupyspike-solid canvas')")
    shown.wait_for_timeout(300)
    shown.screenshot(path=screenshots / "saved-morphology3d-page.png")
    shown.context.close()


LIVE = """
cell.v, cell.h, cell.n, cell.m = -65*mV, 0.6, 0.32, 0.05
magic_network.remove(everything)
views = MorphologyMap(cell.v), Morphology3D(cell.v), Kymograph(cell.v)
live_panel(1000*second, *views, speed=0.01, window=50*ms)
"""
NAME = "morphology cell.v"


def test_a_cell_is_watched_while_it_fires_and_a_click_records_a_compartment(cell, screenshots):
    shown = cell.show(LIVE, f"{NAME}/compartments", "kymograph cell.v/map")
    before = cell.data(f"{NAME}/compartments")["level"]
    cell.page.wait_for(lambda: np.any(cell.data(f"{NAME}/compartments")["level"] != before))
    cell.page.scroll_to(shown)
    middle = cell.told("middle=morpho.compartments().middle*1e6")["middle"]
    cell.click(NAME, *middle[0, :2])
    cell.page.wait_for(lambda: cell.filled("cell.v/v[0]"))
    points = len(cell.data("cell.v/v[0]")["x"])
    cell.page.wait_for(lambda: len(cell.data("cell.v/v[0]")["x"]) > points + 20)
    assert cell.page.python("magic_network.live_run.status") == "running"
    cell.picture(shown, screenshots / "panel-morphology.png")
    cell.page.add("magic_network.live_run.stop()")
