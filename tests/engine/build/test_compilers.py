"""Finding a compiler."""

import os
import sys

import pytest

from jupyspike_engine.build import compilers
from jupyspike_engine.build.compilers import Compiler, find_compiler, working_compilers
from jupyspike_engine.diagnostics import BuildError

GCC = 'case "$*" in *--version) echo "g++ (GCC) 13.2.0"; echo "Free Software Foundation";; esac'
CLANG = 'case "$*" in *--version) echo "Apple clang version 15.0.0";; esac'


@pytest.fixture
def only_these(script, monkeypatch, tmp_path):
    """A PATH with nothing but the given scripts, and the shell they run in."""

    def install(**texts: str) -> None:
        for name, text in texts.items():
            script(text, name=name)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    return install


def test_the_compiler_on_the_path_is_found(only_these):
    only_these(**{"g++": GCC})
    compiler = find_compiler()
    assert compiler is not None
    assert (compiler.kind, compiler.version) == ("gcc", "g++ (GCC) 13.2.0")


def test_clang_is_told_from_gcc_by_what_it_says_not_by_its_name(only_these):
    only_these(**{"g++": CLANG})
    assert find_compiler().kind == "clang"


def test_a_broken_compiler_is_passed_over(only_these):
    only_these(**{"g++": "exit 1", "clang++": CLANG})
    assert find_compiler().version == "Apple clang version 15.0.0"


def test_without_a_compiler_there_is_none(only_these):
    only_these()
    assert find_compiler() is None


def test_a_compiler_installed_later_is_found_in_the_same_session(only_these, script):
    only_these()
    assert find_compiler() is None
    script(GCC, name="g++")
    assert find_compiler() is not None


def test_the_search_is_made_once(counting_compiler):
    first = find_compiler()
    calls = counting_compiler.calls()
    assert find_compiler() is first
    assert counting_compiler.calls() == calls


def test_cxx_decides_and_may_hold_arguments(script, only_these, monkeypatch):
    only_these(**{"g++": GCC})
    monkeypatch.setenv("CXX", f"{script(CLANG, name='my-clang++')} --sysroot='/a b'")
    compiler = find_compiler()
    assert compiler.kind == "clang"
    assert compiler.command[1:] == ("--sysroot=/a b",)


def test_cxx_with_a_space_in_its_path_needs_no_quotes(script, monkeypatch):
    monkeypatch.setenv("CXX", script(GCC, folder="Program Files"))
    assert find_compiler().command == (os.environ["CXX"],)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "there is no such program"),
        ("echo licence expired >&2; exit 1", "licence expired"),
        ('[ "$1" = --version ] && echo "g++ 4" && exit 0\necho "unknown option" >&2; exit 1', "unknown option"),
    ],
)
def test_cxx_that_does_not_work_is_an_error_that_says_so(text, reason, script, monkeypatch):
    monkeypatch.setenv("CXX", script(text, name="odd++") if text else "/nowhere/g++")
    with pytest.raises(BuildError) as caught:
        find_compiler()
    assert "CXX" in str(caught.value)
    assert reason in str(caught.value)


def test_an_argument_for_this_processor_is_used_only_if_the_compiler_knows_it(script, monkeypatch):
    refuses = 'case "$*" in *-march=native*|*-mcpu=native*) echo "unknown argument" >&2; exit 1;; esac\n' + GCC
    monkeypatch.setenv("CXX", script(refuses))
    assert not any("native" in flag for flag in find_compiler().flags)


def test_the_argument_for_arm_is_tried_first_there(script, monkeypatch):
    monkeypatch.setattr(compilers.platform, "machine", lambda: "arm64")
    monkeypatch.setenv("CXX", script(GCC))
    assert "-mcpu=native" in find_compiler().flags


def test_no_flag_lets_the_compiler_change_results():
    for kind in ("gcc", "clang"):
        flags = Compiler(("c++",), kind, "1").flags
        assert "-ffp-contract=off" in flags
        assert not {"-ffast-math", "-Ofast", "-funsafe-math-optimizations"} & set(flags)
    assert "/fp:precise" in Compiler(("cl",), "msvc", "1").flags


def test_libraries_built_on_windows_need_no_others_of_mingw(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    flags = Compiler(("g++",), "gcc", "1").flags
    assert "-static" in flags
    assert "-fPIC" not in flags


def test_cl_is_known_by_its_name_and_its_greeting(script, monkeypatch):
    greeting = "Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64"
    monkeypatch.setenv("CXX", script(f'echo "{greeting}" >&2', name="cl.exe"))
    compiler = find_compiler()
    assert (compiler.kind, compiler.version) == ("msvc", greeting)


def test_messages_are_asked_for_in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert Compiler(("g++",), "gcc", "1").variables()["LC_ALL"] == "C"


def test_variables_of_a_compiler_are_passed_on():
    assert Compiler(("cl",), "msvc", "1", environment=(("INCLUDE", "x"),)).variables()["INCLUDE"] == "x"


def test_all_working_compilers_are_listed_the_preferred_first(only_these):
    only_these(**{"clang++": CLANG, "g++": GCC, "c++": "exit 1"})
    names = [os.path.basename(compiler.command[0]) for compiler in working_compilers()]
    assert sorted(names) == ["clang++", "g++"]
    assert names[0] == os.path.basename(find_compiler().command[0])


def test_what_is_remembered_of_a_compiler_may_be_damaged(counting_compiler, cache_directory, monkeypatch):
    find_compiler()
    [record] = (cache_directory / "compilers").iterdir()
    record.write_text("{ half")
    monkeypatch.setattr(compilers, "_found", {})
    assert find_compiler().command == (counting_compiler.command,)
