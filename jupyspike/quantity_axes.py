"""Quantities on the axes of matplotlib.

An axis that gets quantities shows them in the SI unit of their dimension, which is its label until it gets another.
Plain numbers are drawn as they are: a plot of ``M.t/ms`` has nothing to do with units. Values of a second dimension
are drawn in SI units too, with a warning.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyspike_engine.logs import get_logger
from jupyspike_engine.objects.variables import VariableView
from jupyspike_engine.units import Quantity, Unit, bare, dimension_of, get_unit

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.units import AxisInfo

_UNITS = "matplotlib.units"
_log = get_logger("jupyspike.plots")


class QuantityConverter:
    """How matplotlib draws quantities; the interface is that of its ``ConversionInterface``."""

    @staticmethod
    def default_units(values: Any, axis: Axis) -> Unit | None:
        """The unit of an axis that gets its first quantities."""
        dimension = dimension_of(values)
        return None if dimension.is_dimensionless else get_unit(dimension)

    @staticmethod
    def convert(values: Any, unit: Quantity | None, axis: Axis) -> Any:
        """Plain numbers in the unit of the axis; numbers without a unit stay as they are."""
        plain, dimension = bare(values)
        if dimension.is_dimensionless or unit is None:
            return plain
        if dimension is not unit.dim:
            _log.warning(
                f"values in {dimension} are drawn on an axis in {unit.dim}: divide each by its unit, as in "
                "plot(M.t/ms, M.v[0]/mV), or give each an axis of its own with twinx()",
                "axis_units",
                once=True,
            )
            return np.asarray(plain)
        return np.asarray(plain) / float(unit)

    @staticmethod
    def axisinfo(unit: Quantity | None, axis: Axis) -> AxisInfo | None:
        """The label of an axis: its unit."""
        from matplotlib.units import AxisInfo

        if not isinstance(unit, Unit):
            return None
        info: AxisInfo = AxisInfo(label=f"${unit.latexname}$")  # type: ignore[no-untyped-call]
        return info


def register(units: ModuleType) -> None:
    """Tell the module ``matplotlib.units`` about quantities and the variables of groups."""
    converter = QuantityConverter()
    units.registry.update({Quantity: converter, VariableView: converter})


class _WhenLoaded(MetaPathFinder):
    """Tells matplotlib as soon as it is loaded, by whomever."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _UNITS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_register(module: ModuleType) -> None:
                execute(module)
                register(module)

            spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]  # of this loader alone
        return spec


def watch() -> None:
    """See to it that matplotlib knows quantities, now if it is loaded already or else when that happens."""
    if _UNITS in sys.modules:
        register(sys.modules[_UNITS])
    else:
        sys.meta_path.insert(0, _WhenLoaded())
