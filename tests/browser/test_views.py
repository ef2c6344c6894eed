"""Every view in JupyterLab: what the page shows is what monitors have recorded, and how figures behave."""

import json
import re

import numpy as np
import pytest
from figures import SHOWN, Notebook

from jupyspike.widgets.axes import log_ticks
from jupyspike.widgets.colourmaps import MAPS
from jupyspike.widgets.plots import Interval

NETWORK = """
import json, time
import numpy as np
from jupyspike import *
from jupyspike.widgets import *
seed(3)
tau = 10*ms
exc = NeuronGroup(80, '''dv/dt = (drive - v - w)/tau : volt
dw/dt = (0.2*v - w)/(50*ms) : volt
drive : volt''', threshold='v > 10*mV', reset='v = 0*mV; w += 0.5*mV', method='euler', name='exc')
exc.drive = '14*mV + rand()*4*mV'
exc.drive[3] = 14*mV
inh = PoissonGroup(20, rates=40*Hz, name='inh')
syn = Synapses(inh, exc, 'g : volt', on_pre='v -= g\\ng = clip(g + 0.05*mV*rand(), 0*mV, 2*mV)', name='syn')
syn.connect(p=0.3)
syn.g = 'rand()*mV'
e, i = SpikeMonitor(exc), SpikeMonitor(inh)
rate, trace = PopulationRateMonitor(exc), StateMonitor(exc, ['v', 'w'], record=[0, 3])
weights = Weights(syn.g)
run(2*second)
def tell(**values):
    print(json.dumps({name: np.asarray(value).tolist() for name, value in values.items()}))
"""


@pytest.fixture(scope="module")
def notebook(browser):
    page = browser.open([NETWORK])
    page.run(0)
    yield Notebook(page)
    assert page.errors == []
    page.close()


def dots(data):
    """Places of the dots that are drawn as dashes of one line with gaps."""
    x, y = data["x"].reshape(-1, 3), data["y"].reshape(-1, 3)
    return x[:, :2].mean(axis=1), y[:, 0]


def test_raster(notebook, screenshots):
    cell = notebook.show("Raster(e, i)", "raster/exc", "raster/inh")
    told = notebook.told("t=e.t_, i=e.i, ti=i.t_, ii=i.i")
    for group, times, neurons, base in (("exc", told["t"], told["i"], 0), ("inh", told["ti"], told["ii"], 80)):
        x, y = dots(notebook.data(f"raster/{group}"))
        np.testing.assert_array_equal(np.sort(y), np.sort(neurons + base))
        np.testing.assert_allclose(np.sort(x), np.sort(times), atol=2 / 4095)
    assert notebook.figure("raster")["x"] == pytest.approx([0, 2])
    notebook.picture(cell, screenshots / "view-raster.png")


def test_a_large_raster_is_an_image_until_a_person_looks_closer(notebook, screenshots):
    made = """
many = SpikeMonitor(exc, name='many')
from jupyspike_engine.simulation.recording import Chunk
rng = np.random.default_rng(0)
many.recording.add(Chunk(np.sort(rng.uniform(0, 2, 10**6)), rng.integers(0, 80, 10**6, np.int32), ()))
Raster(many)"""
    cell = notebook.show(made, "raster/exc counts")
    assert not len(notebook.data("raster/exc").get("x", []))
    assert notebook.image("raster/exc counts").shape == (80, 700)
    notebook.picture(cell, screenshots / "view-raster-binned.png")
    page = notebook.page.page
    area = page.locator(".bk-Figure").last.bounding_box()
    left, top = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 20, top + 40, steps=4)
    page.mouse.up()
    notebook.page.wait_for(lambda: notebook.filled("raster/exc"))
    figure = notebook.figure("raster")
    (x0, x1), (y0, y1) = figure["x"], figure["y"]
    assert x1 - x0 < 0.1
    inside = f"(many.t_ >= {x0}) & (many.t_ <= {x1}) & (many.i >= {y0}) & (many.i <= {y1})"
    told = notebook.told(f"t=many.t_[{inside}], i=many.i[{inside}]")
    x, y = dots(notebook.data("raster/exc"))
    np.testing.assert_array_equal(np.sort(y), np.sort(told["i"]))
    np.testing.assert_allclose(np.sort(x), np.sort(told["t"]), atol=1e-4)
    assert not notebook.image("raster/exc counts").any()


