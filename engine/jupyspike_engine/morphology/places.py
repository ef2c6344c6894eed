"""Places in a shape that a text names: ``axon[50*um]``, ``dend.L[3]``, a section, a number or a condition."""

from __future__ import annotations

import re

import numpy as np

from ..diagnostics import Source, Span
from ..frames import calling_namespace
from ..language.check import Sort
from ..language.constants import value_of
from ..language.expressions import parse_expression
from ..language.scope import Scope
from ..units import METRE
from .compartments import Indices
from .regions import CallersConstants
from .tree import Tree

_PART = re.compile(r"\s*(?P<path>[^\W\d]\w*(?:\.\w+)*)\s*(?:\[(?P<place>.*)\])?\s*", re.DOTALL)


def compartments_at(shape: Tree, text: str | Span, scope: Scope | None = None) -> Indices:
    """The numbers of the compartments that a text means.

    Parameters
    ----------
    scope : Scope, optional
        The names of constants in the text; those of the calling code by default.

    Raises
    ------
    UserError
        There is no such section, length or number; or names or units of the text do not fit.

    Examples
    --------
    >>> morpho = Soma(diameter=30*um)
    >>> morpho.axon = Cylinder(length=100*um, diameter=1*um, n=10)
    >>> compartments_at(morpho, 'axon[55*um]'), compartments_at(morpho, 'distance > 80*um')
    (array([6], dtype=int32), array([ 9, 10], dtype=int32))
    """
    span = text if isinstance(text, Span) else Span(Source(text, "place in a morphology"), 0, len(text))
    if span.text.strip().isdecimal():
        return np.array([int(span.text)], np.int32)
    part = _PART.fullmatch(span.text)
    if part is None:
        return shape.numbers_of(span.text)
    section = shape
    for name in part["path"].split("."):
        section = section[name]
    if part["place"] is None:
        return section.numbers_of(slice(None))
    place = Span(span.source, span.start + part.start("place"), span.start + part.end("place"))
    if place.text.strip().isdecimal():
        return section.numbers_of(int(place.text))
    scope = scope or Scope({}, CallersConstants(calling_namespace()), complete=True)
    return section.numbers_of(value_of(parse_expression(place), scope, Sort(METRE, "real"), "the length"))
