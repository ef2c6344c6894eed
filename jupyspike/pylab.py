"""What ``from pylab import *`` gives: matplotlib's names, loaded when they are first used, and numpy's.

Where numpy and one of its parts both have a name, such as `power` of numpy and of `numpy.random`, it is numpy's.
"""

from __future__ import annotations

import builtins
import datetime
import functools
import importlib
import inspect
import logging
import sys
import threading
import time
from types import ModuleType
from typing import Any

import numpy as np

from jupyspike.deferred import Deferred, DeferredMapping, DeferredModule
from jupyspike_engine.units import bare, quantity

MATPLOTLIB = {
    "matplotlib.pyplot": """
        acorr angle_spectrum annotate Annotation Arrow arrow Artist AutoLocator autoscale autumn
        available_backends Axes axes axhline axhspan axis AxLine axline axvline axvspan backend_registry
        BackendFilter bar bar_label barbs barh bone box boxplot broken_barh Button Circle cla clabel clf clim
        close cohere colorbar Colorizer ColorizingArtist Colormap connect contour contourf cool copper csd
        cycler delaxes disconnect draw draw_all draw_if_interactive ecdf errorbar eventplot figaspect figimage
        figlegend fignum_exists figtext Figure figure FigureBase FigureCanvasBase FigureManagerBase fill
        fill_between fill_betweenx findobj FixedFormatter FixedLocator flag FormatStrFormatter Formatter
        FuncFormatter gca gcf gci get get_backend get_cmap get_current_fig_manager get_figlabels get_fignums
        get_plot_commands get_scale_names getp ginput gray grid GridSpec grouped_bar hexbin hist hist2d hlines
        hot hsv imread imsave imshow IndexLocator inferno install_repl_displayhook interactive ioff ion
        isinteractive jet legend Line2D LinearLocator Locator locator_params LogFormatter LogFormatterExponent
        LogFormatterMathtext LogLocator loglog magma magnitude_spectrum margins matshow MaxNLocator
        minorticks_off minorticks_on MouseButton MultipleLocator new_figure_manager nipy_spectral Normalize
        NullFormatter NullLocator pause pcolor pcolormesh phase_spectrum pie pie_label pink plasma plot plot_date polar
        PolarAxes Polygon prism psd quiver quiverkey rc rc_context rcdefaults Rectangle requested_backend rgrids
        savefig sca ScalarFormatter scatter sci semilogx semilogy set_cmap set_loglevel setp show Slider
        specgram spring spy stackplot stairs stem step streamplot Subplot subplot subplot2grid subplot_mosaic
        subplot_tool subplots subplots_adjust SubplotSpec summer suptitle switch_backend table Text text
        thetagrids tick_params TickHelper ticklabel_format tight_layout title tricontour tricontourf tripcolor
        triplot twinx twiny uninstall_repl_displayhook violinplot viridis vlines waitforbuttonpress Widget
        winter xcorr xkcd xlabel xlim xscale xticks ylabel ylim yscale yticks
    """,
    "matplotlib.dates": """
        date2num DateFormatter DateLocator datestr2num DayLocator drange FR HourLocator MinuteLocator MO
        MonthLocator num2date relativedelta rrule RRuleLocator SA SecondLocator SU TH TU WE WeekdayLocator
        YearLocator
    """,
    "matplotlib.mlab": "detrend detrend_linear detrend_mean detrend_none window_hanning window_none",
    "matplotlib.cbook": "flatten silent_list",
}
"""Functions and classes, by the module that has them in some version."""

_MAPPINGS = "rcParams rcParamsDefault rcParamsOrig colormaps color_sequences"
_MODULES = {
    "matplotlib": "matplotlib",
    "mpl": "matplotlib",
    "plt": "matplotlib.pyplot",
    "cbook": "matplotlib.cbook",
    "mlab": "matplotlib.mlab",
    "rcsetup": "matplotlib.rcsetup",
    "style": "matplotlib.style",
    "emath": "numpy.lib.scimath",
}
_NUMPY_MODULES = "char ctypeslib lib linalg ma polynomial rec strings testing"
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
# pylab passes these on from its own imports, and scripts have come to use them.
_STANDARD = (datetime, functools, importlib, inspect, logging, sys, threading, time)

