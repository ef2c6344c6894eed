"""The live panel on the page of a real browser: how soon it answers, what it costs, and whether it grows.

``python tests/benchmarks/page.py`` starts JupyterLab and a browser, shows CUBA (4,000 neurons) in a panel with a
raster, a rate and three traces, and prints a table beside what is to be reached. ``--soak 600`` lets it run for so many
seconds at the end, 0 leaves that out.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from report import aligned, load, machine, number

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "browser"))

from lab import KERNEL_PATH, LabBrowser, LabServer, NotebookPage  # noqa: E402

PREPARE = """
import os, time, threading
os.environ["BENCHMARK_LIBRARY"] = "jupyspike"
from cuba import cuba
from library import *
from jupyspike.widgets import *
from jupyspike_engine.objects.running.live import Range, open_session
from jupyspike_engine.simulation.recording import Chunk
import numpy as np

def live(length, speed=None, seen=True):
    global session, panel, network, cells
    network, cells, monitor = cuba()
    network.remove(monitor)  # what is kept for ever is the user's; the panel keeps what it needs
    traces = [Trace(cells.v, [k, k + 1]) for k in (0, 2, 4)]
    views = [Raster(cells), Rate(cells), *traces] if seen else []
    session = open_session(network, length*second, {cells.name: {"taum": Range(5*ms, 50*ms)}})
    session.speed = speed
    return Panel(session, views) if seen else None

def memory():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])*1024

moved, ended = [], []
def watch():
    known = 0
    while not session.wait(0):
        if len(session.course) > known:
            known = len(session.course)
            moved.append(time.time())
        time.sleep(0.0005)
    ended.append(time.time())
"""
PAINTED = """() => {
    globalThis.painted = [];
    globalThis.frames = [];
    const kernel = notebookPanel().sessionContext.session.kernel;
    kernel.iopubMessage.connect((_, message) => {
        if (message.content.data?.content?.kind !== 'frame') return;
        const bytes = message.buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
        frames.push([Date.now() / 1000, bytes]);
    });
    kernel.anyMessage.connect((_, {direction, msg}) => {
        if (direction === 'send' && msg.content.data?.content?.kind === 'painted') painted.push(Date.now() / 1000);
    });
    globalThis.hand = {pointermove: [], pointerdown: []};
    for (const kind in hand) addEventListener(kind, () => hand[kind].push(Date.now() / 1000), true);
}"""

APART = """
for task in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(task), {{{processor}}})
"""
"""Lets a kernel have a processor to itself, as where there are more of them than the page needs."""

Rows = list[tuple[str, str, str, str]]


class Measured:
    """The rows of the table, printed as they come."""

    def __init__(self) -> None:
        self.rows: Rows = []

    def add(self, title: str, samples: list[float], unit: str, at_most: float | None = None) -> None:
        """Keep the median and the range of something, and what it is to stay below."""
        middle = number(median(samples))
        span = f"{number(min(samples))}..{number(max(samples))}, n = {len(samples)}" if len(samples) > 1 else ""
        self.rows.append((title, f"{middle} {unit}", span, "" if at_most is None else f"{at_most:g} {unit}"))
        print("==> " + ", ".join(filter(None, self.rows[-1])), flush=True)


def steer(page: NotebookPage, measured: Measured, times: int) -> None:
    """From the hand to the simulation and to the picture, and to the end of the run."""
    page.add("panel = live(3600, speed=1.0); display(panel)")
    page.wait_for(lambda: page.python("session.time > 0.5"))
    page.add("threading.Thread(target=watch, daemon=True).start()")
    page.page.evaluate("frames.length = painted.length = 0")
    handle = page.page.locator(".jupyspike-panel .noUi-handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.evaluate("hand.pointermove = []")
    for n in range(times):
        page.page.wait_for_timeout(150 + 7 * (n % 10))
        page.page.mouse.move(x + 8 + 6 * (n % 5), y)
    page.page.mouse.up()
    page.wait_for(lambda: page.python("len(moved)") >= times)
    pulled, moved = page.page.evaluate("hand.pointermove")[:times], page.python("moved")[:times]
    measured.add("mouse to the running simulation", _ms(pulled, moved), "ms", 100)
    painted = page.page.evaluate("painted")
    shown = [next(moment for moment in painted if moment > effect + 0.02) for effect in moved]
    measured.add("mouse to the picture painted with it", _ms(pulled, shown), "ms", 200)
    stopped = []
    for attempt in range(5):
        page.page.locator(".jupyspike-panel button:has(.fa-stop)").last.click()
        stopped.append(page.page.evaluate("hand.pointerdown.at(-1)"))
        page.wait_for(lambda: page.python("len(ended)") == len(stopped))
        if attempt < 4:
            page.add("panel.close(); panel = live(3600, speed=1.0); display(panel)")
            page.wait_for(lambda: page.python("session.time > 0.2"))
            page.add("threading.Thread(target=watch, daemon=True).start()")
    measured.add("click on stop to the end of the run", _ms(stopped, page.python("ended")), "ms", 100)


def _ms(begins: list[float], ends: list[float]) -> list[float]:
    return [1e3 * (end - begin) for begin, end in zip(begins, ends, strict=True)]


SEEN = """
panel = live({length})
begins = []
def play(original=session.play):
    begins.append((time.perf_counter(), time.process_time()))
    original()
