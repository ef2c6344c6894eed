"""The panel in a real kernel, whose messages a small page in Python reads and answers."""

import os
import sys
import time
from pathlib import Path
from queue import Empty

import ipykernel
import pytest
from jupyter_client.manager import start_new_kernel

PATH = [str(Path(__file__).parent), *sys.path]
SESSION = """
from fake_session import *
from jupyspike.widgets import Panel, Raster, Rate
session = FakeSession({"exc": 320, "inh": 80}, duration=100, parameters=[FakeParameter("exc.taum", .02, .005, .05, None, MS)])
panel = Panel(session, [Raster(*session.groups.values()), Rate(*session.groups.values())])
panel
"""  # noqa: E501
NETWORK = """
from jupyspike import *
from jupyspike.widgets import *
from jupyspike_engine.objects.live import Range
def slid(name):
    constants = {'tau': 10*ms, 'drive': 1.5}
    equations = 'dv/dt = (drive - v)/tau : 1'
    group = NeuronGroup(
        5, equations, threshold='v > 1', reset='v = 0', method='euler', name=name, namespace=constants)
    spikes = SpikeMonitor(group)
    return Network(group, spikes), group, spikes
network, group, spikes = slid('slid')
ranges = {'slid': {'tau': Range(5*ms, 20*ms)}}
panel = live_panel(3600*second, Raster(group), ranges=ranges, network=network)
panel
"""
REPLAYED = """
session = panel._session
session.stop()
other, _, repeated = slid('again')
other.replay(network.t, session.log)
same = len(repeated.t_) == len(spikes.t_) and (repeated.t_ == spikes.t_).all()
print(same, len(session.log) > 10, session.course[-1].value, session.error)
"""


class PythonPage:
    """What JupyterLab does with the panel's messages, without drawing."""

    def __init__(self, client):
        self.client = client
        self.messages = []
        self.canvas = self.slider = self.subshell = None

    def run(self, code):
        return self.client.execute(code, allow_stdin=True)

    def see(self, seconds=30.0, until=lambda: False, paint=True):
        """Read messages, and answer as the canvas does, until something is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            for message in self._arrived():
                self.messages.append(message)
                self._answer(message, paint)

    def _arrived(self):
        try:
            return [self.client.get_iopub_msg(timeout=0.05)]
        except Empty:
            return []

    def _answer(self, message, paint):
        data = message["content"].get("data", {})
        if message["msg_type"] == "comm_open" and "figures" in data["state"]:
            self.canvas = message["content"]["comm_id"]
            self.tell({"kind": "ready"})
        elif message["msg_type"] == "comm_open" and data["state"]["_model_name"] == "FloatSliderModel":
            self.slider = message["content"]["comm_id"]
        elif self.is_frame(message) and paint:
            self.tell({"kind": "painted", "number": data["content"]["number"], "took": 0.01})

    def is_frame(self, message):
        return message["content"].get("data", {}).get("content", {}).get("kind") == "frame"

    def frames(self):
        return [message for message in self.messages if self.is_frame(message)]

    def tell(self, content):
        self._send(self.canvas, {"method": "custom", "content": content})

    def move_slider(self, value):
        self._send(self.slider, {"method": "update", "state": {"value": value}, "buffer_paths": []})

    def open_subshell(self):
        """Let widgets be handled by a thread of their own, as JupyterLab does where the kernel can."""
        self.client.control_channel.send(self.client.session.msg("create_subshell_request", {}))
        self.subshell = self.client.get_control_msg(timeout=10)["content"]["subshell_id"]

    def _send(self, comm, data):
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        message["header"]["subshell_id"] = self.subshell
        self.client.shell_channel.send(message)

    def idle(self, request):
        return lambda: any(
            message["msg_type"] == "status"
            and message["content"]["execution_state"] == "idle"
            and message["parent_header"].get("msg_id") == request
            for message in self.messages
        )

    def printed(self, code):
        request = self.run(code)
        self.see(until=self.idle(request))
        return "".join(
            message["content"]["text"]
            for message in self.messages
            if message["msg_type"] == "stream" and message["parent_header"].get("msg_id") == request
        ).strip()


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(PATH))
    manager, client = start_new_kernel(kernel_name="python3")
    yield PythonPage(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_the_panel_is_there_before_the_run_begins_and_before_its_cell_ends(page):
    request = page.run(SESSION)
    page.see(until=page.idle(request), paint=False)
    kinds = [message["msg_type"] for message in page.messages]
    assert "comm_open" in kinds
    assert kinds.index("comm_open") < kinds.index("display_data")
    page.see(until=page.frames)
    assert page.printed("print(session.calls)") == "['play']"


def test_frames_wait_for_the_page(page):
    page.run(SESSION)
    page.see(until=page.frames, paint=False)
    before = len(page.frames())
    page.see(seconds=2.5, paint=False)
    assert len(page.frames()) - before <= 3
    page.tell({"kind": "painted", "number": page.frames()[-1]["content"]["data"]["content"]["number"], "took": 0.01})
    page.see(until=lambda: len(page.frames()) - before > 10)


def test_frames_go_out_while_a_cell_is_busy(page):
    page.run(SESSION)
    page.see(until=page.frames)
    busy = page.run("import time\ntime.sleep(4)")
    before = len(page.frames())
    page.see(until=page.idle(busy))
    assert len(page.frames()) - before >= 3


@pytest.mark.parametrize("subshell", [False, True])
def test_a_thousand_slider_events_leave_what_the_log_of_the_session_replays(page, subshell):
    """On the main thread of the kernel, and on a thread for widgets beside it."""
    if subshell and ipykernel.version_info < (7,):
        pytest.skip("ipykernel 6 has no subshells")
    page.run(NETWORK)
    page.see(until=page.frames)
    if subshell:
        page.open_subshell()
    for event in range(1000):
        page.move_slider(5 + event % 151 * 0.1)
    page.move_slider(12.25)  # no other event has this value
    page.see(until=lambda: page.printed("print(panel._session.moved['slid.tau'])") == "0.01225")
    assert page.printed(REPLAYED) == "True True 0.01225 None"


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="ipykernel 6 has one parent for all threads")
def test_messages_belong_to_no_cell(page):
    page.run(SESSION)
    page.see(until=lambda: len(page.frames()) > 3)
    assert {message["parent_header"].get("msg_id") for message in page.frames()} == {None}


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="ipykernel 6 hears nothing of a page while a cell is busy")
def test_a_figure_of_matplotlib_can_be_drawn_while_the_panel_moves(page):
    """Messages of the page run no hooks of cells: that of matplotlib would show the figure half drawn, and close it."""
    page.open_subshell()
    page.run("%matplotlib inline\nimport time\nimport matplotlib.pyplot as plt\n" + SESSION)
    page.see(until=lambda: len(page.frames()) > 3)
    assert page.printed("plt.figure()\ntime.sleep(1)\nprint(plt.get_fignums())") == "[1]"
