"""A disk that is full while recordings and states are written, and processes that are killed while they write them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    load_recording,
    ms,
    network_operation,
)

resource = pytest.importorskip("resource", reason="the sizes of files cannot be limited there")


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """The system refuses to make files larger than this; what still fits of a larger one is written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def recorded(folder):
    """A network of whose monitors one records to a folder, and the same one that records in memory alone."""
    networks = []
    for to in (folder, None):
        group = NeuronGroup(300, "dv/dt = (i + 1)*Hz : 1", threshold="v > 1.0001", reset="v = 0")
        before = StateMonitor(group, "v", record=True, name="before*")
        trace = StateMonitor(group, "v", record=True, to=to, name="trace*")
        networks.append((Network(group, before, trace, SpikeMonitor(group)), before, trace))
    return networks


@pytest.mark.parametrize("room", [0, 5000])
def test_a_full_disk_ends_the_run_and_nothing_is_lost(target, tmp_path, room):
    (net, before, trace), (whole, _, expected) = recorded(tmp_path / "trace")
    net.run(10 * ms)
    values = trace.v[:]
    with files_up_to((tmp_path / "trace" / "v.bin").stat().st_size + room):
        for _ in range(2):  # the second one does not get far
            with pytest.raises(ArgumentError, match=r"v\.bin' cannot be recorded to") as caught:
                net.run(100 * ms)
            assert caught.value.diagnostics[0].found == "File too large"
            assert "make room and run again" in caught.value.diagnostics[0].hint
            steps = round(net.t_ / 1e-4)
            assert steps > 100 and len(before.t) == steps  # the step was ended, and others have recorded it
        np.testing.assert_array_equal(trace.v[:, :100], values)  # and what still fitted
    np.testing.assert_array_equal(load_recording(tmp_path / "trace").v[:, :100], values)
    assert len(trace.t) == steps  # what waited is written when it is asked for
    net.run(10 * ms)
    whole.run(net.t)
    assert len(trace.t) == steps + 100
    for found, right in ((trace, expected), (load_recording(tmp_path / "trace"), expected), (before, expected)):
        np.testing.assert_array_equal(found.t_, right.t_)
        np.testing.assert_array_equal(found.v, right.v)


def test_a_full_disk_in_the_middle_of_a_step_lets_the_step_come_to_its_end(target, tmp_path):
    group = NeuronGroup(300, "dv/dt = 1/ms : 1")
    trace = StateMonitor(group, "v", record=True, to=tmp_path / "trace", when="start")
    after = StateMonitor(group, "v", record=True, when="end")

    @network_operation(when="groups")
    def nothing():
        pass

    net = Network(group, trace, after, nothing)
    net.run(1 * ms)
    with files_up_to(100_000), pytest.raises(ArgumentError, match="cannot be recorded to"):
        net.run(10 * ms)
    assert len(after.t) == len(trace.t) == round(net.t_ / 1e-4) > 40
    net.run(1 * ms)
    np.testing.assert_allclose(after.v[0], 0.1 * np.arange(1, len(after.t) + 1))


def test_a_folder_that_is_removed_is_told_and_no_hole_is_written(tmp_path):
    (net, _, _), _ = recorded(tmp_path / "trace")
    net.run(1 * ms)
    file = tmp_path / "trace" / "v.bin"
    file.unlink()
    with pytest.raises(ArgumentError, match=r"v.bin' cannot be recorded to(.*\n)*.*No such file"):
        net.run(1 * ms)
    file.touch()
    with pytest.raises(ArgumentError, match=r"v.bin' cannot be recorded to(.*\n)*.*shorter than what was written"):
        net.run(1 * ms)
    assert file.stat().st_size == 0


def test_a_folder_that_cannot_be_made_can_be_made_later(tmp_path, monkeypatch):
    (net, _, trace), _ = recorded(tmp_path / "trace")
    touch = Path.touch

    def full(path, *arguments):
        if path.name == "v.bin":
            raise OSError(28, "No space left on device")
        touch(path, *arguments)

    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(ArgumentError, match="cannot be recorded to"):
        net.run(1 * ms)
    monkeypatch.undo()
    net.run(1 * ms)
    assert len(trace.t) == 10


def test_a_state_that_cannot_be_brought_back_leaves_the_present_one(tmp_path):
    (net, before, trace), _ = recorded(tmp_path / "trace")
    net.run(10 * ms)
    net.store()
    net.run(1 * ms)
    values = trace.v[:].copy()
    with files_up_to(100_000), pytest.raises(ArgumentError, match="cannot be recorded to"):
        net.restore()
    assert round(net.t / ms, 9) == 11 and len(before.t) == 110
    np.testing.assert_array_equal(trace.v, values)


