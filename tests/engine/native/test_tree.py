"""Linear systems on trees: the solution of a dense solver, the same bits from all that solve them."""

import ctypes
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyspike_engine.build.builder import build
from jupyspike_engine.morphology.forest import Forest, Tree, planted
from jupyspike_engine.morphology.packing import packs_of
from jupyspike_engine.plan.nodes import Forest as PlannedForest
from jupyspike_engine.targets.numpy.trees import eliminate

ARRAYS = [item.name for item in fields(PlannedForest)]


def forest_of_trees(trees, lanes):
    """The forest of cells whose compartments follow each other, each a row of lanes."""
    sizes = [len(parent) for parent, _ in trees]
    starts = np.cumsum([0, *(size * cells for size, cells in zip(sizes, lanes, strict=True))])
    rows = [start + cells * np.arange(size) for start, size, cells in zip(starts[:-1], sizes, lanes, strict=True)]
    return planted([Tree(np.arange(len(p), dtype=np.int32), p, g) for p, g in trees], lanes, rows)


@pytest.fixture(scope="module")
def native():
    """The function of the header, compiled with the flags of programs."""
    pointers = "const int64_t *, const int32_t *, const double *, const int64_t *, const int64_t *, const int32_t *, "
    arguments = [*(f"{kind.strip()} a{k}" for k, kind in enumerate(pointers.split(",")[:-1])), "const double *a6",
                 "double *a7", "double *d", "double *r", "double scale", "int64_t size", "int64_t part", "int64_t last",
                 "int64_t parts"]  # fmt: skip
    call = ", ".join(argument.split()[-1].strip("*") for argument in arguments)
    text = (
        '#include "jupyspike_tree.h"\nextern "C" __attribute__((visibility("default"))) void solve('
        + f"{', '.join(arguments)}) {{\n    jsp_eliminate({call});\n}}\n"
    )
    function = ctypes.CDLL(str(build(text).path)).solve
    function.argtypes = (*[ctypes.c_void_p] * 10, ctypes.c_double, *[ctypes.c_int64] * 4)

    def solve(forest, diagonal, right, scale, threads=1):
        d, r = padded(forest, diagonal), padded(forest, right)
        arrays = [getattr(forest, name) for name in ARRAYS]
        for part in range(threads):
            pointers = [array.ctypes.data for array in (*arrays, d, r)]
            function(*pointers, scale, len(right), part, part + 1, threads)
        return r[: len(right)]

    return solve


def padded(forest: Forest, values):
    return np.append(values, np.full(forest.nodes - len(values), np.nan))


def in_numpy(forest, diagonal, right, scale):
    d, r = padded(forest, diagonal), padded(forest, right)
    eliminate(*(getattr(forest, name) for name in ARRAYS), d, r, scale, len(right))
    return r[: len(right)]


def dense(parent, g, d):
    """The matrix of the system."""
    matrix = np.diag(d)
    for child, above in enumerate(parent[1:], 1):
        matrix[np.ix_([child, above], [child, above])] += g[child] * np.array([[1, -1], [-1, 1]])
    return matrix


@st.composite
def trees(draw, longest=30):
    """Parents in depth-first order: from each section, of any length, some others go out."""
    parent = [-1]
    open_ends = [0]
    for _ in range(draw(st.integers(0, 8))):
        at = open_ends[draw(st.integers(0, len(open_ends) - 1))]
        del open_ends[open_ends.index(at) + 1 :]  # what was left behind gets no more branches
        for _ in range(draw(st.integers(1, longest))):
            parent.append(at)
            at = len(parent) - 1
        open_ends.append(at)
    return np.array(parent, np.int32)


def system(parent, cells, seed):
    random = np.random.default_rng(seed)
    n = len(parent)
    g = 10 ** random.uniform(-2, 2, n)
    return g, 10 ** random.uniform(-3, 1, (n, cells)), random.normal(size=(n, cells))


SEEDS = st.integers(0, 2**32 - 1)


@given(trees(), st.sampled_from([1, 2, 8, 11]), SEEDS)
@settings(deadline=None, max_examples=40)
def test_the_solution_is_that_of_a_dense_solver(native, parent, cells, seed):
    g, d, r = system(parent, cells, seed)
    forest = forest_of_trees([(parent, g)], [cells])
    x = native(forest, d.ravel(), r.ravel(), 0.5).reshape(r.shape)
    for cell in {0, cells - 1}:
        true = np.linalg.solve(dense(parent, 0.5 * g, d[:, cell]), r[:, cell])
        np.testing.assert_allclose(x[:, cell], true, rtol=1e-9, atol=1e-11 * np.abs(true).max())


@given(trees(), st.sampled_from([1, 3, 9, 80]), SEEDS)
@settings(deadline=None, max_examples=40)
def test_numpy_and_any_number_of_threads_give_the_same_bits(native, parent, cells, seed):
    g, d, r = system(parent, cells, seed)
    forest = forest_of_trees([(parent, g)], [cells])
    x = native(forest, d.ravel(), r.ravel(), 2.0)
    np.testing.assert_array_equal(in_numpy(forest, d.ravel(), r.ravel(), 2.0), x)
    np.testing.assert_array_equal(native(forest, d.ravel(), r.ravel(), 2.0, threads=4), x)


@given(trees(longest=6) | trees(), SEEDS)
@settings(deadline=None, max_examples=40)
def test_a_cell_alone_and_among_others_gives_the_same_bits(native, parent, seed):
    g, d, r = system(parent, 9, seed)
    together = native(forest_of_trees([(parent, g)], [9]), d.ravel(), r.ravel(), 1.0).reshape(r.shape)
    alone = forest_of_trees([(parent, g), (parent, g)], [1, 2])
    first, others = d[:, 4], d[:, [2, 7]].ravel()
    x = native(alone, np.append(first, others), np.append(r[:, 4], r[:, [2, 7]]), 1.0)
    np.testing.assert_array_equal(x, np.append(together[:, 4], together[:, [2, 7]]))


@given(trees(), SEEDS)
@settings(deadline=None, max_examples=40)
def test_nothing_is_lost_on_the_way(native, parent, seed):
    """What goes through the membranes is what flows in: also where neighbours are coupled a billion times stronger."""
    g, d, _ = system(parent, 1, seed)
    given_in = np.random.default_rng(seed).uniform(0.1, 1, len(parent))
    forest = forest_of_trees([(parent, g * 1e9)], [1])
    x = native(forest, d.ravel(), given_in, 1.0)
    assert (d.ravel() * x).sum() == pytest.approx(given_in.sum(), rel=1e-12)


def test_a_value_that_is_not_finite_is_gone_in_the_next_solution(native):
    parent = np.arange(-1, 999).astype(np.int32)
    g, d, r = (values.ravel() for values in system(parent, 1, 5))
    forest = forest_of_trees([(parent, g)], [1])
    x = native(forest, d, r, 1.0)
    assert np.isnan(native(forest, d, np.where(np.arange(1000) == 500, np.nan, r), 1.0)).all()
    np.testing.assert_array_equal(native(forest, d, r, 1.0), x)


def test_a_long_cable_takes_few_steps_of_eight_pieces():
    packs = packs_of(np.arange(-1, 999), np.ones(1000), np.arange(1000)).numbers
    steps = packs[3 + packs[2] :].reshape(-1, 32)[:, 1].sum()
    assert steps < 1.4 * 1000 / 8
