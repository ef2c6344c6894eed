"""Where units and types meet they are checked: both are named, at the place in the text, all problems together."""

import pytest

from jupyspike_engine.diagnostics import (
    DimensionMismatchError,
    EquationError,
    UserError,
)  # fmt: skip
from jupyspike_engine.language.model import check_neurons, check_synapses, neuron_model, synapse_model
from jupyspike_engine.objects.namespaces import external_names
from jupyspike_engine.units import ms, mV, nA

CONSTANTS = {"tau": 10 * ms, "El": -70 * mV, "I0": 1 * nA, "n": 3, "yes": True, "a": 0.5}


def checked(equations="", threshold=None, reset=None, refractory=None, complete=True):
    events = {} if threshold is None else {"spike": threshold}
    reactions = {} if reset is None else {"spike": reset}
    model = neuron_model("exc", equations, events, reactions, refractory)
    return check_neurons(model, external_names(CONSTANTS), complete)


def problem(error=DimensionMismatchError, **texts):
    with pytest.raises(error) as caught:
        checked(**texts)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


V = "dv/dt = (El - v)/tau : volt"


def test_a_model_with_fitting_units_passes():
    equations = f"""{V} (unless refractory)
    dw/dt = (a*(v - El)/volt - w)/tau + 0.1*xi/sqrt(tau) : 1
    rate = clip(abs(v)/mV, 0, 100)*exp(-v**2/(2*(5*mV)**2))/second : hertz
    near = v > El and not (w < 1 or yes) : boolean
    counted = int(near) + int(v/mV) + i % n : integer
    p : volt"""
    scope = checked(equations, "v > -50*mV", "v = El; w += 1; w *= 2; p = sqrt(p**2)", "5*ms + rand()*tau")
    assert scope.symbols["rate"].dimension == (1 / ms).dim


@pytest.mark.parametrize(
    ("right", "place", "found", "expected"),
    [
        # the right-hand side as a whole
        ("v : volt", "v", "volt", "volt / second"),
        ("(El - v)/tau + I0 : volt", "(El - v)/tau + I0", "volt / second + amp", "the same unit on both sides"),
        ("v/tau - 3 : volt", "v/tau - 3", "volt / second - a plain number", "the same unit on both sides"),
        ("(El - v)/tau % tau : volt", "(El - v)/tau % tau", "volt / second % second", "the same unit on both sides"),
        ("(El - I0)/tau : volt", "El - I0", "volt - amp", "the same unit on both sides"),
        ("int(v > I0)*volt/tau : volt", "v > I0", "volt > amp", "the same unit on both sides"),
        ("int(v == 3)*volt/tau : volt", "v == 3", "volt == a plain number", "the same unit on both sides"),
        # functions
        ("exp(v)*volt/tau : volt", "v", "volt", "a plain number"),
        ("sqrt(v)/tau : volt", "sqrt(v)/tau", "volt ** 0.5 / second", "volt / second"),
        ("clip(v, El, tau)/tau : volt", "tau", "second", "volt"),
        ("timestep(v, dt)*volt/tau : volt", "v", "volt", "second"),
        ("sin(2*pi*v)/tau*volt : volt", "2*pi*v", "volt", "a plain number"),
        ("int(tau)*volt/tau : volt", "tau", "second", "a plain number"),
        # powers
        ("2**v/tau*volt : volt", "v", "volt", "a plain number"),
        ("v**v/tau : volt", "v", "volt", "a plain number"),
        ("v**(v/El)/tau : volt", "v/El", "", "a number, so that the unit of the result is known"),
        ("v**2/tau : volt", "v**2/tau", "volt ** 2 / second", "volt / second"),
        # noise
        ("xi*volt : volt", "xi*volt", "volt / second ** 0.5", "volt / second"),
        ("v/tau + xi*volt : volt", "v/tau + xi*volt", "volt / second + volt / second ** 0.5",
         "the same unit on both sides"),
    ],
)  # fmt: skip
def test_units_meet_in_an_equation(right, place, found, expected):
    diagnostic = problem(equations=f"p : 1\ndv/dt = {right}")
    assert diagnostic.span.text == place
    assert diagnostic.span.line == 2
    assert (diagnostic.found.partition("\n")[0], diagnostic.expected) == (found, expected)
    assert diagnostic.kind == "unit"


