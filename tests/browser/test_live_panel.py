"""The live panel in JupyterLab, operated with the mouse."""

import os
import subprocess
import sys

import ipykernel
import pytest
from lab import KERNEL_PATH, write_notebook

from jupyspike.widgets.plots import ON_DARK

SESSION = """
from fake_session import *
from jupyspike.widgets import Panel, Raster, Rate, Trace
taum = FakeParameter("exc.taum", 0.02, 0.005, 0.05, None, MS)
session = FakeSession({"exc": 320, "inh": 80}, duration=%s, rate=8, parameters=[taum])
exc, inh = session.groups.values()
panel = Panel(session, [Raster(exc, inh), Rate(exc, inh), Trace(exc.v, [0, 1])])
"""
SHOW = "panel"
SHOWN_DATA = """() => {
    const shown = globalThis.Bokeh?.documents.at(-1);
    if (!shown) return {};
    const sources = [...shown._all_models.values()].filter((model) => model.type === 'ColumnDataSource');
    return Object.fromEntries(sources.map((source) => [source.name, source.data.x?.length ?? 0]));
}"""
SHOWN_TIME = """() => {
    const {x_range} = [...Bokeh.documents.at(-1)._all_models.values()].find(({type}) => type === 'Figure');
    return [x_range.start, x_range.end];
}"""
SHOWN_NEURONS = SHOWN_TIME.replace("x_range", "y_range")
DATA_OF = """[...Bokeh.documents.at(-1)._all_models.values()]
    .find(({type, name}) => type === 'ColumnDataSource' && name === '%s').data"""
TIMES_OF_DOTS = f"Array.from({DATA_OF % 'raster/exc'}.x).filter((time) => time === time)"
SHADES = DATA_OF % "raster/exc counts" + ".image[0].filter((shade) => shade > 0).length"
TEXT_COLOUR = """[...Bokeh.documents.at(-1)._all_models.values()]
    .find(({type}) => type === 'LinearAxis').major_label_text_color"""
LINE_COLOUR = """[...Bokeh.documents.at(-1)._all_models.values()]
    .find(({type, name}) => type === 'GlyphRenderer' && name === 'rate/exc').glyph.line_color.value"""
COUNT_MESSAGES = """() => {
    if (globalThis.received) return void (received.length = 0);
    globalThis.received = [];
    notebookPanel().sessionContext.session.kernel.iopubMessage.connect((_, message) => {
        if (message.header.msg_type !== 'comm_msg') return;
        const bytes = message.buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
        received.push({at: performance.now(), bytes, kind: message.content.data.content?.kind ?? ''});
    });
}"""


heard_while_busy = pytest.mark.skipif(
    ipykernel.version_info < (7,), reason="ipykernel 6 hears nothing of a page while a cell is busy"
)


def button(page, icon):
    return page.page.locator(f".jupyspike-panel button:has(.fa-{icon})")


def dots(page):
    data = page.page.evaluate(SHOWN_DATA)
    return data.get("raster/exc", 0) + data.get("raster/inh", 0)


def drag_slider(page, by):
    slider = page.page.locator(".jupyspike-panel .noUi-handle").first
    slider.scroll_into_view_if_needed()
    handle = slider.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for part in range(1, 6):
        page.page.mouse.move(x + by * part / 5, y)
    page.page.mouse.up()


@pytest.fixture(scope="module")
def page(browser):
    """A notebook that the tests fill one after the other."""
    opened = browser.open([SHOW])
    yield opened
    assert opened.errors == []
    opened.close()


@pytest.fixture
def shown(page):
    """Runs cells in an otherwise empty notebook; what they have begun is ended after the test."""

    def run(*cells):
        page.replace(cells)
        for number in range(len(cells)):
            page.run(number)
        return page

    yield run
    page.add("session.stop(); panel.close()")


@pytest.fixture
def live(shown):
    """A panel of a run of 100 s that goes on."""
    page = shown(SESSION % 100, SHOW)
    page.wait_for(lambda: dots(page) > 0)
    return page


