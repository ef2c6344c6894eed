"""Cells with names that are unknown, misspelt, reserved, used twice or in the wrong place."""

import pytest
from broken import Broken, check, name_of

NEURONS = "%%neurons exc -n 10\n"
V = "dv/dt = -v/(10*ms) : volt\n"
SPIKES = f"{V}threshold: v > 1*mV\n"
SYNAPSES = "%%synapses exc -> inh --name drive\n"
RESERVED = "cannot be the name of a variable"

CASES = [
    # misspelt units are reported although a name may still be defined later
    Broken(f"{NEURONS}dv/dt = -v/(10*msec) : volt", (2, 16), "msec", "the name 'msec' is not known", ("msec", "ms"),
           hint="did you mean 'ms'?"),
    Broken(f"{NEURONS}{V}threshold: v > -50*mv", (3, 20), "mv", "the name 'mv' is not known", ("mv", "mV"),
           hint="did you mean 'mV'?"),
    Broken(f"{NEURONS}dv/dt = 10*Hertz*v : volt", (2, 12), "Hertz", "the name 'Hertz' is not known",
           ("Hertz", "hertz"), hint="did you mean 'hertz'?"),
    Broken(f"{NEURONS}dv/dt = -v/(0.01*secnd) : volt", (2, 18), "secnd", "the name 'secnd'", ("secnd", "second"),
           hint="did you mean 'second'?"),
    Broken(f"{SYNAPSES}on_pre: v += 2*millivolt", (2, 16), "millivolt", "the name 'millivolt'", ("millivolt", "mV"),
           hint="did you mean 'mV'?"),
    Broken(f"{NEURONS}{V}tau = 10*\N{MICRO SIGN}A", (3, 10), "\N{MICRO SIGN}A", "is not known",
           ("\N{MICRO SIGN}A", "uA"), hint="did you mean 'uA'?"),
    Broken(f"{NEURONS}dv/dt = -v/(10*ms) : Volt", (2, 22), "Volt", "'Volt' is not a unit", ("Volt", "volt"),
           hint="did you mean 'volt'?"),
    Broken(f"{NEURONS}{V}I : ampp", (3, 5), "ampp", "'ampp' is not a unit", ("ampp", "amp"),
           hint="did you mean 'amp'?"),
    Broken(f"{NEURONS}dv/dt = -v/(10*ms) : mV", (2, 22), "mV", "the unit of 'v' must be a base unit",
           (": mV", ": volt"), found="mV", expected="volt", hint="write 'volt' here"),
    # names that must be known when the cell runs
    Broken(f"{NEURONS}{V}x = tau_n*2", (3, 5), "tau_n", "the name 'tau_n' is not known", ("tau_n", "tau_m"),
           hint="did you mean 'tau_m'?"),
    Broken(f"{NEURONS}{V}x = tua\ntau = 3*ms", (3, 5), "tua", "the name 'tua' is not known",
           ("x = tua\ntau = 3*ms", "tau = 3*ms\nx = tau"), hint="define it above, or in the notebook"),
    Broken(f"{NEURONS}{V}x = tau\ntau = 3*ms", (3, 5), "tau", "'tau' is defined in line 4",
           ("x = tau\ntau = 3*ms", "tau = 3*ms\nx = tau"), hint="a constant may use those above it"),
    Broken(f"{NEURONS}{V}x = x + 1", (3, 5), "x", "'x' is defined through itself", ("x + 1", "1")),
    Broken(f"{NEURONS}{V}x = 2*v", (3, 7), "v", "'v' is a variable, so this is no constant", ("2*v", "2*v : volt"),
           hint="what changes needs a unit: x = 2*v : volt"),
    Broken(f"{NEURONS}{V}x = 2*weights", (3, 7), "weights", "'weights' is an array of 2 values", ("*weights", "*tau_m"),
           hint="a line 'weights : unit'"),
    Broken(f"{NEURONS}{V}x = 2*inh", (3, 7), "inh", "'inh' is a NeuronGroup, not a number", ("*inh", "*tau_m")),
    Broken(f"{NEURONS}{V}initial: v = v_rest", (3, 14), "v_rest", "the name 'v_rest' is not known", ("v_rest", "1*mV"),
           hint="define it in the model, in the group's namespace or in the notebook"),
    Broken(f"%%neurons exc -n N_ecx\n{V}", (1, 18), "N_ecx", "the name 'N_ecx' is not known", ("N_ecx", "N_exc"),
           hint="did you mean 'N_exc'?"),
    Broken(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: i != k", (3, 15), "k", "the name 'k' is not known",
           ("!= k", "!= j")),
    Broken("%simulate 10*mss", (1, 14), "mss", "the name 'mss' is not known", ("mss", "ms"), hint="did you mean 'ms'?"),
    # functions
    Broken(f"{NEURONS}dv/dt = -v*exp/ms : volt", (2, 12), "exp", "'exp' is a function", ("exp", "exp(1)"),
           hint="call it: exp(...)"),
    Broken(f"{NEURONS}dv/dt = sin(v, v)*mV/ms : volt", (2, 9), "sin(v, v)", "sin() takes 1 argument",
           ("(v, v)", "(v/mV)"), found="2"),
    # keys
    Broken(f"{NEURONS}{V}treshold: v > 1*mV", (3, 1), "treshold", "'treshold' is not a key of this cell",
           ("treshold", "threshold"), hint="did you mean 'threshold'?"),
    Broken(f"{NEURONS}{SPIKES}reste: v = 0*mV", (4, 1), "reste", "'reste' is not a key", ("reste", "reset"),
           hint="did you mean 'reset'?"),
    Broken(f"{SYNAPSES}on_pre: v += 1*mV\nconect: p=0.1", (3, 1), "conect", "'conect' is not a key",
           ("conect", "connect"), hint="did you mean 'connect'?"),
    Broken(f"{NEURONS}{V}treshold = v > 1*mV", (3, 12), "v", "'v' is a variable", ("treshold =", "threshold:"),
           hint="did you mean 'threshold:'?"),
    Broken(f"{NEURONS}{V}threshold = v > 1*mV", (3, 1), "threshold", "a ':' is missing behind 'threshold'",
           ("threshold =", "threshold:"), expected="threshold: v > -50*mV"),
    Broken(f"{NEURONS}{V}on_pre: v += 1*mV", (3, 1), "on_pre", "'on_pre' belongs to a %%synapses cell",
           ("on_pre: v += 1*mV", ""),
           hint="threshold, reset, refractory, threshold_location, method, initial, events, order"),
    Broken(f"{SYNAPSES}on_pre: v += 1*mV\nthreshold: v > 1*mV", (3, 1), "threshold", "belongs to a %%neurons cell",
           ("threshold: v > 1*mV", ""), hint="on_pre, on_post, on_event, connect"),
    # used twice
    Broken(f"{NEURONS}{V}{V}", (3, 2), "v", "'v' is defined twice", (V + V, V),
           found="the first definition is in line 2", hint="remove or rename one of them"),
    Broken(f"{NEURONS}{V}tau = 1*ms\ntau = 2*ms", (4, 1), "tau", "'tau' is defined twice", ("tau = 1*ms\n", ""),
           found="in line 3"),
    Broken(f"{NEURONS}{V}v = 1*mV", (3, 1), "v", "'v' is defined twice", ("v = 1*mV", ""), found="in line 2"),
    Broken(f"{NEURONS}{SPIKES}threshold: v > 2*mV", (4, 1), "threshold", "'threshold' is given twice",
           ("threshold: v > 2*mV", ""), found="the first one is in line 3", hint="put both into one"),
    Broken(f"{NEURONS}{V}events:\n   high: v > 1*mV\n   high: v > 2*mV", (5, 4), "high",
           "'high' cannot be the name of this event", ("high: v > 2*mV", "higher: v > 2*mV"),
           found="it is given twice"),
    Broken(f"{SYNAPSES}v : volt\non_pre: v += 1*mV", (2, 1), "v", "'v' is also a variable of the target",
           ("v : volt", "w : volt"), hint="choose another name"),
    # reserved
    *(
        Broken(f"{NEURONS}{V}{name} : 1", (3, 1), name, RESERVED, (f"{name} :", "x :"), hint="choose another name")
        for name in ("t", "dt", "i", "N", "xi", "xi_1", "not_refractory", "mV", "exp", "pi", "_x", "v_pre", "\u00e9")
    ),
    Broken(f"{NEURONS}{V}dt = 0.1*ms", (3, 1), "dt", RESERVED, ("dt = 0.1*ms", ""), hint="choose another name"),
    Broken(f"{NEURONS}{V}lambda : 1", (3, 1), "lambda", RESERVED, ("lambda", "x"), hint="choose another name"),
    Broken(f"{NEURONS}dt/dt = -1 : 1", (2, 2), "t", RESERVED, ("dt/dt = -1", "dx/dt = -1/ms")),
    Broken(f"%%neurons mV -n 3\n{V}", (1, 11), "mV", "'mV' cannot be a name: it is the name of a unit",
           ("s mV", "s exc")),
    Broken(f"%%neurons class -n 3\n{V}", (1, 11), "class", "'class' cannot be a name", ("class", "exc")),
    Broken(f"%%neurons run -n 3\n{V}", (1, 11), "run", "'run' cannot be a name: it is that of run() of jupyspike",
           ("s run", "s exc")),
    Broken(f"%%neurons 2exc -n 3\n{V}", (1, 11), "2exc", "'2exc' cannot be a name", ("2exc", "exc")),
    # set where they cannot be set
    Broken(f"{NEURONS}{SPIKES}reset: u = 0", (4, 8), "u", "the reset sets the unknown variable 'u'",
           ("u = 0", "v = 0*mV"), hint="variables are: v"),
    Broken(f"{NEURONS}{SPIKES}s = 2*v : volt\nreset: s = 0*mV", (5, 8), "s", "it is a subexpression",
           (": s = 0*mV", ": v = 0*mV")),
    Broken(f"{NEURONS}{SPIKES}c : volt (constant)\nreset: c = 0*mV", (5, 8), "c", "it is a constant parameter",
           (" (constant)", "")),
    Broken(f"{NEURONS}{SPIKES}tau = 5*ms\nreset: tau = 6*ms", (5, 8), "tau", "it is a constant",
           ("tau = 5*ms", "tau : second"), hint="a line 'tau : second' makes it a variable"),
    Broken(f"{NEURONS}{SPIKES}reset: t = 0*ms", (4, 8), "t", "the simulator sets it", ("t = 0*ms", "v = 0*mV")),
    Broken(f"{SYNAPSES}on_pre: u += 1*mV", (2, 9), "u", "on_pre sets the unknown variable 'u'", ("u +=", "v +="),
           hint="variables are: v, g, v_pre"),
    Broken(f"{NEURONS}{V}initial: w = 2", (3, 10), "w", "there is no variable 'w' to be given a value",
           ("w = 2", "v = 2*mV"), hint="variables are: v"),
    Broken(f"{NEURONS}{V}tau = 3*ms\ninitial: tau = 2*ms", (4, 10), "tau", "'tau' is a constant",
           ("initial: tau = 2*ms", ""), hint="change the line that defines it"),
    Broken(f"{NEURONS}{V}s = 2*v : volt\ninitial: s = 2*mV", (4, 10), "s", "it is a subexpression",
           (": s = ", ": v = ")),
    # noise and events where they do not belong
    Broken(f"{NEURONS}{V}threshold: v + xi*mV*sqrt(ms) > 1*mV", (3, 16), "xi", "the noise 'xi' cannot be used here",
           (" + xi*mV*sqrt(ms)", ""), hint="belongs to the right-hand side of a differential equation"),
    Broken(f"{NEURONS}{V}initial: v = xi*mV*sqrt(ms)", (3, 14), "xi", "the noise 'xi' cannot be used here",
           ("xi*mV*sqrt(ms)", "randn()*mV")),
    Broken(f"{SYNAPSES}on_pre: v += 1*mV\non_event: hihg", (2, 9), "v += 1*mV",
           "on_pre waits for the event 'hihg', which 'exc' does not have", ("hihg", "high"),
           hint="did you mean 'high'?"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_names_are_looked_at(notebook, case):
    check(notebook, case)


@pytest.mark.parametrize("name", ["tau_x", "Na", "ramp", "us_rate", "V_T"])
def test_a_name_that_may_be_defined_later_is_no_error_yet(notebook, name):
    notebook.run(f"%%neurons exc\ndv/dt = -v/ms + {name}*v/ms : 1\nthreshold: v > {name}")
    ran = notebook.try_cell("%simulate 1*ms")
    assert [d.message for d in ran.error.diagnostics] == [f"the name '{name}' is not known"] * 2
    notebook.run(f"{name} = 0.5", "%simulate 1*ms")


def test_a_constant_of_the_notebook_may_have_a_name_like_a_unit(notebook):
    notebook.run("msec = 20*ms", "%%neurons exc\ndv/dt = -v/(10*msec) : 1", "%simulate 1*ms")
