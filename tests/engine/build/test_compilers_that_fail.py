"""A compiler that dies, hangs or writes nonsense: an error that says so, nothing kept, no process left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyspike import prefs
from jupyspike_engine.build import compilers
from jupyspike_engine.build.builder import CompilationError, build, build_and_load
from jupyspike_engine.build.compilers import find_compiler
from jupyspike_engine.build.libraries import is_whole
from jupyspike_engine.build.messages import complaints
from jupyspike_engine.diagnostics import BuildError

ANSWER = 'extern "C" __attribute__((visibility("default"))) int answer() { return 42; }\n'


@pytest.fixture
def failing(script, counting_compiler, monkeypatch):
    """Makes a compiler that answers questions as the one of this machine, and does something else for a program."""

    def make(instead: str) -> None:
        text = f'case "$*" in *-shared*) {instead};; esac\nexec "{counting_compiler.command}" "$@"'
        monkeypatch.setenv("CXX", script(text, name="failing-g++"))

    return make


def programs(cache_directory: Path) -> list[str]:
    return [path.name for path in cache_directory.iterdir() if path.name != "compilers"]


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("kill -SEGV $$", "it was killed by SIGSEGV"),
        ("kill -KILL $$", "it was killed by SIGKILL"),
        ("echo 'program.cpp: In function'; exit 4", "it stopped with exit code 4"),
        ("exit 0", "it wrote no program"),
        ('printf "" > "$(ls *.cpp | sed s/cpp$/so/)"; exit 0', "it wrote half a program"),
        ("echo 'x.cpp:1:2: internal compiler error: Segmentation fault'; echo 'See <README.Bugs>'; exit 1",
         "Segmentation fault"),
        ("echo 'g++: fatal error: Killed signal terminated program cc1plus'; exit 1", "enough memory"),
    ],
)  # fmt: skip
def test_a_compiler_that_dies_is_an_error_that_says_how(instead, said, failing, cache_directory):
    failing(instead)
    with pytest.raises(CompilationError, match=said):
        build(ANSWER)
    assert programs(cache_directory) == []


@pytest.mark.parametrize("part", ["0", "64", "1000", "8000"])
def test_half_of_a_library_is_seen_before_the_system_is_asked_to_load_it(part, failing, counting_compiler):
    failing(
        f'"{counting_compiler.command}" "$@"; library=$(ls *.so); head -c {part} $library > half; '
        "mv half $library; exit 0"
    )
    with pytest.raises(CompilationError, match="half a program"):
        build(ANSWER)


def test_whole_libraries_are_told_from_halves(counting_compiler):
    library = build(ANSWER).path
    assert is_whole(library)
    library.write_bytes(library.read_bytes()[:-1])
    assert not is_whole(library)


def gone(process: int) -> bool:
    """Whether a process has ended, within a second: who it belongs to now may be slow to take notice."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc")


@needs_proc
def test_a_compiler_that_hangs_is_stopped_with_all_that_it_started(failing, tmp_path, cache_directory):
    failing(f"trap '' TERM INT; sleep 1000 & echo $! > {tmp_path}/child; wait")
    prefs.codegen.cpp.time_limit = 0.3
    began = time.monotonic()
    with pytest.raises(BuildError, match=r"was not ready after 0\.3 s and has been stopped") as caught:
        build(ANSWER)
    assert time.monotonic() - began < 5
    assert "codegen.cpp.time_limit" in caught.value.diagnostics[0].hint
    assert gone(int((tmp_path / "child").read_text()))
    assert programs(cache_directory) == []


@needs_proc
def test_an_interrupt_while_a_compiler_works_leaves_no_process_and_no_file(
    counting_compiler, script, tmp_path, cache_directory
):
    hang = f"sleep 1000 & echo $! > {tmp_path}/half; mv {tmp_path}/half {tmp_path}/child; wait"
    command = script(f'case "$*" in *-shared*) {hang};; esac\nexec "{counting_compiler.command}" "$@"', name="slow-g++")
    session = subprocess.Popen(
        [sys.executable, "-c", f"from jupyspike_engine.build.builder import build\nbuild({ANSWER!r})"],
        env={**os.environ, "CXX": command, "PYTHONPATH": os.pathsep.join(sys.path)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (tmp_path / "child").exists():
        assert session.poll() is None, session.stderr.read()
        time.sleep(0.01)
    session.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in session.communicate(timeout=10)[1]
    assert gone(int((tmp_path / "child").read_text()))
    assert programs(cache_directory) == []


def test_a_compiler_that_hangs_when_it_is_asked_for_its_version_is_passed_over(script, monkeypatch, tmp_path):
    sleep = "/bin/sleep" if Path("/bin/sleep").exists() else "/usr/bin/sleep"
    script(f"{sleep} 1000", name="g++")
    script('case "$*" in *--version) echo "clang version 15";; esac', name="clang++")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(compilers, "ANSWERED_IN", 0.3)
    assert find_compiler().version == "clang version 15"


def test_the_crash_of_a_compiler_is_told_in_its_own_words():
    said = "model.cpp:12:3: internal compiler error: in expand_expr, at expr.cc:10\nPlease submit a bug report.\n"
    [complaint] = complaints(said)
    assert (complaint.line, complaint.message) == (12, "in expand_expr, at expr.cc:10")


def refusing(times: int):
    """A loader that the system refuses so many programs, and the programs it was given."""
    seen = []

    def load(built):
        seen.append(built.from_cache)
        if len(seen) <= times:
            raise OSError("cannot map it")
        return ctypes.CDLL(str(built.path)).answer()

    return load, seen


def test_a_program_of_the_cache_that_cannot_be_loaded_is_built_anew(counting_compiler):
    build(ANSWER)
    load, seen = refusing(1)
    assert build_and_load(load, ANSWER) == 42
    assert seen == [True, False]


def test_a_program_that_the_system_never_loads_is_an_error_and_is_not_kept(counting_compiler, cache_directory):
    load, seen = refusing(3)
    with pytest.raises(BuildError, match="does not load it") as caught:
        build_and_load(load, ANSWER)
    assert seen == [False]
    assert caught.value.diagnostics[0].found == "cannot map it"
    assert programs(cache_directory) == []
