"""Names at the top level."""

from proofs import Page
from pytest import raises

import jupyspike
from jupyspike import *

section = Page("0. Top-level names")

CLASSES = """Equations NeuronGroup Subgroup Synapses Network MagicNetwork Clock EventClock NetworkOperation SpikeMonitor
EventMonitor StateMonitor PopulationRateMonitor PoissonGroup PoissonInput SpikeGeneratorGroup TimedArray
BinomialFunction Quantity Unit Function"""
FUNCTIONS = """run stop collect store restore start_scope defaultclock magic_network network_operation linked_var
check_units implementation declare_types seed prefs profiling_summary scheduling_summary restore_initial_state"""
DEVICES = "set_device get_device device all_devices"
LOGGING = "BrianLogger get_logger brian_prefs clear_cache test"
OBJECTS = """BrianObject BrianObjectException MagicError CodeRunner Group SpikeSource Nameable Trackable ImportExport
StateUpdateMethod ExplicitStateUpdater get_local_namespace DEFAULT_FUNCTIONS DEFAULT_UNITS DEFAULT_CONSTANTS"""
INNER = (
    "Expression Statements PreferenceError BrianPreference VariableOwner std_silent NumpyCodeObject CythonCodeObject"
)
INTEGRATORS = """exact linear independent euler rk2 rk4 heun milstein exponential_euler gsl_rk2 gsl_rk4 gsl_rkf45
gsl_rkck gsl_rk8pd"""


def star(module):
    names = {}
    exec(f"from {module} import *", names)
    return names


def exported(names):
    missing = set(names.split()) - set(jupyspike.__all__)
    assert not missing, f"missing: {missing}"


@section.must("the star import brings the names of numpy and pylab, and those that compute work with units", once=True)
def star_import():
    names = star("jupyspike")
    assert {"arange", "plot", "hist", "figure", "rand", "NeuronGroup"} <= names.keys()
    assert get_dimensions(names["linspace"](0 * mV, 1 * mV, 3)) is get_dimensions(mV)


@section.must("the star import leaves no stray x, f, rate behind", once=True)
def no_stray_names():
    assert not {"x", "f", "rate"} & star("jupyspike").keys()


@section.must("the import of names without pylab, and numpy alone with units", once=True)
def other_imports():
    assert "plot" not in star("jupyspike.only") and "NeuronGroup" in star("jupyspike.only")
    names = star("jupyspike.numpy_")
    assert "NeuronGroup" not in names and names["sqrt"](4 * mV**2) == 2 * mV


@section.must("the classes of groups, synapses, inputs, monitors, clocks, networks, equations, units", once=True)
def classes():
    exported(CLASSES)


@section.must("the classes of morphologies and of neurons in space", once=True)
def spatial_classes():
    exported("Morphology Soma Cylinder Section SpatialNeuron")


@section.must("the functions to run, to stop, to store, to link, to check units, to draw, to sum up", once=True)
def functions():
    exported(FUNCTIONS)


@section.must("names of devices: set_device, get_device, device, all_devices", once=True)
def devices():
    exported(DEVICES)


@section.must("names of logging and maintenance: BrianLogger, get_logger, brian_prefs, clear_cache, test", once=True)
def logging():
    exported(LOGGING)


@section.often("the classes that objects derive from, and the dictionaries of built-in names", once=True)
def objects():
    exported(OBJECTS)


@section.often(
    "names from the inside that some scripts import (Expression, Statements, NumpyCodeObject, ...)", once=True
)
def inner_names():
    exported(INNER)


@section.often("integration methods as objects", once=True)
def integrators():
    exported(INTEGRATORS)
    G = NeuronGroup(1, "dv/dt = -v/ms : 1", method=rk4)
    run(0.1 * ms)
    assert G.v[0] == 0


@section.often("exceptions to catch: of units, equations, methods, and those of Python", once=True)
def exceptions():
    exported("DimensionMismatchError EquationError UnsupportedEquationsException IntegrationError")
    with raises(DimensionMismatchError):
        1 * mV + 1 * nA
    with raises(EquationError):
        Equations("dv/dt = -v/ms 1")
    with raises(UnsupportedEquationsException):
        NeuronGroup(1, "dv/dt = -v**2/ms : 1", method="exact", name="nonlinear")
        run(0 * ms)
    with raises(SyntaxError):
        Equations("dv/dt = (-v/ms : 1")
    with raises(KeyError):
        Network(NeuronGroup(1, "dv/dt = -v/unknown : 1")).run(0 * ms)
    with raises(NotImplementedError):
        NeuronGroup(1, "v : 1").get_states(format="unknown")


@section.often("objects have a name (given, or made unique), clock, when, order, active, contained objects", once=True)
def attributes():
    G, H = NeuronGroup(1, "v : 1", name="mine"), NeuronGroup(1, "v : 1")
    assert G.name == "mine" and H.name.startswith("neurongroup")
    assert (G.clock, G.order, G.active) == (defaultclock, 0, True) or G.clock.dt == defaultclock.dt
    assert isinstance(G.when, str) and G.namespace == {}
    assert len(NeuronGroup(1, "dv/dt = -v/ms : 1", threshold="v > 1", reset="v = 0").contained_objects) == 3