def test_rate_and_its_smoothing(notebook, screenshots):
    cell = notebook.show("shown = Rate(e, smoothing=5*ms)\nshown", "rate/exc")
    line = notebook.data("rate/exc")
    told = notebook.told("rate=rate.binned_rate(1*ms)[1]")
    reach = np.arange(-20, 21)
    kernel = np.exp(-0.5 * (reach / 5) ** 2)
    expected = np.convolve(told["rate"], kernel / kernel.sum(), "same")
    np.testing.assert_allclose(line["x"], (np.arange(2000) + 0.5) * 1e-3, atol=1e-4)
    np.testing.assert_allclose(line["y"][25:-25], expected[25:-25], atol=np.ptp(expected) / 1e4)
    notebook.picture(cell, screenshots / "view-rate.png")
    handle = notebook.page.page.locator(".jupyspike-panel .noUi-handle").last
    handle.focus()
    for _ in range(40):
        handle.press("ArrowRight")
    notebook.page.wait_for(lambda: np.ptp(notebook.data("rate/exc")["y"]) < 0.8 * np.ptp(line["y"]))
    assert notebook.page.python("shown.smoothing") > 0.01


def test_trace_with_spikes(notebook, screenshots):
    cell = notebook.show("Trace(trace, [0, 3], 'v')", "exc.v/v[0]", "exc.v/v[3] spikes")
    told = notebook.told("v=trace.v/mV, spikes=e.spike_trains()[3]/second, t=trace.t_")
    line = notebook.data("exc.v/v[0]")
    rows = np.searchsorted(told["t"], line["x"] - 5e-5)
    np.testing.assert_allclose(line["y"], told["v"][0][rows], atol=0.2)
    assert (line["y"].max(), line["y"].min()) == pytest.approx((told["v"][0].max(), told["v"][0].min()), abs=1e-2)
    np.testing.assert_allclose(notebook.data("exc.v/v[3] spikes")["x"], told["spikes"], atol=1e-4)
    assert notebook.figure("exc.v")["labels"] == ["time (s)", "v (mV)"]
    notebook.picture(cell, screenshots / "view-trace.png")


def test_spectrum(notebook, screenshots):
    cell = notebook.show("Spectrum(e, i)", "spectrum/exc", "spectrum/inh")
    told = notebook.told("rate=rate.binned_rate(1*ms)[1]")
    stretches = np.stack([told["rate"][start : start + 1000] for start in (0, 500, 1000)])
    window = np.hanning(1001)[:-1]
    amplitudes = np.fft.rfft((stretches - stretches.mean(axis=1, keepdims=True)) * window)
    power = 2 * (np.abs(amplitudes) ** 2).mean(axis=0) / 1000 / (window**2).sum()
    line = notebook.data("spectrum/exc")
    np.testing.assert_allclose(line["x"], np.arange(1, 201), atol=0.01)
    np.testing.assert_allclose(line["y"], power[1:201], atol=power[1:201].max() / 30_000)
    figure = notebook.figure("spectrum")
    assert figure["ticks"] == pytest.approx(log_ticks(Interval(*figure["y"]), 260 / 16))
    notebook.picture(cell, screenshots / "view-spectrum.png")


def test_intervals_and_their_cv(notebook, screenshots):
    cell = notebook.show("Intervals(e, i)", "isi/exc", "isi/inh")
    told = notebook.told("lengths=np.concatenate([np.diff(train/second) for train in e.spike_trains().values()])")
    steps = notebook.data("isi/exc")
    counts, _ = np.histogram(told["lengths"], steps["x"])
    share = 100 * counts / len(told["lengths"])
    np.testing.assert_allclose(steps["y"][:-1], share, atol=0.3)
    assert notebook.figure("isi")["labels"][0] == "interval between spikes (ms)"
    assert re.fullmatch(r"CV: exc 0\.\d\d, inh 0\.[89]\d", notebook.figure("isi")["title"])
    notebook.picture(cell, screenshots / "view-isi.png")


