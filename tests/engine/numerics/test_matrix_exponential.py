"""The matrix exponential and its integral, against closed forms and a slow series in extended precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jupyspike_engine.numerics.matrix_exponential import matrix_exponential, propagate


def by_series(a, terms=40):
    """Taylor series of a scaled matrix in extended precision, squared back."""
    a = np.asarray(a, np.longdouble)
    squarings = max(0, int(np.ceil(np.log2(float(np.abs(a).sum()) + 1e-300))) + 4)
    scaled, term, total = a / np.longdouble(2) ** squarings, np.eye(len(a), dtype=np.longdouble), 0
    for k in range(1, terms):
        total = total + term
        term = term @ scaled / k
    for _ in range(squarings):
        total = total @ total
    return total.astype(np.float64)


matrices = st.integers(1, 5).flatmap(lambda n: arrays(np.float64, (n, n), elements=st.floats(-3, 3)))


@given(matrices)
def test_it_agrees_with_the_series(a):
    expected = by_series(a)
    np.testing.assert_allclose(matrix_exponential(a), expected, rtol=0, atol=1e-13 * np.abs(expected).max())


@given(matrices, st.floats(1e-3, 10))
def test_the_propagator_solves_the_linear_equation(a, dt):
    """x' = A x + b from x(0) = 0 has the solution Q b, and d/dt of exp(A t) is A exp(A t): P = 1 + A Q."""
    exponential, integral = propagate(a, dt)
    scale = max(1.0, np.abs(exponential).max(), np.abs(a @ integral).max())
    np.testing.assert_allclose(exponential, by_series(a * dt), rtol=0, atol=1e-11 * scale)
    np.testing.assert_allclose(np.eye(len(a)) + a @ integral, exponential, rtol=0, atol=1e-11 * scale)


def test_a_rotation():
    turn = 0.7
    expected = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    np.testing.assert_allclose(matrix_exponential(np.array([[0, turn], [-turn, 0]])), expected, rtol=0, atol=1e-15)


def test_singular_matrices_are_no_special_case():
    dt = 0.3
    exponential, integral = propagate(np.zeros((3, 3)), dt)
    np.testing.assert_array_equal(exponential, np.eye(3))
    np.testing.assert_allclose(integral, dt * np.eye(3), rtol=1e-15)
    exponential, integral = propagate(np.array([[0.0, 2.0], [0.0, 0.0]]), dt)
    np.testing.assert_allclose(exponential, [[1, 2 * dt], [0, 1]], rtol=1e-15)
    np.testing.assert_allclose(integral, [[dt, dt**2], [0, dt]], rtol=1e-15)
    exponential, integral = propagate(np.array([[0.0]]), dt)
    assert (exponential.item(), integral.item()) == (1.0, dt)


def test_equal_and_almost_equal_time_constants():
    """For x' = -x/a + y, y' = -y/b the entry is (exp(-t/a) - exp(-t/b)) ab/(a - b), and t exp(-t/a) where a = b."""
    dt, a = 0.1, 5.0
    for b in (5.0, 5.0 + 1e-9, 5.0 + 1e-6, 5.1):
        exponential, _ = propagate(np.array([[-1 / a, 1.0], [0.0, -1 / b]]), dt)
        difference = np.longdouble(b - a) / (np.longdouble(a) * b)
        expected = np.exp(-dt / a) * (np.expm1(dt * difference) / difference if b != a else dt)
        np.testing.assert_allclose(exponential[0, 1], float(expected), rtol=1e-14)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_matrix_has_the_same_exponential_alone_and_among_others(size):
    random = np.random.default_rng(1)
    stack = random.normal(size=(7, size, size)) * (10.0 ** np.arange(-3, 4))[:, None, None]
    exponential, integral = propagate(stack, 0.5)
    for k in range(len(stack)):
        alone, alone_integral = propagate(stack[k : k + 1], 0.5)
        np.testing.assert_array_equal(exponential[k], alone[0])
        np.testing.assert_array_equal(integral[k], alone_integral[0])


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_a_matrix_that_is_not_finite_spoils_no_other(size, wrong):
    stack = np.full((3, size, size), -0.5)
    stack[1, 0, 0] = wrong
    with np.errstate(all="ignore"):
        exponential, integral = propagate(stack, 0.5)
    alone, alone_integral = propagate(stack[:1], 0.5)
    np.testing.assert_array_equal(exponential[[0, 2]], np.concatenate([alone, alone]))
    np.testing.assert_array_equal(integral[[0, 2]], np.concatenate([alone_integral, alone_integral]))
    expected = np.exp(wrong) if size == 1 else np.nan
    np.testing.assert_array_equal(exponential[1], np.full((size, size), expected))


def test_fast_decay_ends_at_zero_without_overflow():
    exponential, integral = propagate(np.array([[-1e8, 0.0], [1.0, -1e6]]), 1.0)
    np.testing.assert_array_equal(exponential, np.zeros((2, 2)))
    np.testing.assert_allclose(np.diag(integral), [1e-8, 1e-6], rtol=1e-6)
