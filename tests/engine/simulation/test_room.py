"""How much memory may be taken: what the system, a container and the limits of the process leave, the least of them."""

import os
import subprocess
import sys

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    SpikeTriggeredAverage,
    StateMonitor,
    Synapses,
    ms,
    second,
)
from jupyspike_engine.simulation import room
from jupyspike_engine.simulation.recording import Chunk, Recording

MB = 1_000_000


def system(root, groups: str, **files: str):
    """A made-up system: what /proc tells of this process, and its control groups."""
    for name, text in {"proc/self/cgroup": groups, "proc/meminfo": "MemTotal: 9 kB\nMemAvailable: 8000 kB\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(room._of_groups(root))


def test_the_system_tells_what_is_available(tmp_path):
    system(tmp_path, "")
    assert list(room._of_system(tmp_path)) == [8000 * 1024]


def test_groups_of_the_second_version_are_those_of_the_process_and_all_above(tmp_path):
    left = system(
        tmp_path, "0::/slurm/job_7\n",
        **{
            "slurm/job_7/memory.max": "max\n", "slurm/job_7/memory.current": "5\n",
            "slurm/memory.max": f"{100 * MB}\n", "slurm/memory.current": f"{70 * MB}\n",
            "slurm/memory.stat": f"anon {50 * MB}\ninactive_file {20 * MB}\n",
        },
    )  # fmt: skip
    assert left == [50 * MB]  # with what was only read from files, and is given back


def test_a_container_sees_its_own_group_as_the_root(tmp_path):
    left = system(tmp_path, "0::/\n", **{"memory.max": f"{100 * MB}\n", "memory.current": f"{70 * MB}\n"})
    assert left == [30 * MB]


def test_groups_of_the_first_version_are_looked_for_where_a_container_has_them_too(tmp_path):
    left = system(
        tmp_path, "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n",
        **{
            "memory/memory.limit_in_bytes": f"{100 * MB}", "memory/memory.usage_in_bytes": f"{90 * MB}",
            "memory/memory.stat": f"inactive_file 1\ntotal_inactive_file {2 * MB}\n",
        },
    )  # fmt: skip
    assert left == [12 * MB]


def test_a_group_that_has_taken_more_than_it_may_has_nothing_left(tmp_path):
    assert system(tmp_path, "0::/a\n", **{"a/memory.max": "5", "a/memory.current": "7"}) == [0]


@pytest.mark.parametrize("groups", ["", "0::/gone\n", "4:memory:/gone\n", "1:name=systemd:/\n"])
def test_without_groups_that_have_limits_nothing_is_said(tmp_path, groups):
    assert system(tmp_path, groups) == []


def test_the_least_counts(monkeypatch):
    for name, told in (("_of_system", [7]), ("_of_groups", [5, 9]), ("_of_process", [])):
        monkeypatch.setattr(room, name, lambda *_, told=told: iter(told))
    assert room.free_memory() == 5
    monkeypatch.setattr(room, "_of_groups", lambda root: iter(()))
    monkeypatch.setattr(room, "_of_system", lambda root: iter(()))
    assert room.free_memory() is None
    room.expect_room(1e30, "anything")  # nothing is known of it


LIMITED = """
import resource
from jupyspike import *
from jupyspike_engine.simulation.room import free_memory
resource.setrlimit(resource.{limit}, ({size}, {size}))
assert free_memory() < {size}
try:
    NeuronGroup(50_000_000, 'a : 1\\nb : 1')
except ArgumentError as error:
    print(error)
group = NeuronGroup(100, 'dv/dt = 1/ms : 1')
trace = StateMonitor(group, 'v', record=True)
try:
    run(1000*second)
except ArgumentError as error:
    print(error)
run(1*ms)
print(len(trace.t))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such limits do not bind")
@pytest.mark.parametrize("limit", ["RLIMIT_AS", "RLIMIT_DATA"])
def test_a_limit_of_the_process_is_respected_before_it_is_reached(limit):
    size = 700 * MB if limit == "RLIMIT_AS" else 500 * MB
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED.format(limit=limit, size=size)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}, timeout=60,
    )  # fmt: skip
    assert "the values of 50,000,000 neurons would take 800 MB of memory" in ended.stdout, ended.stderr
    assert "what is recorded in this run, most of it by 'statemonitor', would take 8.08 GB" in ended.stdout
    assert ended.stdout.endswith("10\n")


# what is asked for before it is taken


@pytest.fixture
def free(monkeypatch):
    """Has a number of bytes free, and looks at the smallest sizes."""

    def have(size: float) -> None:
        monkeypatch.setattr(room, "free_memory", lambda: int(size))
        for module in ("recording", "room"):
            monkeypatch.setattr(f"jupyspike_engine.simulation.{module}.LARGE", 0)
        for module in ("allocation", "running.memory", "synaptic.connecting", "synaptic.pathways"):
            monkeypatch.setattr(f"jupyspike_engine.objects.{module}.LARGE", 0)

    return have


def test_all_values_of_a_group_are_counted_together(free):
    free(30_000)
    NeuronGroup(1000, "a : 1\nb : 1\nc : 1 (shared)")
    with pytest.raises(ArgumentError, match=r"the values of 1,000 neurons would take 32 kB") as caught:
        NeuronGroup(1000, "a : 1\nb : 1\nc : 1\nd : 1")
    assert caught.value.diagnostics[0].found == "30 kB are free"


@pytest.mark.parametrize("ask", [{"j": "i"}, {"i": range(1000), "j": range(1000)}, {"condition": "i == j"}])
def test_synapses_that_do_not_fit_leave_those_there_are(free, ask):
    group = NeuronGroup(1000, "v : 1")
    synapses = Synapses(group, group, "w : 1\nu : 1")
    synapses.connect(i=0, j=[1, 2])
    synapses.w = 3
    free(9_000)
    with pytest.raises(ArgumentError, match="of memory"):
        synapses.connect(**ask)
    assert len(synapses) == 2 and list(synapses.w) == [3, 3]


def test_what_a_run_records_is_counted_before_it_starts(free, target):
    group = NeuronGroup(10, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0")
    small = StateMonitor(group, "v", record=0, dt=1 * ms)
    rate, large = PopulationRateMonitor(group), StateMonitor(group, "v", record=True, name="large")
    net = Network(group, small, large, rate)
    net.run(1 * ms)
    free(1_100_000)
    with pytest.raises(ArgumentError, match=r"in this run, most of it by 'large', would take 1.06 MB") as caught:
        net.run(1 * second)
    assert "to='folder'" in caught.value.diagnostics[0].hint
    assert net.t == 1 * ms and len(large.t) == 10
    net.run(2 * ms)
    assert len(large.t) == len(rate.t) == 30 and len(small.t) == 3
    np.testing.assert_allclose(large.t / ms, np.arange(30) / 10)


def test_a_copy_of_the_state_and_the_order_of_delays_are_counted(free):
    group = NeuronGroup(100, "v : 1", threshold="True")
    synapses = Synapses(group, group, "w : 1", on_pre="v += w")
    synapses.connect()
    synapses.delay = "rand()*ms"
    net = Network(group, synapses)
    free(100_000)
    with pytest.raises(ArgumentError, match=r"a copy of the state would take 122 kB"):
        net.store()
    free(20_000)
    with pytest.raises(ArgumentError, match=r"a run with the delays of 10,000 synapses would take"):
        net.run(1 * ms)
    assert net.t == 0 * ms


def test_what_is_kept_for_a_while_on_disk_or_not_at_all_is_not_counted(free, tmp_path):
    group = NeuronGroup(10, "dv/dt = 1/ms : 1", threshold="v > 1", reset="v = 0")
    latest = StateMonitor(group, "v", record=True, keep=10 * ms)
    stored = StateMonitor(group, "v", record=True, to=tmp_path / "trace")
    averaged = SpikeTriggeredAverage(group, group, "v", window=1 * ms)
    free(100_000)
    Network(group, latest, stored, averaged).run(100 * ms)
    assert len(stored.t) == 1000 and 100 <= len(latest.t) < 300


def rows(count: int) -> Chunk:
    return Chunk(np.arange(count, dtype=float), np.empty(0, np.int32), (np.ones((count, 1)),))


def test_rows_that_do_not_fit_wait_and_those_that_are_there_stay(free):
    free(10_000)
    recording = Recording(1, 1)
    recording.add(rows(500))
    with pytest.raises(ArgumentError, match="rows of a recording would take"):
        recording.add(rows(1000))
    assert len(recording.all()) == 500
    free(1e9)
    recording.add(rows(1))
    assert recording.rows == len(recording.all()) == 1501


def test_room_is_taken_at_once_and_not_told_as_used():
    recording = Recording(1, 1)
    recording.reserve(1000)
    assert recording.nbytes == 0 and len(recording.all()) == 0
    recording.add(rows(10))
    begin = recording.all().times
    recording.add(rows(990))
    assert recording.nbytes == 16_000
    assert np.shares_memory(begin, recording.all().times)  # nothing was moved
