"""The order in which the tree of one cell is eliminated, eight chains at a time: see ``native/jupyspike_packs.h``.

A node with one neighbour can be eliminated at once, one with two neighbours leaves them coupled to each other: what
remains is a tree again. So chains of such nodes can be eliminated beside each other, in rounds, until nothing remains
(G. L. Miller and J. H. Reif, Parallel tree contraction, 1985). In trees that are not high, only chains at the tips are:
there are many, and it takes fewer operations. In high ones, long chains are cut in pieces between nodes that remain
for a later round, so that the latency of one division after the other is shared by eight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

LANES = 8
HIGH = 32  # nodes from the root to the highest tip
LONGEST, SHORTEST = 12, 8  # pieces of a chain that is cut; chains between two branches that are eliminated early
PACK = 32  # numbers of a pack


@dataclass(frozen=True)
class Chain:
    """Nodes in the order in which they are eliminated, and those it ends and begins at; -1 for none."""

    nodes: tuple[int, ...]
    near: int
    far: int


@dataclass(frozen=True)
class Packs:
    """How one cell is eliminated; see the header.

    Attributes
    ----------
    numbers, edges, work : array
        As in the header; work is that of one cell.
    """

    numbers: Indices
    edges: Real
    work: Real


def order_of(parents: Indices) -> Indices:
    """The nodes of a tree in the order in which chains at tips are eliminated, the last one first."""
    rounds = list(_rounds(np.asarray(parents, np.int64), high=False))
    _placed(rounds)
    return np.array([node for chains in rounds for chain in chains for node in chain.nodes][::-1], np.int32)


def packs_of(parents: Indices, couplings: Real, order: Indices) -> Packs:
    """The packs of a tree, for nodes that are given in another order.

    Parameters
    ----------
    parents : array
        The node above each, in depth-first order; -1 for the first.
    couplings : array
        To the node above.
    order : array
        The nodes as they are given.
    """
    rounds = list(_rounds(np.asarray(parents, np.int64), is_high(parents)))
    near: dict[int, int] = {}
    far: dict[int, int] = {}
    for chain in (chain for chains in rounds for chain in chains):
        near |= dict(zip(chain.nodes, (*chain.nodes[1:], chain.near), strict=True))
        far[chain.nodes[0]] = chain.far
    slot, placed = _placed(rounds)
    slots = 1 + max(pack[0] + LANES * len(chains[0].nodes) - 1 for pack, chains in placed) if placed else 0
    size = slots + LANES

    def edge(a: int, b: int) -> int:
        """Where the coupling of two nodes is: with that which is eliminated first."""
        for one, other in ((a, b), (b, a)):
            if near[one] == other:
                return slot[one]
            if far.get(one, -1) == other:
                return size + slot[one]
        raise AssertionError("nodes that are eliminated have been neighbours")

    numbers = np.array([slots, len(placed), len(slot), *(slot[node] for node in order.tolist())], np.int32)
    packs = np.full((len(placed), PACK), slots, np.int32)
    for row, ((first,), chains) in zip(packs, placed, strict=True):
        ends = [
            [slot.get(chain.near, slots) for chain in chains],
            [slot.get(chain.far, slots) for chain in chains],
            [edge(chain.near, chain.far) if chain.near >= 0 and chain.far >= 0 else slots for chain in chains],
        ]
        row[:3] = first, len(chains[0].nodes), chains[0].far >= 0
        for k, of_lanes in enumerate(ends):
            row[3 + k] = _side_by_side(of_lanes, slots)
            row[8 * (k + 1) : 8 * (k + 1) + len(chains)] = of_lanes
    edges, work = np.zeros(2 * size), np.zeros(1 + 6 * size)
    for node in range(1, len(slot)):
        edges[edge(node, int(parents[node]))] = couplings[node]
    d = work[1 + 2 * size : 1 + 3 * size]
    d[:] = 1.0
    return Packs(np.concatenate([numbers, packs.ravel()]), edges, work)


def _side_by_side(slots: Sequence[int], none: int) -> int:
    first = slots[0]
    return first if len(slots) == LANES and list(slots) == list(range(first, first + LANES)) and first < none else -1


def is_high(parents: Indices) -> bool:
    """Whether long chains of a tree are cut: then its cells are not eliminated side by side."""
    heights: list[int] = []
    for parent in parents.tolist():
        heights.append(heights[parent] + 1 if parent >= 0 else 1)
    return max(heights, default=0) > HIGH


def _rounds(parents: npt.NDArray[np.int64], high: bool) -> Iterator[list[Chain]]:
    """The chains that are eliminated one after the other, in rounds."""
    above = parents.copy()
    left = np.arange(len(parents))
    while len(left):
        chains: list[Chain] = []
        for run, below in _runs(left, above):
            chains += _pieces(run, int(above[run[0]]), below, high, above)
        gone = np.zeros(len(parents), bool)
        for chain in chains:
            gone[list(chain.nodes)] = True
        left = left[~gone[left]]
        yield chains


def _runs(left: npt.NDArray[np.int64], above: npt.NDArray[np.int64]) -> Iterator[tuple[list[int], int]]:
    """The nodes with at most one below, as far as they follow each other, from above; and the node below the last."""
    below = np.bincount(above[left][above[left] >= 0], minlength=len(above))[left]
    single = below <= 1
    follows = np.append(False, single[1:] & single[:-1] & (above[left][1:] == left[:-1]))
    starts = np.flatnonzero(single & ~follows)
    ends = np.append(np.flatnonzero(~follows), len(left))
    ends = ends[np.searchsorted(ends, starts, side="right")]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield left[start:end].tolist(), int(left[end]) if below[end - 1] else -1


def _pieces(run: list[int], top: int, bottom: int, high: bool, above: npt.NDArray[np.int64]) -> Iterator[Chain]:
    """The chains of a run that are eliminated now; what remains of it is attached anew."""
    if bottom >= 0 and (not high or len(run) < SHORTEST):
        return
    count = -(-(len(run) + 1) // (LONGEST + 1)) if high else 1
    cuts = [-1, *((k * (len(run) + 1)) // count - 1 for k in range(1, count)), len(run)]
    ends = [top, *(run[cut] for cut in cuts[1:-1]), bottom]
    for k in range(count):
        nodes, upper, lower = run[cuts[k] + 1 : cuts[k + 1]], ends[k], ends[k + 1]
        if upper < 0 <= lower:
            yield Chain(tuple(nodes), lower, -1)
        else:
            yield Chain(tuple(reversed(nodes)), upper, lower)
        if lower >= 0:
            above[lower] = upper


def _placed(rounds: list[list[Chain]]) -> tuple[dict[int, int], list[tuple[tuple[int], list[Chain]]]]:
    """The slot of each node, and the first slot and the chains of each pack. Sorts the chains of each round."""
    slot: dict[int, int] = {}
    placed: list[tuple[tuple[int], list[Chain]]] = []
    base = 0
    for chains in reversed(rounds):
        seen: Counter[tuple[bool, int, int]] = Counter()
        keys: dict[int, tuple[bool, int, int, int]] = {}
        for chain in chains:
            kind = (chain.far >= 0, -len(chain.nodes), chain.near)
            keys[chain.nodes[0]] = (*kind[:2], seen[kind], slot.get(chain.near, -1))
            seen[kind] += 1
        chains.sort(key=lambda chain: keys[chain.nodes[0]])
        packs = [
            [chain for chain in chains if (chain.far >= 0) == two][k : k + LANES]
            for two in (False, True)
            for k in range(0, sum((chain.far >= 0) == two for chain in chains), LANES)
        ]
        of_round = []
        for pack in packs:
            steps = len(pack[0].nodes)
            for lane, chain in enumerate(pack):
                begin = steps - len(chain.nodes)
                slot |= {node: base + LANES * (begin + k) + lane for k, node in enumerate(chain.nodes)}
            of_round.append(((base,), pack))
            base += LANES * steps
        placed[:0] = of_round
    return slot, placed
