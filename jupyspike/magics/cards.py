"""Cards: what a cell made, and what a run did, as HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from jupyspike.magics.notebook import Defined
from jupyspike.widgets.display_units import readable
from jupyspike_engine.language.formulas import math, math_line
from jupyspike_engine.language.syntax import Name
from jupyspike_engine.language.syntax import text as written
from jupyspike_engine.objects.method_choice import chosen
from jupyspike_engine.objects.neurongroup import AnyGroup, NeuronGroup
from jupyspike_engine.objects.running.memory import memory_of
from jupyspike_engine.objects.spatial.spatialneuron import SpatialNeuron
from jupyspike_engine.objects.synaptic.pathways import SynapticPathway
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.simulation.room import bytes_text
from jupyspike_engine.units import dimension_of

# Colours are those of the page, whose theme may be dark. Formulas are drawn by the browser itself, in a font for them
# if it has one, so nothing is loaded.
STYLE = """
<style>
.jupyspike-card{border:1px solid rgba(128,128,128,.35);border-left:4px solid #0072b2;border-radius:4px;
 padding:6px 14px;margin:2px 0;font-size:13px;line-height:1.5;max-width:60em;
 color:var(--jp-content-font-color1,inherit)}
.jupyspike-card summary{cursor:pointer}
.jupyspike-card table{border-collapse:collapse;margin:6px 0 2px;font-size:inherit}
.jupyspike-card tr{background:none!important}
.jupyspike-card td,.jupyspike-card th{text-align:left!important;padding:2px 18px 2px 0;vertical-align:baseline;
 background:none;border:none;white-space:normal;max-width:none}
.jupyspike-card th{font-weight:600;opacity:.65}
.jupyspike-card small{opacity:.75}
.jupyspike-card math{font:115% "STIX Two Math","Cambria Math","Latin Modern Math",math,serif;math-style:normal}
.jupyspike-card mfrac>*{padding:.1em}
</style>
"""


@dataclass(frozen=True)
class Card:
    """Shown by a notebook as HTML, elsewhere as text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return f'{STYLE}<div class="jupyspike-card">{self.html}</div>'

    def __repr__(self) -> str:
        return self.text


_MEANINGS = {
    "differential equation": "changes by its equation",
    "subexpression": "computed from others",
    "parameter": "a value for each element",
}


def definition_card(defined: Defined, program: str, notes: Sequence[str] = ()) -> Card:
    """The card of a ``%%neurons`` or ``%%synapses`` cell.

    Parameters
    ----------
    program : str
        What is known of the program that runs it.
    notes : sequence of str
        What a person should know.
    """
    made = defined.made
    what = elements_text(made) if isinstance(made, NeuronGroup) else _connections(made)
    facts = [("integrator", _integrator(made)), ("program", program), ("memory", bytes_text(memory_of(made)))]
    rows = [_row(math_line(d), d.unit_text, _meaning(d.role, d.said)) for d in made.equations.values()]
    rows += [_row(f"<code>{escape(str(reaction))}</code>", "", "reaction") for reaction in made.equations.reactions]
    rows += [
        _row(formula_of(name), _unit(value), _constant(defined, name))
        for name, value in made.namespace.items()
        if not name.startswith("_")
    ]
    shown = [*_behaviour(made), *((key, escape(value)) for key, value in facts)]
    rows += [f"<tr><th>{escape(key)}</th><td colspan=2>{value}</td></tr>" for key, value in shown]
    table = f"<table><tr><th>equation</th><th>unit</th><th>meaning</th></tr>{''.join(rows)}</table>"
    told = "".join(f"<div>&#9888; {escape(note)}</div>" for note in (*defined.notes, *notes))
    html = f"<details open><summary><b>{escape(made.name)}</b>: {what}</summary>{table}</details>{told}"
    text = f"{made.name}: {what}; " + "; ".join(f"{key}: {value}" for key, value in facts)
    return Card(html, "\n".join([text, *defined.notes, *notes]))


