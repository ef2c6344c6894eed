"""Devices: the calls of scripts that choose between running in this process and a standalone program.

On every device networks run in this process as soon as ``run()`` is called, at native speed where there is a compiler:
values can be read and set between runs. The device ``cpp_standalone`` also writes each run down as a C++17 project (see
`Network.export`), which can be built and run again with other values.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...diagnostics import (
    ArgumentError,
    ArgumentTypeError,
    NotAvailableError,
    UnknownNameError,
    UserError,
    nearest,
)
from ...logs import get_logger
from ...preferences import prefs
from ..namespaces import Namespace
from ..randomness import fresh_seed, seed
from ..scopes import start_scope
from .exporting import Whole
from .prepared import Prepared
from .standalone import WrittenRuns

SLOTS = (
    "main", "before_start", "after_start", "before_network_run", "after_network_run", "before_end", "after_end",
)  # fmt: skip
_log = get_logger("jupyspike.objects")


class Device:
    """What networks run on.

    Attributes
    ----------
    name : str
    build_on_run : bool
        Whether a project is written when ``run()`` is called, or by `build`; networks run then either way.
    """

    name = ""
    build_on_run = True

    @property
    def target(self) -> str:
        """The target of networks."""
        return str(prefs.codegen.target)

    def activate(self, build_on_run: bool = True, **options: Any) -> None:
        """Take the options of `set_device`."""
        if options:
            option = next(iter(options))
            raise ArgumentTypeError(
                f"the device '{self.name}' has no option '{option}'", hint=nearest(option, _OPTIONS)
            )
        self.build_on_run = build_on_run

    def build(self, **options: Any) -> None:
        """Nothing is left to do: networks have run when ``run()`` returned."""
        _check(options)

    def starts(self, network: Whole, run: Prepared, namespace: Namespace) -> None:
        """Told by a network that it is about to run."""

    def reinit(self) -> None:
        """Begin anew: ``run()`` ignores the objects made before."""
        start_scope()

    def seed(self, seed_value: int | None = None) -> None:
        """Seed random numbers, as `jupyspike.seed` does."""
        seed(seed_value)

    def delete(
        self, code: bool = True, data: bool = True, run_args: bool = True, directory: bool = True, force: bool = False
    ) -> None:
        """Nothing is left behind that could be removed."""

    def insert_code(self, slot: str, code: str) -> None:
        """C++ for a project's main program, which does not exist.

        Raises
        ------
        NotAvailableError
        """
        raise NotAvailableError(
            "insert_code is not available: there is no main program to put code into",
            hint="write it in Python between two calls of run(), or as a network_operation",
        )

    def __repr__(self) -> str:
        return f"<device '{self.name}'>"


class RuntimeDevice(Device):
    """Networks run on the target of the preference ``codegen.target``."""

    name = "runtime"


class CPPStandaloneDevice(Device):
    """Networks run as C++ (as numpy, with a warning, where there is no compiler), and are written as C++ projects.

    A project holds a run and those that go on from it, with what was set between them: one program does all of them.
    With ``build_on_run`` it is written to `project_dir` when ``run()`` is called, and compiled when it is first needed;
    a network that starts from t = 0 begins a new one. Without, all runs are in it until `run` or `reinit`, and it is
    written by `build`. A network that was restored, or stopped before the end, begins a new one from where it stands.

    Attributes
    ----------
    project_dir : str or None
        The directory of the project, that which a script chose, or a temporary one.
    """

    name = "cpp_standalone"

    def __init__(self) -> None:
        self.project_dir: str | None = None
        self._results = "results"
        self._sources: tuple[Path, ...] = ()
        self._temporary: list[tuple[int, Path]] = []
        self._inserted: dict[str, list[str]] = {}
        self._written: WrittenRuns | None = None
        self._refused: UserError | None = None
        self._network: Whole | None = None
        self._end = 0.0
        self._early_arguments = False
        atexit.register(self._remove_temporary)

    @property
    def target(self) -> str:
        return "auto" if prefs.codegen.target == "numpy" else str(prefs.codegen.target)

    def activate(self, build_on_run: bool = True, **options: Any) -> None:
        """Take the options of `set_device`, those of `build` among them."""
        _check(options)
        self.build_on_run = build_on_run
        self._choose(options.get("directory", "output"))
        self._results = _path(options.get("results_directory") or "results")
        self._sources = tuple(map(Path, options.get("additional_source_files") or ()))

    def starts(self, network: Whole, run: Prepared, namespace: Namespace) -> None:
        """Write down a run that is about to start.

        What cannot be written runs all the same; `build` says then why there is no project.
        """
        written = self._written
        if self._refused is not None and self._goes_on(network, run):
            return
        if written is None or not self._goes_on(network, run):
            self._forget()
        self._network, self._end = network, run.end
        try:
            if self._written is not None:
                self._written.add(network, run, namespace, self._inserted)
                return
            folder = Path(self.project_dir or "output") if self.build_on_run else self._temporary_folder()
            threads = max(1, int(prefs.devices.cpp_standalone.openmp_threads))
            self._written = WrittenRuns(network, run, namespace, folder, self._inserted, threads)
        except UserError as problem:
            self._refused = problem
        except OSError as problem:
            self._refused = UserError(f"no project was written: {problem}")
        if self._refused is not None:
            self._written = None
            _log.info(f"the network runs, but no project is written: {self._refused}", "not_written")

    def _goes_on(self, network: Whole, run: Prepared) -> bool:
        """Whether a run belongs to the project of those before: it starts where the last one was to end."""
        if self._written is not None and self._written.has_run:
            return False
        if network is not self._network:
            return not self.build_on_run
        return run.start == self._end and (run.start > 0 or not self.build_on_run)

    def build(self, **options: Any) -> None:
        """Write the project of the runs, and compile it. The network itself has run when ``run()`` returned.

        Parameters
        ----------
        directory : str or None
            Becomes `project_dir`; None for a temporary directory.
        results_directory : str
            Where the program writes its results, within the directory; "results" by default.
        compile : bool
            Whether it is compiled, which is the default.
        run_args : mapping or list, optional
            Values for which the program is run at once; see `run`.
        debug, clean, with_output : bool
            Compile for a debugger; compile everything; print what compiler and program say.
        additional_source_files : list of paths
            C++ that is compiled with the project.
        run, direct_call
            Accepted, and without effect.

        Raises
        ------
        ArgumentTypeError
            There is no such option, or it is of the wrong kind.
        UserError
            The last run cannot be written as C++, or there is no compiler, or it refuses the project.
        """
        _check(options)
        if "directory" in options or self.project_dir is None:
            self._choose(options.get("directory", "output"))
        if options.get("results_directory"):
            self._results = _path(options["results_directory"])
        if options.get("additional_source_files"):
            self._sources = tuple(map(Path, options["additional_source_files"]))
        if self._refused is not None:
            raise self._refused
        if self._written is None:  # nothing has run yet, and values can be read without a project
            return
        self._written.move(Path(str(self.project_dir)))
        self._written.write(self._inserted, self._sources)
        output = bool(options.get("with_output", True))
        if options.get("compile", True):
            self._written.build(bool(options.get("debug", False)), bool(options.get("clean", False)), output)
        if options.get("run_args"):
            self.run(with_output=output, run_args=options["run_args"])

    def run(
        self,
        directory: str | None = None,
        results_directory: str | None = None,
        with_output: bool = True,
        run_args: Any = None,
    ) -> None:
        """Run the program of all runs again; monitors and variables then have its results.

        Parameters
        ----------
        directory : str, optional
            Becomes `project_dir`.
        results_directory : str, optional
            Where the program writes its results, within the directory.
        with_output : bool
            Whether to print what the program says.
        run_args : mapping or list, optional
            Values for this run: by variable (``{G.v: 0*mV}``), TimedArray, or name (``{'tau': 5*ms}``); or a list of
            texts such as ``'tau=0.005'``. They are set right before the first step; a
            constant that got another value between two runs gets that one there.

        Notes
        -----
        Without a call of ``seed`` with a number, each run draws other random numbers.

        Raises
        ------
        ArgumentError
            Nothing has run yet, or there is no such variable.
        UserError
            The last run cannot be written as C++, or the program ended with an error.
        """
        _check({"run_args": run_args, "results_directory": results_directory, "directory": directory})
        if self._refused is not None:
            raise self._refused
        if self._written is None:
            raise ArgumentError("there is no program yet that could run", hint="call run() first, then device.build()")
        if directory is not None:
            self._choose(directory)
        self._written.move(Path(str(self.project_dir)))
        if not self._written.is_built:
            self._written.write(self._inserted, self._sources)
            self._written.build(with_output=with_output)
        results = self._results if results_directory is None else _path(results_directory)
        if run_args and self._early_arguments:
            _log.warn(
                "values given with run_args are set right before the first step: what was computed from these "
                "variables after apply_run_args() stays as it is",
                "apply_run_args",
                once=True,
            )
        self._written.run(results, run_args, fresh_seed(), with_output)

    def apply_run_args(self) -> None:
        """Accepted: values given with ``run_args`` are set right before the first step."""
        self._early_arguments = True

    def insert_code(self, slot: str, code: str) -> None:
        """Put C++ into the main program of the project.

        Parameters
        ----------
        slot : str
            'main' (behind the runs up to now), 'before_start', 'after_start',
            'before_network_run', 'after_network_run', 'before_end' or 'after_end'.
        code : str
            Statements. The network is ``host``: ``host.array<double>("group.v")`` are the values of a variable,
            ``host.time()`` is its time in seconds.

        Raises
        ------
        ArgumentError
            There is no such slot.
        """
        if slot not in SLOTS:
            raise ArgumentError(f"'{slot}' is not a slot of the main program", hint=nearest(slot, SLOTS) or _SLOTS_ARE)
        if not isinstance(code, str):
            raise ArgumentTypeError("code for a slot is a text", found=repr(code))
        runs = 0 if self._written is None else self._written.runs
        self._inserted.setdefault(f"main_{runs}" if slot == "main" else slot, []).append(code)

    def reinit(self) -> None:
        """Begin anew: ``run()`` ignores the objects made before, and the project is forgotten."""
        super().reinit()
        self._forget()
        self._remove_temporary()
        self._inserted.clear()
        self._early_arguments = False
        self.project_dir = None

    def delete(
        self, code: bool = True, data: bool = True, run_args: bool = True, directory: bool = True, force: bool = False
    ) -> None:
        """Remove the project.

        Parameters
        ----------
        code, data, run_args : bool
            Whether to remove the sources and the program, values and results, values that were given for runs.
        directory : bool
            Whether to remove the directory, if there are no other files in it.
        force : bool
            Remove the directory with all that is in it.
        """
        if self._written is not None:
            self._written.delete(code, data, run_args, directory, force)
        elif directory:
            self._remove_temporary()
        if code:
            self._forget()

    @contextmanager
    def run_function(self, name: str, include_in_parent: bool = True) -> Iterator[None]:
        """Group runs under a name; they run as they always do."""
        yield

    def _forget(self) -> None:
        self._written = self._refused = self._network = None

    def _choose(self, directory: str | None) -> None:
        self.project_dir = str(self._temporary_folder() if directory is None else directory)

    def _temporary_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="jupyspike-project-"))
        self._temporary.append((os.getpid(), folder))
        return folder

    def _remove_temporary(self) -> None:
        while self._temporary:
            process, folder = self._temporary.pop()
            if process == os.getpid():  # others have copies of this list
                shutil.rmtree(folder, ignore_errors=True)


_SLOTS_ARE = f"slots are: {', '.join(SLOTS)}"
_SWITCHES = ("compile", "run", "debug", "clean", "with_output", "direct_call")
_OPTIONS = ("directory", "results_directory", "additional_source_files", "run_args", *_SWITCHES)


def _check(options: Mapping[str, Any]) -> None:
    """The options of a build.

    Raises
    ------
    ArgumentTypeError, NotAvailableError
    """
    for name, value in options.items():
        if name not in _OPTIONS:
            hint = nearest(name, _OPTIONS) or f"options are: {', '.join(_OPTIONS)}"
            raise ArgumentTypeError(f"a device has no option '{name}'", hint=hint)
        if name in _SWITCHES and not isinstance(value, (bool, int)):
            raise ArgumentTypeError(f"the option {name} of a device is True or False", found=repr(value))
        if name.endswith("directory") and not (value is None or isinstance(value, str) or hasattr(value, "__fspath__")):
            raise ArgumentTypeError(f"the option {name} of a device is a path", found=repr(value))
        if name == "additional_source_files" and not (value is None or isinstance(value, Sequence)):
            raise ArgumentTypeError(f"the option {name} of a device is a list of paths", found=repr(value))
        if name == "run_args" and not (value is None or isinstance(value, (Mapping, list, tuple))):
            raise ArgumentTypeError("run_args is a mapping, or a list of texts", found=repr(value))


def _path(path: Any) -> str:
    return str(os.fspath(path))


class CurrentDevice:
    """Stands for the device that is set: ``device.build()``."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        device = get_device()
        if not hasattr(device, name):
            hint = nearest(name, dir(device))
            raise AttributeError(f"the device '{device.name}' has no '{name}'" + (f"; {hint}" if hint else ""))
        return getattr(device, name)

    def __dir__(self) -> list[str]:
        return dir(get_device())

    def __repr__(self) -> str:
        return repr(get_device())


