"""First lines and line magics that are wrong: options, sizes, methods, connections, durations, views."""

import pytest
from broken import Broken, check, name_of

from jupyspike_engine.diagnostics import ArgumentTypeError, EquationError, IndexRangeError

V = "dv/dt = -v/(10*ms) : volt\n"
NEURONS = f"%%neurons exc -n 10\n{V}"
ON_PRE = "on_pre: v += 1*mV\n"
DRIVE = f"%%synapses exc -> inh --name drive\n{ON_PRE}"
NOISE = "white noise may be multiplied by variables, constants and parameters"

CASES = [
    # the size
    Broken(f"%%neurons exc -n 0\n{V}", (1, 18), "0", "a whole number above 0", ("n 0", "n 1"), found="0"),
    Broken(f"%%neurons exc -n -5\n{V}", (1, 18), "-5", "a whole number above 0", ("-5", "5"), found="-5"),
    Broken(f"%%neurons exc -n 2.5\n{V}", (1, 18), "2.5", "a whole number above 0", ("2.5", "2"), found="2.5"),
    Broken(f"%%neurons exc -n 10/0\n{V}", (1, 18), "10/0", "a division by zero", ("/0", "")),
    # options
    Broken(f"%%neurons exc -n 10 --methd exact\n{V}", (1, 21), "--methd", "there is no option '--methd'",
           ("methd", "method"), hint="did you mean '--method'?"),
    Broken(f"%%neurons exc -n 10 --quickly\n{V}", (1, 21), "--quickly", "there is no option", (" --quickly", ""),
           hint="usage: %%neurons name -n 100"),
    Broken(f"%%neurons exc -n\n{V}", (1, 15), "-n", "the value of '-n' is missing", ("-n\n", "-n 10\n"), hint="usage"),
    Broken(f"%%neurons exc --dt\n{V}", (1, 15), "--dt", "the value of '--dt' is missing", ("--dt", "--dt=0.1*ms")),
    Broken(f"%%neurons exc -n 10 -n 20\n{V}", (1, 21), "-n", "'-n' is given twice", (" -n 20", "")),
    Broken(f"%%neurons exc 10\n{V}", (1, 15), "10", "'10' does not belong here", ("exc 10", "exc -n 10"),
           hint="-n 100"),
    Broken(f"%%neurons -n 10\n{V}", (1, 1), "%%neurons -n 10", "the name of the neurons is missing", ("-n", "exc -n"),
           expected="%%neurons name -n 100"),
    Broken(f"%%neurons exc -n 10 --dt -0.1*ms\n{V}", (1, 26), "-0.1*ms", "dt must be positive", ("-0.1", "0.1"),
           found="us"),
    Broken(f"{NEURONS}order: 1.5", (3, 8), "1.5", "the order must be an integer", ("1.5", "1"),
           error=ArgumentTypeError),
    # methods
    Broken(f"%%neurons exc --method exat\n{V}", (1, 24), "exat", "is not an integration method", ("exat", "exact"),
           hint="did you mean 'exact'?"),
    Broken(f"{NEURONS}method: rk5", (3, 9), "rk5", "is not an integration method", ("rk5", "rk4"), hint="'rk4'"),
    Broken("%%neurons exc --method exact\ndv/dt = -v*v/ms/mV : volt", (2, 1), "dv/dt = -v*v/ms/mV : volt",
           "the equations of exc cannot be integrated with exact", ("exact", "rk2"), found="dv/dt is not linear: -v*v",
           hint="the method 'rk2' works for these equations"),
    Broken("%%neurons exc\nmethod: exact, exponential_euler\ndv/dt = -v/ms + mV*xi/sqrt(ms) : volt", (3, 1),
           "dv/dt = -v/ms + mV*xi/sqrt(ms) : volt", "cannot be integrated with exact or exponential_euler",
           ("exponential_euler", "euler"),
           found="exact: the equations contain white noise (xi)\nexponential_euler: the",
           hint="the method 'euler' works"),
    Broken("%%neurons exc --method euler\ndv/dt = -v/ms + v*xi/sqrt(ms) : volt", (2, 1),
           "dv/dt = -v/ms + v*xi/sqrt(ms) : volt", "the equations of exc cannot be integrated with euler",
           ("v*xi", "mV*xi"), found="euler: the noise of v is multiplied by the variable v",
           hint="the method 'heun' works"),
    Broken("%%neurons exc\ndv/dt = -v/ms + mV*sin(xi*sqrt(ms))/ms : volt", (2, 1),
           "dv/dt = -v/ms + mV*sin(xi*sqrt(ms))/ms : volt", "no integration method fits the equations of exc",
           ("sin(xi*sqrt(ms))", "xi*sqrt(ms)"), found="heun: the noise of v is not simply multiplied and added",
           hint=NOISE),
    Broken(f"%%neurons exc --method euler\n{V}method: exact", (3, 9), "exact", "the method is given twice",
           ("method: exact", "")),
    # what a model lacks
    Broken(f"{NEURONS}reset: v = 0*mV", (3, 8), "v = 0*mV", "there is a reset, but no threshold",
           ("reset", "threshold: v > 1*mV\nreset"), hint="give a threshold"),
    Broken(f"{NEURONS}refractory: 5*ms", (3, 13), "5*ms", "a refractory period needs a threshold",
           ("refractory", "threshold: v > 1*mV\nrefractory"), hint="give a threshold"),
    Broken(f"{NEURONS}tau = 1*ms in [5*ms, 1*ms]", (3, 12), "in [5*ms, 1*ms]", "the range of 'tau' is empty",
           ("[5*ms, 1*ms]", "[1*ms, 5*ms]"), hint="the lower end comes first"),
    Broken(f"{NEURONS}tau = 9*ms in [1*ms, 5*ms]", (3, 12), "in [1*ms, 5*ms]", "the value of 'tau' lies outside",
           ("9*ms", "3*ms")),
    Broken(f"{NEURONS}tau = 1*ms in [1*ms, 5*ms] step 0*ms", (3, 12), "in [1*ms, 5*ms] step 0*ms",
           "the step of 'tau' must be above zero", ("step 0", "step 1")),
    Broken(f"{NEURONS}tau = rand()*ms", (3, 7), "rand()", "one value for all, which cannot be random",
           ("rand()", "2"), hint="a variable, set by a line 'initial:'"),
    Broken(f"{NEURONS}tau = 1*ms/0", (3, 7), "1*ms/0", "a division by zero", ("/0", "")),
    Broken(f"{NEURONS}x = (0-1)**0.5", (3, 5), "(0-1)**0.5", "the value is not a real number", ("0-1", "1")),
    # the ends of synapses
    Broken(f"%%synapses exc -> ihn --name drive\n{ON_PRE}", (1, 19), "ihn", "'ihn' is not a group of neurons",
           ("ihn", "inh"), hint="did you mean 'inh'?"),
    Broken(f"%%synapses exc -> nobody --name drive\n{ON_PRE}", (1, 19), "nobody", "'nobody' is not a group of neurons",
           ("nobody", "inh"), hint="run its %%neurons cell first"),
    Broken(f"%%synapses tau_m -> inh --name drive\n{ON_PRE}", (1, 12), "tau_m", "'tau_m' is not a group of neurons",
           ("tau_m", "exc"), found="a Quantity"),
    Broken(f"%%synapses exc inh --name drive\n{ON_PRE}", (1, 12), "exc inh", "not the two ends of synapses",
           ("exc inh", "exc -> inh"), expected="source -> target"),
    Broken(f"%%synapses exc => inh --name drive\n{ON_PRE}", (1, 12), "exc => inh", "not the two ends of synapses",
           ("=>", "->"), expected="source -> target"),
    Broken(f"%%synapses --name drive\n{ON_PRE}", (1, 1), "%%synapses --name drive", "not the two ends of synapses",
           ("--name", "exc -> inh --name"), expected="source -> target"),
    Broken(f"%%synapses exc -> inh --name relay\n{ON_PRE}", (1, 30), "relay",
           "'relay' is the name of a group of neurons",
           ("e relay", "e drive"), hint="--name gives another one"),
    Broken(f"%%synapses exc[0:20] -> inh --name drive\n{ON_PRE}", (1, 12), "exc[0:20]",
           "20 is outside 'exc' of 10 neurons",
           ("20", "5"), error=IndexRangeError),
    Broken(f"%%synapses exc[12] -> inh --name drive\n{ON_PRE}", (1, 12), "exc[12]", "12 is outside 'exc'", ("12", "2"),
           error=IndexRangeError),
    Broken(f"%%synapses exc[5:5] -> inh --name drive\n{ON_PRE}", (1, 12), "exc[5:5]", "is empty or has gaps",
           ("5:5", "4:5"), error=IndexRangeError),
    Broken(f"%%synapses exc[0:9:2] -> inh --name drive\n{ON_PRE}", (1, 16), "0:9:2", "this does not choose neurons",
           (":2", ""), expected="neighbours, as in exc[0:100]"),
    Broken(f"%%synapses inh -> exc --name drive\n{ON_PRE}", (2, 9), "v += 1*mV",
           "on_pre waits for a threshold, which 'inh' does not have", ("inh -> exc", "exc -> inh")),
    # connections
    Broken(f"{DRIVE}connect: p=1.5", (3, 12), "1.5", "a probability lies between 0 and 1", ("1.5", "0.5"), found="1.5"),
    Broken(f"{DRIVE}connect: prob=0.5", (3, 10), "prob", "connect has no argument 'prob'", ("prob", "p"),
           hint="p, n, i, j, skip_if_invalid"),
    Broken(f"{DRIVE}connect: p=0.1, p=0.2", (3, 17), "p=0.2", "the argument 'p' of connect is given twice",
           (", p=0.2", "")),
    Broken(f"{DRIVE}connect: j='i+1'", (3, 13), "i+1", "the connection from 4 to 5 is outside the groups",
           ("j='i+1'", "j='i//2'"), expected="i from 0 to 9, j from 0 to 4", hint="skip_if_invalid=True",
           error=IndexRangeError),
    Broken(f"{DRIVE}connect: j=i/2", (3, 12), "i/2", "'j' must be an integer", ("i/2", "i//2"), found="a real number",
           hint="int(...)", error=ArgumentTypeError),
    Broken(f"{DRIVE}connect: i=[0, 1]", (3, 12), "[0, 1]", "a cell has no lists of neurons", ("[0, 1]", "j"),
           hint="drive.connect(i=[0, 1], j=[2, 3])"),
    Broken(f"{DRIVE}connect: i != j, j=3", (3, 20), "3", "the pairs are chosen in two ways", (", j=3", ""),
           expected="one of: a condition such as i != j"),
    Broken(f"{DRIVE}connect: n=1.5", (3, 12), "1.5", "must be an integer", ("1.5", "2"), error=ArgumentTypeError),
    Broken(f"{DRIVE}connect: n=-1", (3, 12), "-1", "must not be negative", ("-1", "1"), found="-1"),
    Broken(f"{DRIVE}connect: j=i, skip_if_invalid=yes", (3, 31), "yes", "skip_if_invalid is True or False",
           ("yes", "True"), found="'yes'"),
    Broken(f"{DRIVE}delay: -1*ms", (3, 8), "-1*ms", "the delay must not be negative", ("-1", "1"), found="ms"),
    Broken(f"{DRIVE}delay: rand()*ms", (3, 8), "rand()*ms", "a delay of its own, but there are no synapses yet",
           ("delay", "connect: p=1\ndelay"), hint="add a line such as  connect: p=0.1"),
    Broken(f"{DRIVE}connect: all\ndelay: (j - i)*ms", (4, 8), "(j - i)*ms", "delays must be finite and not negative",
           ("(j - i)", "abs(j - i)")),
    Broken("%%synapses relay -> exc --name drive\non_post: v_pre += 1*mV\ndelay: 1*ms", (3, 8), "1*ms",
           "a delay needs code in 'on_pre' to delay", ("on_post: v_pre", "on_pre: v")),
    Broken("%%synapses exc -> inh --name drive\ndw/dt = -w*w/ms : 1 (event-driven)\non_pre: v += w*mV", (2, 1),
           "dw/dt = -w*w/ms : 1 (event-driven)", "event-driven equations must be linear",
           ("event-driven", "clock-driven"), found="dw/dt is not linear", hint="use the flag (clock-driven)"),
    # %simulate
    Broken("%simulate", (1, 1), "%simulate", "the duration is missing", ("%simulate", "%simulate 1*ms"),
           expected="%simulate 1*second"),
    Broken("%simulate -10*ms", (1, 11), "-10*ms", "the duration must not be negative", ("-10", "10")),
    Broken("%simulate 10ms", (1, 11), "10ms", "'10ms' is not a number", ("10ms", "10*ms"), hint="10*ms"),
    Broken("%simulate (1*ms", (1, 11), "(", "the bracket '(' is never closed", ("(1*ms", "1*ms")),
    Broken("%simulate 1*ms --fast", (1, 16), "--fast", "there is no option '--fast'", (" --fast", ""), hint="usage"),
    Broken("%simulate 1*mss --restrt", (1, 17), "--restrt", "there is no option '--restrt'",
           ("mss --restrt", "ms --restart"), hint="did you mean '--restart'?"),
    Broken("%simulate 1*mss --speed fast", (1, 13), "mss", "the name 'mss' is not known", ("mss --speed fast", "ms"),
           also=((1, 25, "'fast' is not a speed"),)),
    # %live
    Broken("%live rastr(exc)", (1, 7), "rastr", "'rastr' is not a view", ("rastr", "raster"), hint="'raster'"),
    Broken("%live raster(ecx)", (1, 14), "ecx", "'ecx' is not a group of neurons", ("ecx", "exc"), hint="'exc'"),
    Broken("%live raster(inh)", (1, 14), "inh", "'inh' has no threshold, so it never spikes", ("inh", "exc")),
    Broken("%live raster(exc", (1, 13), "(", "the bracket '(' is never closed", ("(exc", "(exc)")),
    Broken("%live raster", (1, 7), "raster", "this is not a view", ("raster", "raster(exc)"),
           expected="raster(exc, inh)"),
    Broken("%live trace(exc.u)", (1, 13), "exc.u", "'exc' has no variable 'u'", (".u", ".v"), hint="variables are: v"),
    Broken("%live trace(exc.v, [0, 99])", (1, 20), "[0, 99]", "does not have these neurons", ("99", "9"),
           expected="numbers from 0 to 9"),
    Broken("%live trace(exc.v, all)", (1, 20), "all", "these are not numbers of neurons", ("all", "[0]"),
           expected="such as 3 or [0, 1, 2]"),
    Broken("%live rate(xec) raster(exc) trace(relay)", (1, 12), "xec", "'xec' is not a group",
           ("xec) raster(exc) trace(relay",
           "exc) raster(exc) trace(relay.v"), also=((1, 29, "this is not a trace"),)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_lines_are_checked(notebook, case):
    check(notebook, case)


def test_there_must_be_something_to_simulate(notebook):
    ran = notebook.try_cell("%simulate 1*ms")
    assert type(ran.error) is EquationError
    assert ran.printed.splitlines() == [
        "EquationError: %simulate, line 1, column 1: there is nothing to simulate",
        "    %simulate 1*ms",
        "    ^^^^^^^^^^^^^^",
        "    try: run a %%neurons cell first",
    ]
