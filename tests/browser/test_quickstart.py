"""The quick start as a first-time user goes through it: every cell, in JupyterLab, with the mouse."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

QUICKSTART = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"
CELLS = [cell.source for cell in nbformat.read(QUICKSTART, as_version=4).cells if cell.cell_type == "code"]
LIVE = next(k for k, source in enumerate(CELLS) if "--live" in source)
# How much of the raster is filled - dots, or shaded cells when there are too many dots - and up to which time.
RASTER = """() => {
    const models = [...(globalThis.Bokeh?.documents.at(-1)?._all_models.values() ?? [])];
    const data = (name) => models.find((model) => model.type === 'ColumnDataSource' && model.name === name)?.data ?? {};
    const dots = (data('raster/neurons').x ?? []).length;
    const shades = [...(data('raster/neurons counts').image?.[0] ?? [])].filter((shade) => shade > 0).length;
    const figure = models.find((model) => model.type === 'Figure');
    return {filled: dots + shades, until: figure?.x_range.end ?? 0};
}"""
# Spikes of each neuron and second over the next half second of wall time, while this very cell runs.
RATE = """
import time
from jupyspike_engine.objects.monitors.watching import watched_spikes
spikes = watched_spikes(neurons).recording  # those that the raster shows
began, row = magic_network.live_run.time, spikes.rows
time.sleep(0.5)
rate = (spikes.rows - row) / len(neurons) / (magic_network.live_run.time - began)
"""


def button(page, icon):
    return page.page.locator(f".jupyspike-panel button:has(.fa-{icon})")


def drag(page, label, to):
    """Pull the handle of a slider to a part (0 to 1) of its way with the mouse."""
    row = page.page.locator(".jupyspike-panel .widget-slider").filter(has_text=label)
    row.scroll_into_view_if_needed()
    handle, way = row.locator(".noUi-handle").bounding_box(), row.locator(".noUi-base").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    target = way["x"] + to * way["width"]
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for part in range(1, 6):
        page.page.mouse.move(x + (target - x) * part / 5, y)
    page.page.mouse.up()


@pytest.fixture
def quickstart(open_notebook):
    """The quick start, run up to its live panel, which goes on."""
    page = open_notebook([*CELLS[:LIVE], CELLS[LIVE].replace("10*second", "100*second"), *CELLS[LIVE + 1 :]])
    for k in range(LIVE + 1):
        page.run(k)
    page.wait_for(lambda: page.page.evaluate(RASTER)["filled"] > 0)
    return page


def test_the_quick_start_from_the_first_cell_to_the_last(quickstart, screenshots):
    page = quickstart
    assert re.search(r"neurons: [\d,]+ spikes of 4,000 neurons", "\n".join(page.texts(LIVE - 1)))

    page.wait_for(lambda: page.page.evaluate(RASTER)["filled"] > 1000)  # the raster fills
    before = page.page.evaluate(RASTER)["until"]
    page.wait_for(lambda: page.page.evaluate(RASTER)["until"] > before + 0.5)  # and goes on

    page.add(RATE)  # another cell runs meanwhile
    usual = page.python("rate")
    assert 3 < usual < 9
    panel = page.page.locator(".jupyspike-panel").first
    panel.scroll_into_view_if_needed()
    panel.screenshot(path=screenshots / "quickstart.png")

    drag(page, "neurons.El", to=0.0)
    page.wait_for(lambda: page.python("len(magic_network.live_run.log)") > 0)
    page.page.wait_for_timeout(300)
    page.add(RATE)
    assert page.python("rate") < usual / 10  # nothing drives the neurons to their threshold any more

    drag(page, "neurons.El", to=0.9)
    page.page.wait_for_timeout(300)
    page.add(RATE)
    assert page.python("rate") > 2 * usual

    button(page, "pause").click()
    button(page, "play").wait_for()
    held = page.python("magic_network.live_run.time")
    page.page.wait_for_timeout(500)
    assert page.python("magic_network.live_run.time") == held  # pause holds the time

    button(page, "play").click()
    page.wait_for(lambda: page.python("magic_network.live_run.time") > held)
    button(page, "stop").click()
    page.wait_for(lambda: page.python("magic_network.live_run.status") == "stopped")
    assert page.python("magic_network.live_run.time") < 100

    page.run(LIVE + 1)  # what the cells made goes on in Python
    assert re.search(r"\d+ spikes", "\n".join(page.texts(LIVE + 1)))
    assert page.errors == []


def test_a_mistake_in_a_cell_is_shown_at_its_place_without_a_traceback(quickstart):
    wrong = quickstart.add(CELLS[1].replace("taum = 20*ms in [5*ms, 50*ms]", "taum = 20*mV"))
    said = "\n".join(quickstart.texts(wrong))
    assert "Traceback" not in said
    assert "the equation of 'v'" in said
    assert "^" in said
    assert quickstart.python("len(neurons)") == 4000


def test_all_cells_are_run_at_once(open_notebook):
    """The live run comes to its end before the cell after it goes on."""
    page = open_notebook(CELLS)
    page.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells').then(() => globalThis.allRan = true)")
    page.until("globalThis.allRan")
    kinds = {output["output_type"] for k in range(len(CELLS)) for output in page.outputs(k)}
    assert "error" not in kinds
    assert page.python("float(magic_network.t/second)") == 13
    page.wait_for(lambda: page.page.get_by_text("finished").count() > 0)
    page.wait_for(lambda: page.page.evaluate(RASTER)["filled"] > 1000)
    assert page.errors == []
