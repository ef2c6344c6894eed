"""How long it takes to stop: `Session.stop`, and an interrupt (Ctrl+C, the stop button of a notebook) of `run`."""
# ruff: noqa: F403, F405

import _thread
import contextlib
import os
import sys
import threading
import time
from typing import Any

from cuba import cuba
from library import *
from measured import Measures, seconds

times = int(sys.argv[1])
measures = Measures()
network, cells, _ = cuba()


def interrupted(network: Any) -> float:
    sent = []

    def interrupt() -> None:
        sent.append(time.perf_counter())
        _thread.interrupt_main()

    timer = threading.Timer(0.5, interrupt)
    timer.start()
    with contextlib.suppress(KeyboardInterrupt):  # whichever way a library ends the run
        network.run(3600 * second)
    return time.perf_counter() - sent[0]


network.run(0.1 * second)
measures.add("interrupt of run() to its return", [interrupted(network) for _ in range(times)])
if os.environ["BENCHMARK_LIBRARY"] == "jupyspike":
    from jupyspike_engine.objects.running.live import open_session

    for number in range(4 * times):
        live = open_session(network, 3600 * second)
        live.play()
        time.sleep(0.03 + 0.003 * (number % 11))
        measures.add("Session.stop()", seconds(live.stop))
measures.hand_over()