def test_a_state_that_does_not_fit_on_the_disk_leaves_those_in_the_file(tmp_path):
    group = NeuronGroup(10_000, "v : 1")
    net = Network(group)
    group.v = 1
    net.store(filename=tmp_path / "state")
    group.v = 2
    for size in (0, 1000, 81_000, 130_000):
        with files_up_to(size), pytest.raises(ArgumentError, match=r"cannot be written to(.*\n)*.*File too large"):
            net.store("second", filename=tmp_path / "state")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    net.restore(filename=tmp_path / "state")
    assert set(group.v) == {1}


def test_a_link_to_a_file_of_states_stays_a_link(tmp_path):
    net = Network(NeuronGroup(1, "v : 1"))
    (tmp_path / "link").symlink_to(tmp_path / "state")
    for _ in range(2):
        net.store(filename=tmp_path / "link")
        assert (tmp_path / "link").is_symlink() and (tmp_path / "state").is_file()


# processes that are killed


WRITING = """
import sys
from jupyspike import *
prefs.codegen.target = 'cpp'
group = NeuronGroup(50, 'dv/dt = 1/second : 1', threshold='i > 40', name='group', method='euler')
trace = StateMonitor(group, 'v', record=True, to=sys.argv[1] + '/trace', name='trace')
spikes = SpikeMonitor(group, 'v', to=sys.argv[1] + '/spikes', name='spikes')
net = Network(group, trace, spikes)
print('ready', flush=True)
while True:
    net.run(20*ms)
    net.store(filename=sys.argv[1] + '/state')
    print('stored', flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be killed there in this way")
@pytest.mark.parametrize("after", [0.0, 0.004, 0.011])
def test_a_process_killed_while_it_writes_leaves_recordings_and_states_that_are_right(tmp_path, after):
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:  # fmt: skip
        while process.stdout.readline() != "stored\n":
            assert process.poll() is None
        for _ in range(3):
            assert process.stdout.readline() == "stored\n"
        time.sleep(after)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    trace, spikes = load_recording(tmp_path / "trace"), load_recording(tmp_path / "spikes")
    assert len(trace) >= 800 and len(spikes) >= 800 * 9
    np.testing.assert_allclose(trace.t_, 1e-4 * np.arange(len(trace)), rtol=1e-12)
    assert trace.v.shape == (50, len(trace))
    np.testing.assert_allclose(trace.v, np.broadcast_to(trace.t_, trace.v.shape), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(spikes.i, 41 + np.arange(len(spikes)) % 9)
    np.testing.assert_allclose(spikes.t_, 1e-4 * (np.arange(len(spikes)) // 9), rtol=1e-12)
    group = NeuronGroup(50, "dv/dt = 1/second : 1", threshold="i > 40", name="group", method="euler")
    net = Network(group, StateMonitor(group, "v", record=True, name="trace"), SpikeMonitor(group, "v", name="spikes"))
    net.restore(filename=tmp_path / "state")
    assert net.t_ >= 0.08 and round(net.t_ / 0.02, 6) % 1 == 0
    np.testing.assert_allclose(group.v, net.t_)
    assert len(net["trace"].t) == round(net.t_ / 1e-4)


KILLED_IN_A_WRITE = """
import os, signal, sys, zipfile
from jupyspike import *
group = NeuronGroup(50, 'v : 1', name='group')
net = Network(group)
group.v = 1
net.store('first', filename=sys.argv[1])
write, replace, times = zipfile._ZipWriteFile.write, os.replace, [0]
def killing(function):
    def do(*arguments):
        times[0] += 1
        if times[0] == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return do
zipfile._ZipWriteFile.write, os.replace = killing(write), killing(replace)
group.v = 2
net.store('second', filename=sys.argv[1])
print(times[0])
"""


def killed_at(number: int, path: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_WRITE, str(path), str(number)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be killed there in this way")
def test_a_process_killed_while_it_stores_a_state_leaves_the_file_as_it_was(tmp_path):
    last = int(killed_at(0, tmp_path / "whole").stdout)
    for number in (1, last // 2, last):
        path = tmp_path / f"state{number}"
        assert killed_at(number, path).returncode == -signal.SIGKILL
        group = NeuronGroup(50, "v : 1", name="group")
        net = Network(group)
        net.restore("first", filename=path)
        assert set(group.v) == {1}
        with pytest.raises(ArgumentError, match="holds no state 'second'"):
            net.restore("second", filename=path)
        net.store("second", filename=path)
        net.restore("second", filename=path)
        del group, net