@pytest.mark.parametrize(
    ("texts", "said", "place", "found", "expected"),
    [
        ({"equations": "I = 3*v : amp\nv : volt"}, "the subexpression 'I' has the wrong unit", "3*v", "volt", "amp"),
        ({"equations": V, "threshold": "v > 1"}, "the two sides of '>' have different units", "v > 1",
         "volt > a plain number", "the same unit on both sides"),
        ({"equations": V, "threshold": "v > El", "reset": "v = 0"}, "the value for 'v' has the wrong unit", "0",
         "a plain number", "volt"),
        ({"equations": V, "threshold": "v > El", "reset": "v += tau"}, "the value for 'v' has the wrong unit", "tau",
         "second", "volt"),
        ({"equations": V, "threshold": "v > El", "reset": "v *= El"}, "the value in '*=' has the wrong unit", "El",
         "volt", "a plain number"),
        ({"equations": V, "threshold": "v > El", "refractory": "3*mV"}, "refractory has the wrong unit", "3*mV", "volt",
         "a time, as in 5*ms, or a condition"),
    ],
)  # fmt: skip
def test_units_meet_in_events(texts, said, place, found, expected):
    diagnostic = problem(**texts)
    assert (diagnostic.message, diagnostic.span.text) == (said, place)
    assert (diagnostic.found.partition("\n")[0], diagnostic.expected) == (found, expected)


@pytest.mark.parametrize(
    ("texts", "said", "place"),
    [
        ({"equations": V, "threshold": "v"}, "the threshold is neither true nor false", "v"),
        ({"equations": V, "threshold": "v/mV"}, "the threshold is neither true nor false", "v/mV"),
        ({"equations": V, "threshold": "v > El and v"}, "'and' joins conditions", "v"),
        ({"equations": V, "threshold": "not a"}, "'not' joins conditions", "a"),
        ({"equations": "dv/dt = (v > El)/tau : volt"}, "a truth value cannot be an operand of '/'", "v > El"),
        ({"equations": "x = exp(yes) : 1"}, "exp() takes a number", "yes"),
        ({"equations": "x = a : integer"}, "the subexpression 'x' must be an integer", "a"),
        ({"equations": "x = 3 : boolean"}, "the subexpression 'x' is neither true nor false", "3"),
        ({"equations": "x : boolean", "threshold": "x", "reset": "x += yes"}, "'x' is a truth value", "x += yes"),
        ({"equations": "dx/dt = yes/tau : boolean"}, "'x' cannot change continuously: it is boolean",
         "dx/dt = yes/tau : boolean"),
        ({"equations": "x = exp(1, 2) : 1"}, "exp() takes 1 argument", "exp(1, 2)"),
        ({"equations": "x = clip(1) : 1"}, "clip() takes 3 arguments", "clip(1)"),
        ({"equations": "x = sine(1) : 1"}, "the function 'sine' is not known", "sine(1)"),
        ({"equations": "x = exp : 1"}, "'exp' is a function", "exp"),
        ({"equations": "x = y + z : 1\ny = 2*x : 1\nz : 1"}, "the subexpression 'x' is defined through itself", "x"),
        ({"equations": "x = 1 + xi*sqrt(tau) : 1"}, None, None),
        ({"equations": V, "threshold": "v > El + xi*volt*sqrt(second)"}, "the noise 'xi' cannot be used here", "xi"),
        ({"equations": V, "refractory": "5*ms"}, "a refractory period needs a threshold", "5*ms"),
        ({"equations": V, "reset": "v = El"}, "there is a reset, but no threshold", "v = El"),
    ],
)  # fmt: skip
def test_kinds_and_rules_are_checked(texts, said, place):
    if said is None:
        checked(**texts)
        return
    with pytest.raises(UserError) as caught:
        checked(**texts)
    diagnostic = caught.value.diagnostics[0]
    assert (diagnostic.message, diagnostic.span.text) == (said, place)


@pytest.mark.parametrize(
    ("reset", "said"),
    [
        ("t = 3*ms", "'t' cannot be set in the reset: the simulator sets it"),
        ("i = 3", "'i' cannot be set in the reset: the simulator sets it"),
        ("lastspike = t", "'lastspike' cannot be set in the reset: the simulator sets it"),
        ("c = 1", "'c' cannot be set in the reset: it is a constant parameter"),
        ("s = 1", "'s' cannot be set in the reset: it is a subexpression"),
        ("V = El", "the reset sets the unknown variable 'V'"),
    ],
)
def test_only_variables_of_the_model_can_be_set(reset, said):
    with pytest.raises(UserError) as caught:
        checked(V + "\nc : 1 (constant)\ns = 2 : 1", "v > El", reset, "5*ms")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == said
    assert diagnostic.span.text == reset.split()[0]


def test_an_unknown_name_is_an_error_only_when_it_can_no_longer_be_defined():
    text = "dv/dt = -v/tau_m : volt"
    checked(text, complete=False)
    with pytest.raises(EquationError) as caught:
        checked(text)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.message == "the name 'tau_m' is not known"
    assert diagnostic.span.text == "tau_m"


