"""What Tab offers in a line ``%simulate`` or ``%live``: options, views, and what views show."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from jupyspike import widgets
from jupyspike.magics.attributes import attributes_at, variable_words
from jupyspike.magics.cards import elements_text
from jupyspike.magics.simulate import SIMULATE
from jupyspike.magics.words import Word, first_line, option_words, unit_words
from jupyspike.widgets import VIEWS
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.subgroup import Subgroup
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.units import SECOND, UNITS

LINE = re.compile(r"\s*%(?P<magic>simulate|live)[ \t](?P<inside>.*)\Z")
_WORD = re.compile(r"(?:--?)?[\w-]*\Z")
_AFTER_NUMBER = re.compile(r"[\d.]\s*\*\s*\Z")
_VALUES = {"--speed": ("max",), "--window": ("all",)}


def words_in_line(before: str, names: Mapping[str, Any]) -> tuple[str, list[Word]]:
    """What stands of a word at the end of a line, and the words that it may become.

    Parameters
    ----------
    before : str
        The line up to the cursor.
    names : mapping
        The notebook's namespace.
    """
    line = LINE.match(before)
    if line is None or "#" in line["inside"]:
        return "", []
    inside = line["inside"]
    view = _open_view(inside)
    if view is not None:
        start, behind = attributes_at(inside, names)
        if behind or inside.endswith("."):
            return start, [word for word in behind if word.kind.startswith("variable")]
    found = re.search(r"\w*\Z", inside) if view is not None else _WORD.search(inside)
    start = found[0] if found else ""
    words = _shown(view, names) if view is not None else _outside(line["magic"], inside[: len(inside) - len(start)])
    return start, [word for word in words if word.text.startswith(start)]


def _open_view(inside: str) -> str | None:
    """The view whose bracket is open at the end of a line."""
    views: list[str] = []
    for match in re.finditer(r"(\w*)\(|[\[{]|[)\]}]", inside):
        if match[0] in ")]}":
            del views[-1:]
        else:
            views.append(match[1] or "")
    return next((view for view in reversed(views) if view in VIEWS), None)


def _outside(magic: str, inside: str) -> list[Word]:
    """The words that may stand between options and views."""
    if magic == "live":
        return _views()
    before = inside.split()
    if before and before[-1] in _VALUES:
        return [Word(value, "value of an option") for value in _VALUES[before[-1]]]
    if _AFTER_NUMBER.search(inside):
        return [word for word in unit_words() if UNITS[word.text].dim is SECOND]
    if not before or not inside[-1:].isspace():
        return []
    options = [word for word in option_words(SIMULATE) if word.text not in before]
    given = [word for word in before if word.startswith("--")]
    return [*_views(), *options] if given[-1:] == ["--live"] else options


def _views() -> list[Word]:
    return [Word(name, "view", "", first_line(_class_of(name)), "", "(") for name in VIEWS]


def _class_of(view: str) -> type:
    found: type = getattr(widgets, VIEWS[view][1])
    return found


def _shown(view: str, names: Mapping[str, Any]) -> list[Word]:
    """What may stand in the brackets of a view: objects, their variables, and its own arguments."""
    items = {name: value for name, value in names.items() if not name.startswith("_")}
    groups = {name: item for name, item in items.items() if isinstance(item, (NeuronGroup, Subgroup))}
    synapses = {name: item for name, item in items.items() if isinstance(item, Synapses)}
    objects = [Word(name, "group", elements_text(item)) for name, item in groups.items()]
    connections = [Word(name, "synapses", str(len(item))) for name, item in synapses.items()]
    of_synapses = view in ("connectivity", "weights")
    words = [*connections, *objects] if of_synapses else [*objects, *connections]
    for name, item in (synapses | groups if of_synapses else groups | synapses).items():
        variables = [word for word in variable_words(item) if word.kind.startswith("variable") and word.example]
        words += [Word(f"{name}.{word.text}", word.kind, word.unit, word.about, word.example) for word in variables]
    given = inspect.signature(_class_of(view)).parameters.values()
    return [*words, *(Word(one.name, "argument", ending="=") for one in given if one.default is not one.empty)]
