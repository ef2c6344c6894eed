"""What a compiler is told beside the arguments that every program needs: by preferences, and by parts of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..preferences import prefs
from .compilers import Compiler


@dataclass(frozen=True)
class Arguments:
    """Additions to the command line of a compiler.

    Parameters
    ----------
    compiling, linking : tuple of str
        Arguments as they are.
    include_dirs, library_dirs, runtime_library_dirs : tuple of str
        Directories of headers, of libraries to link with, and of libraries when the program is loaded.
    libraries, headers : tuple of str
        Names of libraries; headers that are included before the program begins.
    macros : tuple of (str, str or None)
        Macros with their values.
    sources : tuple of str
        Paths of further files to be compiled.

    Examples
    --------
    >>> (Arguments(libraries=("m",)) + Arguments(libraries=("gsl",))).libraries
    ('m', 'gsl')
    """

    compiling: tuple[str, ...] = ()
    linking: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    library_dirs: tuple[str, ...] = ()
    runtime_library_dirs: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    macros: tuple[tuple[str, str | None], ...] = ()
    sources: tuple[str, ...] = ()

    def __add__(self, other: Arguments) -> Arguments:
        return Arguments(**{name: (*mine, *vars(other)[name]) for name, mine in vars(self).items()})

    def own_headers(self) -> list[Path]:
        """The files of the headers, where they are found, and the sources; the compiler's own headers are not."""
        names = [header.strip().strip('<>"') for header in self.headers]
        found = [path for name in names for place in self.include_dirs if (path := Path(place, name)).is_file()]
        return [*map(Path, self.sources), *found]

    def before_the_source(self, compiler: Compiler) -> list[str]:
        """Arguments for compiling."""
        msvc = compiler.kind == "msvc"
        define, include, first = ("/D", "/I", "/FI") if msvc else ("-D", "-I", "-include")
        words = [f"{define}{name}" if value is None else f"{define}{name}={value}" for name, value in self.macros]
        words += [f"{include}{place}" for place in self.include_dirs]
        for header in self.headers:
            plain = header.strip().strip('<>"')
            words += [f"{first}{plain}"] if msvc else [first, plain]
        return [*words, *self.compiling, *self.sources]

    def after_the_source(self, compiler: Compiler) -> list[str]:
        """Arguments for linking."""
        if compiler.kind == "msvc":
            words = [f"/LIBPATH:{place}" for place in self.library_dirs]
            return [*words, *(f"{library}.lib" for library in self.libraries), *self.linking]
        words = [f"-L{place}" for place in self.library_dirs]
        words += [f"-Wl,-rpath,{place}" for place in self.runtime_library_dirs]
        return [*words, *(f"-l{library}" for library in self.libraries), *self.linking]


def preferred_arguments(compiler: Compiler) -> Arguments:
    """What the preferences ``codegen.cpp`` ask for."""
    cpp = prefs.codegen.cpp
    of_kind = cpp.extra_compile_args_msvc if compiler.kind == "msvc" else cpp.extra_compile_args_gcc
    macros = tuple((item, None) if isinstance(item, str) else (item[0], item[1]) for item in cpp.define_macros)
    return Arguments(
        tuple(of_kind if cpp.extra_compile_args is None else cpp.extra_compile_args),
        tuple(cpp.extra_link_args),
        tuple(cpp.include_dirs),
        tuple(cpp.library_dirs),
        tuple(cpp.runtime_library_dirs),
        tuple(cpp.libraries),
        tuple(cpp.headers),
        tuple((name, None if value is None else str(value)) for name, value in macros),
    )


def needed_arguments(build: Mapping[str, tuple[Any, ...]]) -> Arguments:
    """What the code of a user's function asks for, by the names of its options."""
    plain = {name: tuple(map(str, values)) for name, values in build.items() if name != "define_macros"}
    macros = tuple((item, None) if isinstance(item, str) else tuple(item) for item in build.get("define_macros", ()))
    return Arguments(**plain, macros=macros)