def test_the_plots_grow_while_the_run_goes_on(live, screenshots):
    before = dots(live)
    live.wait_for(lambda: dots(live) > before + 300)
    data = live.page.evaluate(SHOWN_DATA)
    assert data["rate/exc"] > 0
    assert data["exc.v/v[0]"] > 0
    live.page.screenshot(path=screenshots / "live.png")


def test_the_run_begins_when_the_page_is_ready(live):
    assert live.python("session.calls") == ["play"]


def test_other_cells_run_meanwhile(live):
    first = live.python("session.time")
    assert live.python("1 + 1") == 2
    assert live.python("session.time") > first


@heard_while_busy
def test_the_panel_draws_and_answers_while_a_cell_is_busy(live):
    live.page.evaluate(COUNT_MESSAGES)
    busy = live.add("import time\nwhile session.status != 'paused': time.sleep(0.05)", timeout=None)
    live.until("received.filter(({kind}) => kind === 'frame').length > 5")
    drag_slider(live, by=40)
    live.page.wait_for_timeout(200)
    assert not live.ran(busy)
    button(live, "pause").click()
    live.until(f"running.get({busy})")
    moved = live.python("[value for name, value, _ in session.sets if name == 'exc.taum']")
    assert moved
    assert 0.02 < moved[-1] <= 0.05


@heard_while_busy
def test_the_first_frame_comes_before_a_cell_that_shows_the_panel_has_ended(shown):
    page = shown("import time")
    showing = "\ndisplay(panel)\nwhile not session.sets: time.sleep(0.05)"
    busy = page.add(SESSION % 100 + showing, timeout=None)
    page.wait_for(lambda: dots(page) > 0)
    assert not page.ran(busy)
    drag_slider(page, by=40)
    page.until(f"running.get({busy})")


def test_pause_step_play_and_stop(live):
    button(live, "pause").click()
    button(live, "play").wait_for()
    paused = live.python("session.time")
    button(live, "step-forward").click()
    live.wait_for(lambda: "step" in live.python("session.calls"))
    assert live.python("session.time") == pytest.approx(paused + 1e-4)
    button(live, "play").click()
    button(live, "pause").wait_for()
    assert live.python("session.time") > paused
    button(live, "stop").click()
    live.page.get_by_text("stopped").wait_for()
    assert live.python("[session.status, session.calls]") == ["stopped", ["play", "pause", "step", "play", "stop"]]
    assert button(live, "stop").is_disabled()


def test_the_slider_shows_its_unit_and_sets_si_values(live):
    assert "exc.taum =" in live.page.locator(".jupyspike-panel").inner_text()
    entry = live.page.locator(".jupyspike-panel .widget-hslider + .widget-vbox input").first
    assert entry.input_value() == "20 ms"
    drag_slider(live, by=30)
    live.page.wait_for_timeout(200)
    values = live.python("[value for _, value, _ in session.sets]")
    assert all(0.005 <= value <= 0.05 for value in values)
    assert values[-1] > 0.02
    live.wait_for(lambda: entry.input_value() == f"{values[-1] * 1e3:g} ms")
    entry.fill("12.5 ms")
    entry.press("Enter")
    live.wait_for(lambda: live.python("session.sets[-1][1]") == 0.0125)


def test_the_speed_is_chosen_from_a_list(live):
    live.page.locator(".jupyspike-panel select").first.select_option("1/10")
    live.wait_for(lambda: live.python("session.speed") == 0.1)
    live.page.locator(".jupyspike-panel select").first.select_option("full speed")
    live.wait_for(lambda: live.python("session.speed") is None)


def test_the_connection_is_not_flooded(live):
    live.page.evaluate(COUNT_MESSAGES)
    live.page.wait_for_timeout(5000)
    received = live.page.evaluate("received")
    seconds = (received[-1]["at"] - received[0]["at"]) / 1000
    assert len(received) / seconds <= 26
    assert sum(message["bytes"] for message in received) / seconds <= 500_000


