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
import time
from jupyspike import *
from jupyspike.widgets import *
def made(name):
    group = NeuronGroup(5, 'dv/dt = (drive - v)/tau : 1', threshold='v > 1', reset='v = 0', method='euler', name=name,
                        namespace={'tau': 10*ms, 'drive': 1.5})
    spikes = SpikeMonitor(group)
    return Network(group, spikes), group, spikes
network, group, spikes = made('slid')
sliders = [Slider('slid.tau', 5*ms, 20*ms), Slider('slid.drive', 0, 3)]
panel = live_panel(3600*second, Raster(group), sliders=sliders, network=network)
arrived, session = [], panel._session
for one in panel.sliders.sliders:
    one.slider.observe(arrived.append, 'value')
panel
"""
REPLAYED = """
last = lambda: {one.name: one.value for one in panel.sliders.sliders}
while len(arrived) < 10_000 or session.moved != last():
    time.sleep(0.01)
session.stop()
other, again, repeated = made('again')
other.replay(network.t, session.log)
same = [bool((a == b).all()) for a, b in ((spikes.t_, repeated.t_), (spikes.i, repeated.i), (group.v[:], again.v[:]))]
"""


class PythonPage:
    """What JupyterLab does with the panel's messages, without drawing."""

    def __init__(self, client):
        self.client = client
        self.messages = []
        self.canvas = None
        self.sliders = {}

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
            self.sliders[data["state"]["description"]] = message["content"]["comm_id"]
        elif self.is_frame(message) and paint:
            self.tell({"kind": "painted", "number": data["content"]["number"], "took": 0.01})

    def is_frame(self, message):
        return message["content"].get("data", {}).get("content", {}).get("kind") == "frame"

    def frames(self):
        return [message for message in self.messages if self.is_frame(message)]

    def tell(self, content):
        self._send(self.canvas, {"method": "custom", "content": content})

    def move_slider(self, name, value, subshell=None):
        state = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        self._send(self.sliders[f"{name} ="], state, subshell)

    def open_subshell(self):
        """A thread of their own for widgets, as JupyterLab asks for where the kernel can; its name."""
        self.client.control_channel.send(self.client.session.msg("create_subshell_request", {}))
        return self.client.get_control_msg(timeout=10)["content"]["subshell_id"]

    def _send(self, comm, data, subshell=None):
        message = self.client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)

    def idle(self, request):
        return lambda: any(
            message["msg_type"] == "status"
            and message["content"]["execution_state"] == "idle"
            and message["parent_header"].get("msg_id") == request
            for message in self.messages
        )

    def value(self, expression, code=""):
        """What an expression is when some code has run, of which only the reply is read."""
        request = self.client.execute(code, user_expressions={"asked": expression})
        while (reply := self.client.get_shell_msg(timeout=60))["parent_header"]["msg_id"] != request:
            pass
        assert reply["content"]["status"] == "ok", reply["content"]
        return reply["content"]["user_expressions"]["asked"]["data"]["text/plain"]

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


@pytest.mark.parametrize("subshells", [False, True])
def test_ten_thousand_slider_events_during_a_run_leave_the_same_as_the_logged_changes_replayed(page, subshells):
    """One slider's on the main thread of the kernel, the other's on a thread beside it if there are such threads."""
    if subshells and ipykernel.version_info < (7,):
        pytest.skip("ipykernel 6 has no subshells")
    page.run(NETWORK)
    page.see(until=page.frames)
    beside = page.open_subshell() if subshells else None
    for event in range(5000):
        page.move_slider("slid.tau", 5 + event % 151 * 0.1, beside)
        page.move_slider("slid.drive", 0.5 + event % 201 * 0.01)
    assert page.value("same", REPLAYED) == "[True, True, True]"
    assert page.value("len(spikes.t_) > 100, session.error, session.status") == "(True, None, 'stopped')"
    # the newest of a slice of the run counts
    assert page.value("len(arrived), 20 < len(session.log) < 5000") == "(10000, True)"


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
