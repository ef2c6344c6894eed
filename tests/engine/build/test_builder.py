"""Building a program from source."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyspike_engine.build import builder, machine
from jupyspike_engine.build.builder import CompilationError, build, compilations
from jupyspike_engine.diagnostics import BuildError, Source, Span


def answering(number: int, extra: str = "") -> str:
    return f'{extra}\nextern "C" __attribute__((visibility("default"))) int answer() {{ return {number}; }}\n'


def test_a_program_runs_after_its_build(counting_compiler):
    built = build(answering(42))
    assert ctypes.CDLL(str(built.path)).answer() == 42
    assert not built.from_cache
    assert built.seconds > 0
    assert built.compiler.command == (counting_compiler.command,)


def test_the_same_source_is_compiled_once(counting_compiler):
    before = compilations()
    first, second = build(answering(1)), build(answering(1))
    assert (first.from_cache, second.from_cache) == (False, True)
    assert first.path == second.path
    assert compilations() - before == len(counting_compiler.compilations()) == 1


def test_another_session_calls_no_compiler_at_all(counting_compiler, monkeypatch):
    build(answering(1))
    before = counting_compiler.calls()
    monkeypatch.setattr("jupyspike_engine.build.compilers._found", {})  # what a new process knows
    assert build(answering(1)).from_cache
    assert counting_compiler.calls() == before


def test_the_source_is_kept_beside_the_program_for_inspection(counting_compiler):
    assert build(answering(7)).path.with_suffix(".cpp").read_text().startswith(answering(7))


def test_a_changed_header_means_a_new_program(counting_compiler, monkeypatch, tmp_path):
    monkeypatch.setattr(builder, "HEADERS", tmp_path)
    (tmp_path / "number.h").write_text("#define NUMBER 1\n")
    source = answering(0, '#include "number.h"').replace("return 0", "return NUMBER")
    first = build(source)
    (tmp_path / "number.h").write_text("#define NUMBER 2\n")
    second = build(source)
    assert [ctypes.CDLL(str(built.path)).answer() for built in (first, second)] == [1, 2]


@pytest.mark.parametrize("changed", ["processor", "compiler", "arguments"])
def test_a_program_is_not_shared_between_machines_and_compilers(changed, counting_compiler, script, monkeypatch):
    first = build(answering(1))
    if changed == "processor":
        monkeypatch.setattr(builder, "processor", lambda: machine.processor() + " with another instruction set")
    elif changed == "compiler":
        monkeypatch.setenv("CXX", script(f'exec "{counting_compiler.command}" "$@"', name="other-g++"))
    else:
        monkeypatch.setenv("CXX", f"{counting_compiler.command} -DOTHER")
    second = build(answering(1))
    assert not second.from_cache
    assert second.path != first.path


def test_an_upgraded_compiler_is_asked_for_its_version_again(script, counting_compiler, monkeypatch):
    def installed(version: str) -> str:
        text = f'[ "$1" = --version ] && echo "g++ {version}" && exit 0\nexec "{counting_compiler.command}" "$@"'
        return script(text, name="upgraded-g++")

    monkeypatch.setenv("CXX", installed("1.0"))
    assert build(answering(1)).compiler.version == "g++ 1.0"
    installed("2.0.1")
    monkeypatch.setattr("jupyspike_engine.build.compilers._found", {})
    second = build(answering(1))
    assert second.compiler.version == "g++ 2.0.1"
    assert not second.from_cache


ANOTHER_SESSION = """
import ctypes, sys
from jupyspike_engine.build.builder import build, compilations
built = build(sys.argv[1])
print(built.from_cache, ctypes.CDLL(str(built.path)).answer(), compilations())
"""


def test_two_processes_that_build_the_same_program_at_once_compile_it_once(counting_compiler, script, monkeypatch):
    slow = f'case "$*" in *-shared*) sleep 0.5;; esac\nexec "{counting_compiler.command}" "$@"'
    monkeypatch.setenv("CXX", script(slow, name="slow-g++"))
    command = [sys.executable, "-c", ANOTHER_SESSION, answering(5)]
    sessions = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = sorted(session.communicate(timeout=60)[0].strip() for session in sessions)
    assert answers == ["False 5 1", "True 5 0"]
    assert len(counting_compiler.compilations()) == 1


@pytest.mark.parametrize("damage", [b"", b"\x7fELF half of a program"])
def test_a_damaged_program_is_built_again(damage, counting_compiler):
    path = build(answering(3)).path
    path.unlink()
    path.write_bytes(damage)
    again = build(answering(3))
    assert not again.from_cache
    assert ctypes.CDLL(str(again.path)).answer() == 3


def test_a_program_without_its_source_is_built_again(counting_compiler):
    build(answering(3)).path.with_suffix(".cpp").unlink()
    assert not build(answering(3)).from_cache


def test_a_failed_build_is_not_kept(counting_compiler, cache_directory):
    for _ in range(2):
        with pytest.raises(CompilationError):
            build("int answer() { return unknown; }")
    assert len(counting_compiler.compilations()) == 2
    assert [path.name for path in cache_directory.iterdir()] == ["compilers"]


def test_the_error_of_a_failed_build_points_at_the_equation_and_shows_what_the_compiler_said(counting_compiler):
    equation = Source("dv/dt = -v/tau : volt", "equations of exc")
    place = Span(equation, 8, 14)
    source = "int first = 1;\nint second = unknown_name;\n"
    with pytest.raises(BuildError) as caught:
        build(source, lambda line: place if line == 2 else None)
    [problem] = caught.value.diagnostics
    assert problem.span == place
    assert problem.kind == "build"
    assert "unknown_name" in problem.message
    assert problem.found == "line 2 of the generated program: int second = unknown_name;"
    assert "line 1, column 9" in str(caught.value)
    assert "unknown_name" in caught.value.log
    assert caught.value.source == source


def test_all_errors_of_a_failed_build_are_reported(counting_compiler):
    with pytest.raises(CompilationError) as caught:
        build("int a = first_unknown;\nint b = second_unknown;\n")
    assert ["first_unknown" in str(caught.value), "second_unknown" in str(caught.value)] == [True, True]
    assert len(caught.value.diagnostics) == 2


def test_a_compiler_that_dies_without_a_word_is_reported(script, counting_compiler, monkeypatch):
    text = f'case "$*" in *-shared*) exit 3;; esac\nexec "{counting_compiler.command}" "$@"'
    monkeypatch.setenv("CXX", script(text, name="dying-g++"))
    with pytest.raises(CompilationError, match="exit code 3"):
        build(answering(1))


def test_without_a_compiler_the_error_says_how_to_get_one(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(builder, "how_to_get_a_compiler", lambda: "sudo apt install g++")
    with pytest.raises(BuildError, match="apt install"):
        build(answering(1))


def test_a_cache_that_vanishes_does_not_stop_a_build(counting_compiler, cache_directory):
    build(answering(1))
    for path in cache_directory.rglob("*"):
        if path.is_file():
            path.unlink()
    (cache_directory / "compilers").rmdir()
    cache_directory.rmdir()
    assert ctypes.CDLL(str(build(answering(1)).path)).answer() == 1


def test_where_the_cache_cannot_be_written_programs_are_kept_for_the_session_with_one_notice(
    counting_compiler, tmp_path, monkeypatch, recwarn
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "file" / "inside"))  # not even root can write there
    first, second, other = build(answering(1)), build(answering(1)), build(answering(2))
    assert [built.from_cache for built in (first, second, other)] == [False, True, False]
    assert ctypes.CDLL(str(other.path)).answer() == 2
    [notice] = recwarn.list
    assert "JUPYSPIKE_CACHE_DIR" in str(notice.message)


def test_programs_of_a_cache_that_can_only_be_read_are_used(counting_compiler, monkeypatch):
    path = build(answering(1)).path

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    built = build(answering(1))
    assert (built.path, built.from_cache) == (path, True)
