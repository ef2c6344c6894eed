"""A session without a simulator: random spikes and waves in real time, with the interface of the engine's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


class FakeUnit(float):
    """A unit as the widgets see it: a number of SI base units, and a name."""

    def __new__(cls, scale: float, name: str) -> FakeUnit:
        unit = super().__new__(cls, scale)
        unit.name = name
        return unit

    def __str__(self) -> str:
        return self.name


MS = FakeUnit(1e-3, "ms")
MV = FakeUnit(1e-3, "mV")
ONE = FakeUnit(1.0, "1")


@dataclass(frozen=True)
class FakeParameter:
    name: str
    value: float
    low: float
    high: float
    step: float | None
    unit: FakeUnit


@dataclass(frozen=True)
class FakeGroup:
    name: str
    size: int


class FakeProbe:
    """What `record` was given since the last `read`."""

    def __init__(self, width: int | None = None, unit: FakeUnit = ONE) -> None:
        self.unit = unit
        self._lock = threading.Lock()
        self._width = width
        self._recorded: list[tuple[np.ndarray, np.ndarray]] = []

    def record(self, times: np.ndarray, values: np.ndarray) -> None:
        with self._lock:
            self._recorded.append((np.asarray(times, float), np.asarray(values)))

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        with self._lock:
            recorded, self._recorded = self._recorded, []
        empty = np.empty(0, np.int32) if self._width is None else np.empty((0, self._width))
        times = np.concatenate([np.empty(0), *(t for t, _ in recorded)])
        return times, np.concatenate([empty, *(v for _, v in recorded)])


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
        self.name, self.status, self.duration = "fake", "ready", duration
        self.time, self.real_time_factor, self.speed, self.error = 0.0, 0.0, None, None
        self.groups = tuple(FakeGroup(name, size) for name, size in (sizes or {"exc": 320, "inh": 80}).items())
        self.parameters = tuple(parameters)
        self.rate, self.factor, self.threaded = rate, factor, threaded
        self.calls: list[str] = []
        self.sets: list[tuple[str, float, float]] = []  # name, value, time.time() of the call
        self.spike_probes: dict[str, list[FakeProbe]] = {}
        self.trace_probes: list[FakeProbe] = []
        self._ended = threading.Event()
        self._random = np.random.default_rng(1)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

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

    def stop(self) -> None:
        self.calls.append("stop")
        self.end("stopped")

    def end(self, status: str) -> None:
        self.status = status
        self._ended.set()

    def set(self, name: str, value: float) -> None:
        self.sets.append((name, value, time.time()))

    def wait(self, timeout: float | None = None) -> bool:
        return self._ended.wait(timeout)

    def spikes(self, group: str) -> FakeProbe:
        probe = FakeProbe()
        self.spike_probes.setdefault(group, []).append(probe)
        return probe

    def trace(self, group: str, variable: str, indices: Sequence[int]) -> FakeProbe:
        probe = FakeProbe(len(indices), MV)
        self.trace_probes.append(probe)
        return probe

    def advance(self, seconds: float) -> None:
        """Simulate so much model time."""
        with self._lock:
            start, stop = self.time, min(self.duration, self.time + seconds)
            for group in self.groups:
                self._spikes(group, start, stop)
            steps = np.arange(round(start / 1e-4), round(stop / 1e-4)) * 1e-4
            for probe in self.trace_probes:
                waves = np.arange(1, probe._width + 1)
                probe.record(steps, -0.06 + 0.01 * np.sin(2 * np.pi * 3 * steps[:, None] * waves))
            self.time = stop

    def _spikes(self, group: FakeGroup, start: float, stop: float) -> None:
        wave = 1 + 0.8 * np.sin(2 * np.pi * 4 * start)
        count = self._random.poisson(group.size * self.rate * wave * (stop - start))
        times = np.sort(self._random.uniform(start, stop, count))
        indices = self._random.integers(0, group.size, count).astype(np.int32)
        for probe in self.spike_probes.get(group.name, []):
            probe.record(times, indices)

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
