"""What Tab offers behind the name of a group, of synapses or of a monitor: variables first, then what users call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyspike.magics.words import Word, first_line, symbol_words, value_word
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.monitors.eventmonitor import EventMonitor
from jupyspike_engine.objects.monitors.monitor import Monitor
from jupyspike_engine.objects.monitors.ratemonitor import PopulationRateMonitor
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.own_constants import is_constant
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.spatial.spatialneuron import SpatialNeuron
from jupyspike_engine.objects.spikegenerator import SpikeGeneratorGroup
from jupyspike_engine.objects.synaptic.synapses import Synapses

OFFERED: dict[type, str] = {
    Synapses: "connect i j delay source target",
    NeuronGroup: "events spikes run_on_event set_event_schedule",
    SpatialNeuron: "morphology",
    SpikeGeneratorGroup: "set_spikes period",
    EventMonitor: "t i count num_spikes spike_trains smooth_rate binned_rate values all_values it event_trains",
    PopulationRateMonitor: "smooth_rate binned_rate",
    Monitor: "t N source get_states",
    VariableOwner: "N t equations namespace get_states set_states run_regularly run_at add_attribute",
    SimulatedObject: "name active clock dt when order",
}
"""What scripts use of each kind of object besides its variables, the most special first."""

_BEHIND_NAME = re.compile(r"(?<![\w.\])])(?P<name>[^\W\d]\w*)\.(?P<start>\w*)\Z")


def attributes_at(before: str, names: Mapping[str, Any]) -> tuple[str, list[Word]]:
    """What stands of an attribute at the end of a line, and the words that it may become.

    Parameters
    ----------
    before : str
        The line up to the cursor.
    names : mapping
        The notebook's namespace.
    """
    found = _BEHIND_NAME.search(before)
    item = names.get(found["name"]) if found else None
    if found is None or not isinstance(item, SimulatedObject):
        return "", []
    return found["start"], [word for word in attribute_words(item) if word.text.startswith(found["start"])]


def attribute_words(item: SimulatedObject) -> list[Word]:
    """The attributes of an object that users use: its variables and constants, then the others."""
    words, known = variable_words(item), {*dir(item)}
    if isinstance(item, Monitor):
        words += [Word(name, "recorded", "", "what was recorded") for name in item.columns]
    if isinstance(item, Synapses):
        words += [Word(path, "pathway", "", f"the events of '{path}'") for path in item.pathways]
    for kind, offered in OFFERED.items():
        if isinstance(item, kind):
            words += [_attribute(item, name) for name in offered.split() if name in known]
    words += [Word(name, "attribute") for name in _of_user(item)]
    return [*{word.text: word for word in words}.values()]


def variable_words(item: SimulatedObject) -> list[Word]:
    """Variables and constants of a group or of synapses, those of its equations first."""
    if not isinstance(item, VariableOwner):
        return []
    kinds = ("state", "subexpression", "linked", "index")
    own = {name: s for name, s in item.symbols.items() if s.side == "own" and s.meaning in kinds}
    equations = {name: symbol for name, symbol in own.items() if symbol.definition is not None}
    namespace = item.namespace
    constants = [value_word(name, namespace[name], "constant") for name in namespace if is_constant(name, namespace)]
    others = {name: symbol for name, symbol in own.items() if name not in equations}
    return [*symbol_words(equations), *constants, *symbol_words(others)]


def _of_user(item: SimulatedObject) -> list[str]:
    """What somebody has added to an object, or defined in a class of their own."""
    classes = [cls for cls in type(item).__mro__ if cls.__module__.split(".")[0] != "jupyspike_engine"]
    defined = [name for cls in classes if cls is not object for name in vars(cls) if not name.startswith("_")]
    return [*defined, *item.__dict__.get("_added", ())]


def _attribute(item: SimulatedObject, name: str) -> Word:
    of_class = getattr(type(item), name, None)
    return Word(name, "method" if callable(of_class) else "attribute", "", first_line(of_class))
