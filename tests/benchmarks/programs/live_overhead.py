"""What a live session costs: the same run as `run`, as a session that nothing is drawn, and read 20 times a second."""
# ruff: noqa: F403, F405

import sys

from cuba import cuba
from library import *
from measured import Measures, seconds

from jupyspike.widgets import Raster, Rate, Trace
from jupyspike.widgets.plots import Interval, Look
from jupyspike_engine.objects.running.live import open_session

length, times = float(sys.argv[1]) * second, int(sys.argv[2])
WATCHED = [0, 1, 2, 3]
network, cells, _ = cuba()


def session(read: bool) -> float:
    views = [Raster(cells), Rate(cells), Trace(cells.v, WATCHED)]
    live = open_session(network, length)

    def until_the_end() -> None:
        live.play()
        while not live.wait(0.05 if read else None):
            look = Look(Interval(live.start + max(0.0, live.time - 1), live.start + live.time))
            for view in views:
                view.draw(look)

    took = seconds(until_the_end)
    for view in views:
        view.detach()
    if live.error is not None:
        raise live.error
    return took


session(read=False)  # builds the program
measures = Measures()
for _ in range(times):
    measures.add(f"run({length / second:g} s)", seconds(lambda: network.run(length)))
    measures.add("live session, nothing is drawn", session(read=False))
    measures.add("live session, three views drawn at 20 Hz", session(read=True))
measures.hand_over()
