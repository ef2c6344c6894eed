"""Cells that cannot be read: brackets, missing parts, signs of other languages, lines that belong nowhere."""

import pytest
from broken import Broken, check, name_of

NEURONS = "%%neurons exc -n 10\n"
V = "dv/dt = -v/(10*ms) : volt\n"
SPIKES = f"{V}threshold: v > 1*mV\n"
SYNAPSES = "%%synapses exc -> inh --name drive\n"
DRIVE = f"{SYNAPSES}on_pre: v += 1*mV\n"
PRODUCT = "a product is written with *"

CASES = [
    # missing parts of an equation
    Broken(f"{NEURONS}dv/dt = -v/(10*ms)", (2, 18), ")", "the unit of 'v' is missing", ("ms)", "ms) : volt"),
           expected="': unit' at the end, as in  dv/dt = -v/(10*ms) : volt"),
    Broken(f"{NEURONS}dv/dt = -v/(10*ms) :\nw : 1", (2, 21), "", "the unit of 'v' is missing",
           (") :\n", ") : volt\n"), expected="a unit such as volt, 1/second or 1"),
    Broken(f"{NEURONS}dv/dt = -v/(10*ms) volt", (2, 20), "volt", "the ':' in front of the unit of 'v' is missing",
           (") volt", ") : volt"), hint="dv/dt = -v/(10*ms) : volt"),
    Broken(f"{NEURONS}dv/dt = : volt", (2, 9), "", "an expression is missing", ("= :", "= -v/(10*ms) :")),
    Broken(f"{NEURONS}{V}tau =", (3, 6), "", "an expression is missing", ("tau =", "tau = 2*ms")),
    Broken(f"{NEURONS}{V}w : volt+amp", (3, 5), "volt+amp", "this is not the unit of 'w'", ("volt+amp", "volt*amp"),
           expected="a unit such as volt, amp/metre**2 or 1"),
    Broken(f"{NEURONS}{SPIKES}reset:", (4, 1), "reset", "the value of 'reset' is missing",
           ("reset:", "reset: v = 0*mV"), expected="reset: v = -60*mV"),
    Broken(f"{NEURONS}{V}threshold", (3, 1), "threshold", "a ':' is missing behind 'threshold'",
           ("threshold", "threshold: v > 1*mV"), expected="threshold: v > -50*mV"),
    # brackets of each kind
    Broken(f"{NEURONS}dv/dt = -v/(10*ms : volt", (2, 12), "(", "the bracket '(' is never closed", ("ms :", "ms) :")),
    Broken(f"{NEURONS}dv/dt = -v/10*ms) : volt", (2, 17), ")", "')' closes a bracket that was never opened",
           ("10*ms)", "(10*ms)"), hint="remove it"),
    Broken(f"{NEURONS}dv/dt = -v/[10*ms) : volt", (2, 18), ")", "')' closes the bracket '['", ("[", "("),
           expected="the partner of '['"),
    Broken(f"{NEURONS}{V}tau = 1*ms in [1*ms, 5*ms", (3, 15), "[", "the bracket '[' is never closed",
           ("5*ms", "5*ms]")),
    Broken(f"{NEURONS}{V}threshold: v > {{1*mV", (3, 16), "{", "the bracket '{' is never closed", ("{", "")),
    Broken(f"{NEURONS}{SPIKES}reset: v = 0*mV]", (4, 16), "]", "']' closes a bracket that was never opened", ("]", "")),
    Broken(f"{NEURONS}{V}tau = (2*ms\nthreshold: v > 1*mV", (3, 7), "(", "the bracket '(' is never closed",
           ("(2*ms", "2*ms")),
    Broken(f"{DRIVE}connect: p=(0.1", (3, 12), "(", "the bracket '(' is never closed", ("(0.1", "0.1")),
    # operands and operators
    Broken(f"{NEURONS}dv/dt = -v/(10ms) : volt", (2, 13), "10ms", "'10ms' is not a number", ("10ms", "10*ms"),
           hint=f"{PRODUCT}: 10*ms"),
    Broken(f"{NEURONS}dv/dt = -5 v/ms : volt", (2, 10), "5 v", "an operator is missing between '5' and 'v'",
           ("5 v", "5*v"), hint=f"{PRODUCT}: 5*v"),
    Broken(f"{NEURONS}dv/dt = -2(v)/ms : volt", (2, 10), "2(v)", "an operator is missing", ("2(v)", "2*(v)"),
           hint=PRODUCT),
    Broken(f"{NEURONS}{V}tau = exp 2", (3, 7), "exp 2", "an operator is missing between 'exp' and '2'",
           ("exp 2", "exp(2)"), hint="a function is called with brackets: exp(2)"),
    Broken(f"{NEURONS}dv/dt = -v/ms + : volt", (2, 15), "+", "something is missing behind '+'", (" + :", " :")),
    Broken(f"{NEURONS}dv/dt = -v*/ms : volt", (2, 11), "*/", "something is missing between '*' and '/'", ("*/", "/")),
    Broken(f"{NEURONS}dv/dt = (/ms) : volt", (2, 9), "(/", "something is missing between '(' and '/'", ("(/", "(-v/")),
    Broken(f"{NEURONS}dv/dt = -1,5*v/ms : volt", (2, 9), "-1,5*v/ms", "a comma does not belong here", ("1,5", "1.5"),
           hint="a decimal point is written '.'"),
    # signs and words of other languages
    Broken(f"{NEURONS}{V}threshold: v = 1*mV", (3, 14), "=", "'=' inside a condition", ("v =", "v >"),
           hint="a comparison: v > 1*mV"),
    Broken(f"{NEURONS}{V}events: high: v/mV=(1 + 2)", (3, 19), "=", "'=' inside a condition", ("mV=", "mV>"),
           hint="a comparison: v/mV > (1 + 2)"),
    Broken(f"{NEURONS}{V}tau = 10*ms, I = 15*mV", (3, 14), "I =", "two definitions stand in one line", (", I", "\nI"),
           hint="each has a line of its own, so begin one with  I = 15*mV"),
    Broken(f"{NEURONS}{V}tau = 10*ms in [1*ms, 20*ms]; x : 1", (3, 31), "x :", "two definitions stand in one line",
           ("; x", "\nx"), hint="begin one with  x : 1"),
    Broken(f"{NEURONS}dx/dt = -x^2/ms : 1", (2, 11), "^", "'^' is not an operator here", ("^", "**"),
           hint="powers are written with **"),
    Broken(f"{NEURONS}{V}threshold: v > 1*mV & v < 5*mV", (3, 21), "&", "'&' is not an operator here", ("&", "and"),
           hint="write 'and'"),
    Broken(f"{NEURONS}{V}threshold: (v > 1*mV) || (v < 5*mV)", (3, 23), "||", "'||' is not an operator", ("||", "or"),
           hint="write 'or'"),
    Broken(f"{NEURONS}{V}threshold: !(v > 1*mV)", (3, 12), "!", "'!' is not an operator here", ("!", "not "),
           hint="write 'not'"),
    Broken(f"{NEURONS}{V}threshold: v => 1*mV", (3, 14), "=>", "'=>' is not an operator here", ("=>", ">="),
           hint="write >="),
    Broken(f"{NEURONS}dv/dt = -v[0]/ms : volt", (2, 10), "v[0]", "indexing is not part of the language", ("[0]", ""),
           hint="the value of this very element"),
    Broken(f"{NEURONS}dv/dt = -inh.v/ms : volt", (2, 10), "inh.v", "attributes are not part of the language",
           ("inh.v", "v"), found="'inh.v'"),
    Broken(f"{NEURONS}dv/dt = -(v if v > 0*mV else 0*mV)/ms : volt", (2, 11), "v if v > 0*mV else 0*mV",
           "'if ... else' is not part of the language", ("v if v > 0*mV else 0*mV", "v*int(v > 0*mV)"),
           hint="multiply by int(condition)"),
    Broken(f"{NEURONS}dv/dt = -clip(v, 0*mV, high=1*mV)/ms : volt", (2, 10), "clip(v, 0*mV, high=1*mV)",
           "keyword arguments are not part of the language", ("high=", ""), hint="in their order"),
    Broken(f"{NEURONS}dv/dt = -lambda*v/ms : volt", (2, 10), "lambda", "'lambda' is a word of Python",
           ("lambda", "2"), hint="choose another name"),
    Broken(f"{NEURONS}dv/dt = -'v'/ms : volt", (2, 10), "'v'", "this is not a number", ("'v'", "v"), found="'v'"),
    Broken(f"{NEURONS}dv/dt = -$v/ms : volt", (2, 10), "$", "$ does not belong into an expression", ("$", "")),
    # statements and flags
    Broken(f"{NEURONS}{SPIKES}reset: v", (4, 8), "v", "this is not a statement",
           ("reset: v", "reset: v = 0*mV"), expected="an assignment such as v = v_reset or g += w"),
    Broken(f"{NEURONS}{SPIKES}reset: v == 0*mV", (4, 8), "v == 0*mV", "this is not a statement", ("==", "="),
           hint="an assignment is written with a single ="),
    Broken(f"{NEURONS}{V}initial: v += 2*mV", (3, 10), "v += 2*mV", "an initial value is assigned with =", ("+=", "=")),
    Broken(f"{NEURONS}{V.strip()} (unless refractry)\n", (2, 27), "(unless refractry)", "is not a flag",
           (" (unless refractry)", ""), hint="did you mean 'unless refractory'?"),
    Broken(f"{NEURONS}{V.strip()} (constant)\n", (2, 27), "(constant)", "belongs to a parameter", (" (constant)", "")),
    Broken(f"{NEURONS}{V}events: high v > 1*mV", (3, 9), "high v > 1*mV", "this is not an event", ("high v", "high: v"),
           expected="name: condition"),
    # ranges
    Broken(f"{NEURONS}{V}tau = 1*ms in (1*ms, 5*ms)", (3, 12), "in (1*ms, 5*ms)", "this is not a range",
           ("(1*ms, 5*ms)", "[1*ms, 5*ms]"), expected="in [low, high]"),
    Broken(f"{NEURONS}{V}tau = 1*ms in [1*ms, 2*ms, 5*ms]", (3, 12), "in [1*ms, 2*ms, 5*ms]", "a range has two ends",
           (", 2*ms", ""), expected="in [low, high]"),
    Broken(f"{NEURONS}{V}tau = 1*ms in [1*ms, 5*ms] steps 1*ms", (3, 28), "steps 1*ms", "does not belong to a range",
           ("steps", "step"), expected="in [low, high] step s"),
    # lines that are nothing
    Broken(f"{NEURONS}{V}hello world", (3, 1), "hello world", "this is not an equation", ("hello world", ""),
           expected="dx/dt = expression : unit"),
    Broken(f"{NEURONS}v' = -v/(10*ms) : volt", (2, 1), "v' = -v/(10*ms) : volt", "this is not an equation",
           ("v'", "dv/dt"), expected="dx/dt = expression : unit"),
    Broken("%%neurons exc -n 10\n# no line\n  # at all\n", (1, 1), "%%neurons exc -n 10", "the cell is empty",
           ("# no line", "v : volt"), expected="equations and keys"),
    Broken("%%neurons exc -n 10\n\n", (1, 1), "%%neurons exc -n 10", "the cell is empty", ("10\n", "10\nv : volt"),
           expected="equations and keys"),
    Broken(f"{SYNAPSES}connect: p=0.1", (1, 1), SYNAPSES.strip(), "these synapses do nothing",
           ("connect", "on_pre: v += 1*mV\nconnect"), expected="on_pre: v += 1*mV"),
    # the place is right behind tabs, comments, letters of other scripts, and in lines that go on
    Broken(f"{NEURONS}{V}\tthreshold:\tv > (1*mV", (3, 17), "(", "the bracket '(' is never closed", ("> (1", "> 1")),
    Broken(f"{NEURONS}{V}# 神経 \N{GRINNING FACE}: (\n# élève [\nthreshold: v > 5 mV", (5, 16), "5 mV",
           "an operator is missing", ("5 mV", "5*mV")),
    Broken("%%neurons exc -n 10 # größer\ndv/dt = (1*mV   # überall (\n  - v # τ\n  + 3 v)/ms : volt", (4, 5), "3 v",
           "an operator is missing between '3' and 'v'", ("3 v", "3*v")),
    Broken(f"{NEURONS}{V}threshold: v > 1*mV and\n           v < 5 mV   # not [too] high", (4, 16), "5 mV",
           "an operator is missing between '5' and 'mV'", ("5 mV", "5*mV")),
    Broken(f"{DRIVE}connect:   # whom?\n    i != j,  # not (itself\n    p=0.5 5\n", (5, 7), "0.5 5",
           "an operator is missing", ("0.5 5", "0.5")),
    # several lines that cannot be read, together and in their order
    Broken(f"{NEURONS}dv/dt = -v/10ms : volt\nx : vlt\nthreshold: v > 1*mV]\nreset: v\ntau = 2 ms", (2, 12), "10ms",
           "'10ms' is not a number",
           ("10ms : volt\nx : vlt\nthreshold: v > 1*mV]\nreset: v\ntau = 2 ms",
            "(10*ms) : volt\nx : volt\nthreshold: v > 1*mV\nreset: v = 0*mV\ntau = 2*ms"),
           also=((3, 5, "'vlt' is not a unit"), (4, 20, "']' closes"), (5, 8, "this is not a statement"),
                 (6, 7, "an operator is missing"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_cannot_be_read_is_pointed_at(notebook, case):
    check(notebook, case)


def test_a_magic_without_a_cell_is_explained_by_ipython(notebook):
    ran = notebook.try_cell("%%neurons exc -n 10")
    assert "the cell body is empty" in ran.printed
    assert "Traceback" not in ran.printed


def test_all_lines_of_a_place_are_shown_and_underlined_without_their_comments(notebook):
    cell = "%%neurons exc\ndv/dt = (x - v  # leak\n\n   # and drive\n   + 1*nA)/ms : volt\nx : volt"
    assert notebook.try_cell(cell).printed.splitlines()[1:5] == [
        "    dv/dt = (x - v  # leak",
        "             ^^^^^",
        "       + 1*nA)/ms : volt",
        "       ^^^^^^",
    ]
