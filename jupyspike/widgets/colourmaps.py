"""Colours of maps: what a value is drawn in, readable with every common colour blindness."""

from __future__ import annotations

from bokeh.palettes import RdBu11, interp_palette

from jupyspike.widgets.plots import ColourMap

_LOW_TO_HIGH = ("#46629F", "#7C8291", "#A6A191", "#D3C378", "#FFE945")
# from 32 of the 256 colours of cividis on, with CIE lightness from 42 (not 23: a cell at rest was hardly seen on black)
_MIDDLE = "#dddddd"  # neither white nor black, the pages behind it
_BELOW, _ABOVE = RdBu11[1:4], RdBu11[7:10]  # the darkest of each side could not be told from black

_SCALES: dict[ColourMap, tuple[str, ...]] = {
    "sequential": interp_palette(_LOW_TO_HIGH, 255),
    "diverging": interp_palette((*_BELOW, _MIDDLE, *_ABOVE), 255),
}

MAPS = {kind: ("#00000000", *scale) for kind, scale in _SCALES.items()}
"""The colour of each level from 0 to 255: 0 is nothing and transparent, 1 the lowest, 128 the middle, 255 the highest.

One is a lighter cividis (Nunez, Anderton and Renslow 2018, PLoS ONE 13: e0199239), the other one is red and blue
(Brewer's)."""

SHAPES = ("#80808060", *MAPS["sequential"][1:])
"""Colours of shapes: those without a value are seen, too."""
