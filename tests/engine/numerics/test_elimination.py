"""Elimination that is written out: it solves what numpy solves, and what is zero costs nothing."""

import numpy as np
import pytest

from jupyspike_engine.language.syntax import Name, text
from jupyspike_engine.numerics.elimination import Elimination, elimination_order
from jupyspike_engine.numerics.system import ZERO


def written_out(matrix):
    """Temporaries and solution for a matrix, whose zeros are known."""
    elimination = Elimination()
    names = [[Name(f"m_{r}_{c}") if value else ZERO for c, value in enumerate(row)] for r, row in enumerate(matrix)]
    solution = elimination.solved(elimination.eliminated(names), "x", [Name(f"b_{r}") for r in range(len(matrix))])
    return elimination.temporaries, solution


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@pytest.mark.parametrize("filled", [0.2, 0.6, 1.0])
def test_the_solution_is_that_of_the_linear_equations(size, filled):
    random = np.random.default_rng(size)
    matrix = random.standard_normal((size, size)) * (random.random((size, size)) < filled) + size * np.eye(size)
    right = random.standard_normal(size)
    values = {f"m_{r}_{c}": matrix[r, c] for r in range(size) for c in range(size)}
    values |= {f"b_{r}": right[r] for r in range(size)}
    temporaries, solution = written_out(matrix)
    for name, value in temporaries:
        values[name] = eval(text(value), {}, values)
    found = [eval(text(value), {}, values) for value in solution]
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), rtol=1e-12)


def star(size):
    """Everybody knows the first one, and itself."""
    matrix = np.eye(size)
    matrix[0] = matrix[:, 0] = 1
    return matrix


def chain(size):
    return np.eye(size) + np.eye(size, k=1) + np.eye(size, k=-1)


@pytest.mark.parametrize("shape", [star, chain])
def test_what_knows_few_others_costs_little_however_many_there_are(shape):
    few, many = (len(written_out(shape(size))[0]) for size in (10, 20))
    assert many < 2.2 * few


def test_neighbours_in_a_row_are_taken_in_their_order():
    entries = [[Name("a") if value else ZERO for value in row] for row in chain(6)]
    assert elimination_order(entries) == list(range(6))
