"""Neurons that fire at random with given rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, DimensionMismatchError, Source, Span, UserError
from ..frames import calling_namespace
from ..language.check import is_stateful, unit_text
from ..language.model import read_expression
from ..language.scope import Scope
from ..units import SECOND, bare
from .clocks import Clock
from .namespaces import external_names
from .neurongroup import NeuronGroup


class PoissonGroup(NeuronGroup):
    """Independent Poisson processes, at most one spike of each in a time step.

    Parameters
    ----------
    N : int
        Number of neurons.
    rates : Quantity or str
        One rate, a rate for each neuron, or an expression that is evaluated in each step and may use ``t`` and ``i``.
    when, order
        Slot of the time step in which they spike, and order within it.

    Raises
    ------
    DimensionMismatchError
        The rates are not in hertz.

    Examples
    --------
    >>> P = PoissonGroup(100, rates='10*Hz + i*Hz')
    """

    def __init__(
        self,
        N: int,  # the field's name
        rates: Any,
        dt: Any = None,
        clock: Clock | None = None,
        when: str = "thresholds",
        order: int = 0,
        namespace: Mapping[str, Any] | None = None,
        name: str = "poissongroup*",
        codeobj_class: Any = None,
    ) -> None:
        given_as_text = isinstance(rates, (str, Span))
        if given_as_text:
            text = rates.text if isinstance(rates, Span) else rates
            once = " (constant over dt)" if _draws(text, namespace or {}) else ""  # each rate is drawn once a step
            line = f"rates = {text} : hertz{once}"
            model: Any = Span(Source(line, f"rates of {name.rstrip('*')}"), 0, len(line))
        else:
            values, dimension = bare(rates)
            if dimension != SECOND**-1:
                raise DimensionMismatchError(
                    "rates have the wrong unit", kind="unit", found=unit_text(dimension), expected="hertz, as in 10*Hz"
                )
            if np.ndim(values) and np.shape(values) != (N,):
                raise ArgumentError(f"{np.size(values)} rates were given for {N} neurons")
            if not np.ndim(values) and values < 0:  # among others, drawn at random, one stands for 0
                raise ArgumentError("a rate must not be negative", found=str(rates))
            model = "rates : hertz"
        super().__init__(
            N, model, threshold="rand() < rates*dt", namespace=namespace, dt=dt, clock=clock, order=order, name=name
        )
        self.thresholder["spike"].when = when
        if not given_as_text:
            self.rates = rates

    def __repr__(self) -> str:
        return f"<PoissonGroup {self.name!r} of {len(self)} neurons>"


def _draws(text: str, namespace: Mapping[str, Any]) -> bool:
    """Whether a text has another value each time; what is wrong with it is said where it is put into equations."""
    try:
        scope = Scope({}, external_names(namespace, calling_namespace()), complete=False)
        return is_stateful(read_expression(text, "rates"), scope)
    except UserError:
        return False
