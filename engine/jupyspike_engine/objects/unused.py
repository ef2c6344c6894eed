"""Noticing objects that vanish without ever having been in a network."""

from __future__ import annotations

import functools
import sys
from typing import Any

from ..calls import explain_calls
from ..frames import calling_place
from ..logs import get_logger
from ..preferences import prefs

_log = get_logger("jupyspike.objects")


class NoticedIfUnused:
    """Warns when an object is collected that was made without an error and was never put into a network.

    Attributes
    ----------
    warns_if_unused : bool
        False for kinds of objects that have nothing to do in a network of their own.
    """

    warns_if_unused = True
    name: str

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        explain_calls(cls)
        make = cls.__init__

        @functools.wraps(make)
        def init(self: NoticedIfUnused, *arguments: Any, **keywords: Any) -> None:
            make(self, *arguments, **keywords)
            if type(self).__init__ is init and self.warns_if_unused:
                object.__setattr__(self, "_made_at", calling_place())

        cls.__init__ = init  # type: ignore[method-assign, assignment]

    def used(self) -> None:
        """Say that the object is in a network, or that it may vanish without a word."""
        object.__setattr__(self, "_made_at", None)

    def __del__(self) -> None:
        place = self.__dict__.get("_made_at")
        if place is not None and not sys.is_finalizing() and prefs.logging.warn_for_unused_objects:
            _log.warn(
                f"'{self.name}', made at {place}, vanishes and never was in a network: keep it in a variable where "
                "run() sees it, or add it to the network",
                "unused_brian_object",
            )