def test_phase_plane_with_nullclines(notebook, screenshots):
    cell = notebook.show("PhasePlane(exc.v, exc.w, 3, tail=2*second)", "phase exc v w/nullcline v", "phase exc v w/way")
    told = notebook.told("v=trace[3].v/mV, w=trace[3].w/mV, drive=exc.drive[3]/mV")
    way, now = notebook.data("phase exc v w/way"), notebook.data("phase exc v w/now")
    for axis, name in (("x", "v"), ("y", "w")):
        assert (np.nanmin(way[axis]), np.nanmax(way[axis])) == pytest.approx(
            (told[name].min(), told[name].max()), abs=1e-2
        )
        assert now[axis][0] == pytest.approx(told[name][-1], abs=1e-2)
    line = notebook.data("phase exc v w/nullcline v")
    known = np.isfinite(line["x"])
    np.testing.assert_allclose(line["y"][known], float(told["drive"]) - line["x"][known], atol=1e-3)
    line = notebook.data("phase exc v w/nullcline w")
    known = np.isfinite(line["x"])
    np.testing.assert_allclose(line["y"][known], 0.2 * line["x"][known], atol=1e-3)
    assert notebook.figure("phase exc v w")["labels"] == ["v (mV)", "w (mV)"]
    notebook.picture(cell, screenshots / "view-phase.png")


def test_connectivity_and_weights(notebook, screenshots):
    name, other = "connectivity syn.g/matrix", "weights syn.g/share"
    cell = notebook.show("Board(Connectivity(syn.g), weights)", name, other)
    told = notebook.told("i=syn.i, j=syn.j, g=syn.g_[:]*1e3")
    expected = np.zeros((80, 20))
    expected[told["j"], told["i"]] = told["g"]
    levels = notebook.image(name)
    np.testing.assert_array_equal(levels > 0, expected > 0)
    low, high = told["g"].min(), told["g"].max()
    shown = low + (levels - 1.0) / 254 * (high - low)
    np.testing.assert_allclose(shown[levels > 0], expected[levels > 0], atol=(high - low) / 250)
    columns = notebook.image(other)
    assert columns.shape == (60, 300)
    y = notebook.figure("weights syn.g")["y"]
    counts, _ = np.histogram(told["g"], 60, y)
    assert np.abs(np.flatnonzero(columns[:, -1])[[0, -1]] - np.flatnonzero(counts)[[0, -1]]).max() <= 1
    assert columns[:, 0].argmax() < columns[:, -1].argmax()  # they have grown
    notebook.picture(cell, screenshots / "view-weights.png")


RECEPTIVE = """
def laboratory():
    shown = np.random.default_rng(1).standard_normal((4000, 5))
    drive = TimedArray(20*np.exp(shown[:, 2] - np.roll(shown[:, 1], 3))*Hz, dt=5*ms)
    names = {'drive': drive}
    cell = NeuronGroup(1, 'rate = drive(t) : Hz', threshold='rand() < rate*dt', dt=1*ms, namespace=names, name='cell')
    field = SpikeTriggeredAverage(cell, TimedArray(shown*mV, dt=5*ms), window=30*ms)
    return Network(cell, field), field
lab = laboratory()
receptive = ReceptiveField(lab[1])
receptive
"""
ROOM = """(name) => {
    const figure = [...Bokeh.documents.at(-1)._all_models.values()].find(({ name: own }) => own === name);
    return figure.outer_height - figure.inner_height;
}"""
COLOURS = """(plot) => [...Bokeh.documents.at(-1)._all_models.values()]
    .filter(({ type, name }) => type === "LinearColorMapper" && name?.startsWith(plot))
    .map(({ name, palette }) => [name, palette.at(-255), palette.at(-128), palette.at(-1)])"""


