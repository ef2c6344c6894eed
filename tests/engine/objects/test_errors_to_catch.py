"""Which exceptions of Python a script may catch for which mistake; what they say is tested beside what raises them."""

import numpy as np
import pytest

from jupyspike import (
    BrianObjectException,
    Clock,
    DimensionMismatchError,
    EquationError,
    Equations,
    ExplicitStateUpdater,
    Expression,
    Hz,
    Network,
    NetworkOperation,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    PopulationRateMonitor,
    PreferenceError,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    StateUpdateMethod,
    Synapses,
    TimedArray,
    UnsupportedEquationsException,
    check_units,
    euler,
    ms,
    prefs,
    set_device,
    volt,
)
from jupyspike_engine.diagnostics import UserError

MODEL = "dv/dt = -v/(10*ms) : 1 (unless refractory)\nu : volt\nw : 1"


def neurons(equations=MODEL, **options):
    return NeuronGroup(2, equations, name="exc", **options)


def spiking(**options):
    return neurons(threshold="v > 1", **{"reset": "v = 0", **options})


def simulated(equations=MODEL, namespace=None, **options):
    Network(neurons(equations, **options)).run(0.1 * ms, namespace=namespace or {})


def synapses(model=None, **options):
    group = spiking()
    return Synapses(group, group, model, name="plastic", **options)


def connected(model=None, namespace=None, **options):
    made = synapses(model, **options)
    made.connect()
    Network(made.source, made).run(0.1 * ms, namespace=namespace or {})


def monitored(kind, **options):
    group = spiking()
    monitor = kind(group, **options)
    Network(group, monitor).run(0.1 * ms)
    return monitor


def given(owner, name, value):
    setattr(owner, name, value)


def summed_twice():
    group = spiking()
    both = [Synapses(group, group, "x : 1\nw_post = x : 1 (summed)") for _ in range(2)]
    for made in both:
        made.connect()
    Network(group, *both).run(0.1 * ms)