def test_the_nearest_name_is_offered():
    assert problem(EquationError, equations="dv/dt = -v/tau : volt\nx = vv : volt").hint == "did you mean 'v'?"
    assert problem(EquationError, equations="x = 3*mv : volt").hint == "did you mean 'mV'?"
    assert problem(EquationError, equations="x = Exp(1) : 1").hint == "did you mean 'exp'?"
    hint = problem(EquationError, equations="x = v/faraday_constant : volt*mole/coulomb\nv : volt").hint
    assert hint == "from jupyspike.units.constants import faraday_constant"


def test_constants_must_be_single_numbers():
    with pytest.raises(UserError, match="'w' is an array of 3 values") as caught:
        model = neuron_model("exc", "x = w : 1", {}, {}, None)
        check_neurons(model, external_names({"w": [1, 2, 3]}), True)
    assert "a parameter: a line 'w : unit'" in caught.value.diagnostics[0].hint
    with pytest.raises(UserError, match="'w' is a str, not a number"):
        check_neurons(model, external_names({"w": "x"}), True)


def test_a_plain_number_beside_a_quantity_hints_at_the_unit():
    assert problem(equations="dv/dt = (El - v + 3)/tau : volt").hint == "a number with a unit: 3*volt"


def test_all_problems_of_a_model_come_together():
    with pytest.raises(EquationError) as caught:
        checked("dv/dt = El : volt\nx = 3*I0 : volt", "v > 0", "v = 3*tau\ny = 1", "2*mV")
    said = [(d.span.source.title, d.message) for d in caught.value.diagnostics]
    assert sorted(said) == sorted(
        [
            ("equations of exc", "the equation of 'v' has the wrong unit"),
            ("equations of exc", "the subexpression 'x' has the wrong unit"),
            ("threshold of exc", "the two sides of '>' have different units"),
            ("reset of exc", "the value for 'v' has the wrong unit"),
            ("reset of exc", "the reset sets the unknown variable 'y'"),
            ("refractory of exc", "refractory has the wrong unit"),
        ]
    )


# synapses

SOURCE = checked("x : 1\nv : volt").symbols
TARGET = checked("dv/dt = (El - v)/tau : volt\ng : 1\nq : 1 (constant)").symbols


def synapses(equations="w : 1", on_pre="g += w", on_post=None):
    pathways = {side: (side, "spike", code) for side, code in (("pre", on_pre), ("post", on_post)) if code}
    model = synapse_model("syn", equations, pathways)
    return check_synapses(model, SOURCE, TARGET, external_names(CONSTANTS), True)


def test_names_at_a_synapse_mean_the_target_unless_a_side_is_chosen():
    scope = synapses(on_pre="g += w*x_pre + v/mV + v_pre/mV + i - j + N_post + N_pre\nv_pre = v_post")
    sides = {name: scope.symbols[name].side for name in ("g", "v", "x_pre", "v_pre", "g_post", "w", "i", "j")}
    assert sides == {
        "g": "post", "v": "post", "x_pre": "pre", "v_pre": "pre", "g_post": "post", "w": "own", "i": "pre", "j": "post"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "said", "place", "found", "expected"),
    [
        ({"on_pre": "v += w"}, "the value for 'v' has the wrong unit", "w", "a plain number", "volt"),
        ({"on_pre": "v_post += x_pre*mV + w"}, "the two sides of '+' have different units", "x_pre*mV + w",
         "volt + a plain number", "the same unit on both sides"),
        ({"on_post": "w += v_pre"}, "the value for 'w' has the wrong unit", "v_pre", "volt", "a plain number"),
        ({"equations": "dw/dt = -w : 1"}, "the equation of 'w' has the wrong unit", "-w", "a plain number", "hertz"),
    ],
)  # fmt: skip
def test_units_meet_at_synapses(texts, said, place, found, expected):
    with pytest.raises(DimensionMismatchError) as caught:
        synapses(**texts)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.message, diagnostic.span.text) == (said, place)
    assert (diagnostic.found.partition("\n")[0], diagnostic.expected) == (found, expected)


def test_names_of_the_refractory_state_are_free_without_refractoriness():
    spiking = {"equations": "v : 1\nlastspike : second", "threshold": "v > 1"}
    assert checked(**spiking).symbols["lastspike"].writable
    diagnostic = problem(EquationError, refractory="5*ms", **spiking)
    assert diagnostic.message.startswith("'lastspike' cannot be the name of a variable here")
    assert diagnostic.span.text == "lastspike"


@pytest.mark.parametrize("name", ["j", "delay", "N_incoming", "N_outgoing"])
def test_synapses_have_names_of_their_own(name):
    with pytest.raises(EquationError, match=f"'{name}' cannot be the name of a variable here"):
        synapses(equations=f"{name} : 1", on_pre=None)


