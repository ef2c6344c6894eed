"""What may be written in a cell: words with their kind, unit and meaning, taken from the tables that define them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from inspect import getdoc
from typing import Any

from jupyspike.magics.keys import KEYS, keys_of
from jupyspike.magics.options import Options
from jupyspike_engine.language.flags import FLAGS, Role
from jupyspike_engine.language.functions import FUNCTIONS, Function
from jupyspike_engine.language.names import CONSTANTS
from jupyspike_engine.language.scope import Symbol
from jupyspike_engine.numerics.integrator import INTEGRATORS
from jupyspike_engine.units import ALL_UNITS, UNITS, dimension_of
from jupyspike_engine.units.names import SHORTHANDS


@dataclass(frozen=True)
class Word:
    """A word that may be written in a cell.

    Attributes
    ----------
    kind, unit : str
        What it is, and the unit of its value or what else it takes.
    about, example : str
        What it is for, and how it is written.
    ending : str
        What is written directly behind it.
    """

    text: str
    kind: str
    unit: str = ""
    about: str = ""
    example: str = ""
    ending: str = ""

    @property
    def shown(self) -> str:
        """Kind and unit, as lists of completions show them."""
        return f"{self.kind}, {self.unit}" if self.unit else self.kind


# The names that the simulator defines itself.
SPECIAL = {
    "t": "the time in the simulation",
    "dt": "the length of a time step",
    "t_in_timesteps": "the number of the time step",
    "i": "the number of the neuron, from 0; at a synapse that of its source",
    "j": "the number of the neuron that a synapse ends at, from 0",
    "N": "how many there are: neurons in the group, or synapses",
    "N_incoming": "how many synapses end at the target neuron",
    "N_outgoing": "how many synapses begin at the source neuron",
    "lastspike": "when the neuron spiked last",
    "lastupdate": "when the synapse was updated last",
    "not_refractory": "whether the neuron may spike",
    "xi": "white noise; each xi_name is a noise of its own",
}
NOISE = Word("xi", "noise", "second ** -0.5", SPECIAL["xi"], "dv/dt = -v/tau + sigma*sqrt(2/tau)*xi : volt")
TYPES = {"1": "a plain number", "boolean": "true or false", "integer": "a whole number"}
ARGUMENTS = {
    "p": ("number", "the probability that a pair gets synapses", "p=0.1"),
    "n": ("integer", "how many synapses a pair gets", "n=2"),
    "i": ("integer", "the source for each target j", "i='j'"),
    "j": ("integer", "the targets for each source i", "j='k for k in range(i)'"),
    "skip_if_invalid": (
        "True or False",
        "whether numbers of neurons that do not exist are left out",
        "j='i + 1', skip_if_invalid=True",
    ),
}

# What functions ask of units, and a call.
_RULES = {
    "dimensionless": ("of plain numbers", "{name}(v/mV)"),
    "same": ("unit of x", "{name}(v)"),
    "square root": ("root of the unit of x", "{name}(a*b)"),
    "sign": ("plain number", "{name}(v)"),
    "timestep": ("integer", "{name}(t - lastspike, dt)"),
    "truth or number": ("integer", "{name}(v > 0*mV)"),
}
_ROLES = {
    "differential equation": "changes by its equation",
    "subexpression": "computed from others",
    "parameter": "a value for each element",
}

_LINES = {
    "differential equation": "dx/dt = -x/tau : volt",
    "subexpression": "x = 2*v : volt",
    "parameter": "x : volt",
}


def key_words(magic: str) -> list[Word]:
    """The reserved keys of a cell."""
    rows = (KEYS[name] for name in keys_of(magic))
    return [Word(row.name, "key", row.unit, row.about, f"{row.name}: {row.example}", ":") for row in rows]


def option_words(options: Options) -> list[Word]:
    """The options in the first line of a cell."""
    return [
        Word(flag, "option", "", action.help or "", options.help_text)
        for action in options._actions
        for flag in action.option_strings
    ]


def flag_words(magic: str, role: Role | None = None) -> list[Word]:
    """The flags that a line of a cell may have."""
    rows = [row for row in FLAGS.values() if row.only in ("", magic[2:]) and (role is None or role in row.roles)]
    return [
        Word(row.name, "flag", "", f"the variable {row.about}", f"{_LINES[role or row.roles[0]]} ({row.name})")
        for row in rows
    ]


def method_words() -> list[Word]:
    """The methods of integration."""
    chosen = Word("auto", "method", "", "the most exact method that fits the equations", "method: auto")
    return [chosen, *(Word(n, "method", "", m.about, f"method: {n}") for n, m in INTEGRATORS.items())]


def function_words() -> list[Word]:
    """The functions of the language."""
    return [_function(row) for row in FUNCTIONS.values()]


def _function(row: Function) -> Word:
    if row.formula is not None:
        return Word(row.name, "function", str(row.formula.result), row.about, row.formula.call)
    unit, call = _RULES[row.rule]
    if row.arguments != 1 and row.rule != "timestep":
        call = "{name}()" if row.arguments == 0 else "{name}(v, 0*mV, 10*mV)"
    return Word(row.name, "function", unit, row.about, call.format(name=row.name))


def unit_words(start: str = "") -> list[Word]:
    """The units that values are given in: shorthands and units without a prefix; all that have a longer start."""
    others = [name for name in UNITS if name not in SHORTHANDS and name.isalpha()]
    if len(start) < 3:  # or hundreds would hide the usual ones
        others = [name for name in others if float(UNITS[name]) == 1]
    return [unit_word(name) for name in (*SHORTHANDS, *others)]


def unit_word(name: str) -> Word:
    unit = ALL_UNITS[name]
    of = str(dimension_of(unit))
    return Word(name, "unit", of, f"{float(unit):g} {of}" if float(unit) != 1 or name != of else "", f"20*{name}")


def base_unit_words() -> list[Word]:
    """What may stand behind the colon of an equation: types and units without a prefix, those with shorthands first."""
    types = [Word(name, "type", "", about, f"x : {name}") for name, about in TYPES.items()]
    usual = {UNITS[name].dim for name in SHORTHANDS}
    units = [name for name in UNITS if float(UNITS[name]) == 1 and name.isalpha()]
    units.sort(key=lambda name: (UNITS[name].dim not in usual, str(UNITS[name].dim) != name))
    return [*types, *(replace(unit_word(name), example=f"x : {name}") for name in units)]


def constant_words() -> list[Word]:
    """The constants of the language."""
    return [Word(name, "constant", "1", f"{value:g}") for name, value in CONSTANTS.items()]


def argument_words() -> list[Word]:
    """The arguments of the key ``connect``."""
    return [
        Word(name, "argument", unit, about, f"connect: {example}", "=")
        for name, (unit, about, example) in ARGUMENTS.items()
    ]


def symbol_words(symbols: Mapping[str, Symbol]) -> list[Word]:
    """Variables of a model, and what the simulator defines in it."""
    return [_symbol(name, symbol) for name, symbol in symbols.items()]


def _symbol(name: str, symbol: Symbol) -> Word:
    of = {"own": "", "pre": " of the source", "post": " of the target"}[symbol.side]
    unit = str(symbol.dimension) if symbol.type == "real" else symbol.type
    line = symbol.definition
    if line is None:
        plain = name.removesuffix("_pre").removesuffix("_post")
        return Word(name, "variable", unit, SPECIAL.get(name) or SPECIAL.get(plain, "") + of)
    return Word(name, f"variable{of}", unit, ", ".join([_ROLES[line.role], *line.said]), str(line))


def first_line(item: object) -> str:
    """What a docstring says first, or nothing."""
    return (getdoc(item) or "").split("\n")[0]


def value_word(name: str, value: Any, about: str = "constant of the notebook") -> Word:
    """A constant with its value."""
    return Word(name, "constant", str(dimension_of(value)), f"{about}, {value:g}", f"{name} = {_as_code(value)}")


def _as_code(value: Any) -> str:
    """A value as it is written in a cell, such as ``10*ms``."""
    if dimension_of(value).is_dimensionless:
        return f"{value:g}"
    unit = value.get_best_unit()
    name = str(unit) if str(unit) in ALL_UNITS else repr(unit).replace(" ", "")
    return f"{float(value / unit):.9g}*{name}"