MISTAKES = {
    # the text of equations
    "a line that is no equation": (EquationError, lambda: Equations("dv/dt = -v/ms 1")),
    "a bracket that is not closed": (SyntaxError, lambda: Equations("dv/dt = (-v/ms : 1")),
    "an operand that is missing": (SyntaxError, lambda: Equations("dv/dt = -v*/ms : 1")),
    "a unit that does not exist": (EquationError, lambda: Equations("v : fuu")),
    "a unit with a prefix": (EquationError, lambda: Equations("v : mV")),
    "a variable that is defined twice": (EquationError, lambda: Equations("v : 1\nv : 1")),
    "the name of the time": (SyntaxError, lambda: neurons("t : second")),
    "the name of the index": (SyntaxError, lambda: neurons("i : 1")),
    "the name of a unit": (SyntaxError, lambda: neurons("mV : 1")),
    "the name of a function": (SyntaxError, lambda: neurons("exp : 1")),
    "a name with an underscore in front": (SyntaxError, lambda: neurons("_v : 1")),
    "a name with the ending of a side": (ValueError, lambda: neurons("v_pre : 1")),
    "a word of Python as a name": (SyntaxError, lambda: Equations("lambda : 1")),
    "equations that are not a text": (TypeError, lambda: Equations(3)),
    "a replacement that is an expression": (SyntaxError, lambda: Equations("dv/dt = -v/tau : 1", tau="3 +")),
    "an equation that is not there": (KeyError, lambda: Equations("v : 1")["w"]),
    "a flag of other objects": (ValueError, lambda: neurons("dv/dt = -v/ms : 1 (event-driven)")),
    "subexpressions that need each other": (ValueError, lambda: neurons("x = y : 1\ny = x : 1")),
    "a truth value that changes continuously": (TypeError, lambda: neurons("dx/dt = x/ms : boolean")),
    "an index in an expression": (SyntaxError, lambda: neurons("x = w[0] : 1\nw : 1")),
    "an attribute in an expression": (SyntaxError, lambda: neurons("x = a.b : 1")),
    "a keyword in a call": (SyntaxError, lambda: neurons("x = exp(x=w) : 1\nw : 1")),
    "too many arguments": (SyntaxError, lambda: neurons("x = exp(w, w) : 1\nw : 1")),
    "a sum with a truth value": (SyntaxError, lambda: neurons("x = (w > 1)/2 : 1\nw : 1")),
    # names and units
    "units that do not fit": (DimensionMismatchError, lambda: simulated("dv/dt = -v : 1")),
    "a function that needs a plain number": (DimensionMismatchError, lambda: simulated("x = exp(u) : 1\nu : volt")),
    "a name that nobody knows": (KeyError, lambda: simulated("dv/dt = -v/tau : 1")),
    "a name for a text": (KeyError, lambda: simulated("dv/dt = -v/tau : 1", {"tau": "10*ms"})),
    "a name for an array": (KeyError, lambda: simulated("dv/dt = -v/tau : 1", {"tau": [1, 2] * ms})),
    # groups
    "a size that is a text": (TypeError, lambda: NeuronGroup("ten", "v : 1")),
    "a size of nothing": (ValueError, lambda: NeuronGroup(0, "v : 1")),
    "a model that is a number": (TypeError, lambda: NeuronGroup(1, 3)),
    "an argument that does not exist": (TypeError, lambda: neurons(tau=3)),
    "a threshold that is a number": (TypeError, lambda: neurons(threshold=3)),
    "a threshold that is no condition": (TypeError, lambda: simulated(threshold="v", reset="v = 0")),
    "a reset without a threshold": (ValueError, lambda: neurons(reset="v = 0")),
    "a reset that is not a statement": (EquationError, lambda: simulated(threshold="v > 1", reset="v")),
    "a reset of a shared variable": (
        SyntaxError,
        lambda: simulated("g : 1 (shared)\nv : 1", threshold="v > 1", reset="g = 0"),
    ),
    "a refractory period that is a number": (TypeError, lambda: spiking(refractory=1)),
    "an event with the name of spikes": (ValueError, lambda: spiking(events={"spike": "v > 2"})),
    "the schedule of an event that does not exist": (ValueError, lambda: neurons().set_event_schedule("high")),
    "a method that does not exist": (ValueError, lambda: simulated(method="rk5")),
    "a method that is a number": (TypeError, lambda: simulated(method=5)),
    "a method for other equations": (
        UnsupportedEquationsException,
        lambda: simulated("dv/dt = -v**2/ms : 1", method="exact"),
    ),
    "an option that a method does not have": (KeyError, lambda: simulated(method="euler", method_options={"fast": 1})),
    "dt and a clock": (ValueError, lambda: neurons(dt=1 * ms, clock=Clock(1 * ms))),
    "dt without a unit": (DimensionMismatchError, lambda: neurons(dt=1)),
    "a name that is a number": (TypeError, lambda: NeuronGroup(1, "v : 1", name=3)),
    "a name with a blank": (ValueError, lambda: NeuronGroup(1, "v : 1", name="a b")),
    # variables
    "a variable that does not exist": (AttributeError, lambda: neurons().x),
    "setting a variable that does not exist": (AttributeError, lambda: given(neurons(), "x", 3)),
    "setting the index": (TypeError, lambda: given(neurons(), "i", 3)),
    "setting the size": (AttributeError, lambda: given(neurons(), "N", 3)),
    "setting a subexpression": (TypeError, lambda: given(neurons("x = 3 : 1"), "x", 3)),
    "a value without a unit": (DimensionMismatchError, lambda: given(neurons(), "u", 3)),
    "too many values": (ValueError, lambda: given(neurons(), "w", [1, 2, 3])),
    "a value that is no expression": (SyntaxError, lambda: given(neurons(), "w", "1 +")),
    "a value with an unknown name": (KeyError, lambda: given(neurons(), "w", "x")),
    "an element that does not exist": (IndexError, lambda: neurons().w[5]),
    "an index with a point": (TypeError, lambda: neurons().w[1.5]),
    "a part with gaps": (IndexError, lambda: neurons()[[1, 0]]),
    "a part chosen by a text": (TypeError, lambda: neurons()["v > 1"]),
    "a link to a value": (ValueError, lambda: given(neurons("x : 1 (linked)"), "x", 3)),
    "states in an unknown format": (NotImplementedError, lambda: neurons().get_states(format="csv")),
    # synapses
    "statements under two names": (TypeError, lambda: synapses(on_pre="w += 1", pre="w += 1")),
    "the name of the delay": (SyntaxError, lambda: synapses("delay : second")),
    "a nonlinear event-driven equation": (
        UnsupportedEquationsException,
        lambda: connected("dx/dt = -x**2/ms : 1 (event-driven)", on_pre="w += x"),
    ),
    "two sums in one variable": (NotImplementedError, summed_twice),
    "a delay without a unit": (TypeError, lambda: synapses(on_pre="w += 1", delay=3)),
    "several delays where one is meant": (TypeError, lambda: synapses(on_pre="w += 1", delay=[1, 2] * ms)),
    "a condition that is no expression": (SyntaxError, lambda: synapses().connect("i ==")),
    "a condition that is a number": (TypeError, lambda: synapses().connect("i")),
    "a condition and a list": (ValueError, lambda: synapses().connect("i == j", i=0)),
    "two sides as texts": (TypeError, lambda: synapses().connect(i="j", j="i")),
    "a target that does not exist": (IndexError, lambda: synapses().connect(j="i + 5")),
    "a loop over something else": (SyntaxError, lambda: synapses().connect(j="k for k in many(3)")),
    "a sample of more than there are": (IndexError, lambda: synapses().connect(j="k for k in sample(N_post, size=9)")),
    "setting what is not connected": (TypeError, lambda: given(synapses("x : 1"), "x", 3)),
    # inputs and monitors
    "spikes of neurons that do not exist": (ValueError, lambda: SpikeGeneratorGroup(2, [5], [1] * ms)),
    "more indices than times": (ValueError, lambda: SpikeGeneratorGroup(2, [0, 1], [1] * ms)),
    "a period between two steps": (
        NotImplementedError,
        lambda: Network(SpikeGeneratorGroup(2, [0], [0] * ms, period=0.15 * ms)).run(0.1 * ms),
    ),
    "a table of three dimensions": (NotImplementedError, lambda: TimedArray(np.zeros((2, 2, 2)), dt=1 * ms)),
    "a table called without the column": (TypeError, lambda: TimedArray([[1, 2], [3, 4]], dt=1 * ms)(3 * ms)),
    "rates without a unit": (DimensionMismatchError, lambda: PoissonGroup(2, rates=3)),
    "an input to a variable that does not exist": (KeyError, lambda: PoissonInput(neurons(), "x", 10, 3 * Hz, 1)),
    "spikes of neurons without a threshold": (ValueError, lambda: SpikeMonitor(neurons())),
    "a variable to record that does not exist": (ValueError, lambda: SpikeMonitor(spiking(), variables="x")),
    "a state to record that does not exist": (KeyError, lambda: StateMonitor(neurons(), "x", record=True)),
    "an element that was not recorded": (IndexError, lambda: StateMonitor(neurons(), "v", record=[0])[1]),
    "values that were not recorded": (KeyError, lambda: SpikeMonitor(spiking()).values("w")),
    "times that were not recorded": (ValueError, lambda: SpikeMonitor(spiking(), record=False).t),
    "a window that does not exist": (
        NotImplementedError,
        lambda: monitored(PopulationRateMonitor).smooth_rate(window="hat", width=1 * ms),
    ),
    "a window without a width": (TypeError, lambda: monitored(PopulationRateMonitor).smooth_rate(window="flat")),
    # networks and clocks
    "an object that is none": (TypeError, lambda: Network(3)),
    "an object that is not in the network": (KeyError, lambda: Network().remove(neurons())),
    "a name that is not in the network": (KeyError, lambda: Network()["exc"]),
    "two objects of one name": (ValueError, lambda: Network(neurons(), neurons()).run(0.1 * ms)),
    "a duration without a unit": (DimensionMismatchError, lambda: Network(neurons()).run(3)),
    "a duration that is a text": (TypeError, lambda: Network(neurons()).run("3*ms")),
    "a negative duration": (ValueError, lambda: Network(neurons()).run(-1 * ms)),
    "a slot that does not exist": (KeyError, lambda: Network(NetworkOperation(print, when="now")).run(1 * ms)),
    "setting the time of a network": (AttributeError, lambda: given(Network(), "t", 3 * ms)),
    "setting dt of an object": (AttributeError, lambda: given(neurons(), "dt", 1 * ms)),
    "a state that was not stored": (KeyError, lambda: Network(neurons()).restore("before")),
    "a file that does not exist": (FileNotFoundError, lambda: Network(neurons()).restore(filename="/nowhere/state")),
    # preferences, functions and devices
    "a preference that does not exist": (KeyError, lambda: prefs["codegen.targt"]),
    "an attribute of preferences that does not exist": (AttributeError, lambda: prefs.codegen.targt),
    "a preference of another type": (PreferenceError, lambda: given(prefs.codegen, "max_cache_dir_size", "many")),
    "preferences in a file that does not exist": (FileNotFoundError, lambda: prefs.read_preference_file("/nowhere")),
    "an argument of another unit": (DimensionMismatchError, lambda: check_units(x=volt)(lambda x: x)(3)),
    "a device that does not exist": (KeyError, lambda: set_device("gpu")),
    "an expression alone": (SyntaxError, lambda: Expression("v >")),
    "the description of a method": (SyntaxError, lambda: ExplicitStateUpdater("x = 3")),
    "a method under a name that is taken": (ValueError, lambda: StateUpdateMethod.register("euler", euler)),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_raises_what_scripts_catch(mistake):
    prefs.codegen.target = "numpy"
    wanted, wrong = MISTAKES[mistake]
    with pytest.raises(wanted) as caught:
        wrong()
    assert isinstance(caught.value, (UserError, TypeError, AttributeError))
    assert str(caught.value)


def test_errors_of_models_are_one_class_whatever_is_wrong_in_their_text():
    for text in ("dv/dt = (-v/ms : 1", "lambda : 1", "v : 1\nv : 1", "v : mV", "x = (w > 1)/2 : 1\nw : 1"):
        with pytest.raises(EquationError):
            neurons(text)


def test_all_objects_errors_are_caught_by_the_name_that_the_older_api_has_for_them():
    with pytest.raises(BrianObjectException):
        simulated("dv/dt = -v/tau : 1")
