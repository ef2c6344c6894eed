"""Cells in which units do not fit: both units, the place where they meet, and the cell that works."""

import pytest
from broken import Broken, check, name_of

from jupyspike_engine.diagnostics import ArgumentTypeError, DimensionMismatchError, EquationError

NEURONS = "%%neurons exc -n 10\n"
V = "dv/dt = -v/(10*ms) : volt\n"
SPIKES = f"{V}threshold: v > 1*mV\n"
RESET = f"{SPIKES}reset: v = 0*mV\n"
SYNAPSES = "%%synapses exc -> inh --name drive\n"
BOTH_SIDES = "the same unit on both sides"


def unit(cell: str, at: tuple[int, int], marked: str, says: str, right: tuple[str, str], **shown: str) -> Broken:
    return Broken(cell, at, marked, says, right, error=DimensionMismatchError, **shown)


CASES = [
    # equations
    unit(f"{NEURONS}dv/dt = -v : volt", (2, 9), "-v", "the equation of 'v' has the wrong unit", ("-v", "-v/(10*ms)"),
         found="volt", expected="volt / second", hint="divide by a time constant, as in (...)/(10*ms)"),
    unit(f"{NEURONS}dx/dt = 1 - x : 1", (2, 9), "1 - x", "the equation of 'x'", ("1 - x", "(1 - x)/(10*ms)"),
         found="a plain number", expected="hertz", hint="divide by a time constant"),
    unit(f"{NEURONS}dv/dt = (1*nA)/(10*ms) : volt", (2, 9), "(1*nA)/(10*ms)", "the equation of 'v'", ("nA", "mV"),
         found="amp / second", expected="volt / second", hint="dv/dt is in volt per second"),
    unit(f"{NEURONS}dv/dt = (I - v)/tau_m : volt\nI = 1*nA", (2, 10), "I - v", "the two sides of '-'", ("nA", "mV"),
         found="amp - volt", expected=BOTH_SIDES),
    unit(f"{NEURONS}dv/dt = (-70 - v)/tau_m : volt", (2, 10), "-70 - v", "the two sides of '-'", ("-70", "-70*mV"),
         found="a plain number - volt", hint="a number with a unit: -70*volt"),
    unit(f"{NEURONS}{V}I = v*2 : amp", (3, 5), "v*2", "the subexpression 'I' has the wrong unit", ("v*2", "v*2*nS"),
         found="volt", expected="amp"),
    unit(f"{NEURONS}dv/dt = exp(v)*mV/ms : volt", (2, 13), "v", "an argument of exp()", ("exp(v)", "exp(v/mV)"),
         found="volt", expected="a plain number"),
    unit(f"{NEURONS}dv/dt = clip(v, 0, 1*mV)/ms : volt", (2, 17), "0", "an argument of clip()", ("0,", "0*mV,"),
         found="a plain number", expected="volt"),
    unit(f"{NEURONS}dv/dt = v**(1*ms)/ms : volt", (2, 13), "1*ms", "an exponent cannot have a unit", ("1*ms", "1"),
         found="second", expected="a plain number"),
    unit(f"{NEURONS}dv/dt = -v**x/ms : volt\nx : 1", (2, 13), "x", "needs a constant exponent", ("v**x", "v"),
         expected="a number, so that the unit of the result is known"),
    # threshold, reset, refractory, events
    unit(f"{NEURONS}{V}threshold: v > 1*nA", (3, 12), "v > 1*nA", "the two sides of '>'", ("nA", "mV"),
         found="volt > amp", expected=BOTH_SIDES),
    unit(f"{NEURONS}{V}threshold: v > -50", (3, 12), "v > -50", "the two sides of '>'", ("-50", "-50*mV"),
         found="volt > a plain number", hint="a number with a unit: -50*volt"),
    unit(f"{NEURONS}{SPIKES}reset: v = 0", (4, 12), "0", "the value for 'v' has the wrong unit", ("= 0", "= 0*mV"),
         found="a plain number", expected="volt", hint="a number with a unit: 0*volt"),
    unit(f"{NEURONS}{SPIKES}reset: v -= 1*ms", (4, 13), "1*ms", "the value for 'v'", ("1*ms", "1*mV"),
         found="second", expected="volt"),
    unit(f"{NEURONS}{SPIKES}reset: v *= 2*mV", (4, 13), "2*mV", "the value in '*='", ("2*mV", "2"),
         found="volt", expected="a plain number"),
    unit(f"{NEURONS}{RESET}refractory: 5*mV", (5, 13), "5*mV", "refractory has the wrong unit", ("5*mV", "5*ms"),
         found="volt", expected="a time, as in 5*ms, or a condition"),
    unit(f"{NEURONS}{V}events: high: v > 1*nA", (3, 15), "v > 1*nA", "the two sides of '>'", ("nA", "mV"),
         found="volt > amp"),
    # values: initial, constants with their ranges, options
    unit(f"{NEURONS}{V}initial: v = rand()*ms", (3, 14), "rand()*ms", "the value for 'v'",
         ("rand()*ms", "rand()*mV"), found="second", expected="volt"),
    unit(f"{NEURONS}{V}initial: v = -60", (3, 14), "-60", "the value for 'v'", ("-60", "-60*mV"),
         found="a plain number", expected="volt", hint="-60*volt"),
    unit(f"{NEURONS}{V}tau = 10*ms + 1*mV", (3, 7), "10*ms + 1*mV", "the two sides of '+'", ("1*mV", "1*ms"),
         found="second + volt", expected=BOTH_SIDES),
    unit(f"{NEURONS}dv/dt = -v/tau : volt\ntau = 10*mV", (2, 9), "-v/tau", "the equation of 'v'", ("*mV", "*ms"),
         found="a plain number\nwith v, tau in volt", expected="volt / second",
         hint="tau is in volt; in second it would fit"),
    unit(f"{NEURONS}{V}tau = 10*ms in [1, 50*ms]", (3, 17), "1", "the lower end of the range of 'tau'", ("[1", "[1*ms"),
         found="a plain number", expected="second", hint="1*second"),
    unit(f"{NEURONS}{V}tau = 10*ms in [1*ms, 50*mV]", (3, 23), "50*mV", "the upper end of the range",
         ("50*mV", "50*ms"), found="volt", expected="second"),
    unit(f"{NEURONS}{V}tau = 10*ms in [1*ms, 50*ms] step 1*nA", (3, 35), "1*nA", "the step of the range", ("nA", "ms"),
         found="amp", expected="second"),
    unit(f"%%neurons exc -n 10 --dt 1*mV\n{V}", (1, 26), "1*mV", "dt has the wrong unit", ("1*mV", "1*ms"),
         found="volt", expected="second"),
    unit(f"%%neurons exc -n 10 --dt 0.1\n{V}", (1, 26), "0.1", "dt has the wrong unit", ("0.1", "0.1*ms"),
         found="a plain number", expected="second", hint="0.1*second"),
    unit(f"%%neurons exc -n 5000*mV\n{V}", (1, 18), "5000*mV", "the number of neurons", ("5000*mV", "5"),
         found="volt", expected="a plain number"),
    # synapses
    unit(f"{SYNAPSES}on_pre: v += 1*nA", (2, 14), "1*nA", "the value for 'v'", ("nA", "mV"),
         found="amp", expected="volt"),
    unit(f"{SYNAPSES}w : 1\non_pre: v_post += w", (3, 19), "w", "the value for 'v_post'", ("w : 1", "w : volt"),
         found="a plain number", expected="volt"),
    unit("%%synapses exc -> relay --name drive\nw : volt\non_pre: v += w\non_post: w += 0.1", (4, 15), "0.1",
         "the value for 'w'", ("+= 0.1", "+= 0.1*mV"), found="a plain number", expected="volt", hint="0.1*volt"),
    unit(f"{SYNAPSES}dw/dt = -w : 1\non_pre: v += w*mV", (2, 9), "-w", "the equation of 'w'", ("-w", "-w/tau_m"),
         found="a plain number", expected="hertz"),
    unit(f"{SYNAPSES}w : volt\non_pre: v += w\nconnect: j=i//2\ninitial: w = 2*nA", (5, 14), "2*nA",
         "the value for 'w'", ("nA", "mV"), found="amp", expected="volt"),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: all\ndelay: rand()*mV", (4, 8), "rand()*mV",
         "the delay has the wrong unit", ("rand()*mV", "rand()*ms"), found="volt", expected="second"),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\ndelay: 1*mV", (3, 8), "1*mV", "the delay has the wrong unit",
         ("delay: 1*mV", "delay: 1*ms"), found="volt", expected="second"),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: i > 1*mV", (3, 10), "i > 1*mV", "the two sides of '>'",
         ("i > 1*mV", "i > 1"), found="a plain number > volt", expected=BOTH_SIDES),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: p=1*mV", (3, 12), "1*mV", "the probability has the wrong unit",
         ("p=1*mV", "p=0.5"), found="volt", expected="a plain number"),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: p=exp(-v_pre)", (3, 16), "-v_pre", "an argument of exp()",
         ("v_pre", "v_pre/mV"), found="volt", expected="a plain number"),
    unit(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: j=i*mV", (3, 12), "i*mV", "'j' has the wrong unit", ("i*mV", "i//2"),
         found="volt", expected="a plain number"),
    # lines
    unit("%simulate 10*mV", (1, 11), "10*mV", "the duration has the wrong unit", ("mV", "ms"),
         found="volt", expected="second"),
    unit("%simulate 10", (1, 11), "10", "the duration has the wrong unit", ("10", "10*ms"),
         found="a plain number", expected="second", hint="10*second"),
    unit("%simulate 1*ms + 2", (1, 11), "1*ms + 2", "the two sides of '+'", ("+ 2", "+ 2*ms"),
         found="second + a plain number", hint="2*second"),
    # truth values and numbers
    Broken(f"{NEURONS}{V}threshold: v", (3, 12), "v", "the threshold is neither true nor false",
           ("d: v", "d: v > 1*mV"),
           found="a value in volt", expected="a condition such as v > v_threshold", error=ArgumentTypeError),
    Broken(f"{NEURONS}dv/dt = -v/ms + (v > 0*mV)*mV/ms : volt", (2, 18), "v > 0*mV",
           "a truth value cannot be an operand of '*'", ("(v > 0*mV)", "int(v > 0*mV)"), found="'v > 0*mV'",
           hint="int(...) turns it into 0 or 1", error=ArgumentTypeError),
    Broken(f"{NEURONS}{V}threshold: v > 1*mV and v", (3, 25), "v", "'and' joins conditions", (" and v", ""),
           found="a value in volt", expected="a condition", error=ArgumentTypeError),
    Broken(f"{SYNAPSES}on_pre: v += 1*mV\nconnect: i", (3, 10), "i", "the condition is neither true nor false",
           ("t: i", "t: i != j"), found="a plain number", expected="a condition", error=ArgumentTypeError),
    # several lines, and several problems
    unit(f"{NEURONS}dv/dt = (x - v\n   + 1*nA)/ms : volt\nx : volt", (2, 10), "x - v\n   + 1*nA",
         "the two sides of '+'", ("nA", "mV"), found="volt + amp"),
    unit(f"{NEURONS}dv/dt = (x - v)/ms  # the über leak\n   + exp(1*nA)*mV/ms : volt\nx : volt", (3, 10), "1*nA",
         "an argument of exp()", ("1*nA", "1"), found="amp"),
    unit(f"{NEURONS}{SPIKES}reset: v = 0*mV       # first\n       v += 2*ms     # second", (5, 13), "2*ms",
         "the value for 'v'", ("2*ms", "2*mV"), found="second", expected="volt"),
    Broken(f"{NEURONS}dv/dt = -v : volt\ntau = 10*ms + 1*mV\nthreshold: v > 1*nA\nreset: u = 0\ninitial: v = 3", (2, 9),
           "-v", "the equation of 'v'",
           ("-v : volt\ntau = 10*ms + 1*mV\nthreshold: v > 1*nA\nreset: u = 0\ninitial: v = 3",
            "-v/tau : volt\ntau = 10*ms\nthreshold: v > 1*mV\nreset: v = 0*mV\ninitial: v = 3*mV"),
           error=EquationError,
           also=((3, 7, "the two sides of '+'"), (4, 12, "the two sides of '>'"),
                 (5, 8, "the reset sets the unknown variable 'u'"), (6, 14, "the value for 'v'"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_units_are_checked_where_they_meet(notebook, case):
    check(notebook, case)