def elements_text(group: AnyGroup) -> str:
    """How many neurons there are; of those with a shape, how many cells and compartments."""
    if not isinstance(group, SpatialNeuron):
        return counted(len(group), "neuron")
    cells, compartments = len(group.cells), len(group)
    if not group.is_population:
        return counted(compartments, "compartment")
    alike = len({len(own) for own in group.cells.compartments}) == 1
    of = counted(compartments // cells, "compartment") + " each" if alike else f"{compartments:,} compartments in all"
    return f"{counted(cells, 'cell')} of {of}"


def counted(number: int, what: str) -> str:
    """A number of things, of which there may be one.

    >>> counted(1, "neuron"), counted(3200, "neuron")
    ('1 neuron', '3,200 neurons')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _connections(made: Synapses) -> str:
    return f"{len(made):,} synapses from {escape(made.source.name)} to {escape(made.target.name)}"


def _row(first: str, unit: str, meaning: str) -> str:
    raised = re.sub(r"\s*\*\*\s*\(?(-?[\d.]+)\)?", r"<sup>\1</sup>", escape(readable(unit)))
    return f"<tr><td>{first}</td><td>{raised}</td><td>{escape(meaning)}</td></tr>"


def formula_of(name: str) -> str:
    return math(Name(name))


def _meaning(role: str, flags: tuple[str, ...]) -> str:
    return _MEANINGS[role] + (f" ({', '.join(flags)})" if flags else "")


def _unit(value: Any) -> str:
    return str(dimension_of(value))


def _constant(defined: Defined, name: str) -> str:
    value = defined.made.namespace[name]
    bounds = defined.ranges.get(name)
    moved = f", slider from {bounds.low:g} to {bounds.high:g}" if bounds else ""
    return readable(f"constant, {value:g}{moved}")


def _behaviour(made: NeuronGroup | Synapses) -> list[tuple[str, str]]:
    if isinstance(made, Synapses):
        shown = [(f"on_{p.name}", _block(p.statements)) for p in made.model.pathways]
        return shown + [("delay", escape(_delay(p))) for p in made.pathways.values() if p.delays_ != 0.0]
    rows = [("threshold" if e == "spike" else e, math(c)) for e, c in made.model.events.items()]
    rows += [("reset" if e == "spike" else f"on {e}", _block(block)) for e, block in made.model.reactions.items()]
    if made.model.refractory is not None:
        rows.append(("refractory", math(made.model.refractory)))
    return rows


def _delay(pathway: SynapticPathway) -> str:
    if pathway.for_all:
        return str(pathway.delay)
    return f"{pathway.delay.min():g} to {pathway.delay.max():g}, each synapse its own"


def _block(statements: Any) -> str:
    return "; ".join(f"<code>{escape(f'{s.target} {s.symbol} {written(s.expression)}')}</code>" for s in statements)


def _integrator(made: NeuronGroup | Synapses) -> str:
    choice = chosen(made, shown=True)
    return "none, nothing is integrated" if choice is None else f"{choice.integrator.name}: {choice.reason}"


@dataclass(frozen=True)
class RunReport:
    """What a run did; times in seconds.

    Attributes
    ----------
    spikes : dict
        For each group the number of its neurons and of its spikes.
    """

    start: float
    end: float
    wall: float
    prepared: float
    origin: str
    target: str
    spikes: dict[str, tuple[int, int]]
    notes: tuple[str, ...] = ()

    def card(self) -> Card:
        """The card of a ``%simulate``."""
        length = self.end - self.start
        speed = f", {length / self.wall:.3g} times real time" if self.wall > 0 and length > 0 else ""
        lines = [
            f"simulated {length:g} s (t = {self.start:g} s to {self.end:g} s) in {self.wall:.3f} s{speed}",
            f"program: {self.origin} ({self.target}); ready after {self.prepared:.3f} s",
        ]
        spikes = [
            f"{name}: {counted(count, 'spike')} of {counted(size, 'neuron')}"
            + (f", {count / size / length:.2f} Hz" + " each" * (size > 1) if length > 0 else "")
            for name, (size, count) in self.spikes.items()
        ]
        html = f"<b>{escape(lines[0])}</b><br><small>{escape(lines[1])}</small><br>" + "<br>".join(map(escape, spikes))
        html += "".join(f"<div>&#9888; {escape(note)}</div>" for note in self.notes)
        return Card(html, "\n".join([*lines, *spikes, *self.notes]))