session.play = play
def see_the_end():
    session.wait()
    took.append([time.perf_counter() - begins[0][0], time.process_time() - begins[0][1]])
watcher = threading.Thread(target=see_the_end)
watcher.start()
display(panel)
"""
UNSEEN = SEEN.replace("live({length})", "live({length}, seen=False)").replace("display(panel)", "session.play()")


def slow_down(page: NotebookPage, measured: Measured, length: float, times: int, where: str = "") -> None:
    """The same run at full speed with and without the panel, in turn."""
    page.add("took = []")
    for _ in range(times):
        for code in (UNSEEN, SEEN):
            page.add(code.format(length=length))
            page.add("watcher.join(); panel and panel.close()", 120)
    took = page.python("took")
    for place, of_what in ((0, "wall time"), (1, "processor time of the kernel")):
        unseen, seen = ([one[place] for one in took[start::2]] for start in (0, 1))
        measured.add(f"a run of {length:g} s without a panel, {of_what}{where}", unseen, "s")
        measured.add("- drawn by the panel", seen, "s")
        measured.add("- more, by the quickest of both", [100 * (min(seen) / min(unseen) - 1)], "%", 5)


MANY = """
network, cells, many = cuba()
rng = np.random.default_rng(0)
for k in range(10):
    times = np.sort(rng.uniform(k, k + 1, 10**6))
    many.recording.add(Chunk(times, rng.integers(0, 4000, 10**6, np.int32), ()))
