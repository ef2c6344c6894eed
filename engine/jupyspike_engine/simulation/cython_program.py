"""A program that is a Cython module: loaded once, and given the functions that it calls as objects."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import numpy as np

from ..diagnostics import BuildError
from ..plan.nodes import Function, Plan
from ..targets.cython.source import MODULE, python_functions
from .native_program import Layout, NativeProgram, expect_interface


class CythonProgram(NativeProgram):
    """A program loaded from a Cython module.

    Raises
    ------
    BuildError
        A function has no implementation that it can call.
    OSError, ImportError
        The file is no program that can be loaded.
    """

    def __init__(self, plan: Plan, library: Path, origin: str) -> None:
        self._functions = tuple(map(_of_numbers, python_functions(plan)))
        super().__init__(plan, library, origin)

    def _load(self, library: Path) -> None:
        self._module = _module(library)
        expect_interface(int(self._module.jupyspike_interface()))

    def _advance(self, layout: Layout, budget: int) -> int:
        return int(self._module.jupyspike_advance(ctypes.addressof(layout.whole), budget, self._functions))


@functools.cache  # a module cannot be loaded twice from one file
def _module(library: Path) -> ModuleType:
    loader = ExtensionFileLoader(MODULE, str(library))
    spec = spec_from_loader(MODULE, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _of_numbers(function: Function) -> Callable[..., object]:
    """A function that takes and returns single numbers."""
    python = function.python
    if python is None:
        raise BuildError(
            f"the function '{function.name}' has no implementation for Cython", kind="build",
            hint="give it one with @implementation('cython', ...), or choose another prefs.codegen.target",
        )  # fmt: skip

    def on_numbers(*arguments: float) -> object:
        return np.asarray(python(None, *map(np.asarray, arguments))).item()

    return on_numbers
