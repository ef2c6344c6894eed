"""What words of a cell are explained as, and the help of the magics themselves."""

from __future__ import annotations

import inspect
import re

import pytest

from jupyspike import Mohm, cm, kelvin, mmolar, ms, mV, siemens, uF, volt
from jupyspike.magics import Magics, connect, words
from jupyspike.magics.cells import OPTIONS
from jupyspike.magics.inspection import Inspect, help_card, word_at
from jupyspike.magics.keys import KEYS, keys_of
from jupyspike_engine.diagnostics import Source, Span
from jupyspike_engine.language.functions import FUNCTIONS
from jupyspike_engine.language.lines import parse_definition
from jupyspike_engine.language.names import SPECIAL_NAMES
from jupyspike_engine.language.scope import neuron_symbols, synapse_symbols
from jupyspike_engine.units import dimension_of

NEURONS = """%%neurons exc -n 10 --method exact
dv/dt = (El - v)/taum : volt (unless refractory)
El = -49*mV in [-60*mV, -40*mV]
taum = 20*ms
threshold: v > -50*mV and rand() < 0.5
reset: v = El
refractory: 5*ms"""
SYNAPSES = """%%synapses exc -> exc --name drive
w : volt
dx/dt = -x/taux : 1 (event-driven)
on_pre: v_post += w*x
connect: i != j, p=0.1
delay: 1.5*ms"""


def explained(notebook, cell, word):
    word_found = word_at(cell, cell.index(word) + 1, notebook.names)
    return word_found and help_card(word_found).text.splitlines()


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("exact", ["exact: method", "linear equations with constant coefficients, solved without error",
                   "example: method: exact"]),
        ("-n", ["-n: option", "how many neurons there are; one without it",
                "example: %%neurons name -n 100 [--morphology shape] [--method exact] [--dt 0.1*ms]"]),
        ("dv", ["v: variable, volt", "changes by its equation, unless refractory",
                "example: dv/dt = (El - v)/taum : volt (unless refractory)"]),
        ("El", ["El: constant, volt", "constant of this cell, -49 mV, slider from -60 mV to -40 mV",
                "example: El = -49*mV"]),
        ("unless", ["unless refractory: flag", "the variable keeps its value while the neuron is refractory",
                    "example: dx/dt = -x/tau : volt (unless refractory)"]),
        ("mV", ["mV: unit, volt", "0.001 volt", "example: 20*mV"]),
        ("rand", ["rand: function, of plain numbers", "a random number between 0 and 1, another one at each use",
                  "example: rand()"]),
        ("threshold", ["threshold: key, condition", KEYS["threshold"].about, "example: threshold: v > -50*mV"]),
    ],
)  # fmt: skip
def test_words_of_a_cell_are_explained(notebook, word, lines):
    assert [line.strip() for line in explained(notebook, NEURONS, word)] == lines


def test_the_example_of_a_constant_is_what_a_cell_may_have(notebook):
    for value in (
        10 * ms, -49.125 * mV, 20 * uF / cm**2, 3, 0.1, 2e-9 * siemens / mV, 0 * mV, 100 * Mohm, 1e-15 * volt,
        3 * mmolar, 300 * kelvin,
    ):  # fmt: skip
        example = words.value_word("a", value).example
        notebook.run(f"%%neurons made\n{example}\ndx/dt = -x/ms : 1")
        made = notebook["made"].namespace["a"]
        assert dimension_of(made) == dimension_of(value)
        assert float(made) == pytest.approx(float(value), rel=1e-8), example


def test_synapses_explain_the_variables_of_both_ends_and_arguments(notebook):
    notebook.run(NEURONS)
    assert explained(notebook, SYNAPSES, "v_post")[0] == "v_post: variable of the target, volt"
    assert explained(notebook, SYNAPSES, "event-driven")[0] == "event-driven: flag"
    assert explained(notebook, SYNAPSES, "p=")[0] == "p: argument, number"
    assert explained(notebook, SYNAPSES, "exc")[0] == "exc: group, 10 neurons"
    assert explained(notebook, SYNAPSES, "x/dt")[0] == "x: variable, 1"
    assert explained(notebook, SYNAPSES, "taux") is None


