"""A session without a simulator: random spikes and waves in real time, with the interface of the engine's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jupyspike_engine.objects.monitors.eventmonitor import SpikeMonitor
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.simulation.recording import Chunk
from jupyspike_engine.units import UNITS, get_unit

MS, MV, ONE = UNITS["ms"], UNITS["mV"], get_unit(UNITS["ms"].dim / UNITS["ms"].dim)
EQUATIONS = "dv/dt = -v/(10*ms) : volt\ndw/dt = -w/(50*ms) : volt"


@dataclass(frozen=True)
class FakeParameter:
    name: str
    value: float
    low: float
    high: float
    step: float | None
    unit: object
    log: bool = False


class FakeNetwork:
    """What views ask of a network."""

    def __init__(self) -> None:
        self.recorded_until, self.under_way, self.objects, self.moves, self.sliders = 0.0, True, [], [], ()


class FakeSession:
    """Random spikes at ``rate``, and sine waves, of which a thread makes as many as time passes.

    With ``threaded=False`` nothing happens but what a test does with `advance`.
    """

    def __init__(
        self,
        sizes: dict[str, int] | None = None,
        duration: float = 10.0,
        rate: float = 8.0,
        parameters: Sequence[FakeParameter] = (),
        threaded: bool = True,
        factor: float = 1.0,
    ) -> None:
        self.name, self.status, self.duration, self.start = "fake", "ready", duration, 0.0
        self.real_time_factor, self.speed, self.error = 0.0, None, None
        self.is_held, self.gave_way, self.dt = False, "", 1e-4
        self.network, self.bytes_taken = FakeNetwork(), 2_500_000
        sizes = sizes or {"exc": 320, "inh": 80}
        self.groups = {
            name: NeuronGroup(size, EQUATIONS, threshold="v > 1*volt", name=f"{name}*") for name, size in sizes.items()
        }
        for name, group in self.groups.items():
            group._set("name", name)  # also where another test has a group of the name
            group.joined(self.network)
            group.used()
            self.network.objects.append(group)
        self.parameters = tuple(parameters)
        self.rate, self.factor, self.threaded = rate, factor, threaded
        self.calls: list[str] = []
        self.course: tuple[object, ...] = ()
        self.sets: list[tuple[str, float, float]] = []  # name, value, time.time() of the call
        self._ended = threading.Event()
        self._random = np.random.default_rng(1)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def time(self) -> float:
        return self.network.recorded_until

    def play(self) -> None:
        self.calls.append("play")
        if self.status in ("ready", "paused"):
            self.status = "running"
        if self.threaded and self._thread is None:
            self._thread = threading.Thread(target=self._go_on, daemon=True)
            self._thread.start()

    def pause(self) -> None:
        self.calls.append("pause")
        if self.status == "running":
            self.status = "paused"

    def step(self) -> None:
        self.calls.append("step")
        self.status = "paused"
        self.advance(1e-4)

    def run_for(self, duration: float) -> None:
        self.calls.append(f"run for {duration:g}")

    def expect_start(self) -> None:
        """It can always go back."""

    def give_way_to(self, names: object) -> None:
        """It has no names."""

    def reset(self, values_too: bool = False) -> None:
        self.calls.append("reset all" if values_too else "reset")
        self.status, self.network.recorded_until = "paused", 0.0

    def stop(self) -> None:
        self.calls.append("stop")
        self.end("stopped")

    def end(self, status: str) -> None:
        self.status = status
        self._ended.set()

    def set(self, name: str, value: float) -> None:
        self.sets.append((name, value, time.time()))

    def present(self, name: str) -> float:
        values = {parameter.name: parameter.value for parameter in self.parameters}
        return {**values, **{other: value for other, value, _ in self.sets}}[name]

    def wait(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def record(self, group: str, times: Sequence[float], neurons: Sequence[int]) -> None:
        """Let neurons spike."""
        for watcher in list(self.groups[group].watchers):
            if isinstance(watcher, SpikeMonitor):
                watcher.recording.add(Chunk(np.asarray(times, float), np.asarray(neurons, np.int32), ()))

    def record_values(self, group: str, times: Sequence[float], values: np.ndarray) -> None:
        """Let variables have values: a row for each time, a column for each element."""
        for watcher in list(self.groups[group].watchers):
            if not isinstance(watcher, SpikeMonitor):
                rows = np.asarray(values, float)[:, : len(watcher.record)]
                columns = (rows,) * len(watcher.columns)
                watcher.recording.add(Chunk(np.asarray(times, float), np.empty(0, np.int32), columns))

    def advance(self, seconds: float) -> None:
        """Simulate so much model time."""
        with self._lock:
            start, stop = self.time, min(self.duration, self.time + seconds)
            steps = np.arange(round(start / 1e-4), round(stop / 1e-4)) * 1e-4
            waves = -0.06 + 0.01 * np.sin(2 * np.pi * 3 * steps[:, None] * np.arange(1, 13))
            for name, group in self.groups.items():
                wave = 1 + 0.8 * np.sin(2 * np.pi * 4 * start)
                count = self._random.poisson(len(group) * self.rate * wave * (stop - start))
                times = np.sort(self._random.uniform(start, stop, count))
                self.record(name, times, self._random.integers(0, len(group), count))
                self.record_values(name, steps, waves)
            self.network.recorded_until = stop

    def _go_on(self) -> None:
        while not self._ended.is_set():
            time.sleep(0.02)
            if self.status != "running":
                continue
            factor = self.factor if self.speed is None else min(self.factor, self.speed)
            self.real_time_factor = factor
            self.advance(0.02 * factor)
            if self.time >= self.duration - 1e-9:
                self.end("finished")
