"""Building an exported network with make, and running its program."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..diagnostics import BuildError, UserError
from ..preferences import prefs
from ..targets.standalone.project import Building
from ..targets.standalone.texts import USUAL_FLAGS, program_flags
from .advice import how_to_get_a_compiler
from .commands import call, how_it_ended
from .compilers import Compiler, find_compiler
from .machine import c_library, processor

MADE_FOR = "src/made-for.txt"  # in the folder of a project: the machine that its program was built for


def build_project(
    folder: Path, building: Building, debug: bool = False, clean: bool = False, with_output: bool = False
) -> None:
    """Build the program ``main`` of a project for this machine.

    With make, as the preferences ``devices.cpp_standalone`` say; with the compiler alone where there is no make.

    Parameters
    ----------
    building : Building
        What the project asks for.
    debug : bool
        Whether a debugger is to find its way in the program.
    clean : bool
        Whether everything is built anew.
    with_output : bool
        Whether what the compiler says is printed.

    Raises
    ------
    BuildError
        There is no compiler, or it refuses the project.
    """
    compiler = find_compiler()
    if compiler is None:
        raise BuildError("there is no C++ compiler on this machine", kind="build", hint=how_to_get_a_compiler())
    made_for = folder / MADE_FOR
    clean = clean or _text(made_for) != _machine(compiler)
    made_for.unlink(missing_ok=True)  # who is killed while it builds leaves half of files
    for command in _with_make(compiler, debug, clean) or _without_make(folder, building, compiler, debug):
        try:
            answer = call(command, compiler.variables(), folder)
        except OSError as problem:
            raise _not_started(command, problem) from None
        if answer.returncode != 0:
            said = answer.stdout.strip() or how_it_ended(answer.returncode)
            raise BuildError(f"the project in '{folder}' could not be built", kind="build", found=said)
        if with_output and answer.stdout.strip():
            print(answer.stdout.strip())
    made_for.write_text(_machine(compiler), encoding="utf-8")


def is_of_another_machine(folder: Path) -> bool:
    """Whether the program of a project was built, by `build_project`, for other instruction sets or another system.

    To run it could end in an illegal instruction: a home directory may be shared by machines of several kinds.
    """
    made_for, here = _text(folder / MADE_FOR), _system()
    with contextlib.suppress(BuildError):  # a machine that only runs needs no compiler
        compiler = find_compiler()
        here = _machine(compiler) if compiler else here
    return bool(made_for) and not made_for.startswith(here)


def _machine(compiler: Compiler) -> str:
    return f"{_system()}instructions: {compiler.instructions}\n"


def _system() -> str:
    return f"processor: {processor()}\nC library: {c_library()}\n"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def program_of(folder: Path) -> Path:
    """The program of a project."""
    return folder / ("main.exe" if sys.platform == "win32" else "main")


def run_program(folder: Path, options: Sequence[str], with_output: bool = True) -> None:
    """Run the program of a project, in its folder.

    Raises
    ------
    UserError
        It ended with an error.
    """
    standalone = prefs.devices.cpp_standalone
    command = [str(program_of(folder))] if os.name == "nt" else shlex.split(standalone.run_cmd_unix)
    variables: Mapping[str, str] = standalone.run_environment_variables
    try:
        answer = subprocess.run(
            [*command, *options], cwd=folder, env={**os.environ, **variables}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except OSError as problem:
        raise _not_started(command, problem) from None
    if with_output and answer.stdout.strip():
        print(answer.stdout.strip())
    if answer.returncode < 0:
        how = how_it_ended(answer.returncode)
        hint = "it was built for another processor: build it again with clean=True" if "SIGILL" in how else ""
        raise UserError(f"the program in '{folder}': {how}", kind="build", found=answer.stdout.strip(), hint=hint)
    if answer.returncode != 0:
        how = f"ended with code {answer.returncode}"
        raise UserError(f"the program in '{folder}' {how}", kind="build", found=answer.stdout.strip())


def _with_make(compiler: Compiler, debug: bool, clean: bool) -> list[list[str]]:
    standalone = prefs.devices.cpp_standalone
    make = shlex.split(standalone.make_cmd_unix)
    if os.name == "nt" or compiler.kind == "msvc" or not make or shutil.which(make[0]) is None:
        return []
    variables = [f"CXX={shlex.join(compiler.command)}", f"CXXFLAGS={_speed(debug)} {compiler.native}".rstrip()]
    return [[*make, "-s", *(["-B"] if clean else []), *standalone.extra_make_args_unix, *variables]]


def _without_make(folder: Path, building: Building, compiler: Compiler, debug: bool) -> list[list[str]]:
    """The program on its own, as it is compiled with other arguments, and then all together."""
    sources = sorted(path.name for path in (folder / "src").glob("*.cpp"))
    programs = [f"src/{name}" for name in sources if re.fullmatch(r"program(_\d+)?\.cpp", name)]
    others = [f"src/{name}" for name in sources if f"src/{name}" not in programs]
    program = program_of(folder).name
    if compiler.kind == "msvc":
        usual = [*compiler.command, "/nologo", "/std:c++17", "/EHsc", "/fp:precise", "/Zi" if debug else "/O2", "/Isrc"]
        return [[*usual, *programs, *others, f"/Fe:{program}"]]
    usual = [*compiler.command, *USUAL_FLAGS.split(), *_speed(debug).split(), *filter(None, [compiler.native])]
    own = program_flags(building).split()
    objects = [str(Path(name).with_suffix(".o")) for name in programs]
    return [
        *([*usual, *own, "-c", name, "-o", made] for name, made in zip(programs, objects, strict=True)),
        [*usual, *others, *objects, "-o", program, *building.linking],
    ]


def _speed(debug: bool) -> str:
    return "-O1 -g" if debug else "-O3"


def _not_started(command: Sequence[str], problem: OSError) -> BuildError:
    return BuildError(f"{command[0]} cannot be started: {problem}", kind="build")