def test_a_line_with_a_question_mark_is_answered_and_nothing_is_made(notebook):
    ran = notebook.run(NEURONS + "\nrefractory?\n  taum ?\nnothing?")
    assert [text.splitlines()[0] for text in ran.shown] == [
        "refractory: key, second or condition", "taum: constant, second", "nothing: not known here"
    ]  # fmt: skip
    assert "<code>refractory: 5*ms</code>" in ran.html[0]
    assert "exc" not in notebook.names


def test_a_kernel_explains_cells_and_leaves_python_to_itself(notebook):
    inspect_cell = Inspect(notebook.shell, lambda code, *rest: ("usual", code))
    reply = inspect_cell(NEURONS, NEURONS.index("refractory:"))
    assert reply["found"]
    assert reply["data"]["text/plain"].startswith("refractory: key, second or condition")
    assert inspect_cell("refractory", 3) == ("usual", "refractory")
    assert inspect_cell("%%neurons?", 5) == ("usual", "%%neurons?")


@pytest.mark.parametrize("magic", ["%%neurons", "%%synapses"])
def test_the_help_of_a_magic_names_all_options_and_keys_and_has_an_example_that_runs(notebook, magic):
    text = inspect.getdoc(getattr(Magics, magic[2:]))
    usage, _, example = text.partition("Example::")
    named = set(re.findall(r"[\w-]+", usage))
    options = {flag for action in OPTIONS[magic]._actions for flag in action.option_strings}
    assert {*keys_of(magic), *options} - {"--n"} <= named
    if magic == "%%synapses":
        group = "-n 20\nv : volt\nthreshold: v > 1*mV\nreset: v = 0*mV"
        notebook.run(f"%%neurons exc {group}", f"%%neurons inh {group}")
    notebook.run(inspect.cleandoc(example))
    notebook.run("%simulate 1*ms")


def test_the_examples_of_functions_and_keys_are_right(notebook):
    functions = [word.example for word in words.function_words() if not FUNCTIONS[word.text].random]
    used = "\n".join(f"y{k} = {example} == {example} : boolean" for k, example in enumerate(functions))
    shapeless = (word for word in words.key_words("%%neurons") if word.text != "threshold_location")  # see test_space
    keys = [word.example for word in shapeless]
    notebook.run("\n".join(["%%neurons exc -n 2", "v : volt\na : volt\nb : volt", used, *keys]))
    arguments = [word.example for word in words.argument_words()]
    keys = [word.example for word in words.key_words("%%synapses") if word.text not in ("initial", "connect")]
    for connection in ("connect: p=0.1", *arguments):
        notebook.run("\n".join(["%%synapses exc -> exc", "w : 1", *keys, connection]))


def test_what_has_a_grammar_of_its_own_is_listed_whole():
    assert {*words.ARGUMENTS} == {*connect.ARGUMENTS} - {"condition"}
    assert {*SPECIAL_NAMES} <= {*words.SPECIAL}


def test_everything_that_the_simulator_defines_is_explained():
    text = "dx/dt = -x/ms : 1 (event-driven)"
    line = parse_definition(Span(Source(text, ""), 0, len(text)))
    neurons = neuron_symbols([], refractory=True)
    listed = [*words.symbol_words(neurons), *words.symbol_words(synapse_symbols([line], neurons, neurons))]
    assert [word.text for word in listed if not word.about] == []


@pytest.mark.parametrize("magic", ["%%neurons", "%%synapses"])
def test_every_word_says_what_it_is_for(magic):
    listed = [
        *words.key_words(magic), *words.option_words(OPTIONS[magic]), *words.flag_words(magic), *words.method_words(),
        *words.function_words(), *words.constant_words(), *words.argument_words(),
    ]  # fmt: skip
    assert [word.text for word in listed if not (word.about and word.kind)] == []
