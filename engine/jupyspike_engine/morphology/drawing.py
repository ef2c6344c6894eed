"""Pictures of trees: in text, and in a notebook as lines of the widths of the branches."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ..units import METRE, quantity
from .compartments import depth_first
from .shapes import Cones, Real, Sphere

if TYPE_CHECKING:
    from .morphology import Morphology
    from .tree import Tree

MOST_DASHES = 100
MOST_LINES = 40  # that repr draws
_MOST_POINTS, _MOST_SECTIONS = 20_000, 3_000  # of a picture: more cannot be seen
_WIDTH, _HEIGHT, _MARGIN = 480.0, 360.0, 12.0
COLOURS = {"soma": "#777777", "axon": "#cc6677", "dend": "#4477aa", "apic": "#228833"}
OTHER = "#4477aa"


class Topology:
    """A drawing of a tree in text, one line for each section and a dash for each of its compartments."""

    def __init__(self, root: Tree) -> None:
        self._root = root

    def lines(self) -> Iterator[str]:
        """Line by line, from the root."""
        places = {id(self._root): (-1, "")}  # where the line of a section begins, and its path
        for section in depth_first(self._root):
            start, path = places.pop(id(section))
            body = "( )" if isinstance(section.shape, Sphere) else "-" * min(section.n, MOST_DASHES) + "|"
            yield f"{' ' * start}{'`' if start >= 0 else ''}{body}  {path or '[root] '}"
            after = start + min(section.n, MOST_DASHES) + 2 + (start < 0)
            for child in section.sections:
                places[id(child)] = (after, f"{path}.{child.name}")

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self.lines())

    __repr__ = __str__


def described(section: Tree) -> str:
    """A section in one line."""
    kind, shape = type(section).__name__, section.shape
    if isinstance(shape, Sphere):
        parts = [f"diameter={_metres(shape.size)}"]
    else:
        first, last = _metres(shape.diameters[0]), _metres(shape.diameters[-1])
        parts = [f"diameter={first}" if first == last else f"diameter={first} to {last}"]
        parts += [f"n={section.n}"] if section.n > 1 else []
        parts.append(f"length={_metres(shape.extent)}")
    parts += [f"type='{section.type}'"] if section.type not in (None, "soma") else []
    return f"{kind}({', '.join(parts)})"


def _metres(value: float) -> str:
    return repr(quantity(float(f"{value:.9g}"), METRE))


def drawn(section: Tree) -> str:
    """A section in one line, and the tree that begins with it."""
    more = section.total_sections - 1
    if not more:
        return described(section)
    lines = [line.rstrip() for line, _ in zip(Topology(section).lines(), range(MOST_LINES), strict=False)]
    rest = more + 1 - len(lines)
    lines += [f"... and {rest} more sections"] if rest else []
    attached = f"{more} section{'s' if more > 1 else ''}"
    head = f"{described(section)} and {attached} attached to it; {section.total_compartments} compartments"
    return "\n".join([head, *lines])


def svg(root: Morphology) -> str:
    """The tree as seen along the axis in which it extends least; a layout of its own where it has no coordinates."""
    tree = root.copy()
    if any(section.shape.points is None for section in depth_first(tree)):
        tree = tree.generate_coordinates(overwrite_existing=True)
    flat = tree.compartments()
    everything = np.concatenate([flat.start, flat.end])
    low, high = everything.min(axis=0), everything.max(axis=0)
    across, up = sorted(np.argsort(high - low)[1:].tolist())
    edge = float(flat.diameter.max()) / 2
    span = np.maximum((high - low)[[across, up]] + 2 * edge, 1e-12)
    scale = min((_WIDTH - 2 * _MARGIN) / span[0], (_HEIGHT - 2 * _MARGIN) / span[1])
    step = max(1, len(flat) // _MOST_POINTS)
    body = []
    longest = {*np.argsort(-np.add.reduceat(flat.length, flat.first[:-1]))[:_MOST_SECTIONS].tolist()}
    for k, section in enumerate(depth_first(tree)):
        if k not in longest:
            continue
        own = slice(flat.first[k], flat.first[k + 1])
        places = np.concatenate([flat.start[own][:1], flat.end[own][::-1][::step][::-1]])
        x = _MARGIN + (places[:, across] - low[across] + edge) * scale
        y = _MARGIN + (high[up] - places[:, up] + edge) * scale
        colour = COLOURS.get(section.type or "", OTHER)
        width = max(0.5, float(np.mean(flat.diameter[own])) * scale)
        body.append(_shape(isinstance(section.shape, Cones), x, y, width, colour, flat.sections[k] or "root"))
    size = f"{span[0] * scale + 2 * _MARGIN:.0f} {span[1] * scale + 2 * _MARGIN:.0f}"
    width_, height_ = size.split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_}" height="{height_}" viewBox="0 0 {size}">'
        f"{''.join(body)}</svg>"
    )


def _shape(line: bool, x: Real, y: Real, width: float, colour: str, name: str) -> str:
    title = f"<title>{escape(name)}</title>"
    if not line:
        return f'<circle cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="{width / 2:.1f}" fill="{colour}">{title}</circle>'
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width:.2f}" '
        f'stroke-linecap="round" stroke-linejoin="round">{title}</polyline>'
    )
