"""The names of jupyspike alone, for ``from jupyspike.only import *``: no numpy, no pylab.

What is imported here is exported, here and from `jupyspike`.
"""

from types import ModuleType as _Module

from jupyspike_engine.build.cache import clear_cache
from jupyspike_engine.calls import explain_calls as _explain_calls
from jupyspike_engine.diagnostics import (
    ArgumentError,
    BuildError,
    DimensionMismatchError,
    EquationError,
    IntegrationError,
    MagicError,
    MissingPackageError,
    UnsupportedEquationsException,
    UserError,
)
from jupyspike_engine.language.equations import Equations
from jupyspike_engine.language.written import Expression, Statements
from jupyspike_engine.logs import BrianLogger, get_logger, std_silent
from jupyspike_engine.morphology.morphology import Morphology
from jupyspike_engine.morphology.sections import Cylinder, Section, Soma
from jupyspike_engine.numerics.adaptive import (
    GSL_RK2 as gsl_rk2,
)
from jupyspike_engine.numerics.adaptive import (
    GSL_RK4 as gsl_rk4,
)
from jupyspike_engine.numerics.adaptive import (
    GSL_RK8PD as gsl_rk8pd,
)
from jupyspike_engine.numerics.adaptive import (
    GSL_RKCK as gsl_rkck,
)
from jupyspike_engine.numerics.adaptive import (
    GSL_RKF45 as gsl_rkf45,
)
from jupyspike_engine.numerics.exact import EXACT as exact
from jupyspike_engine.numerics.explicit import ExplicitStateUpdater
from jupyspike_engine.numerics.explicit_methods import (
    EULER as euler,
)
from jupyspike_engine.numerics.explicit_methods import (
    HEUN as heun,
)
from jupyspike_engine.numerics.explicit_methods import (
    MILSTEIN as milstein,
)
from jupyspike_engine.numerics.explicit_methods import (
    RK2 as rk2,
)
from jupyspike_engine.numerics.explicit_methods import (
    RK4 as rk4,
)
from jupyspike_engine.numerics.exponential_euler import EXPONENTIAL_EULER as exponential_euler
from jupyspike_engine.numerics.independent import INDEPENDENT as independent
from jupyspike_engine.numerics.rosenbrock import ROSENBROCK as rosenbrock
from jupyspike_engine.numerics.state_update import StateUpdateMethod
from jupyspike_engine.objects.binomial import BinomialFunction
from jupyspike_engine.objects.clocks import Clock, EventClock, defaultclock
from jupyspike_engine.objects.functions import Function, declare_types, implementation
from jupyspike_engine.objects.importexport import ImportExport
from jupyspike_engine.objects.linking import linked_var
from jupyspike_engine.objects.monitors.eventmonitor import EventMonitor, SpikeMonitor
from jupyspike_engine.objects.monitors.extracellular import ExtracellularMonitor
from jupyspike_engine.objects.monitors.ratemonitor import PopulationRateMonitor
from jupyspike_engine.objects.monitors.statemonitor import StateMonitor
from jupyspike_engine.objects.monitors.stored import StoredRecording, load_recording
from jupyspike_engine.objects.monitors.triggered import SpikeTriggeredAverage
from jupyspike_engine.objects.networkoperation import NetworkOperation, network_operation
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.poissongroup import PoissonGroup
from jupyspike_engine.objects.poissoninput import PoissonInput
from jupyspike_engine.objects.randomness import seed
from jupyspike_engine.objects.running.devices import all_devices, device, get_device, set_device
from jupyspike_engine.objects.running.live import Preset, Slider
from jupyspike_engine.objects.running.magic import (
    MagicNetwork,
    collect,
    magic_network,
    profiling_summary,
    restore,
    run,
    schedule_propagation_offset,
    scheduling_summary,
    stop,
    store,
)
from jupyspike_engine.objects.running.network import Network, SimulationWarning
from jupyspike_engine.objects.running.reports import TextReport
from jupyspike_engine.objects.running.selfcheck import test
from jupyspike_engine.objects.scopes import start_scope
from jupyspike_engine.objects.spatial.spatialneuron import SpatialNeuron
from jupyspike_engine.objects.spikegenerator import SpikeGeneratorGroup
from jupyspike_engine.objects.subgroup import Subgroup
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.timedarray import TimedArray
from jupyspike_engine.objects.vocabulary import (
    DEFAULT_CONSTANTS,
    DEFAULT_FUNCTIONS,
    DEFAULT_UNITS,
    BrianObject,
    BrianObjectException,
    CodeRunner,
    CythonCodeObject,
    Group,
    Nameable,
    NumpyCodeObject,
    SpikeSource,
    Trackable,
    get_local_namespace,
    restore_initial_state,
)
from jupyspike_engine.preferences import BrianPreference, PreferenceError, brian_prefs, prefs
from jupyspike_engine.units import UNITS as _UNITS
from jupyspike_engine.units import (
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
from jupyspike_engine.units.functions import *  # noqa: F403

linear, gsl = exact, gsl_rkf45  # other names of the same methods

__all__ = [name for name, value in globals().items() if name[0] != "_" and not isinstance(value, _Module)]
for _name in __all__:
    if isinstance(globals()[_name], type):
        _explain_calls(globals()[_name])
__all__ += [name for name in _UNITS if name not in __all__]


def __getattr__(name: str) -> Unit:
    if name in _UNITS:
        return _UNITS[name]
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
