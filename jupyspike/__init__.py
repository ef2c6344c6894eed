"""jupyspike: spiking neural networks in Jupyter.

``from jupyspike import *`` gives the objects of a simulation, the units, and the names of numpy and pylab, aware of
units. ``from jupyspike.only import *`` leaves numpy and pylab out. In a notebook either, like ``%load_ext jupyspike``,
adds the cells ``%%neurons`` and ``%%synapses``, and keeps what is done for the scripts of live sessions.
"""

from __future__ import annotations

import sys as _sys
from typing import TYPE_CHECKING, Any

from jupyspike import error_display as _error_display
from jupyspike import numpy_ as numpy_
from jupyspike import only as only
from jupyspike import pylab as _pylab
from jupyspike import quantity_axes as _quantity_axes
from jupyspike import units as units
from jupyspike.only import *  # noqa: F403
from jupyspike_engine.objects.running.reports import REPORTS as _REPORTS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def _bar() -> Any:
    from jupyspike.widgets.progress import bar

    return bar()


_REPORTS["bar"] = _bar

_STAR: dict[str, Any] = _pylab.names() | {name: getattr(only, name) for name in only.__all__}
_STAR |= {"units": units, "numpy": numpy_}
globals().update(_STAR)
__all__ = list(_STAR)

_quantity_axes.watch()


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext jupyspike``: the cells and magics of a notebook."""
    from jupyspike.magics import load

    load(shell)
    _error_display.watch()


def _load_in_notebook() -> None:
    """Do so in a notebook whose cell imports jupyspike: its live runs need the cells from the first one on."""
    if "IPython" in _sys.modules:
        from IPython.core.getipython import get_ipython

        if (shell := get_ipython()) is not None:
            load_ipython_extension(shell)


_load_in_notebook()
