"""Many processes that build the same program at the same time, some of which stand still or end."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jupyspike import prefs
from jupyspike_engine.build.builder import build
from jupyspike_engine.build.cache import program_cache
from jupyspike_engine.build.locks import locked

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes are made with fork")

SOURCE = 'extern "C" __attribute__((visibility("default"))) int answer() { return 42; }\n'

# One process that has imported all there is to be imported, and 200 that begin from there at the same moment.
CROWD = f"""
import ctypes, os, sys
from jupyspike_engine.build.builder import build, compilations
go, gone = os.pipe()
for _ in range(200):
    if os.fork() == 0:
        os.close(gone)
        os.read(go, 1)
        try:
            built = build({SOURCE!r})
            found = f"{{ctypes.CDLL(str(built.path)).answer()}} {{compilations()}} {{built.compiler.version}}"
        except BaseException as problem:
            found = repr(problem)
        os.write(1, (found + "\\n").encode())
        os._exit(0)
os.close(gone)
for _ in range(200):
    os.wait()
"""


def test_two_hundred_processes_compile_a_program_once_and_ask_the_compiler_once(
    counting_compiler, cache_directory, script, monkeypatch
):
    slow = f'case "$*" in *-shared*) sleep 0.5;; esac\nexec "{counting_compiler.command}" "$@"'
    monkeypatch.setenv("CXX", script(slow, name="slow-g++"))
    began = time.monotonic()
    crowd = subprocess.run(
        [sys.executable, "-c", CROWD], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    took = time.monotonic() - began
    answers = Counter(tuple(line.split(maxsplit=2)) for line in crowd.stdout.splitlines())
    version = build(SOURCE).compiler.version
    assert answers == {("42", "1", version): 1, ("42", "0", version): 199}
    assert len(counting_compiler.compilations()) == 1
    assert len(counting_compiler.calls()) <= 4 + 1  # its version, what it accepts and what it makes of that
    assert sorted(path.suffix for path in cache_directory.iterdir()) == ["", ".cpp", ".so"]  # no lock, no workspace
    assert took < 30


@contextmanager
def holding(path: Path, then: str = "time.sleep(100)") -> Iterator[subprocess.Popen]:
    """A process that holds a lock, and then does something; it is killed at the end."""
    text = (
        f"from pathlib import Path\nfrom jupyspike_engine.build.locks import locked\nimport os, time\n"
        f"with locked(Path({str(path)!r})):\n    print('held', flush=True)\n    {then}\ntime.sleep(100)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", text], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_process_that_stands_still_while_it_builds_is_not_waited_for_for_ever(counting_compiler):
    path = build(SOURCE).path
    path.unlink()
    prefs.codegen.cpp.time_limit = 2
    with holding(path.with_suffix(".lock")) as process:
        process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        assert ctypes.CDLL(str(build(SOURCE).path)).answer() == 42
        assert 2 <= time.monotonic() - began < 10


def test_a_lock_is_free_when_its_holder_is_killed(tmp_path):
    with holding(tmp_path / "lock") as process:
        process.kill()
        with locked(tmp_path / "lock", 20):
            assert (tmp_path / "lock").exists()
            assert process.wait() == -9
    assert not (tmp_path / "lock").exists()


def test_a_lock_that_is_given_back_is_free_although_a_forked_process_has_a_copy_of_its_file(tmp_path):
    path = tmp_path / "lock"
    with holding(path, "os.fork() or (time.sleep(8), os._exit(0))"):
        began = time.monotonic()
        with locked(path, 20):
            assert time.monotonic() - began < 5


def test_programs_of_a_small_cache_are_not_lost_to_each_other(counting_compiler, monkeypatch):
    """Each keeps its own, though the other one's must go."""
    monkeypatch.setenv("JUPYSPIKE_CACHE_LIMIT_MB", "0.001")
    other = SOURCE.replace("42", "43")
    for source, expected in ((SOURCE, 42), (other, 43)) * 2:
        assert ctypes.CDLL(str(build(source).path)).answer() == expected
    assert len(program_cache().entries()) == 1
