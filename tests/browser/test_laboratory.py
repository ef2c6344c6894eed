"""The live panel of ``%simulate --live`` with a running network: what a person does reaches it soon, and comes back."""

from statistics import median

import pytest

CELLS = [
    "%load_ext jupyspike\nfrom jupyspike import *\nseed(5)",
    """%%neurons exc -n 3200
dv/dt = (ge + gi - (v + 49*mV))/taum : volt (unless refractory)
dge/dt = -ge/(5*ms) : volt
dgi/dt = -gi/(10*ms) : volt
taum = 20*ms in [5*ms, 50*ms]
threshold: v > -50*mV
reset: v = -60*mV
refractory: 5*ms
initial: v = -60*mV + rand()*10*mV""",
    "%%synapses exc -> exc --name drive\non_pre: ge += 0.6*mV\nconnect: p=0.02",
    "fast = Preset('fast', {'taum': 8*ms})\n%simulate 3600*second --live raster(exc) rate(exc)",
]
SESSION = "panel._session"
WATCH = """
import threading, time
seen = []
def watch():
    known, session = len(panel._session.course), panel._session
    while session.status in ('running', 'paused') and len(seen) < 40:
        if len(session.course) > known:
            known = len(session.course)
            seen.append(time.time())
        time.sleep(0.001)
threading.Thread(target=watch, daemon=True).start()
"""
NOTE_FRAMES = """() => {
    globalThis.frames = [];
    notebookPanel().sessionContext.session.kernel.iopubMessage.connect((_, message) => {
        if (message.content.data?.content?.kind === 'frame') frames.push(Date.now() / 1000);
    });
}"""


def button(page, icon):
    return page.page.locator(f".jupyspike-panel button:has(.fa-{icon})").first


@pytest.fixture
def laboratory(open_notebook):
    page = open_notebook(CELLS)
    for number in range(len(CELLS)):
        page.run(number)
    page.wait_for(lambda: page.python("panel._session.time > 0.2"))
    return page


def test_from_the_hand_to_the_simulation_and_to_the_picture(laboratory, screenshots):
    page = laboratory
    page.add(WATCH)
    page.page.evaluate(NOTE_FRAMES)
    handle = page.page.locator(".jupyspike-panel .noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    pressed = []
    for number in range(20):
        page.page.wait_for_timeout(150 + 7 * number)
        pressed.append(page.page.evaluate("Date.now() / 1000"))
        page.page.keyboard.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")
    page.wait_for(lambda: page.python("len(seen)") >= 20)
    took_effect, frames = page.python("seen")[:20], page.page.evaluate("frames")
    to_simulation = [effect - press for press, effect in zip(pressed, took_effect, strict=True)]
    to_picture = [
        next(f for f in frames if f > effect + 0.03) - press for press, effect in zip(pressed, took_effect, strict=True)
    ]
    print(f"to the simulation {1e3 * median(to_simulation):.0f} ms, to the picture {1e3 * median(to_picture):.0f} ms")
    handle.scroll_into_view_if_needed()
    page.page.screenshot(path=screenshots / "laboratory.png")
    assert median(to_simulation) < 0.1
    assert median(to_picture) < 0.2


def test_a_lesson_goes_back_to_its_start_and_on_with_a_changed_cell(laboratory, screenshots):
    page = laboratory
    entry = page.page.locator(".jupyspike-panel .widget-hslider + .widget-vbox input").first
    page.page.locator(".jupyspike-panel select:has(option:text('fast'))").select_option("fast")
    page.wait_for(lambda: entry.input_value() == "8 ms")
    button(page, "fast-backward").click()
    page.wait_for(lambda: page.python("[panel._session.status, panel._session.time]") == ["paused", 0])
    assert entry.input_value() == "8 ms"
    button(page, "home").click()
    page.wait_for(lambda: entry.input_value() == "20 ms")
    page.wait_for(lambda: page.python("[panel._session.moved, panel._session.time]") == [{}, 0])
    page.page.locator(".jupyspike-panel select:has(option:text('nothing'))").select_option(index=1)
    button(page, "forward").click()
    page.wait_for(lambda: page.python("panel._session.time") == pytest.approx(0.1))
    entry.scroll_into_view_if_needed()
    page.page.screenshot(path=screenshots / "compared.png")
    button(page, "play").click()
    page.add(CELLS[1].replace("+ 49*mV", "+ 48*mV"))
    page.wait_for(lambda: page.python("panel._session.time > 0.1 and panel._session.status == 'running'"))
    assert page.errors == []
    button(page, "pause").click()
    page.wait_for(lambda: page.python("panel._session.status") == "paused")
    assert page.python("'seed(5)' in panel.script()")
    replayed = page.python("[len(panel.replay()['exc'][0]), len(panel.views[0].sources[0].all()[0])]")
    assert replayed[0] == replayed[1] > 100
    entry.scroll_into_view_if_needed()
    page.page.screenshot(path=screenshots / "changed.png")


def test_a_cell_that_is_run_again_and_again_leaves_one_panel(laboratory):
    """Also when it is so soon that the figures before are not on the page yet."""
    page = laboratory
    for pause in (0, 100, 350, 350, 350, 700):
        page.run(3)
        page.page.wait_for_timeout(pause)
    page.add("import threading")
    drawing = "sum(thread.name == 'jupyspike-panel' for thread in threading.enumerate())"
    page.wait_for(lambda: page.python(drawing) == 1)
    assert page.python("panel._session.status") == "running"