def test_a_receptive_field_is_found_while_one_watches(notebook, screenshots):
    cell = notebook.page.add(RECEPTIVE)
    notebook.page.add("lab[0].run(20*second)")
    (name,) = json.loads(notebook.page.texts(notebook.page.add("print(json.dumps([lab[1].name]))"))[-1])
    source = f"field {name}[0]/map"
    notebook.page.wait_for(lambda: notebook.filled(source))
    told = notebook.told("average=lab[1].average[0]/mV, spikes=lab[1].num_spikes, mean=(lab[1].mean/mV).mean()")
    expected = told["average"][::-1].T
    notebook.page.wait_for(lambda: f"{int(told['spikes'][0]):,}" in notebook.figure(source.partition("/")[0])["title"])
    levels = notebook.image(source)
    mean = float(told["mean"])
    farthest = np.abs(expected - mean).max()
    shown = mean + (levels - 128.0) / 127 * farthest
    np.testing.assert_allclose(shown, expected, atol=farthest / 125)
    assert notebook.figure(source.partition("/")[0])["labels"][0] == "time from the spike (ms)"
    assert np.unravel_index(levels.argmax(), levels.shape) == (2, 5)  # the channel in the bin of the spike
    assert np.unravel_index(levels.argmin(), levels.shape) == (1, 2)  # and what held it back three bins before
    room = notebook.page.page.evaluate(ROOM, source.partition("/")[0])
    assert room > 60  # of the axis and of the title, which came later
    notebook.picture(cell, screenshots / "view-sta.png")
    plot = source.removesuffix("map")
    for show, ends in (("average", "diverging"), ("standard error", "sequential"), ("average", "diverging")):
        notebook.page.add(f"receptive.show = {show!r}")
        seen = [MAPS[ends][1], MAPS[ends][128], MAPS[ends][255]]
        wanted = sorted([[f"{plot}map", *seen], [f"{plot}colours", *seen]])
        notebook.page.wait_for(lambda wanted=wanted: sorted(notebook.page.page.evaluate(COLOURS, plot)) == wanted)
        notebook.picture(cell, screenshots / f"view-sta-{ends}.png")


def test_a_view_moves_during_a_blocking_run(notebook, screenshots):
    """The cell of the run is still busy while the figure of the cell before it grows."""
    notebook.show("growing = Raster(exc, inh)\ngrowing", "raster/exc")
    start = notebook.figure("raster")["x"][1]
    busy = notebook.page.add("run(400*second, report='text')", timeout=None)
    notebook.page.wait_for(lambda: notebook.figure("raster")["x"][1] > start + 1)
    assert not notebook.page.ran(busy)
    notebook.page.page.evaluate("notebookPanel().sessionContext.session.kernel.interrupt()")
    notebook.page.until(f"running.get({busy})")
    until = notebook.page.python("float(magic_network.t/second)")
    notebook.page.wait_for(lambda: notebook.figure("raster")["x"][1] == pytest.approx(until))
    told = notebook.told("n=len(growing.sources[0].all()[0]), m=len(e.t)")
    assert told["n"] == told["m"]


PANEL = """
%load_ext jupyspike
%simulate 100*second --speed 1 --live raster(exc, inh) rate(exc) trace(exc.v[0, 3]) isi(exc, inh) phase(exc.v, exc.w)
"""


def test_views_in_a_panel_and_in_the_theme_and_the_width(notebook, screenshots):
    page = notebook.page.page
    cell = notebook.show(PANEL, "raster/exc", "phase exc v w/way")
    until = notebook.figure("raster")["x"][1]
    notebook.page.wait_for(lambda: notebook.figure("raster")["x"][1] > until + 0.5)
    wide = notebook.figure("raster")["width"]
    notebook.picture(cell, screenshots / "panel-wide.png")
    notebook.page.theme("JupyterLab Dark")
    page.wait_for_timeout(700)
    notebook.picture(cell, screenshots / "panel-dark.png")
    page.set_viewport_size({"width": 640, "height": 1000})
    notebook.page.wait_for(lambda: notebook.figure("raster")["width"] < 0.6 * wide)
    page.wait_for_timeout(500)
    notebook.picture(cell, screenshots / "panel-narrow.png")
    over = "(() => { const e = [...document.querySelectorAll('.jupyspike-panel')].at(-1); "
    assert page.evaluate(over + "return e.scrollWidth - e.clientWidth })()") <= 2
    page.set_viewport_size({"width": 1200, "height": 1000})
    notebook.page.theme("JupyterLab Light")
    notebook.page.wait_for(lambda: notebook.figure("raster")["width"] == wide)


