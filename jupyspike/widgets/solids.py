"""What the page is told once of cells in space: frames bring their colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jupyspike.widgets.colourmaps import MAPS
from jupyspike.widgets.plots import Plot


def solids(plots: Sequence[Plot]) -> list[dict[str, Any]]:
    """The cells in space among plots, for ``solid.js``: of each compartment 8 numbers as float32.

    Those that come after other plots stand below the figures, others above them.
    """
    found = []
    for place, plot in enumerate(plots):
        mark = plot.solid
        if mark is not None and mark.tubes is not None:
            cell = mark.tubes
            numbers = np.column_stack([cell.start, cell.end, cell.start_diameter, cell.end_diameter])
            palette = list(MAPS["sequential"][1:])
            about: dict[str, Any] = {"name": plot.name, "height": plot.height, "label": plot.colours, "hint": plot.hint}
            about["below"] = any(before.solid is None for before in plots[:place])
            found.append({**about, "palette": palette, "tubes": numbers.astype("<f4").tobytes()})
    return found
