"""Devices: the calls of scripts that choose between running in this process and a standalone program.

Here every network runs in this process, at native speed where there is a compiler, so a device only says on which
target: scripts for ``cpp_standalone`` run as they are, without its restrictions.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..diagnostics import ArgumentTypeError, NotAvailableError, UnknownNameError, nearest
from ..preferences import prefs
from .randomness import seed
from .scopes import start_scope

_AGAIN = "set the values in Python and call run() again: values never compile anything"


class Device:
    """What networks run on.

    Attributes
    ----------
    name : str
    build_on_run : bool
        Whether scripts call `build` only to say that they are ready; networks run when ``run()`` is called either way.
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
    """Networks run as C++, whatever the preference says (as numpy, with a warning, where there is no compiler).

    Attributes
    ----------
    project_dir : str or None
        The directory that a script chose, or a temporary one; nothing is written there.
    """

    name = "cpp_standalone"

    def __init__(self) -> None:
        self.project_dir: str | None = None
        self._temporary: Path | None = None
        self._runs_answered = 0

    @property
    def target(self) -> str:
        return "auto" if prefs.codegen.target == "numpy" else str(prefs.codegen.target)

    def activate(self, build_on_run: bool = True, **options: Any) -> None:
        """Take the options of `set_device`, those of `build` among them."""
        _check(options)
        self.build_on_run = build_on_run
        self._choose(options.get("directory", "output"))
        self._runs_answered = 1 if build_on_run and options.get("run", True) else 0

    def build(self, **options: Any) -> None:
        """Nothing is left to do: networks have run when ``run()`` returned.

        Parameters
        ----------
        directory : str or None
            Becomes `project_dir`; None for a temporary directory.
        results_directory, compile, run, debug, clean, with_output, additional_source_files, direct_call
            Accepted, and without effect.

        Raises
        ------
        ArgumentTypeError
            There is no such option, or it is of the wrong kind.
        NotAvailableError
            Values were given for this run only (``run_args``).
        """
        _check(options)
        if "directory" in options or self.project_dir is None:
            self._choose(options.get("directory", "output"))
        self._runs_answered += bool(options.get("run", True))

    def run(
        self,
        directory: str | None = None,
        results_directory: str | None = None,
        with_output: bool = True,
        run_args: Any = None,
    ) -> None:
        """Nothing is left to do the first time, because networks have run already.

        Raises
        ------
        NotAvailableError
            Another run with other values or other random numbers was meant.
        """
        _check({"run_args": run_args})
        if self._runs_answered:
            raise NotAvailableError(
                "device.run() cannot repeat a run",
                hint="call store() before the run, then restore() and run() for each repetition",
            )
        self._runs_answered = 1

    def apply_run_args(self) -> None:
        """Nothing is left to do: there are no ``run_args``."""

    def reinit(self) -> None:
        """Begin anew: ``run()`` ignores the objects made before, and the project is forgotten."""
        super().reinit()
        self.delete()
        self.project_dir = None
        self._runs_answered = 0

    def delete(
        self, code: bool = True, data: bool = True, run_args: bool = True, directory: bool = True, force: bool = False
    ) -> None:
        """Remove the temporary directory, the only one that was made here."""
        if self._temporary is not None and directory:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    @contextmanager
    def run_function(self, name: str, include_in_parent: bool = True) -> Iterator[None]:
        """Group runs under a name; they run as they always do."""
        yield

    def _choose(self, directory: str | None) -> None:
        self.delete()
        if directory is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="jupyspike-project-"))
            directory = str(self._temporary)
        self.project_dir = str(directory)


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
    if options.get("run_args"):
        raise NotAvailableError("run_args are not available: there is no program that could take them", hint=_AGAIN)


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
        Accepted; networks run when ``run()`` is called either way.
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