def test_lastupdate_is_free_without_event_driven_equations():
    synapses(equations="lastupdate : second", on_pre="lastupdate = t")
    with pytest.raises(EquationError, match="'lastupdate' cannot be the name of a variable here"):
        synapses(equations="lastupdate : second\ndw/dt = -w/(10*ms) : 1 (event-driven)", on_pre="w += 1")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"equations": "v : 1", "on_pre": None}, "'v' is also a variable of the target"),
        ({"equations": "x : 1", "on_pre": None}, "'x' is also a variable of the source"),
        ({"on_pre": "q += 1"}, "'q' cannot be set in on_pre: it is a constant parameter"),
        ({"on_pre": "h += 1"}, "on_pre sets the unknown variable 'h'"),
        ({"equations": "dw/dt = -w/tau : 1 (event-driven)\ny = 2*w : 1\ndz/dt = y/tau : 1", "on_pre": None},
         "'w' is event-driven: its value is known only when an event arrives"),
    ],
)  # fmt: skip
def test_rules_of_synapses(texts, said):
    with pytest.raises(EquationError) as caught:
        synapses(**texts)
    assert [d.message for d in caught.value.diagnostics] == [said]


# what to try


UNITS_OF = {"second": ms, "volt": mV, "amp": nA, "a plain number": 1, "hertz": 1 / ms, "volt / second": mV / ms}


@pytest.mark.parametrize(
    ("right", "constants", "names", "hint"),
    [
        ("(El - v)/tau : volt", {"tau": 20 * mV}, "El, v, tau in volt", "tau is in volt; in second it would fit"),
        ("(El - v)/tau : volt", {"El": -70}, "", "El is a plain number; in volt it would fit"),
        ("(El - v + v*I0)/tau : volt", {}, "El, v in volt; I0 in amp", "I0 is in amp; as a plain number it would fit"),
        ("-a*v : volt", {}, "a a plain number; v in volt", "a is a plain number; in hertz it would fit"),
        ("exp((v - El)/I0)*El/tau : volt", {}, "v, El in volt; I0 in amp", "I0 is in amp; in volt it would fit"),
        ("(El - v)*I0/tau : volt", {}, "El, v in volt; I0 in amp; tau in second",
         "I0 is in amp; as a plain number it would fit"),
        # no constant can be the wrong one, or none whose unit would be a usual one
        ("v**2/tau : volt", {}, "v in volt; tau in second", "dv/dt is in volt per second"),
        ("(El - v)*El/tau : volt", {}, "El, v in volt; tau in second", "dv/dt is in volt per second"),
        ("El - v : volt", {}, "", "a rate of change: divide by a time constant, as in (...)/(10*ms)"),
        ("(a*v + I0)/tau : volt", {}, "a a plain number; v in volt; I0 in amp", "I0 is in amp; in volt it would fit"),
        ("a*(El - v) - I0 : volt", {"a": 1 / ms, "I0": mV}, "a in hertz; El, v, I0 in volt",
         "I0 is in volt; in volt / second it would fit"),  # not: a as a plain number
        ("(a*v + I0*a)/tau : volt", {}, "a a plain number; v in volt; I0 in amp", "I0 is in amp; in volt it would fit"),
    ],
)  # fmt: skip
def test_a_constant_that_would_fit_in_another_unit_is_named(monkeypatch, right, constants, names, hint):
    for name, value in constants.items():
        monkeypatch.setitem(CONSTANTS, name, value)
    diagnostic = problem(equations=f"dv/dt = {right}")
    assert diagnostic.found.partition("\nwith ")[2] == names
    assert diagnostic.hint == hint
    name, _, unit = hint.removesuffix(" it would fit").replace("; as ", "; in ").partition(" is ")
    if hint.endswith("it would fit"):  # and so it does
        monkeypatch.setitem(CONSTANTS, name, 3 * UNITS_OF[unit.partition("; in ")[2]])
        checked(equations=f"dv/dt = {right}")


def test_it_is_said_once_where_several_places_are_wrong(monkeypatch):
    monkeypatch.setitem(CONSTANTS, "DeltaT", 2 * ms)
    with pytest.raises(DimensionMismatchError) as caught:
        checked("dv/dt = (El - v + DeltaT*exp((v - El)/DeltaT))/tau : volt")
    hints = [diagnostic.hint for diagnostic in caught.value.diagnostics]
    assert sorted(hints) == ["", "DeltaT is in second; in volt it would fit"]


def test_of_several_constants_that_could_be_wrong_each_is_named():
    diagnostic = problem(equations="dv/dt = (n*I0 - v)/tau : volt")
    assert diagnostic.hint == "n is a plain number; in ohm it would fit\nI0 is in amp; in volt it would fit"
    diagnostic = problem(equations="dv/dt = El*I0/tau : volt")
    assert diagnostic.hint == "El is in volt; in ohm it would fit\nI0 is in amp; as a plain number it would fit"
