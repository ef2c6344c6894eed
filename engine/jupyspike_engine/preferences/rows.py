"""All preferences: a section with what it is about, and in it a row for each preference."""

from __future__ import annotations

import numpy as np

from .kinds import (
    count,
    data_type,
    macros,
    number,
    one_of,
    optional_text,
    slots,
    switch,
    text,
    texts,
    texts_by_name,
    without_effect,
    word,
)
from .preference import BrianPreference

LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "DIAGNOSTIC")
TARGETS = ("auto", "cpp", "cython", "numpy")
_CLASSES = {"NumpyCodeObject": "numpy", "CythonCodeObject": "cython"}
_ONE_PROGRAM = "everything outside of a run is evaluated without compiling"
_FOUND = "compilers of Windows are found without it"

SECTIONS: dict[str, tuple[str, dict[str, BrianPreference]]] = {
    "engine": (
        "How programs run.",
        {
            "threads": count(
                0,
                "How many threads advance a network; 0 for as many as pay, which is tried while it runs. Results do "
                "not depend on it. On a machine that is busy with other things, two threads can be slower than one.",
                most=256,
            ),
        },
    ),
    "codegen": (
        "How networks become programs.",
        {
            "target": one_of(
                "auto",
                TARGETS,
                "What networks run on; auto is cpp with a C++ compiler, cython for functions in it, else numpy.",
                _CLASSES,
            ),
            "string_expression_target": without_effect(
                one_of, "numpy", TARGETS, "What expressions outside of a run are evaluated with.", why=_ONE_PROGRAM
            ),
            "synapse_connect_target": without_effect(
                one_of, "auto", TARGETS, "What the making of synapses runs on.", why=_ONE_PROGRAM
            ),
            "loop_invariant_optimisations": without_effect(
                switch, True, "Whether what is the same for all elements is computed once.", why="it always is"
            ),
            "max_cache_dir_size": number(
                1000,
                "Size in MB above which the built programs that were not used for longest are removed, with a notice; "
                "0 for no limit. The environment variable JUPYSPIKE_CACHE_LIMIT_MB gives another default.",
            ),
        },
    ),
    "codegen.cpp": (
        "The C++ compiler and what it is told.",
        {
            "compiler": text(
                "",
                "The command of the compiler, such as 'clang++'; 'unix' or 'msvc' for the first of that kind; empty "
                "for the one that the environment variable CXX names or that is found.",
            ),
            "time_limit": number(
                600,
                "Seconds after which a compiler, or make, that is not ready is stopped with an error; 0 for no limit.",
            ),
            "extra_compile_args": texts(
                None, "Arguments that every compiler gets, in place of the lists for gcc and for msvc."
            ),
            "extra_compile_args_gcc": texts(
                [],
                "Arguments for g++ and clang++, after those that jupyspike needs. Results can depend on them: "
                "-ffast-math gives other numbers than the numpy target.",
            ),
            "extra_compile_args_msvc": texts([], "Arguments for the compilers of Windows."),
            "extra_link_args": texts([], "Arguments for linking."),
            "include_dirs": texts([], "Directories of headers."),
            "library_dirs": texts([], "Directories of libraries to link with."),
            "runtime_library_dirs": texts([], "Directories where programs look for libraries when they are loaded."),
            "libraries": texts([], "Names of libraries to link with."),
            "headers": texts([], "Headers that every program includes, such as '<math.h>' or '\"mine.h\"'."),
            "define_macros": macros("Macros that are defined for every program: names, or pairs of name and value."),
            "msvc_vars_location": without_effect(text, "", "The place of vcvarsall.bat.", why=_FOUND),
            "msvc_architecture": without_effect(text, "", "The architecture for vcvarsall.bat.", why=_FOUND),
        },
    ),
    "codegen.generators.cpp": (
        "Details of generated C++.",
        {
            "restrict_keyword": without_effect(
                text, "__restrict", "The word for separate pointers.", why="programs use that of their compiler"
            ),
            "flush_denormals": without_effect(
                switch, False, "Whether numbers near zero become zero.", why="results are the same on all targets"
            ),
        },
    ),
    "codegen.runtime.cython": (
        "Programs of the cython target.",
        {
            "cache_dir": optional_text(
                "The directory where built programs are kept, those of the cpp target too; None for that of the "
                "environment variable JUPYSPIKE_CACHE_DIR or the usual one of the platform.",
            ),
            "multiprocess_safe": without_effect(
                switch, True, "Whether programs are built under a lock.", why="they always are"
            ),
            "delete_source_files": without_effect(
                switch, True, "Whether sources are removed after a build.", why="they are kept, to be read"
            ),
        },
    ),
    "codegen.runtime.numpy": (
        "The numpy target.",
        {
            "discard_units": without_effect(
                switch, False, "Whether functions get numbers without units.", why="each function says it for itself"
            ),
        },
    ),
    "core": (
        "Types of variables, and interrupting.",
        {
            "default_float_dtype": data_type(
                np.float64, (np.float64, np.float32), "The type of real variables; time is always float64."
            ),
            "default_integer_dtype": data_type(np.int32, (np.int32, np.int64), "The type of integer variables."),
            "outdated_dependency_error": without_effect(
                switch, True, "Whether packages that are too old are an error.", why="the installation checks them"
            ),
            "stop_on_keyboard_interrupt": switch(
                True,
                "Whether Ctrl+C ends a run at the next step and keeps what was recorded, or is an error there.",
            ),
        },
    ),
    "core.network": (
        "Networks.",
        {
            "default_schedule": slots(
                ["start", "groups", "thresholds", "synapses", "resets", "end"],
                "The slots of a time step in their order, for networks that are not given others.",
            ),
        },
    ),
    "devices.cpp_standalone": (
        "The device 'cpp_standalone'.",
        {
            "openmp_threads": count(0, "Number of threads that programs have; 0 for one.", most=256),
            "openmp_spatialneuron_strategy": without_effect(
                optional_text, "What is shared among threads for a SpatialNeuron.", why="threads share all elements"
            ),
            "extra_make_args_unix": texts(["-j"], "Arguments for make."),
            "extra_make_args_windows": without_effect(
                texts, [], "Arguments for nmake.", why="the compiler of Windows is called without it"
            ),
            "make_cmd_unix": text("make", "The command that builds."),
            "run_cmd_unix": text("./main", "The command that runs, in the directory of the project."),
            "run_environment_variables": texts_by_name({"LD_BIND_NOW": "1"}, "Variables of the environment of a run."),
        },
    ),
    "GSL": (
        "The GNU Scientific Library.",
        {
            "directory": without_effect(optional_text, "Where its headers are.", why="the library is not used"),
        },
    ),
    "legacy": (
        "Behaviour of old versions.",
        {
            "refractory_timing": without_effect(
                switch,
                False,
                "Whether refractory periods end by comparing times.",
                why="they are counted in whole steps, so that rounding cannot change them",
            ),
        },
    ),
    "logging": (
        "Messages, and the file that keeps them.",
        {
            "console_log_level": word("INFO", LEVELS, "The least important messages that are shown."),
            "file_log": switch(True, "Whether messages are also written to a temporary file."),
            "file_log_level": word("DEBUG", LEVELS, "The least important messages that are written to the file."),
            "file_log_max_size": number(
                10_000_000, "Size in bytes at which the file is put aside and begun anew; 0 for no limit."
            ),
            "delete_log_on_exit": switch(True, "Whether the file is removed at the end, unless that is an error."),
            "save_script": switch(True, "Whether a copy of the script is kept beside the file, for as long as that."),
            "std_redirection": switch(True, "Whether std_silent keeps away from the console what others print."),
            "std_redirection_to_file": switch(
                True, "Whether that is kept until it is known if there was an error; if not, it is lost."
            ),
            "display_brian_error_message": switch(
                True, "Whether an error that ends a script is followed by the place of the file of messages."
            ),
            "warn_for_unused_objects": switch(
                True, "Whether there is a warning when an object vanishes that never was in a network."
            ),
        },
    ),
}
