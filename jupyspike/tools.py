"""Figures of what was recorded and of connections, one call each, with matplotlib.

The names are those of the plotting tools that scripts for Brian 2 use: ``from jupyspike.tools import *``.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from jupyspike.morphology_figures import plot_dendrogram, plot_morphology
from jupyspike_engine.diagnostics import ArgumentError, ArgumentTypeError
from jupyspike_engine.objects.monitors.eventmonitor import EventMonitor
from jupyspike_engine.objects.monitors.ratemonitor import PopulationRateMonitor
from jupyspike_engine.objects.monitors.statemonitor import StateMonitor, StateMonitorView
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.objects.variables import VariableView
from jupyspike_engine.units import UNITS, bare, get_unit

__all__ = [
    "brian_plot",
    "plot_dendrogram",
    "plot_morphology",
    "plot_raster",
    "plot_rate",
    "plot_state",
    "plot_synapses",
]

MS, HZ = UNITS["ms"], UNITS["Hz"]


def _axes(axes: Any) -> Any:
    from matplotlib import pyplot

    return pyplot.gca() if axes is None else axes


def _labelled(axes: Any, x: str, y: str) -> Any:
    axes.set(xlabel=x, ylabel=y)
    return axes


def _in(unit: Any, values: Any) -> Any:
    """Plain numbers of values in a unit."""
    return np.asarray(values / unit)


def _name(unit: Any) -> str:
    return str(unit)


def plot_raster(spike_indices: Any, spike_times: Any, time_unit: Any = MS, axes: Any = None, **options: Any) -> Any:
    """Draw spikes as points: neurons over time.

    Parameters
    ----------
    spike_indices : array of int
    spike_times : Quantity
    time_unit : Unit
        In which times are shown.
    axes : matplotlib axes, optional
        The present ones by default.
    **options
        For ``axes.plot``.

    Returns
    -------
    matplotlib axes
    """
    axes = _axes(axes)
    axes.plot(_in(time_unit, spike_times), np.asarray(spike_indices), options.pop("marker", "."), **_points(options))
    return _labelled(axes, f"time ({_name(time_unit)})", "neuron index")


def _points(options: dict[str, Any]) -> dict[str, Any]:
    return {"linestyle": "none", "markersize": 2, **options}


def plot_state(
    times: Any,
    values: Any,
    time_unit: Any = MS,
    var_unit: Any = None,
    var_name: str | None = None,
    axes: Any = None,
    **options: Any,
) -> Any:
    """Draw values of variables over time.

    Parameters
    ----------
    times : Quantity
        Shape (times,).
    values : Quantity
        Shape (times,), or (times, elements) for several lines.
    time_unit, var_unit : Unit
        In which times and values are shown; for values one that reads well by default.
    var_name : str, optional
        Name of the variable, for the axis.

    Returns
    -------
    matplotlib axes
    """
    axes = _axes(axes)
    unit = _unit_of(values) if var_unit is None else var_unit
    axes.plot(_in(time_unit, times), _in(unit, values), **options)
    plain = bare(unit)[1].is_dimensionless and float(bare(unit)[0]) == 1
    label = var_name or "value"
    return _labelled(axes, f"time ({_name(time_unit)})", label if plain else f"{label} ({_name(unit)})")


def _unit_of(values: Any) -> Any:
    numbers, dimension = bare(values)
    if dimension.is_dimensionless or not np.any(numbers):
        return get_unit(dimension)
    return values.get_best_unit()


def plot_rate(times: Any, rate: Any, time_unit: Any = MS, rate_unit: Any = HZ, axes: Any = None, **options: Any) -> Any:
    """Draw a firing rate over time; see `plot_state`."""
    axes = _axes(axes)
    axes.plot(_in(time_unit, times), _in(rate_unit, rate), **options)
    return _labelled(axes, f"time ({_name(time_unit)})", f"population rate ({_name(rate_unit)})")


def plot_synapses(
    sources: Any,
    targets: Any,
    values: Any = None,
    var_unit: Any = None,
    var_name: str | None = None,
    plot_type: Literal["scatter", "image", "hexbin"] = "scatter",
    axes: Any = None,
    **options: Any,
) -> Any:
    """Draw connections: targets over sources.

    Parameters
    ----------
    sources, targets : array of int
    values : Quantity, optional
        Of each connection, shown as colours; the number of connections of a pair without it.
    plot_type : 'scatter', 'image' or 'hexbin'
        Points, a matrix, or a matrix of coarse bins.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    ArgumentError
        There is no such type of plot.
    """
    axes = _axes(axes)
    i, j = np.asarray(sources), np.asarray(targets)
    unit = None if values is None else _unit_of(values[:]) if var_unit is None else var_unit
    numbers = None if values is None else _in(unit, values[:])
    if plot_type == "scatter":
        drawn = axes.scatter(i, j, c=numbers, **{"s": 10, **options})
    elif plot_type == "image":
        matrix = np.full(
            (int(j.max(initial=-1)) + 1, int(i.max(initial=-1)) + 1), np.nan if values is not None else 0.0
        )
        if numbers is None:
            np.add.at(matrix, (j, i), 1)
        else:
            matrix[j, i] = numbers
        drawn = axes.imshow(matrix, origin="lower", interpolation="nearest", aspect="auto", **options)
    elif plot_type == "hexbin":
        drawn = axes.hexbin(i, j, C=numbers, **{"gridsize": 30, **options})
    else:
        raise ArgumentError(f"'{plot_type}' is not a type of plot", expected="'scatter', 'image' or 'hexbin'")
    if numbers is not None or plot_type != "scatter":
        named = var_name or ("connections" if numbers is None else "value")
        plain = unit is None or bare(unit)[1].is_dimensionless
        axes.figure.colorbar(drawn, ax=axes, label=named if plain else f"{named} ({_name(unit)})")
    return _labelled(axes, "source neuron index", "target neuron index")


def brian_plot(brian_obj: Any, axes: Any = None, **options: Any) -> Any:
    """Draw a monitor, synapses or a variable of synapses in the way that suits it.

    Raises
    ------
    ArgumentTypeError
        There is no picture of such an object.
    """
    if isinstance(brian_obj, EventMonitor):
        return plot_raster(brian_obj.i, brian_obj.t, axes=axes, **options)
    if isinstance(brian_obj, PopulationRateMonitor):
        return plot_rate(brian_obj.t, brian_obj.rate, axes=axes, **options)
    if isinstance(brian_obj, (StateMonitor, StateMonitorView)):
        monitor = brian_obj if isinstance(brian_obj, StateMonitor) else brian_obj._monitor
        if len(monitor.columns) != 1:
            raise ArgumentError("the monitor has several variables", hint="plot_state(M.t, M.v.T) draws one of them")
        name = monitor.columns[0]
        values = getattr(brian_obj, name)
        return plot_state(monitor.t, values.T, var_name=name, axes=axes, **options)
    if isinstance(brian_obj, Synapses):
        return plot_synapses(brian_obj.i, brian_obj.j, axes=axes, **options)
    if isinstance(brian_obj, VariableView) and isinstance(brian_obj.owner, Synapses):
        synapses = brian_obj.owner
        return plot_synapses(synapses.i, synapses.j, brian_obj, var_name=brian_obj.name, axes=axes, **options)
    raise ArgumentTypeError(
        "there is no picture of this", found=repr(brian_obj), expected="a monitor, synapses or one of their variables"
    )
