"""Values with units as texts: what is shown can be written, and more."""

import pytest

from jupyspike import ArgumentError, DimensionMismatchError, amp, cm, metre, ms, mV, ohm, second, uA, volt
from jupyspike.widgets.display_units import unit_name
from jupyspike.widgets.entries import Entry, read_value, shown_value
from jupyspike.widgets.sources import labelled
from jupyspike_engine.diagnostics import UserError
from jupyspike_engine.units import UNITS

DENSITY = uA / cm**2


@pytest.mark.parametrize(
    ("unit", "shown"),
    [(DENSITY, "\N{MICRO SIGN}A/cm\N{SUPERSCRIPT TWO}"), (UNITS["us"], "\N{MICRO SIGN}s"), (ohm * cm, "ohm cm"),
     (metre**-3, "m\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT THREE}"), (volt**0.5, "V^0.5"), (amp / amp, "")],
)  # fmt: skip
def test_units_are_shown_as_they_are_printed(unit, shown):
    assert unit_name(unit) == shown
    assert labelled("x", unit) == (f"x ({shown})" if shown else "x")


def test_what_is_shown_of_any_unit_can_be_written():
    for unit in UNITS.values():
        shown = shown_value(3 * float(unit), unit)
        assert read_value(shown, unit, "x") == pytest.approx(3 * float(unit)), shown


@pytest.mark.parametrize(
    "text",
    ["20 uA/cm**2", "20 uA/cm^2", "20 \N{MICRO SIGN}A/cm\N{SUPERSCRIPT TWO}", "20 \N{GREEK SMALL LETTER MU}A/cm**2",
     "20 uA*cm\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT TWO}", "0.02*mA/cm\N{SUPERSCRIPT TWO}", "20 uamp/cmetre**2"],
)  # fmt: skip
def test_units_may_be_written_as_they_are_shown_or_as_in_models(text):
    assert read_value(text, DENSITY, "I") == pytest.approx(0.2)


@pytest.mark.parametrize(("text", "meant"), [("9 mv", "mV"), ("9 Mv", "mV"), ("9 MHZ", "MHz"), ("9 khz", "kHz")])
def test_a_unit_in_another_case_is_taken_for_the_usual_one(text, meant):
    with pytest.raises(UserError, match=f"did you mean '{meant}'"):
        read_value(text, volt, "x")


def test_a_wrong_text_is_refused_with_help_and_the_value_stays():
    entry = Entry("I", 0.2, DENSITY)
    entry.text.value = "3 \N{MICRO SIGN}V"
    assert "I has the wrong unit; found volt" in entry.problem.value
    entry.text.value = "3 uA/cn\N{SUPERSCRIPT TWO}"
    assert "the name &#x27;cn&#x27; is not known" in entry.problem.value
    assert (entry.si_value, entry.text.value) == (0.2, "3 uA/cn\N{SUPERSCRIPT TWO}")
    with pytest.raises(DimensionMismatchError):
        read_value("3 mV", ms, "tau")


def test_all_that_an_error_says_is_told():
    entry = Entry("I", 0.2, DENSITY)
    entry.tell(ArgumentError("it is too large", found="3 < 4", expected="2 at most", hint="take less"))
    assert "it is too large; found 3 &lt; 4; expected 2 at most; take less" in entry.problem.value
    entry.tell(ArgumentError("it is too large"))
    assert ">it is too large<" in entry.problem.value


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("7", 7e-3, "7 mV"), ("-1.5e1", -15e-3, "-15 mV"), ("500uV", 500e-6, "500 \N{MICRO SIGN}V"),
     (".2 V", 0.2, "0.2 V"), ("2*5*mV", 10e-3, "10 mV"), ("5 mvolt", 5e-3, "5 mV")],
)  # fmt: skip
def test_numbers_are_in_the_unit_that_is_shown_and_units_stay_as_they_were_written(text, value, shown):
    entry = Entry("wi", 9e-3, mV)
    entry.text.value = text
    assert (entry.si_value, entry.text.value) == (pytest.approx(value), shown)
    assert entry.problem.layout.display == "none"


def test_the_next_number_is_in_the_unit_that_was_written():
    entry = Entry("the time shown", 1.0, second)
    entry.text.value = "200ms"
    entry.text.value = "300"
    assert (entry.si_value, entry.text.value) == (0.3, "300 ms")


def test_a_unit_with_other_capitals_is_found():
    entry = Entry("wi", 9e-3, mV)
    entry.text.value = "9 mv"
    assert "the unit &#x27;mv&#x27; of wi is not known; did you mean &#x27;mV&#x27;?" in entry.problem.value
    entry = Entry("wi", 9e-3, volt)
    entry.text.value = "9 mv"
    assert "did you mean &#x27;mV&#x27;?" in entry.problem.value


def test_what_was_written_is_what_was_found():
    def took(value):
        raise ArgumentError("the time must be above zero", found=f"{value} s")

    entry = Entry("the time", 1.0, second, took)
    entry.text.value = "-3 ms"
    assert "above zero; found -3 ms" in entry.problem.value and entry.text.value == "-3 ms"
    entry.text.value = "1 s"
    assert entry.problem.layout.display == "none"


def test_values_are_shown_in_their_unit():
    assert (shown_value(0.5, second), shown_value(1e-3, mV)) == ("0.5 s", "1 mV")
