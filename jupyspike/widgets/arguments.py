"""What live panels and boards are given: views, sliders and presets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, TypeVar, cast

from jupyspike.widgets.sources import ViewError
from jupyspike.widgets.view import View
from jupyspike_engine.diagnostics import ArgumentTypeError
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.running.live import Preset, Slider
from jupyspike_engine.objects.variables import VariableView
from jupyspike_engine.units import Quantity

_EXAMPLES: dict[type, str] = {
    Slider: "sliders=[Slider('tau', 5*ms, 50*ms)]",
    Preset: "presets=[Preset('fast', {'tau': 5*ms})]",
}
T = TypeVar("T", Slider, Preset)


def check_views(views: Iterable[object]) -> None:
    """Raise an error if something is not a view.

    Raises
    ------
    ViewError
    """
    for view in views:
        if not isinstance(view, View):
            raise ViewError("this is not a view", view, found=_called(view), expected=_shown_by(view))


def _shown_by(item: object) -> str:
    if isinstance(item, SimulatedObject):
        return f"a view of it, such as Raster({item.name})"
    if isinstance(item, VariableView):
        return f"a view of it, such as Trace({item.owner.name}.{item.name})"
    if isinstance(item, type) and issubclass(item, View):
        return f"what it is to show, as in {item.__name__}(G)"
    if isinstance(item, (list, tuple)):
        return "views one after the other, as in Raster(G), Rate(G)"
    return "a view, such as Raster(G)"


def _called(item: object) -> str:
    if isinstance(item, SimulatedObject):
        return f"{type(item).__name__} '{item.name}'"
    return item.__name__ if isinstance(item, type) else repr(item)


def all_of(kind: type[T], given: T | Iterable[T]) -> list[T]:
    """Sliders or presets as a list; a single one may stand alone.

    Raises
    ------
    ArgumentTypeError
        Something is of another kind.
    """
    several = isinstance(given, Iterable) and not isinstance(given, (str, Mapping))
    items: list[Any] = list(cast(Iterable[Any], given)) if several else [given]
    for item in items:
        if not isinstance(item, kind):
            what = kind.__name__.lower()
            raise ArgumentTypeError(f"this is not a {what}", kind="type", found=repr(item), expected=_EXAMPLES[kind])
    return items


def check_speed(speed: object) -> None:
    """Raise an error if something is not a speed.

    Raises
    ------
    ArgumentTypeError
    """
    number = isinstance(speed, Real) and not isinstance(speed, Quantity) and float(speed) > 0
    if speed is not None and not number:
        expected = "a number above zero, 1 for real time, or None for no limit"
        raise ArgumentTypeError("this is not a speed", kind="type", found=repr(speed), expected=expected)
