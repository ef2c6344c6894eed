"""jupyspike: spiking neural networks in Jupyter.

``from jupyspike import *`` gives the objects of a simulation, the units, and numpy's names, aware of units.
``%load_ext jupyspike`` adds the cells ``%%neurons`` and ``%%synapses``.
"""

from __future__ import annotations

import builtins
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as _numpy

import jupyspike_engine.units.functions as _functions
from jupyspike_engine import units
from jupyspike_engine.diagnostics import (
    ArgumentError,
    BuildError,
    DimensionMismatchError,
    EquationError,
    MagicError,
    UserError,
)
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.objects.binomial import BinomialFunction
from jupyspike_engine.objects.clocks import Clock, EventClock, defaultclock
from jupyspike_engine.objects.eventmonitor import EventMonitor, SpikeMonitor
from jupyspike_engine.objects.functions import Function, declare_types, implementation
from jupyspike_engine.objects.importexport import ImportExport
from jupyspike_engine.objects.linking import linked_var
from jupyspike_engine.objects.magic import (
    MagicNetwork,
    collect,
    magic_network,
    profiling_summary,
    restore,
    run,
    scheduling_summary,
    stop,
    store,
)
from jupyspike_engine.objects.network import Network, SimulationWarning
from jupyspike_engine.objects.networkoperation import NetworkOperation, network_operation
from jupyspike_engine.objects.neurongroup import NeuronGroup, Subgroup
from jupyspike_engine.objects.poissongroup import PoissonGroup
from jupyspike_engine.objects.poissoninput import PoissonInput
from jupyspike_engine.objects.preferences import prefs
from jupyspike_engine.objects.randomness import seed
from jupyspike_engine.objects.ratemonitor import PopulationRateMonitor
from jupyspike_engine.objects.reports import REPORTS, TextReport
from jupyspike_engine.objects.scopes import start_scope
from jupyspike_engine.objects.spikegenerator import SpikeGeneratorGroup
from jupyspike_engine.objects.statemonitor import StateMonitor
from jupyspike_engine.objects.stored import StoredRecording, load_recording
from jupyspike_engine.objects.synapses import Synapses
from jupyspike_engine.objects.timedarray import TimedArray
from jupyspike_engine.objects.vocabulary import (
    DEFAULT_CONSTANTS,
    DEFAULT_FUNCTIONS,
    DEFAULT_UNITS,
    BrianObject,
    BrianObjectException,
    CodeRunner,
    Group,
    Nameable,
    SpikeSource,
    Trackable,
    get_local_namespace,
    restore_initial_state,
)
from jupyspike_engine.units import (
    UNITS,
    Quantity,
    Unit,
    check_units,
    get_dimensions,
    get_or_create_dimension,
    get_unit,
    have_same_dimensions,
    in_best_unit,
    in_unit,
    is_dimensionless,
    is_scalar_type,
    register_new_unit,
)

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_CONSTANTS",
    "DEFAULT_FUNCTIONS",
    "DEFAULT_UNITS",
    "ArgumentError",
    "BinomialFunction",
    "BrianObject",
    "BrianObjectException",
    "BuildError",
    "Clock",
    "CodeRunner",
    "DimensionMismatchError",
    "EquationError",
    "Equations",
    "EventClock",
    "EventMonitor",
    "Function",
    "Group",
    "ImportExport",
    "MagicError",
    "MagicNetwork",
    "Nameable",
    "Network",
    "NetworkOperation",
    "NeuronGroup",
    "PoissonGroup",
    "PoissonInput",
    "PopulationRateMonitor",
    "Quantity",
    "SimulationWarning",
    "SpikeGeneratorGroup",
    "SpikeMonitor",
    "SpikeSource",
    "StateMonitor",
    "StoredRecording",
    "Subgroup",
    "Synapses",
    "TextReport",
    "TimedArray",
    "Trackable",
    "Unit",
    "UserError",
    "check_units",
    "collect",
    "declare_types",
    "defaultclock",
    "get_dimensions",
    "get_local_namespace",
    "get_or_create_dimension",
    "get_unit",
    "have_same_dimensions",
    "implementation",
    "in_best_unit",
    "in_unit",
    "is_dimensionless",
    "is_scalar_type",
    "linked_var",
    "load_recording",
    "magic_network",
    "network_operation",
    "prefs",
    "profiling_summary",
    "register_new_unit",
    "restore",
    "restore_initial_state",
    "run",
    "scheduling_summary",
    "seed",
    "start_scope",
    "stop",
    "store",
    "units",
]  # fmt: skip


def _bar() -> Any:
    from jupyspike.widgets.progress import bar

    return bar()


REPORTS["bar"] = _bar

_BUILTIN = dir(builtins)
_NUMPY = {  # numpy's functions and types, without the modules that it loads only when asked for
    name: vars(_numpy)[name]
    for name in _numpy.__all__
    if name in vars(_numpy) and name not in (*_BUILTIN, "test", "e") and not isinstance(vars(_numpy)[name], ModuleType)
}
_UNIT_AWARE = {name: getattr(_functions, name) for name in _functions.__all__}
_STAR: dict[str, Any] = {
    name: value for name, value in {**_NUMPY, "np": _numpy, **_UNIT_AWARE, **UNITS}.items() if name not in __all__
}
globals().update(_STAR)
__all__ += list(_STAR)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext jupyspike``: the cells and magics of a notebook."""
    from jupyspike.magics import load

    load(shell)
