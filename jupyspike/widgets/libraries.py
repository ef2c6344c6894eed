"""The JavaScript that figures are drawn with. All of it comes with the installed packages: there may be no internet."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


def _bokeh() -> str:
    from bokeh.resources import Resources

    resources = Resources(mode="inline", components=["bokeh"])  # the other components are not drawn with
    return "\n".join(resources.js_raw)


def _solid() -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("three.bundle.js", "solid.js"))


LIBRARIES = {"bokeh": _bokeh, "solid": _solid}
"""Scripts by the names that pages ask for them with: BokehJS, and three.js with what draws cells in space."""


@cache
def compressed(name: str) -> bytes:
    """A library, compressed with gzip."""
    return gzip.compress(LIBRARIES[name]().encode(), compresslevel=6)
