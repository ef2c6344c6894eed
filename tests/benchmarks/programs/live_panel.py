"""The live panel in a Jupyter kernel of its own: the same run with nothing to see, and drawn on a page.

The page is played by this program: it answers each frame as a browser does, a little later than it came.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from measured import Measures

PAINTING = 0.02  # seconds that a browser takes for a frame
LONGEST = 120.0  # seconds

PREPARE = """
import sys, threading, time
sys.path.insert(0, {programs!r})
from cuba import cuba
from library import *
from jupyspike.widgets import Panel, Raster, Rate, Trace
from jupyspike_engine.objects.running.live import Range, open_session

def live(seen):
    global cells, views
    network, cells, _ = cuba()
    views = [Raster(cells), Rate(cells), *(Trace(cells.v, [k, k + 1]) for k in (0, 2, 4))] if seen else []
    session = open_session(network, {length} * second, {{cells.name: {{"taum": Range(5*ms, 50*ms)}}}})
    begins = []
    def play(original=session.play):
        begins.append(time.perf_counter())
        original()
    session.play = play
    def see_the_end():
        session.wait()
        session.took = time.perf_counter() - begins[0]
    session.watcher = threading.Thread(target=see_the_end)
    session.watcher.start()
    return session
"""
TOOK = "session.watcher.join(); print(session.took)"
UNSEEN = f"session = live(False); session.play(); {TOOK}"
SEEN = """
panel = Panel(session, views)
display(panel)
print("model", panel.children[-1].model_id)
"""


class Page:
    """A notebook's page as far as the kernel can tell."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.frames = 0
        self.bytes = 0

    def execute(self, code: str) -> str:
        """Run a cell; returns what it printed."""
        request, printed = self.client.execute(code, allow_stdin=True), ""
        while True:
            message = self.client.get_iopub_msg(timeout=LONGEST)
            content = message["content"]
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed += content["text"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return printed

    def watch(self, model: str, duration: float) -> None:
        """Say that the page is ready, and that each frame is painted, until the run has ended and been drawn."""
        self._tell(model, {"kind": "ready"})
        last = time.monotonic()
        while time.monotonic() - last < duration:
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
            except Exception:  # an empty queue; which exception it is depends on the version
                continue
            content = message["content"]
            told = content.get("data", {}).get("content", {}) if message["msg_type"] == "comm_msg" else {}
            if content.get("comm_id") == model and told.get("kind") == "frame":
                self.frames += 1
                self.bytes += sum(len(buffer) for buffer in message["buffers"])
                last = time.monotonic()
                time.sleep(PAINTING)
                self._tell(model, {"kind": "painted", "number": told["number"], "took": 0.01})

    def _tell(self, model: str, content: dict[str, Any]) -> None:
        data = {"method": "custom", "content": content}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", {"comm_id": model, "data": data}))


def measure(page: Page, length: float, times: int) -> Measures:
    measures = Measures()
    page.execute(PREPARE.format(programs=sys.path[0], length=length))
    page.execute(UNSEEN)  # builds the program
    for _ in range(times):
        measures.add(f"live run of {length:g} s, no panel", float(page.execute(UNSEEN)))
        page.frames = page.bytes = 0
        page.execute("session = live(True)")
        began = time.perf_counter()
        model = page.execute(SEEN).split("model ")[1].strip()
        measures.add("the cell that opens the panel returns after", time.perf_counter() - began)
        page.watch(model, duration=1.5)
        took = float(page.execute(TOOK))
        measures.add(f"live run of {length:g} s, drawn by the panel", took)
        measures.add("- frames each second", page.frames / took, "1/s")
        measures.add("- data each second", page.bytes / took / 1e3, "kB/s")
        page.execute("panel.close(); del panel, session")
    return measures


manager, client = start_new_kernel()
try:
    measured = measure(Page(client), float(sys.argv[1]), int(sys.argv[2]))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
measured.hand_over()
