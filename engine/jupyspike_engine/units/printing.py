"""Values with their units as text: for reading, as Python code and in LaTeX."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dimensions import Dimension
from .notation import Scale, best_scale, code, display, latex

Values = NDArray[Any]


def in_scale(values: Values, scale: Scale, precision: int | None = None, python_code: bool = False) -> str:
    """``10. mV``, or as Python code ``10. * mvolt``.

    Parameters
    ----------
    values : array
        In base units.
    scale : Scale
        The unit to write them in.
    precision : int, optional
        Digits after the point; numpy's print option if it is not given.
    python_code : bool
        Write an expression that evaluates to the values.
    """
    scaled = values / scale.factor if scale.exponent else values
    if not python_code:
        return f"{numbers(scaled, precision)} {display(scale.factors)}".rstrip()
    text = numbers(scaled, precision, separator=", ", prefix="array(")
    if scaled.ndim:
        text = f"array({text})"
    elif scaled.dtype.kind == "c":
        text = f"({text})"
    elif not np.isfinite(scaled):
        text = f"float('{text}')"
    unit = code(scale.factors)
    if unit == "1":
        return text
    return f"{text}{unit[1:]}" if unit.startswith("1 ") else f"{text} * {unit}"


def in_best_scale(values: Values, dimension: Dimension, precision: int | None = None, python_code: bool = False) -> str:
    """The values in the unit that suits them."""
    return in_scale(values, best_scale(values, dimension), precision, python_code)


def numbers(values: Values, precision: int | None = None, separator: str = " ", prefix: str = "") -> str:
    """Numbers as numpy prints arrays, ``10.`` and ``[1. 2.]``, whatever their shape, aligned for what precedes them."""
    if values.ndim == 0:
        return np.array2string(values.reshape(1), precision=precision)[1:-1].strip()
    return np.array2string(values, precision=precision, separator=separator, prefix=prefix)


def latex_in_best_scale(values: Values, dimension: Dimension) -> str:
    r"""LaTeX between dollar signs, such as ``$10.\,\mathrm{mV}$``; arrays are matrices, shortened as numpy shortens."""
    scale = best_scale(values, dimension)
    scaled = values / scale.factor
    body = numbers(scaled) if scaled.ndim == 0 else _matrix(scaled)
    return rf"${_latex_numbers(body)}\,{latex(scale.factors)}$".replace(r"\,$", "$")


def _matrix(values: Values) -> str:
    if values.ndim > 2:
        return rf"\text{{array of shape {values.shape}}}"
    options = np.get_printoptions()
    edge = int(options["edgeitems"])
    shortened = values.size > int(options["threshold"])
    threshold = 2 * edge if shortened else values.size + 1
    rows = [
        np.array2string(row, separator=" & ", max_line_width=10**9, threshold=threshold)
        for row in np.atleast_2d(values)
    ]
    if shortened and len(rows) > 2 * edge:
        rows = [*rows[:edge], r"[\vdots]", *rows[-edge:]]
    body = r"\\".join(row[1:-1].strip() for row in rows)
    return rf"\left[\begin{{matrix}}{body}\end{{matrix}}\right]"


def _latex_numbers(text: str) -> str:
    text = text.replace("...", r"\dots").replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    text = re.sub(r"(\d)\.(?!\d)", r"\1", text)
    return re.sub(r"e([+-])0*(\d+)", lambda e: rf" \times 10^{{{e[1].replace('+', '')}{e[2]}}}", text)