@pytest.mark.parametrize("way", ["the reset tool", "a double click"])
def test_a_person_looks_closer_and_follows_the_run_again(live, way):
    live.wait_for(lambda: live.page.evaluate(SHOWN_TIME)[1] > 1.5)
    area = live.page.locator(".bk-Figure").first.bounding_box()
    left, top = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    live.page.mouse.move(left, top)
    live.page.mouse.down()
    live.page.mouse.move(left + 100, top + 60, steps=4)
    live.page.mouse.up()
    start, stop = live.page.evaluate(SHOWN_TIME)
    assert stop - start < 0.3
    live.wait_for(lambda: live.page.evaluate(TIMES_OF_DOTS) and within(live, start, stop))
    assert live.page.evaluate(SHOWN_TIME) == [start, stop]
    if way == "a double click":
        live.page.mouse.dblclick(left, top)
    else:
        live.page.locator("[title=Reset], .bk-tool-icon-reset").first.click()
    live.wait_for(lambda: live.page.evaluate(SHOWN_TIME)[0] > start)
    assert live.page.evaluate(SHOWN_NEURONS) == [-0.5, 399.5]


def within(page, start, stop):
    return all(start - 0.01 < time < stop + 0.01 for time in page.page.evaluate(TIMES_OF_DOTS))


def test_many_spikes_come_as_an_image(shown, screenshots):
    page = shown(SESSION % 100 + "session.rate = 200\nsession.factor = 0.5", SHOW)
    page.until("globalThis.Bokeh?.documents.length")
    page.wait_for(lambda: page.page.evaluate(SHADES) > 1000)
    assert dots(page) == 0
    page.page.screenshot(path=screenshots / "binned.png")


def test_the_panel_is_there_again_after_the_page_was_loaded_anew(live):
    live.save()
    live.reload()
    live.wait_for(lambda: dots(live) > 0)
    before = dots(live)
    live.wait_for(lambda: dots(live) != before)
    assert live.python("len(panel._pump._pages)") == 1


def test_a_panel_that_is_shown_twice_draws_both(live):
    before = live.page.evaluate("Bokeh.documents.length")
    live.add("display(panel)")
    live.wait_for(lambda: live.page.evaluate("Bokeh.documents.length") == before + 1)
    live.wait_for(lambda: dots(live) > 0)


def test_panels_that_are_closed_leave_nothing_behind(shown):
    """Neither threads nor widgets in the kernel, nor figures and nodes on the page."""
    left_behind = "[sum(t.name == 'jupyspike-panel' for t in threading.enumerate()), len(_instances)]"
    page = shown("import threading\nfrom ipywidgets.widgets.widget import _instances", SESSION % 100, SHOW)
    on_page = "[Bokeh.documents.length, document.querySelectorAll('*').length]"
    take_off = "notebookPanel().content.model.sharedModel.deleteCellRange(3, 4)"

    def counted():
        now = [*page.page.evaluate(on_page), *page.python(left_behind)]
        page.page.evaluate(take_off)
        return now

    left = []
    for turn in range(3):
        page.run(1)
        page.run(2)
        page.wait_for(lambda: dots(page) > 0)
        page.add("panel.close(); session.stop()")
        page.page.evaluate(take_off)
        page.wait_for(lambda: page.page.locator(".jupyspike-panel").count() == 0)
        if turn < 2:
            page.page.wait_for_timeout(300)
            left = counted()
    page.wait_for(lambda: all(now <= before for now, before in zip(counted(), left, strict=True)))


def test_a_connection_that_was_lost_comes_back_and_the_run_has_gone_on(live):
    """As when a laptop was closed, or a wireless network was out of reach."""
    kernel = "notebookPanel().sessionContext.session.kernel"
    before = live.page.evaluate(SHOWN_TIME)[1]
    live.page.context.set_offline(True)
    live.page.evaluate(f"void {kernel}.reconnect().catch(() => null)")
    # JupyterLab asks its server for news now and then, and says over the whole page that there is none.
    live.page.evaluate("void jupyterapp.serviceManager.sessions.refreshRunning().catch(() => null)")
    told = live.page.get_by_role("dialog", name="Server Connection Error")
    told.wait_for()
    live.page.wait_for_timeout(3000)
    lost = live.page.evaluate(SHOWN_TIME)[1]
    live.page.context.set_offline(False)
    told.locator(".jp-Dialog-button").click()
    told.wait_for(state="detached")
    live.page.evaluate(f"void {kernel}.reconnect().catch(() => null)")
    live.wait_for(lambda: live.page.evaluate(SHOWN_TIME)[1] > max(lost, before + 2))
    assert live.python("session.status") == "running"