def test_the_time_that_is_shown_is_typed_and_then_the_run_is_followed_again(notebook):
    page = notebook.page.page
    moved = """() => [...Bokeh.documents.at(-1)._all_models.values()].find(({ name }) => name === "time")
        .setv({ start: 0, end: 0.1 })"""
    page.evaluate(moved)  # as if by hand
    page.wait_for_timeout(300)
    assert notebook.figure("raster")["x"] == [0, 0.1]
    shows = page.locator(".jupyspike-panel").last.locator("input[type=text]").nth(1)
    for typed, length in (("250 ms", 0.25), ("1 s", 1.0)):
        shows.fill(typed)
        shows.press("Enter")
        notebook.page.wait_for(lambda length=length: np.diff(notebook.figure("raster")["x"]) == pytest.approx(length))
        assert notebook.figure("raster")["x"][1] > 1
        assert shows.input_value() == typed


def test_the_document_does_not_grow(notebook):
    counted = """() => {
        const models = [...Bokeh.documents].reduce((sum, shown) => sum + shown._all_models.size, 0);
        return [models, document.querySelectorAll('*').length];
    }"""
    notebook.page.wait_for(lambda: notebook.page.python("magic_network.live_run.status") == "running")
    page = notebook.page.page

    def seen():
        """What is on the page in half a second: JupyterLab shows and hides something of its own now and then."""
        counts = []
        for _ in range(5):
            page.wait_for_timeout(100)
            counts.append(page.evaluate(counted))
        return np.array(counts)

    before = seen()
    page.wait_for_timeout(4000)
    assert (seen().min(axis=0) <= before.max(axis=0)).all()


PAINTED = """({ previousElementSibling: canvas }) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0)"""


def test_a_legend_stays_as_it_is_and_hides_lines(notebook):
    """Else each frame would cost what it costs to make legends, and a click could fall between two of them."""
    visible = """() => [...Bokeh.documents.at(-1)._all_models.values()].find(
        ({ type, name }) => type === "GlyphRenderer" && name === "exc.v/v[3]").visible"""
    panel, until = notebook.page.page.locator(".jupyspike-panel").last, notebook.figure("raster")["x"][1]
    entry = panel.get_by_text("exc[3]", exact=True)
    element = entry.element_handle()
    notebook.page.wait_for(lambda: notebook.figure("raster")["x"][1] > until + 0.5)
    assert element.evaluate("(element) => element.isConnected")
    assert element.evaluate(PAINTED), "the colour of the line stands before its name"
    for expected in (False, True):
        entry.click()
        assert notebook.page.page.evaluate(visible) is expected


def test_a_browser_that_sleeps_finds_the_newest_frame_when_it_wakes(notebook):
    sleeping = notebook.page.page.context.new_cdp_session(notebook.page.page)
    before = notebook.figure("raster")["x"][1]
    sleeping.send("Page.setWebLifecycleState", {"state": "frozen"})
    notebook.page.page.wait_for_timeout(3000)
    sleeping.send("Page.setWebLifecycleState", {"state": "active"})
    notebook.page.wait_for(lambda: notebook.figure("raster")["x"][1] > before + 2, timeout=5)
    assert notebook.page.python("magic_network.live_run.status") == "running"


@pytest.mark.parametrize("kind", ["png", "svg", "html"])
def test_a_figure_is_saved_as_a_file(notebook, browser, tmp_path, kind):
    page = notebook.page.page
    with page.expect_download(timeout=60_000) as download:
        page.locator(".jupyspike-export").last.get_by_text(kind.upper()).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"raster-rate-exc.v-isi-phase.{kind}"
    if kind != "html":
        assert file.read_bytes().startswith(b"\x89PNG" if kind == "png" else b"<?xml")
        return
    shown = browser.show(file)  # without a server and without the internet
    shown.wait_for_function("globalThis.Bokeh?.documents.length")
    assert len(shown.evaluate(SHOWN, "raster/exc")["x"]) > 100
    assert len(shown.evaluate(SHOWN, "phase exc v w/way")["x"]) > 100
    shown.context.close()


