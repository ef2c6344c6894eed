"""What a live session costs: the same run as `run`, as a session that nobody reads, and read 20 times a second."""
# ruff: noqa: F403, F405

import sys

from cuba import cuba
from library import *
from measured import Measures, seconds

from jupyspike_engine.objects.live import open_session

length, times = float(sys.argv[1]) * second, int(sys.argv[2])
WATCHED = [0, 1, 2, 3]
network, cells, _ = cuba()


def session(read: bool) -> float:
    live = open_session(network, length, traces=[(cells, "v", WATCHED)])
    probes = [live.spikes(cells.name), live.spikes(cells.name), live.trace(cells.name, "v", WATCHED)]

    def until_the_end() -> None:
        live.play()
        while not live.wait(0.05 if read else None):
            for probe in probes:  # of a raster, a rate and a plot of traces
                probe.read()

    took = seconds(until_the_end)
    if live.error is not None:
        raise live.error
    return took


session(read=False)  # builds the program
measures = Measures()
for _ in range(times):
    measures.add(f"run({length / second:g} s)", seconds(lambda: network.run(length)))
    measures.add("live session, nobody reads", session(read=False))
    measures.add("live session, three probes read at 20 Hz", session(read=True))
measures.hand_over()