raster = Raster(many)
raster
"""


def draw_many(page: NotebookPage, measured: Measured, times: int) -> None:
    """Ten million spikes are drawn again after each zoom."""
    page.add(MANY)
    page.until("painted.length > 0")
    took, sizes = [], []
    for n in range(times):
        figure = page.page.locator(".bk-Figure").last
        figure.scroll_into_view_if_needed()
        area = figure.bounding_box()
        assert area is not None
        left, top = area["x"] + 0.1 * area["width"], area["y"] + area["height"] / 4
        page.page.evaluate("frames.length = painted.length = 0")
        page.page.mouse.move(left + 5 * n, top)
        page.page.mouse.down()
        page.page.mouse.move(left + 0.8 * area["width"], top + 0.4 * area["height"], steps=4)
        released = time.time()
        page.page.mouse.up()
        page.until("painted.length > 0")
        took.append(page.page.evaluate("painted[0]") - released)
        sizes.append(page.page.evaluate("frames[0][1]") / 1e3)
        page.page.locator("[title=Reset], .bk-tool-icon-reset").last.click()
        page.page.wait_for_timeout(2500)
    measured.add("10 million spikes, a zoom to its picture", took, "s", 1)
    measured.add("- size of the frame", sizes, "kB", 300)


def soak(page: NotebookPage, measured: Measured, seconds: float) -> None:
    """Whether memory and the page grow while CUBA runs at the speed of real time."""
    page.add(f"panel = live({seconds + 3600}, speed=1.0); display(panel)")
    page.wait_for(lambda: page.python("session.time > 20"), 120)
    page.page.evaluate("frames.length = painted.length = 0")
    devtools = page.page.context.new_cdp_session(page.page)
    devtools.send("Performance.enable")
    first, began, seen = _size(page, devtools), time.monotonic(), [0.0, 0.0]
    while (left := began + seconds - time.monotonic()) > 0:
        page.page.wait_for_timeout(1e3 * min(left, 60))
        now = _size(page, devtools)
        print("   ", {name: number(value - first[name]) for name, value in now.items()}, flush=True)
        came = page.page.evaluate("[frames.length, frames.reduce((sum, [_, bytes]) => sum + bytes, 0)]")
        page.page.evaluate("frames.length = painted.length = 0")  # what measures must not grow either
        seen = [sum(pair) for pair in zip(seen, came, strict=True)]
    span = time.monotonic() - began
    measured.add(f"frames each second, over {seconds:g} s", [seen[0] / span], "1/s", 20)
    measured.add("- data each second", [seen[1] / span / 1e3], "kB/s", 500)
    limits = {"memory of the kernel": ("MB", 50), "heap of the page": ("MB", 5), "nodes of the page": ("", 0)}
    for name, (unit, at_most) in limits.items():
        measured.add(f"- {name} has grown by", [now[name] - first[name]], unit, at_most)
    measured.add("- the run is behind real time by", [span - (now["model time"] - first["model time"])], "s", 1)
    page.add("session.stop(); panel.close()")


def _size(page: NotebookPage, devtools: Any) -> dict[str, float]:
    page.add("print([memory()/1e6, session.time])")
    last = page.page.evaluate("notebookPanel().content.model.cells.length") - 1
    memory, model_time = json.loads(page.texts(last)[-1])
    page.page.evaluate(  # the cell that asked is not to be counted
        "(n) => notebookPanel().content.model.sharedModel.deleteCell(n)", last
    )
    page.page.wait_for_timeout(300)
    devtools.send("HeapProfiler.collectGarbage")
    told = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    models = page.page.evaluate("Bokeh.documents.reduce((sum, shown) => sum + shown._all_models.size, 0)")
    return {
        "memory of the kernel": memory, "model time": model_time, "heap of the page": told["JSHeapUsedSize"] / 1e6,
        "nodes of the page": page.page.evaluate("document.querySelectorAll('*').length"), "models of Bokeh": models,
    }  # fmt: skip


@contextmanager
def opened(apart: bool = False) -> Iterator[NotebookPage]:
    """A notebook in a browser, whose kernel has everything that is measured; perhaps a processor of its own, too."""
    processors = sorted(os.sched_getaffinity(0))
    if apart:
        os.sched_setaffinity(0, processors[:-1])  # for all that is started from here
    try:
        with _opened() as page:
            if apart:
                page.add(APART.format(processor=processors[-1]))
            yield page
    finally:
        os.sched_setaffinity(0, processors)


@contextmanager
def _opened() -> Iterator[NotebookPage]:
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        path = [*KERNEL_PATH, HERE / "programs"]
        with LabServer(Path(folder), path) as server, LabBrowser(server) as browser:
            page = browser.open([PREPARE])
            page.run(0)
            page.page.evaluate(PAINTED)
            yield page
            page.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="page", description=__doc__)
    parser.add_argument("--soak", type=float, default=600.0, help="seconds of the last measurement, 0 for none")
    parser.add_argument("--only", choices=("steer", "apart", "slow", "many", "soak"), help="one of the measurements")
    parser.add_argument("--times", type=int, default=1, help="so many times as many samples")
    wanted = parser.parse_args()
    measured, before = Measured(), load()
    parts = {
        "steer": lambda page: steer(page, measured, 20 * wanted.times),
        "apart": lambda page: slow_down(page, measured, 100, 7 * wanted.times, ", the kernel on its own processor"),
        "slow": lambda page: slow_down(page, measured, 100, 7 * wanted.times),
        "many": lambda page: draw_many(page, measured, 5 * wanted.times),
        "soak": lambda page: soak(page, measured, wanted.soak),
    }
    chosen = [wanted.only] if wanted.only else [part for part in parts if part != "soak" or wanted.soak]
    for part in chosen:
        with opened(apart=part == "apart") as page:
            parts[part](page)
    print(f"\n- machine: {machine()}\n- load: {before} at the beginning, {load()} at the end\n")
    print(aligned([("", "measured", "range", "at most"), *measured.rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