def test_two_networks_and_two_panels_on_one_of_them(notebook):
    notebook.page.add("%simulate 1*ms")  # ends the panel before
    made = """
from jupyspike.widgets import live_panel
equations = 'dv/dt = 1/(20*ms) : 1'
alone = Network(NeuronGroup(5, equations, threshold='v > 1', reset='v = 0', method='euler', name='other'))
a, b = live_panel(60*second, Raster(exc)), live_panel(60*second, Raster(alone['other']), network=alone)
display(a, b)
Board(Rate(exc), window=1.0)"""
    notebook.show(made, "rate/exc", "raster/exc", "raster/other")
    for name in ("exc", "other"):
        before = np.nanmax(notebook.data(f"raster/{name}")["x"])
        notebook.page.wait_for(lambda n=name, t=before: np.nanmax(notebook.data(f"raster/{n}")["x"]) > t + 0.3)
    line = notebook.data("rate/exc")["x"][-1]
    notebook.page.wait_for(lambda: notebook.data("rate/exc")["x"][-1] > line + 0.3)
    notebook.page.add("a.close()")
    assert notebook.page.python("[a._session.status, b._session.status]") == ["running", "running"]
    line = notebook.data("rate/exc")["x"][-1]
    notebook.page.wait_for(lambda: notebook.data("rate/exc")["x"][-1] > line + 0.3)
    notebook.page.add("a._session.stop(); b._session.stop()")
    assert notebook.page.python("bool(len(e.t) > 1000)")  # what monitors have recorded is kept


def test_the_history_of_sliders(notebook, screenshots):
    made = """
from jupyspike_engine.objects.running.live import Range
slow = Network(NeuronGroup(1, 'dv/dt = -v/tau : 1', namespace={'tau': 10*ms}, name='slow', method='euler'))
moved = live_panel(100*second, Parameters(slow), ranges={'slow': {'tau': Range(5*ms, 25*ms)}}, network=slow)
moved"""
    cell = notebook.show(made, "parameters/slow.tau")
    handle = notebook.page.page.locator(".jupyspike-panel .noUi-handle").last
    handle.focus()
    for _ in range(4):
        handle.press("ArrowRight")
        notebook.page.page.wait_for_timeout(150)
    notebook.page.wait_for(lambda: len(notebook.data("parameters/slow.tau")["x"]) == 6)
    told = notebook.told("t=[move.time for move in slow.moves], value=[move.value for move in slow.moves]")
    line = notebook.data("parameters/slow.tau")
    np.testing.assert_allclose(line["x"][1:-1], told["t"], atol=1e-3)
    np.testing.assert_allclose(line["y"][:-1], [0.25, *((told["value"] - 5e-3) / 20e-3)], atol=1e-3)
    assert told["value"][-1] > 0.01
    notebook.picture(cell, screenshots / "view-parameters.png")
    notebook.page.add("moved._session.stop(); moved.close()")


def test_a_page_that_is_loaded_again_has_its_figures(notebook):
    notebook.page.save()
    notebook.page.reload()
    notebook.page.wait_for(lambda: notebook.filled("rate/exc"))


def test_after_the_kernel_was_restarted_everything_can_be_run_again(notebook):
    page = notebook.page
    page.page.evaluate("notebookPanel().sessionContext.session.kernel.restart()")
    page.until("notebookPanel().sessionContext.session?.kernel?.status === 'idle'", 60)
    page.run(0)
    notebook.show("Board(Raster(e), Rate(e, i))", "raster/exc", "rate/inh")
    told = notebook.told("t=e.t_")
    x, _ = dots(notebook.data("raster/exc"))
    np.testing.assert_allclose(np.sort(x), np.sort(told["t"]), atol=2 / 4095)