def test_colours_follow_the_theme(live, screenshots):
    light = live.page.evaluate(TEXT_COLOUR)
    assert live.page.evaluate(LINE_COLOUR) == "#0072B2"
    live.theme("JupyterLab Dark")
    live.wait_for(lambda: live.page.evaluate(TEXT_COLOUR) != light)
    assert live.page.evaluate(LINE_COLOUR) == ON_DARK["#0072B2"]
    live.page.wait_for_timeout(500)
    live.page.screenshot(path=screenshots / "dark.png")
    live.theme("JupyterLab Light")
    live.wait_for(lambda: live.page.evaluate(TEXT_COLOUR) == light)
    assert live.page.evaluate(LINE_COLOUR) == "#0072B2"


def test_a_failed_run_shows_its_diagnostic(live):
    live.add(
        "from jupyspike_engine.diagnostics import UserError\n"
        "session.error = UserError('v of exc became infinite', hint='a smaller dt')\n"
        "session.end('failed')"
    )
    text = live.page.locator(".jupyspike-panel pre")
    text.wait_for()
    assert text.inner_text().splitlines() == ["v of exc became infinite", "    try: a smaller dt"]


def test_the_saved_notebook_keeps_a_picture_that_the_live_panel_hides(shown, browser, tmp_path, screenshots):
    page = shown(SESSION % 1, SHOW)
    page.wait_for(lambda: any("image/svg+xml" in output.get("data", {}) for output in page.outputs(1)))
    picture = page.page.locator(".jp-RenderedSVG")
    picture.wait_for(state="attached")
    assert not picture.is_visible()
    page.page.screenshot(path=screenshots / "finished.png")
    page.save()
    look_at_exported_page(page.file, browser, tmp_path, screenshots / "saved.png", execute=False)


def test_a_notebook_that_is_opened_again_shows_the_picture_and_no_error(browser, screenshots):
    with browser.open([SESSION % 1, SHOW]) as page:
        page.run(0)
        page.run(1)
        page.wait_for(lambda: any("image/svg+xml" in output.get("data", {}) for output in page.outputs(1)))
        page.save()
        page.page.evaluate("notebookPanel().sessionContext.shutdown()")
        page.reload()
        page.page.locator(".jp-RenderedSVG").wait_for()
        error = page.page.get_by_text("Error displaying widget")
        error.wait_for(state="attached")
        assert not error.is_visible()
        page.page.screenshot(path=screenshots / "reopened.png")


def test_a_notebook_that_nobody_watches_keeps_a_picture(browser, tmp_path, screenshots):
    write_notebook([SESSION % 1, SHOW], tmp_path / "unwatched.ipynb")
    look_at_exported_page(tmp_path / "unwatched.ipynb", browser, tmp_path, screenshots / "executed.png", execute=True)


def look_at_exported_page(notebook, browser, folder, screenshot, execute):
    html = folder / "exported.html"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output", str(html), str(notebook)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, KERNEL_PATH))}
    subprocess.run([*command, *(["--execute"] if execute else [])], check=True, capture_output=True, env=environment)
    shown = browser.show(html)
    picture = shown.locator("img[src^='data:image/svg+xml']")
    picture.wait_for()
    assert picture.evaluate("(image) => image.complete && image.naturalWidth") > 500
    shown.screenshot(path=screenshot, full_page=True)
    shown.context.close()


def test_the_kernel_is_restarted_while_a_run_goes_on_and_the_cells_are_run_again(live):
    live.page.evaluate("notebookPanel().sessionContext.session.kernel.restart()")
    live.until("notebookPanel().sessionContext.session?.kernel?.status === 'idle'", 60)
    drag_slider(live, by=30)  # of a panel that no kernel knows any more
    button(live, "pause").click()
    assert set(live.errors) <= {"Cannot send"}  # what ipywidgets says of controls whose kernel has gone
    live.errors.clear()
    live.run(0)
    live.run(1)
    before = dots(live)
    live.wait_for(lambda: dots(live) > before)
    assert live.python("session.status") == "running"
