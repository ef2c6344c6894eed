"""A home directory shared by machines of several kinds: a program for another processor is never loaded, nor run."""

import ctypes
import json
import os
import shutil
from pathlib import Path

import pytest

from jupyspike import Network, NeuronGroup, ms
from jupyspike_engine.build import builder, compilers, machine
from jupyspike_engine.build.builder import build
from jupyspike_engine.build.compilers import find_compiler
from jupyspike_engine.build.projects import MADE_FOR, build_project, is_of_another_machine, run_program
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.targets.standalone.project import Building

# Who loads it on a machine without the instruction set ends at once, as by an illegal instruction.
SOURCE = """
#ifdef WIDE
extern "C" void abort();
__attribute__((constructor)) static void other_instructions() { abort(); }
#endif
extern "C" __attribute__((visibility("default"))) int answer() { return 42; }
"""


@pytest.fixture
def moved_to(counting_compiler, script, monkeypatch):
    """Goes on on a machine with or without an instruction set that only the compiler sees, as a new session."""
    command = script(f'exec "{counting_compiler.command}" $(cat "$0.instructions") "$@"', name="native-g++")
    monkeypatch.setenv("CXX", command)

    def move(wide: bool) -> None:
        Path(f"{command}.instructions").write_text("-DWIDE" if wide else "")
        monkeypatch.setattr(compilers, "_found", {})

    return move


@pytest.fixture
def telling(monkeypatch):
    """Has the system tell a text of its processor, or nothing."""

    def tell(text: str) -> None:
        monkeypatch.setattr(machine, "_described", lambda: text)
        machine.processor.cache_clear()
        monkeypatch.setattr(compilers, "_found", {})

    yield tell
    monkeypatch.undo()
    machine.processor.cache_clear()


def test_where_the_system_does_not_tell_the_processor_the_compiler_is_asked_in_each_session(moved_to, telling):
    telling("")
    moved_to(wide=True)
    there = build(SOURCE)
    moved_to(wide=False)
    here = build(SOURCE)
    assert here.path != there.path and not here.from_cache
    assert ctypes.CDLL(str(here.path)).answer() == 42
    moved_to(wide=True)
    assert build(SOURCE).path == there.path and build(SOURCE).from_cache
    moved_to(wide=False)
    assert build(SOURCE).path == here.path


def test_where_the_system_tells_the_processor_what_is_known_of_the_compiler_is_of_that_processor(
    moved_to, telling, cache_directory
):
    telling("flags : sse2 avx2 avx512f")
    moved_to(wide=True)
    there = build(SOURCE)
    telling("flags : sse2 avx2")
    moved_to(wide=False)
    here = build(SOURCE)
    assert here.path != there.path and ctypes.CDLL(str(here.path)).answer() == 42
    assert len(list((cache_directory / "compilers").iterdir())) == 2
    telling("flags : sse2 avx2 avx512f")
    assert build(SOURCE).path == there.path


def test_the_instruction_sets_are_those_that_the_compiler_uses(counting_compiler, monkeypatch):
    native = find_compiler()
    if not native.native:
        pytest.skip("the compiler has no argument for the processor of this machine")
    monkeypatch.setattr(compilers, "_native_argument", lambda candidate: "")
    monkeypatch.setattr(compilers, "_found", {})
    shutil.rmtree(builder.program_cache().directory)
    assert find_compiler().instructions != native.instructions
    assert find_compiler().instructions == find_compiler().instructions != ""


def test_what_an_earlier_version_knew_of_a_compiler_is_asked_again(counting_compiler, cache_directory, monkeypatch):
    known = find_compiler()
    [record] = (cache_directory / "compilers").iterdir()
    record.write_text(json.dumps({k: v for k, v in json.loads(record.read_text()).items() if k != "instructions"}))
    monkeypatch.setattr(compilers, "_found", {})
    assert find_compiler() == known


def test_a_program_is_not_shared_between_versions_of_the_c_library(counting_compiler, monkeypatch):
    first = build(SOURCE)
    monkeypatch.setattr(builder, "c_library", lambda: "glibc 2.99")
    assert build(SOURCE).path != first.path


# exported networks


@pytest.fixture
def project(tmp_path, script, monkeypatch, telling):
    """An exported network, and a compiler that is done at once: what it makes does nothing."""
    Network(NeuronGroup(2, "dv/dt = 1/ms : 1", name="group")).export(tmp_path / "project", 1 * ms)
    text = f"""case "$*" in *--version) echo "g++ 1";; *-dM*) cat "$0.instructions";; *" -o "*)
echo "$*" >> "{tmp_path}/calls"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\nexit 0\n' > "$2"; chmod +x "$2";; esac"""
    monkeypatch.setenv("CXX", script(text))
    telling("")
    return tmp_path / "project"


def calls(project: Path) -> int:
    """How often the compiler has been called since this was asked."""
    notes = project.parent / "calls"
    count = len(notes.read_text().splitlines()) if notes.exists() else 0
    notes.write_text("")
    return count


def test_an_exported_program_is_built_again_on_another_machine(project, telling):
    compiled, elsewhere = [], []
    for instructions in ("wide", "wide", "narrow"):
        Path(f"{os.environ['CXX']}.instructions").write_text(instructions)
        telling("")  # a new session
        elsewhere.append(is_of_another_machine(project))
        build_project(project, Building())
        compiled.append(calls(project))
        assert not is_of_another_machine(project)
    assert elsewhere == [False, False, True]
    assert compiled == [4, 0, 4]  # three files and their linking
    run_program(project, [])


def test_a_build_of_an_exported_program_that_was_killed_is_begun_again(project):
    Path(f"{os.environ['CXX']}.instructions").touch()
    build_project(project, Building())
    (project / MADE_FOR).unlink()  # it is written when all is done
    (project / "main").write_text("half of it")
    calls(project)
    build_project(project, Building())
    assert calls(project) == 4
    run_program(project, [])


def test_a_program_that_was_built_by_hand_is_run(tmp_path):
    assert not is_of_another_machine(tmp_path)


def test_a_machine_without_a_compiler_runs_what_was_built_for_its_processor(project, telling, monkeypatch):
    telling("flags : sse2 avx2")
    Path(f"{os.environ['CXX']}.instructions").touch()
    build_project(project, Building())
    for compiler in ("/nowhere/g++", ""):
        monkeypatch.setenv("CXX", compiler)
        monkeypatch.setattr(compilers, "working_compilers", lambda: iter(()))
        for processor, elsewhere in (("flags : sse2 avx2", False), ("flags : sse2", True)):
            telling(processor)
            assert is_of_another_machine(project) == elsewhere


def test_an_illegal_instruction_is_told_with_what_to_do(project):
    (project / "main").write_text("#!/bin/sh\nkill -ILL $$\n")
    (project / "main").chmod(0o755)
    with pytest.raises(UserError, match="it was killed by SIGILL") as caught:
        run_program(project, [])
    assert "build it again" in caught.value.diagnostics[0].hint
