"""In a real kernel, without a browser: loading the extension, errors, and the stop button."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PATIENCE = 60  # seconds until a kernel that says nothing is given up


class Kernel:
    """A running kernel."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def execute(self, cell: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Run a cell: the content of the reply, and of the outputs."""
        return self.result(self.client.execute(cell))

    def result(self, request: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        outputs = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                break
            if message["msg_type"] in ("stream", "error", "display_data", "execute_result"):
                outputs.append(content)
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"]["msg_id"] == request:
                return reply["content"], outputs


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel that has loaded nothing but the extension."""
    manager = KernelManager()
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    manager.start_kernel(env=environment, cwd=str(tmp_path_factory.mktemp("notebook")))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    started = Kernel(manager, client)
    reply, _ = started.execute("%load_ext jupyspike")
    assert reply["status"] == "ok", reply
    yield started
    client.stop_channels()
    manager.shutdown_kernel(now=True)


EXC = "%%neurons exc -n 10\ndv/dt = (2*mV - v)/(10*ms) : volt\nthreshold: v > 1*mV\nreset: v = 0*mV"


def test_cells_need_nothing_but_the_extension(kernel):
    reply, outputs = kernel.execute(EXC)
    assert reply["status"] == "ok"
    assert [set(output["data"]) for output in outputs] == [{"text/plain", "text/html"}]
    reply, outputs = kernel.execute("%simulate 100*ms")
    assert reply["status"] == "ok"
    assert outputs[-1]["data"]["text/plain"].startswith("simulated 0.1 s (t = 0 s to 0.1 s)")


def test_an_error_of_the_user_comes_without_a_traceback(kernel):
    reply, (output,) = kernel.execute(EXC.replace("/(10*ms)", ""))
    assert (reply["status"], reply["ename"]) == ("error", "DimensionMismatchError")
    assert output["traceback"] == [
        "DimensionMismatchError: %%neurons exc, line 2, column 10: the equation of 'v' has the wrong unit",
        "    dv/dt = (2*mV - v) : volt",
        "             ^^^^^^^^",
        "    found: volt",
        "    expected: volt / second",
        "    try: a rate of change: divide by a time constant, as in (...)/(10*ms)",
    ]


def test_an_error_in_python_comes_without_a_traceback(kernel):
    kernel.execute("from jupyspike import *")
    reply, (output,) = kernel.execute("exc.v = 3*nA")
    assert reply["ename"] == "DimensionMismatchError"
    assert output["traceback"][0] == "DimensionMismatchError: the value for 'v' of 'exc' has the wrong unit"


def test_it_completes_and_explains_cells_for_every_front_end(kernel):
    kernel.execute(EXC)
    cell = "%%synapses exc -> exc\nw : volt\non_pre: v_post += "
    reply = kernel.client.complete(cell, len(cell), reply=True, timeout=PATIENCE)["content"]
    shown = {item["text"]: item["type"] for item in reply["metadata"]["_jupyter_types_experimental"]}
    assert reply["matches"][0] == "w"
    assert shown["v_pre"].replace("\N{NO-BREAK SPACE}", " ") == "variable of the source, volt"
    place = cell.index("on_pre") + 3
    reply = kernel.client.inspect(cell, place, reply=True, timeout=PATIENCE)["content"]
    assert reply["data"]["text/plain"].startswith("on_pre: key, statements")
    python = kernel.client.inspect("print", 3, reply=True, timeout=PATIENCE)["content"]
    assert "text/plain" in python["data"]


WATCH = """import threading, time, pathlib
def watch():
    while not len(spikes.t_):
        time.sleep(0.01)
    pathlib.Path("spiking").touch()
pathlib.Path("spiking").unlink(missing_ok=True)
spikes = SpikeMonitor(exc)
threading.Thread(target=watch, daemon=True).start()
"""


@pytest.mark.parametrize("target", ["cpp", "numpy"])
@pytest.mark.parametrize("line", ["%simulate 100000*second", "run(100000*second)"])
def test_the_stop_button_ends_a_run_and_keeps_what_it_recorded(kernel, target, line):
    folder = kernel.execute("import os; raise KeyError(os.getcwd())")[0]["evalue"].strip("'")
    kernel.execute(f"from jupyspike import *\nstart_scope(); prefs.codegen.target = '{target}'")
    kernel.execute(EXC)
    assert kernel.execute(WATCH)[0]["status"] == "ok"
    request = kernel.client.execute(line)
    deadline = time.monotonic() + PATIENCE
    while not os.path.exists(f"{folder}/spiking"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    pressed = time.perf_counter()
    kernel.manager.interrupt_kernel()
    reply, outputs = kernel.result(request)
    print(f"the cell ended {time.perf_counter() - pressed:.3f} s after the stop button")
    assert reply["status"] == "ok"
    said = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
    assert said.startswith("Interrupted at t = ")
    assert said.endswith("; everything recorded until then is kept.\n")
    check = "stopped = magic_network.t_\nassert 0 < stopped < 1e5 and 0 < spikes.t_[-1] <= stopped"
    assert kernel.execute(check)[0]["status"] == "ok"
    assert kernel.execute("%simulate 20*ms")[0]["status"] == "ok"
    assert kernel.execute("assert abs(magic_network.t_ - stopped - 0.02) < 1e-6")[0]["status"] == "ok"