runtime_device = RuntimeDevice()
all_devices: dict[str, Device] = {"runtime": runtime_device, "cpp_standalone": CPPStandaloneDevice()}
device = CurrentDevice()
_set: list[Device] = [runtime_device]  # the last one is used


def get_device() -> Device:
    """The device that is set.

    Examples
    --------
    >>> get_device().name
    'runtime'
    """
    return _set[-1]


def set_device(device: str | Device, build_on_run: bool = True, **options: Any) -> None:
    """Set what networks run on.

    Parameters
    ----------
    device : 'runtime' or 'cpp_standalone'
        The target of the preference ``codegen.target``, or C++.
    build_on_run : bool
        Whether the project is written when ``run()`` is called, or by `CPPStandaloneDevice.build`; networks run when
        ``run()`` is called either way.
    **options
        Those of `CPPStandaloneDevice.build`.

    Raises
    ------
    ArgumentError
        There is no such device.
    ArgumentTypeError
        The device has no such option.

    Examples
    --------
    >>> set_device('cpp_standalone', directory='output')
    >>> device.project_dir
    'output'
    >>> set_device('runtime')
    """
    chosen = all_devices.get(device) if isinstance(device, str) else device
    if not isinstance(chosen, Device):
        hint = nearest(str(device), all_devices) or f"devices are: {', '.join(all_devices)}"
        raise UnknownNameError(f"{device!r} is not a device", hint=hint)
    chosen.activate(build_on_run, **options)
    _set.append(chosen)


def reset_device(device: str | Device | None = None) -> None:
    """Go back to the device that was set before, or to a given one."""
    if device is not None:
        set_device(device)
    elif len(_set) > 1:
        _set.pop()


def reinit_devices() -> None:
    """Begin anew on all devices: ``run()`` ignores the objects made before."""
    for each in all_devices.values():
        each.reinit()
