"""What is read by people and by build tools in an exported network: README.md, Makefile, CMakeLists.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .project import Building, Name, Project
from .tables import suffix

# As programs are compiled that run within Python: the same numbers come out to the last bit.
USUAL_FLAGS = "-std=c++17 -ffp-contract=off -pthread -Isrc"
PROGRAM_FLAGS = "-fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti -nostdinc++"


def program_flags(building: Building) -> str:
    """Arguments for compiling the generated program; code that users brought along may need the headers of C++."""
    own = [word for word in PROGRAM_FLAGS.split() if not (building.compiling and word == "-nostdinc++")]
    return " ".join([*own, *building.compiling])


def sources(programs: int) -> tuple[list[str], list[str]]:
    """The generated sources without their ending: programs, which are compiled with flags of their own, and tables."""
    endings = [suffix(number) for number in range(1, programs + 1)]
    return [f"src/program{ending}" for ending in endings], [f"src/network{ending}" for ending in endings]


def makefile(building: Building, programs: int = 1) -> str:
    """Builds ``main`` with any make, g++ or clang++."""
    others = " ".join(f"src/{path.name}" for path in building.sources)
    of_programs, tables = sources(programs)
    objects = " ".join(f"{name}.o" for name in ("src/main", *tables, *of_programs))
    program_objects = " ".join(f"{name}.o" for name in of_programs)
    return f"""\
# make                  builds ./main
# make NATIVE=1         for the processor of this machine: faster, with the same results
# make CXX=clang++      with another compiler
CXX ?= c++
CXXFLAGS ?= -O3
NATIVE ?=
USUAL = {USUAL_FLAGS} $(if $(NATIVE),-march=native)
PROGRAM = {program_flags(building)}
OTHERS = {others}

main: {objects} $(OTHERS)
\t$(CXX) $(USUAL) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ {" ".join(building.linking)}

