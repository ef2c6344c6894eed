"""No room, no permission, directories that vanish, clocks that differ and processes that are killed.

Programs are built all the same, or it is said what to do; what was kept before stays whole.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyspike_engine.build import cache as caches
from jupyspike_engine.build.builder import build
from jupyspike_engine.build.cache import ProgramCache, program_cache
from jupyspike_engine.build.doctor import examine
from jupyspike_engine.diagnostics import BuildError


def answering(number: int) -> str:
    return f'extern "C" __attribute__((visibility("default"))) int answer() {{ return {number}; }}\n'


def answer(built) -> int:
    return ctypes.CDLL(str(built.path)).answer()


def session(text: str, **environment: str) -> subprocess.CompletedProcess:
    """Another process that builds."""
    start = f"from jupyspike_engine.build.builder import build\nsource = {answering(5)!r}\n"
    return subprocess.run(
        [sys.executable, "-c", start + text], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )  # fmt: skip


@pytest.fixture
def compiler_that(script, counting_compiler, monkeypatch):
    """Makes a compiler that first does something when it is given a program."""

    def make(first: str) -> str:
        text = f'case "$*" in *-shared*) {first};; esac\nexec "{counting_compiler.command}" "$@"'
        monkeypatch.setenv("CXX", script(text, name="other-g++"))
        return os.environ["CXX"]

    return make


@pytest.fixture
def no_temporary_caches(monkeypatch):
    """What earlier tests could not write to is forgotten."""
    monkeypatch.setattr(caches, "_temporary_directories", {})


# room


@pytest.mark.parametrize(
    "said",
    [
        "/usr/bin/ld: final link failed: No space left on device",
        "cc1plus: fatal error: error writing to program.s: Disk quota exceeded",
        "g++: fatal error: File size limit exceeded signal terminated program cc1plus",
    ],
)
def test_where_the_disk_is_full_programs_are_kept_for_the_session_with_one_notice(
    said, compiler_that, cache_directory, no_temporary_caches, recwarn
):
    compiler_that(f'case "$PWD" in "{cache_directory}"*) echo "{said}"; exit 1;; esac')
    first, again, other = build(answering(1)), build(answering(1)), build(answering(2))
    assert [answer(built) for built in (first, again, other)] == [1, 1, 2]
    assert (first.from_cache, again.from_cache) == (False, True)
    assert cache_directory not in first.path.parents
    [notice] = recwarn.list
    assert str(cache_directory) in str(notice.message)
    assert "Set JUPYSPIKE_CACHE_DIR to a directory you can write to, with room in it" in str(notice.message)


@pytest.mark.skipif(os.name == "nt", reason="it has no limit for the sizes of files")
def test_where_there_is_no_room_at_all_the_error_names_both_places(counting_compiler, cache_directory):
    ended = session(
        "import resource, warnings\n"
        "warnings.simplefilter('ignore')\n"
        "build('int known;')\n"  # and the compiler is remembered
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "build(source)\n"
    )
    assert "BuildError: there is no place to build a program" in ended.stderr
    assert f"found: {cache_directory}: File too large; for temporary files: File too large" in ended.stderr
    assert "prefs.codegen.target = 'numpy' needs none" in ended.stderr
    assert len(program_cache().entries()) == 1
    assert answer(build(answering(5))) == 5


def test_a_file_system_whose_programs_may_not_be_run_is_not_used(
    counting_compiler, cache_directory, no_temporary_caches, monkeypatch, recwarn
):
    def mounted(path):
        flags = os.ST_NOEXEC if Path(path) == cache_directory else 0
        return SimpleNamespace(f_flag=flags)

    path = build(answering(1)).path
    monkeypatch.setattr(os, "ST_NOEXEC", 8, raising=False)
    monkeypatch.setattr(os, "statvfs", mounted, raising=False)
    assert answer(build(answering(1))) == 1
    assert path.is_file()  # for machines that may run it
    [notice] = recwarn.list
    assert f"{cache_directory} (programs there may not be run: it is mounted with 'noexec')" in str(notice.message)
    report = examine()
    assert "noexec" in next(check for check in report.checks if check.name == "cache").found


def test_without_a_place_for_temporary_files_the_cache_is_enough(compiler_that, monkeypatch, tmp_path):
    compiler_that(f'echo "$PWD $TMPDIR" > {tmp_path}/places')
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    assert answer(build(answering(1))) == 1
    where, temporary = (tmp_path / "places").read_text().split()
    assert where == temporary


def test_without_any_place_the_error_says_so(counting_compiler, monkeypatch, tmp_path, no_temporary_caches):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "file" / "inside"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(BuildError, match="there is no place to build a program") as caught:
        build(answering(1))
    assert "Not a directory; for temporary files: No such file" in caught.value.diagnostics[0].found


def test_what_is_known_of_a_compiler_is_kept_whole_or_not_at_all(counting_compiler, cache_directory):
    for size in (0, 100):
        text = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        session(text + "from jupyspike_engine.build.compilers import find_compiler\nfind_compiler()")
        assert list((cache_directory / "compilers").iterdir()) == []


# directories


def test_the_directory_may_be_a_link_even_to_a_directory_that_was_removed(counting_compiler, monkeypatch, tmp_path):
    link, target = tmp_path / "link", tmp_path / "scratch" / "ada" / "programs"
    link.symlink_to(target)
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(link))
    assert answer(build(answering(1))) == 1
    assert build(answering(1)).from_cache
    assert list(target.glob("*.so"))
    shutil.rmtree(tmp_path / "scratch")
    assert not build(answering(1)).from_cache
    assert list(target.glob("*.so"))


@pytest.mark.filterwarnings("ignore:programs cannot be kept")
def test_a_cache_that_is_removed_while_a_program_is_built_does_not_stop_it(
    compiler_that, cache_directory, no_temporary_caches
):
    compiler_that(f'case "$PWD" in "{cache_directory}"*) rm -rf "{cache_directory}";; esac')
    assert answer(build(answering(1))) == 1


def test_without_a_home_directory_in_the_environment_the_cache_has_an_absolute_path(monkeypatch):
    for name in ("HOME", "JUPYSPIKE_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert program_cache().directory.is_absolute()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_that_ends_leaves_the_programs_of_the_session(tmp_path):
    ended = session(
        "import os, sys\n"
        "from pathlib import Path\n"
        "from jupyspike_engine.build.cache import ProgramCache, temporary_cache\n"
        f"other = temporary_cache(ProgramCache(Path({str(tmp_path)!r})), OSError(28, 'No space left on device'))\n"
        "if os.fork() == 0: sys.exit()\n"
        "os.wait()\n"
        "print(other.directory, other.directory.is_dir())\n"
    )
    directory, was_there = ended.stdout.split()
    assert was_there == "True" and not Path(directory).exists()


# clocks


def test_what_others_build_is_left_alone_by_a_machine_whose_clock_is_ahead(monkeypatch, cache_directory):
    cache = program_cache()
    at_work = cache_directory / ".build-at-work"
    at_work.mkdir(parents=True)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    with cache.workspace("a") as workspace:
        (workspace / "a.so").write_bytes(b"x")
        (workspace / "a.cpp").touch()
        cache.publish("a", workspace)
    assert at_work.is_dir()


def test_programs_from_the_future_are_found_and_make_way_as_all_others(tmp_path):
    cache = ProgramCache(tmp_path, limit=2500)
    for key, used in (("future", 5e9), ("past", 1.0), ("now", None)):
        with cache.workspace(key) as workspace:
            (workspace / f"{key}.so").write_bytes(b"x" * 1000)
            (workspace / f"{key}.cpp").touch()
            path = cache.publish(key, workspace)
        if used:
            os.utime(path, (used, used))
    assert cache.find("future") is not None and cache.find("past") is None
    assert (tmp_path / "future.so").stat().st_mtime < 4.9e9  # as used now


# processes that are killed


KILLED_AT = """
import os, signal
from pathlib import Path
replace, times = os.replace, [0]
def killed(*paths):
    if Path(paths[1]).suffix in ('.so', '.cpp'):
        times[0] += 1
        if times[0] == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
    return replace(*paths)
