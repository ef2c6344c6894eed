"""How long after `Session.set` a constant has its new value, at full speed and at the speed of real time."""
# ruff: noqa: F403, F405

import sys
import time
from statistics import quantiles

from cuba import cuba
from library import *
from measured import Measures

from jupyspike_engine.objects.running.live import Range, open_session

times = int(sys.argv[1])
measures = Measures()
network, cells, _ = cuba()
name = f"{cells.name}.taum"
live = open_session(network, 3600 * second, {cells.name: {"taum": Range(5 * ms, 50 * ms)}})
for speed, described in ((None, "full speed"), (1.0, "the speed of real time")):
    live.speed = speed
    live.play()
    time.sleep(0.3)
    samples = []
    for number in range(times):
        time.sleep(0.005 * (number % 7))  # to hit every part of a slice
        known = len(live.log)
        began = time.perf_counter()
        live.set(name, 0.020 + 1e-5 * (number % 5))
        while len(live.log) == known:
            time.sleep(0.0001)
        samples.append(time.perf_counter() - began)
    measures.add(f"set() to the new value in force, {described}", samples)
    measures.add(f"- 95 % of them, {described}", quantiles(samples, n=20)[-1])
live.stop()
measures.hand_over()
