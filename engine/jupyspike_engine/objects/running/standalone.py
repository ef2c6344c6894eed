"""Runs of networks as a project on disk: built, and run again with other values for the objects to show."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...build.projects import build_project, is_of_another_machine, program_of, run_program
from ...diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, NotAvailableError, nearest
from ...targets.standalone.writer import Written
from ...units import bare
from ..base import SimulatedObject
from ..monitors.eventmonitor import EventMonitor
from ..monitors.monitor import Monitor
from ..namespaces import Namespace
from ..owner import VariableOwner
from ..subgroup import whole
from ..synaptic.numbering import Numbering
from ..synaptic.synapses import Synapses
from ..timedarray import TimedArray
from ..variables import VariableView
from .exporting import Whole, earlier_places, project_of, unit_of
from .prepared import Prepared
from .results import recorded, show_recorded

ARGUMENTS = "run_args"  # the folder with values for a run
CODE = ("src", "main", "main.exe", "Makefile", "CMakeLists.txt", "README.md", "provenance.json")


class WrittenRuns:
    """Runs that were each written down before their first step.

    Parameters
    ----------
    folder : Path
        Where the project is written.
    inserted : mapping
        C++ for the slots of its main program.
    threads : int
        How many the program has.
    """

    def __init__(
        self,
        network: Whole,
        run: Prepared,
        namespace: Namespace,
        folder: Path,
        inserted: Mapping[str, Sequence[str]],
        threads: int,
    ) -> None:
        self.network = network
        self.has_run = False  # the program: what objects show then is none of their own runs
        self._threads = threads
        self._results: set[str] = set()
        self._monitors: dict[str, Monitor] = {}
        self._rows: dict[str, int] = {}
        self._totals: dict[str, npt.NDArray[np.int64]] = {}
        self._others: dict[str, tuple[SimulatedObject, dict[str, npt.NDArray[np.generic]]]] = {}
        self._tables: dict[str, Any] = {}
        self._numberings: dict[str, tuple[int, Numbering | None]] = {}
        self._first_numberings: dict[str, tuple[int, Numbering | None]] = {}
        self._project = Written(project_of(network, run, namespace, threads), folder, inserted)
        self._take(run)

    def add(self, network: Whole, run: Prepared, namespace: Namespace, inserted: Mapping[str, Sequence[str]]) -> None:
        """Write down a further run, which goes on from the state that the others left.

        Raises
        ------
        UserError
            Something of it cannot leave Python.
        """
        self.network = network
        project = project_of(network, run, namespace, self._threads, True, self._numberings)
        self._project.add_run(project, inserted)
        self._take(run)

    def _take(self, run: Prepared) -> None:
        """Remember what the objects have before a run, and note from now on what is set."""
        project = self._project.runs[-1]
        for monitor in run.parts.monitors:
            if monitor.name not in self._monitors:
                self._monitors[monitor.name] = monitor
                self._rows[monitor.name] = monitor.recording.rows
                if isinstance(monitor, EventMonitor):
                    self._totals[monitor.name] = monitor.count
        for item in self.network.objects:  # such as what adds up while a network runs
            if not isinstance(item, (Monitor, VariableOwner)) and item.name not in self._others:
                self._others[item.name] = item, {name: values.copy() for name, values in item.stored().items()}
        self._tables |= {project.arrays[k].name: table for k, table in run.compiled.lowered.tables.items()}
        for owner in run.parts.owners.values():
            owner.note()
            if isinstance(owner, Synapses):
                self._numberings[owner.name] = len(owner), owner.numbering
                self._first_numberings.setdefault(owner.name, self._numberings[owner.name])

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self._project.runs)

    @property
    def folder(self) -> Path:
        return self._project.folder

    # building

    def move(self, folder: Path) -> None:
        """Have the project in another folder."""
        if folder.resolve() != self.folder.resolve():
            self._project.move(folder)

    def write(self, inserted: Mapping[str, Sequence[str]], sources: Sequence[Path] = ()) -> None:
        """Write the main program with code in its slots, and what builds it with further sources."""
        self._project.write_main(inserted)
        self._project.add_sources(sources)

    def build(self, debug: bool = False, clean: bool = False, with_output: bool = False) -> None:
        """Build the program."""
        build_project(self.folder, self._project.building, debug, clean, with_output)

    @property
    def is_built(self) -> bool:
        return program_of(self.folder).is_file()

    # running again

    def run(self, results: str, values: Any, seed: int | None, with_output: bool) -> None:
        """Run the program with other values, and let the objects show what comes out.

        Parameters
        ----------
        results : str
            The folder of the results, within that of the project.
        values : mapping or sequence of str
            Values by variable, table or name; or texts ``name=value``.
        seed : int, optional
            Of the random numbers, that of the first run without it.
        """
        others: dict[VariableView, Any] = {}
        options = ["--output", results]
        if isinstance(values, Mapping):
            for key, value in values.items():
                name = self._name(key)
                if name is None:
                    others[key] = value
                else:
                    options += ["--set", f"{name}={self._written(name, key, value, Path(results).name)}"]
        else:
            for text in values or ():
                if not isinstance(text, str):
                    raise ArgumentTypeError("run_args as a list holds texts such as 'tau=0.02'", found=repr(text))
                options += ["--set", text]
        if seed is not None:
            options += ["--seed", str(seed)]
        self._results.add(results)
        if is_of_another_machine(self.folder):
            build_project(self.folder, self._project.building)
        run_program(self.folder, options, with_output)
        self._show(self.folder / results)
        for view, value in others.items():
            view[:] = value

    def _name(self, key: Any) -> str | None:
        """What the program calls something that gets a value; None for a variable that it does not use."""
        arrays, constants = self._settable()
        if isinstance(key, str):
            plain = {name.partition(".")[2] for name in constants}
            if key not in arrays and key not in constants | plain:
                raise ArgumentError(
                    f"run_args: there is no constant or variable '{key}'",
                    hint=nearest(key, [*arrays, *constants, *plain]),
                )
            return key
        if isinstance(key, TimedArray):
            for name, table in self._tables.items():
                if table.values is key.values or table.values.base is key.values:
                    return name
            raise ArgumentError(f"run_args: no equation of the run uses '{key.name}'")
        if not isinstance(key, VariableView):
            raise ArgumentTypeError("run_args gives values to variables, TimedArrays and names", found=repr(key))
        owner = key.owner
        if not isinstance(owner, VariableOwner):
            raise NotAvailableError(
                f"run_args cannot change '{key.name}' of '{owner.name}': it is part of the connections",
                hint="set it in Python and call run() again",
            )
        full = f"{whole(owner)[0].name}.{key.name}"
        return full if full in arrays else None

    def _settable(self) -> tuple[set[str], set[str]]:
        arrays = {label.name for run in self._project.runs for label in run.arrays.values() if label.settable}
        constants = {label.name for run in self._project.runs for label in run.parameters.values() if label.settable}
        return arrays, constants

    def _written(self, name: str, key: Any, value: Any, run: str) -> str:
        """A value as the command line has it: a number, or the name of a file that is written.

        ``run`` tells the files of runs apart that go on at the same time.
        """
        if isinstance(key, VariableView):
            numbers = self._of_variable(name, key, value)
        elif isinstance(key, TimedArray):
            numbers, dimension = bare(value)
            if dimension != key.dim:
                raise DimensionMismatchError(
                    f"run_args: the values for '{key.name}' have the wrong unit", kind="unit",
                    found=unit_of(dimension), expected=unit_of(key.dim),
                )  # fmt: skip
            numbers = np.broadcast_to(numbers, key.values.shape).reshape(-1)
        else:
            numbers = self._of_constant(name, value)
        if np.ndim(numbers) == 0:
            return repr(float(numbers))
        file = f"{ARGUMENTS}/{run}/{name}.npy"
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        np.save(self.folder / file, np.ascontiguousarray(numbers))
        return file

    def _of_constant(self, name: str, value: Any) -> npt.NDArray[Any]:
        """A value for what is given by its name."""
        numbers, dimension = bare(value)
        if np.asarray(numbers).dtype.kind not in "fiub":
            raise ArgumentTypeError(f"run_args: '{name}' cannot be set to {value!r}", expected="a number")
        labels = [label for run in self._project.runs for label in (*run.arrays.values(), *run.parameters.values())]
        units = {
            label.unit for label in labels if label.settable and name in (label.name, label.name.partition(".")[2])
        }
        if unit_of(dimension) not in units:
            raise DimensionMismatchError(
                f"run_args: the value for '{name}' has the wrong unit", kind="unit", found=unit_of(dimension),
                expected=", ".join(sorted(units)),
            )  # fmt: skip
        return np.asarray(numbers)

    def _of_variable(self, name: str, view: VariableView, value: Any) -> npt.NDArray[Any]:
        """The values of all elements if some or all of them are set, as the variable itself would take them."""
        array = view.owner.arrays[view.name]
        present = array.copy()
        owner = whole(view.owner)[0]
        size, numbering = self._first_numberings.get(owner.name, (-1, None))
        places: Any = earlier_places(owner, numbering) if size == len(array) else slice(None)
        given: npt.NDArray[Any] = np.load(self._first_file(f"arrays/{name}.npy"))
        try:
            array[:] = given[places]
            view[:] = value
            given[places] = array
        finally:
            array[:] = present
        return given

    def _first_file(self, name: str) -> Path:
        """A file of the first run that has it."""
        data = self.folder / "data"
        folders = (data, *(data / f"run-{number}" for number in range(2, self.runs + 1)))
        return next(path for folder in folders if (path := folder / name).is_file())

    def _show(self, results: Path) -> None:
        """Let monitors and variables have the values that a program wrote."""
        for project in self._project.runs:
            for plan_name, label in project.arrays.items():
                owner, _, variable = label.name.partition(".")
                path, shown = results / owner / f"{variable}.npy", project.memory.arrays[plan_name]
                if label.result and path.is_file() and (values := np.load(path)).shape == shown.shape:
                    shown[:] = values
        for item, before in self._others.values():
            if before:
                item.restore({name: values.copy() for name, values in before.items()})
        end = self._project.runs[-1].memory.clocks[0].time
        for name, monitor in self._monitors.items():
            # those before the run; of a monitor that keeps a window, some may be gone
            rows = max(0, self._rows[name] - (monitor.recording.rows - len(monitor.recording.all())))
            show_recorded(monitor, rows, self._totals.get(name), *recorded(monitor, results / name), end)
            self._rows[name] = rows
        self.has_run = True

    # removing

    def delete(self, code: bool, data: bool, arguments: bool, directory: bool, force: bool) -> None:
        """Remove parts of the project: sources and program; values and results; values for runs; the folder itself.

        The folder stays if there are other files in it, unless ``force`` is given.
        """
        data_files = ("data", *sorted(self._results)) if data else ()
        chosen = (*(CODE if code else ()), *data_files, *((ARGUMENTS,) if arguments else ()))
        for path in (self.folder / name for name in chosen):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if directory and self.folder.is_dir() and (force or not any(self.folder.iterdir())):
            shutil.rmtree(self.folder)