os.replace = killed
build(source)
"""


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("before", ["nothing", "a damaged program"])
def test_a_process_killed_while_it_keeps_a_program_leaves_nothing_wrong(number, before, counting_compiler):
    if before != "nothing":
        build(answering(5)).path.write_bytes(b"damaged")
    assert session(KILLED_AT.format(number=number)).returncode == -9
    ended = session("import ctypes\nprint(ctypes.CDLL(str(build(source).path)).answer())")
    assert ended.stdout.split() == ["5"], ended.stderr
    assert build(answering(5)).from_cache


def test_a_process_killed_while_its_compiler_works_does_not_hold_up_others(compiler_that, tmp_path, counting_compiler):
    compiler_that(f"touch {tmp_path}/begun; sleep 8")
    start = f"from jupyspike_engine.build.builder import build\nbuild({answering(5)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", start], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    compiler_that("true")
    began = time.monotonic()
    assert answer(build(answering(5))) == 5
    assert time.monotonic() - began < 6


def test_what_killed_processes_left_is_removed_after_a_day(cache_directory):
    cache, yesterday = program_cache(), time.time() - 25 * 3600
    (cache_directory / "compilers").mkdir(parents=True)
    left = [cache_directory / name for name in ("x.lock", "compilers/half.new", "compilers/y.lock")]
    for path in left:
        path.touch()
        os.utime(path, (yesterday, yesterday))
    young = cache_directory / "compilers" / "at-work.new"
    young.touch()
    with cache.workspace("a") as workspace:
        (workspace / "a.so").write_bytes(b"x")
        (workspace / "a.cpp").touch()
        cache.publish("a", workspace)
    assert not any(path.exists() for path in left) and young.exists()
