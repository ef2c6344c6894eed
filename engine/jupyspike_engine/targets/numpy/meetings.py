"""Statements for synapses one after the other, where several of them may meet in one neuron."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...plan.nodes import Element, Place, Propagate, Store, Update
from ...plan.traversal import expressions_of, walk
from .evaluation import Evaluation, Indices

Meeting = tuple[Place, Place, tuple[str, ...]]


def one_by_one(
    operation: Propagate | Update, evaluation: Evaluation, row: Indices, meetings: list[Meeting] | None = None
) -> None:
    """Run statements as if for one synapse after the other, in parts within which no neuron is written twice."""
    evaluation.elements = row
    meetings = meetings_of(operation) if meetings is None else meetings
    ends = [
        (evaluation.indices(place), np.broadcast_to(evaluation.followed(used, via), row.shape))
        for place, used, via in meetings
    ]
    for part in independent_parts(row, ends):
        evaluation.elements = part
        evaluation.run(operation.statements)


def meetings_of(operation: Propagate | Update) -> list[Meeting]:
    """Where synapses may meet in one value: what is written at the first end is used at the second, led on from it."""
    stores = [s for s in operation.statements if isinstance(s, Store)]
    loads = [n for root in expressions_of(operation) for n in walk(root) if isinstance(n, Element)]
    written = [(s.array, s.place, ()) for s in stores if s.place != "own"]
    used = [*written, *((n.array, n.place, n.via) for n in loads if n.place != "own" or n.via)]
    return sorted({(place, q, via) for array, place, _ in written for other, q, via in used if array == other})


def independent_parts(row: Indices, meetings: list[tuple[Indices, Indices]]) -> Iterator[Indices]:
    """The synapses of a row, cut where one would use what another before it has written, or the other way round."""
    if not any(len(np.unique(p)) < len(p) if np.array_equal(p, q) else np.isin(p, q).any() for p, q in meetings):
        yield row
        return
    start = 0
    written: list[set[int]] = [set() for _ in meetings]
    used: list[set[int]] = [set() for _ in meetings]
    for k in range(len(row)):
        if any(int(p[k]) in u or int(q[k]) in w for (p, q), w, u in zip(meetings, written, used, strict=True)):
            yield row[start:k]
            start, written, used = k, [set() for _ in meetings], [set() for _ in meetings]
        for (p, q), w, u in zip(meetings, written, used, strict=True):
            w.add(int(p[k]))
            u.add(int(q[k]))
    yield row[start:]