LEFT_OUT = (
    # Python's own, which do the same for numbers
    *("abs", "bool", "bytes", "divmod", "max", "min", "pow", "round"),
    # a random function, colour maps and numpy's tests: here a usual variable, a unit and a check of our own
    *("f", "cm", "test"),
    # workings of pylab and of numpy
    *("annotations", "AbstractContextManager", "Callable", "Enum", "ExitStack", "IO", "TYPE_CHECKING", "cast"),
    *("overload", "core", "dtypes", "exceptions", "f2py", "typing", "__version__"),
)
"""Names of pylab that are not passed on."""


def sum(values: Any, *args: Any, **kwargs: Any) -> Any:
    """The sum of all numbers of an array or list, or along an axis as in `numpy.sum`; of all else, Python's.

    Raises
    ------
    DimensionMismatchError
        The numbers have different units.

    Examples
    --------
    >>> sum([1 * mV, 2 * mV]), sum(n * n for n in range(4))
    (3. * mvolt, 14)
    """
    numbers = None if args and isinstance(args[0], list) else _numbers(values)
    return builtins.sum(values, *args, **kwargs) if numbers is None else np.sum(numbers, *args, **kwargs)


def any(values: Any, *args: Any, **kwargs: Any) -> Any:
    """Whether any number of an array or list is not zero, or along an axis as in `numpy.any`; of all else, Python's.

    Examples
    --------
    >>> bool(any(array([[0, 0], [0, 1]]))), any(n > 3 for n in range(3))
    (True, False)
    """
    numbers = _numbers(values)
    return builtins.any(values) if numbers is None else np.any(numbers, *args, **kwargs)


def all(values: Any, *args: Any, **kwargs: Any) -> Any:
    """Whether no number of an array or list is zero, or along an axis as in `numpy.all`; of all else, Python's.

    Examples
    --------
    >>> bool(all(array([[0, 0], [0, 1]]))), all(n < 3 for n in range(3))
    (False, True)
    """
    numbers = _numbers(values)
    return builtins.all(values) if numbers is None else np.all(numbers, *args, **kwargs)


def _numbers(values: Any) -> Any:
    """An array or list as an array, with its unit; None if it is something else or not of numbers."""
    if not isinstance(values, (list, tuple)) and not hasattr(values, "__array__"):
        return None
    try:
        plain, dimension = bare(values)
        array = np.asarray(plain)
    except ValueError:  # lists of different lengths
        return None
    return quantity(array, dimension) if array.dtype.kind in "biufc" else None


def names() -> dict[str, Any]:
    """What ``from pylab import *`` gives, by name."""
    found: dict[str, Any] = {module.__name__: module for module in _STANDARD}
    found |= {name: DeferredModule(module) for name, module in _MODULES.items()}
    found |= {name: DeferredModule(f"numpy.{name}") for name in _NUMPY_MODULES.split()}
    found |= {name: frequency for frequency, name in enumerate(_FREQUENCIES)}
    found |= {name: DeferredMapping("matplotlib.pyplot", name) for name in _MAPPINGS.split()}
    for module, listed in MATPLOTLIB.items():
        found |= {name: Deferred(module, name) for name in listed.split()}
    for part in (np.random, np.fft, np.linalg):
        found |= {name: vars(part)[name] for name in part.__all__}
    found |= {name: vars(np)[name] for name in np.__all__ if not isinstance(vars(np).get(name, np), ModuleType)}
    found |= {"np": np, "sum": sum, "any": any, "all": all}
    found.setdefault("trapz", found.get("trapezoid"))  # the name that newer versions of numpy do not have
    return {name: thing for name, thing in found.items() if name not in LEFT_OUT}
