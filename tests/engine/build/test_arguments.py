"""What the compiler is told beside the usual: by preferences and by those who build."""

import ctypes
import sys
from pathlib import Path

import pytest

from jupyspike import BuildError, prefs
from jupyspike_engine.build.arguments import Arguments, preferred_arguments
from jupyspike_engine.build.builder import CompilationError, build
from jupyspike_engine.build.compilers import Compiler, find_compiler

GCC, MSVC = Compiler(("g++",), "gcc", "g++ 1"), Compiler(("cl",), "msvc", "cl 1")
ANSWER = 'extern "C" __attribute__((visibility("default"))) int answer() { return ANSWER; }\n'


def answer(source: str = ANSWER, arguments: Arguments | None = None) -> int:
    number: int = ctypes.CDLL(str(build(source, arguments=arguments).path)).answer()
    return number


def everything() -> Arguments:
    return Arguments(
        ("-g",), ("-s",), ("/inc",), ("/lib",), ("/run",), ("m",), ("<a.h>", '"b.h"'), (("A", None), ("B", "2"))
    )


def test_the_words_of_gcc_and_clang():
    assert everything().before_the_source(GCC) == ["-DA", "-DB=2", "-I/inc", "-include", "a.h", "-include", "b.h", "-g"]
    assert everything().after_the_source(GCC) == ["-L/lib", "-Wl,-rpath,/run", "-lm", "-s"]


def test_the_words_of_the_compilers_of_windows():
    assert everything().before_the_source(MSVC) == ["/DA", "/DB=2", "/I/inc", "/FIa.h", "/FIb.h", "-g"]
    assert everything().after_the_source(MSVC) == ["/LIBPATH:/lib", "m.lib", "-s"]


@pytest.mark.parametrize("how", ["preference", "argument"])
def test_macros_change_the_program(how, counting_compiler):
    for number in (1, 2):
        if how == "preference":
            prefs.codegen.cpp.define_macros = [("ANSWER", number), "OTHER"]
            assert answer() == number
        else:
            assert answer(arguments=Arguments(macros=(("ANSWER", str(number)),))) == number
    assert len(counting_compiler.compilations()) == 2


def test_headers_are_included_and_their_contents_belong_to_the_program(counting_compiler, tmp_path):
    prefs.codegen.cpp.include_dirs = [str(tmp_path)]
    prefs.codegen.cpp.headers = ['"mine.h"', "<vector>"]
    for number in (3, 4):
        (tmp_path / "mine.h").write_text(f"#define ANSWER {number} + (int)std::vector<int>().size()\n")
        assert answer() == number
    with pytest.raises(CompilationError, match="no_such_header"):
        answer(arguments=Arguments(headers=("no_such_header.h",)))


def test_arguments_for_compiling_are_those_of_the_kind_unless_there_are_some_for_all(counting_compiler):
    prefs.codegen.cpp.extra_compile_args_gcc += ["-DANSWER=5"]
    prefs.codegen.cpp.extra_compile_args_msvc = ["/DANSWER=6"]
    assert preferred_arguments(MSVC).compiling == ("/DANSWER=6",)
    assert answer() == 5
    prefs.codegen.cpp.extra_compile_args = ["-DANSWER=7"]
    assert preferred_arguments(MSVC).compiling == ("-DANSWER=7",)
    assert answer() == 7


@pytest.mark.skipif(sys.platform == "win32", reason="DLLs are found in another way there")
def test_libraries_are_linked_and_found_when_the_program_is_loaded(counting_compiler, script, tmp_path):
    import subprocess

    (tmp_path / "other.cpp").write_text('extern "C" int of_other() { return 8; }\n')
    library = tmp_path / "libother.so"
    subprocess.run([counting_compiler.command, "-shared", "-fPIC", tmp_path / "other.cpp", "-o", library], check=True)
    prefs.codegen.cpp.libraries = ["other"]
    prefs.codegen.cpp.library_dirs = prefs.codegen.cpp.runtime_library_dirs = [str(tmp_path)]
    prefs.codegen.cpp.extra_link_args = ["-Wl,-z,now"]
    assert answer('extern "C" int of_other();\n#define ANSWER of_other()\n' + ANSWER) == 8


def test_the_preferred_compiler_wins_over_the_environment(counting_compiler, script, tmp_path):
    prefs.codegen.cpp.compiler = script(f'exec "{counting_compiler.command}" "$@"', name="my-g++")
    assert find_compiler().command == (prefs.codegen.cpp.compiler,)
    prefs.codegen.cpp.compiler = str(Path(tmp_path, "nothing"))
    with pytest.raises(BuildError, match=r"the preference codegen.cpp.compiler names no working C\+\+ compiler"):
        find_compiler()


@pytest.mark.skipif(sys.platform == "win32", reason="there may be compilers of both kinds")
def test_a_kind_of_compiler_may_be_preferred():
    prefs.codegen.cpp.compiler = "unix"
    assert find_compiler().kind in ("gcc", "clang")
    prefs.codegen.cpp.compiler = "msvc"
    assert find_compiler() is None