{program_objects}: %.o: %.cpp src/*.h
\t$(CXX) $(USUAL) $(PROGRAM) $(CXXFLAGS) -c -o $@ $<

src/%.o: src/%.cpp src/*.h
\t$(CXX) $(USUAL) $(CXXFLAGS) -c -o $@ $<

clean:
\trm -f main src/*.o

.PHONY: clean
"""


def cmake(building: Building, programs: int = 1) -> str:
    """Builds ``main`` beside the folder data."""
    of_programs, tables = (" ".join(f"{name}.cpp" for name in names) for names in sources(programs))
    others = "".join(f" src/{path.name}" for path in building.sources)
    linking = "".join(f" {word}" for word in building.linking)
    return f"""\
cmake_minimum_required(VERSION 3.11)
project(network LANGUAGES CXX)
option(NATIVE "build for the processor of this machine: faster, with the same results" OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_package(Threads REQUIRED)
add_executable(main src/main.cpp {tables} {of_programs}{others})
target_compile_features(main PRIVATE cxx_std_17)
target_link_libraries(main PRIVATE Threads::Threads{linking})
set_target_properties(main PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${{CMAKE_CURRENT_SOURCE_DIR}})
if(MSVC)
  target_compile_options(main PRIVATE /fp:precise)
else()
  target_compile_options(main PRIVATE -ffp-contract=off $<$<BOOL:${{NATIVE}}>:-march=native>)
  set_source_files_properties({of_programs} PROPERTIES COMPILE_OPTIONS
    "{program_flags(building).replace(" ", ";")}")
endif()
"""


def readme(project: Project, runs: Sequence[Project] = ()) -> str:
    """What the folder is, in words: of a network before its first run, and of all runs if there are several."""
    plan = project.plan
    constants = [label for name in plan.parameters if (label := project.parameter(name)).settable]
    example = next((label.name for label in (*constants, *_variables(project))), "NAME")
    version = project.provenance.get("jupyspike", "")
    return f"""\
# {project.name}

A network of {_counted(project)}, as a C++17 program that needs a compiler and nothing else. It was written by
jupyspike {version}.

It simulates {_simulated(runs or (project,))}. Spikes and
numbers are the same as in Python, to the last bit, with any number of threads. Powers, trigonometric functions, log10
and log1p are those of the machine's own library, and may differ in the last bit on another machine.

## Build and run

    make            # or: make NATIVE=1, for the processor of this machine
    ./main
    ./main --set {example}=VALUE --duration 2 --seed 7 --threads 2 --output results-2

With CMake: `cmake -B build . && cmake --build build`.

`./main --help` shows the options, `./main --list` all names that can be set. Values are in SI units. A constant that
several objects have is set for all of them by the last part of its name. Numbers of exact integration follow, nothing
is built again. What has been drawn before (initial values, connections) stays as it is with another seed. A name or
value that is wrong ends the program with exit code 2. A number that stands in an equation is part of it: what is to be
changed gets a name there.

{_about_runs(runs)}## What comes out

A folder for each monitor and for each group or set of synapses, with files that `numpy.load` reads, in SI units:

{_lines(_results(project))}

`run.txt` with the values that were set, the time reached, seed, threads, compiler and the time it took, and
`provenance.json` with what the network was made with. `run.txt` is written last: where it is missing, the program was
killed or the disk was full (exit code 1), and the files of monitors hold what was written until then.

In Python, `Network.show_results(FOLDER)` lets monitors and variables show the results. Values of synapses are in the
order of `data/ends/*.pre.npy` and `data/ends/*.post.npy`, which hold the numbers of the neurons at their ends.

## What went in

| name | SI unit | what it is |
|---|---|---|
{_lines(f"| {label.name} | {label.unit} | {label.about} |" for label in (*constants, *_variables(project)))}

## The model

{_lines(line for name, text in project.models.items() for line in (f"### {name}", "", *_indented(text), ""))}
## Files

    src/program.cpp        one time step of the network, generated
    src/network.h, .cpp    its tables: arrays, domains, events, pathways, monitors, constants; generated
    src/main.cpp           the main program
    src/jupyspike_*.h      what these include
    data/parameters.txt    constants, `name = value  # unit, whose`; lines may be changed
    data/parameters.npy    all numbers of the program as they were when this was written
    data/layout.txt        sizes, clocks, seed
    data/arrays/           initial values of variables, and tables
    data/ends/             the neurons at the ends of synapses
    data/events/           the last events of each group, which may still be on their way
    data/pathways/         synapses by source, with their delays in time steps
    data/recorders/        the elements whose states are recorded
    provenance.json        versions, seed, date, models, compiler of the machine that wrote this

main.cpp and the headers are part of jupyspike and under its licence, BSD-3-Clause.
"""


def _simulated(runs: Sequence[Project]) -> str:
    first, last = runs[0].provenance, runs[-1].provenance
    end = f"{last['start'] + last['duration']:.12g} s"
    length = f"{runs[0].duration!r} s" if len(runs) == 1 else f"{len(runs)} runs, up to t = {end},"
    return f"{length} from t = {first['start']:.12g} s, with the seed {first['seed']}"


def _about_runs(runs: Sequence[Project]) -> str:
    return (
        ""
        if len(runs) < 2
        else """\
## Several runs

Each goes on where the last one stopped. What was set in Python between two runs is set again: values of variables, at
the places that were set; constants that got another value; connections and delays. Values from the command line hold
for constants until then, and for variables when they first occur. Of values that were set, and of what is on its way
when delays or connections change, the numbers are those that Python had. The folder data/run-2 and the like hold what
is not the same as in the run before.

"""
    )


def _counted(project: Project) -> str:
    domains = [project.memory.domains[domain.name] for domain in project.plan.domains]
    neurons = sum(elements.size for elements in domains if elements.pre is None)
    synapses = sum(elements.size for elements in domains if elements.pre is not None)
    return f"{neurons:,} neurons" + (f" and {synapses:,} synapses" if synapses else "")


def _variables(project: Project) -> Iterator[Name]:
    return (label for array in project.plan.arrays if (label := project.arrays[array.name]).settable)


def _results(project: Project) -> Iterator[str]:
    for recorder in project.plan.recorders:
        monitor = project.monitors[recorder.name]
        names = "".join(f", `{column.name}.npy` ({column.unit})" for column in monitor.columns)
        if recorder.kind == "events":
            rows = project.memory.recorders[recorder.name].keep_rows
            listed = f"`i.npy`, `t.npy` (s){names}, " if rows else ""
            yield f"- `{monitor.name}/`: events, {listed}`count.npy` for each neuron"
        elif recorder.kind == "state":
            yield f"- `{monitor.name}/`: states, `t.npy` (s){names}: a row for each time, a column for each"
            yield f"  element of `data/recorders/{monitor.name}.elements.npy`"
        else:
            yield f"- `{monitor.name}/`: `t.npy` (s){names}"
    yield "- `NAME/VARIABLE.npy`: all variables at the end"


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.strip("\n").splitlines()]


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines)
