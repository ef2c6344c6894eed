"""The matrix exponential and its integral, for one matrix or a stack of them.

The arithmetic is that of ``native/jupyspike_solve.h``, operation by operation, so that a program that runs without
Python computes the same bits.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .exponential import expm1, exponential

Array = npt.NDArray[np.float64]
DEGREE = 14  # of Taylor's series, up to which it is accurate to double precision for norms up to 1/2


def matrix_exponential(a: Array) -> Array:
    """exp(A) by Taylor's series of a scaled matrix, F = exp(A / 2**k) - 1, which (1 + F)**2 - 1 doubles back.

    That keeps what is slow beside what is fast. Each matrix of a stack is scaled on its own, so that its exponential
    does not depend on the others.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    ndarray, shape (..., n, n)
        Not a number where the matrix is not finite.
    """
    a = np.asarray(a, np.float64)
    n = a.shape[-1]
    norm = sum((np.abs(a[..., row, :]) for row in range(n)), np.zeros(a.shape[:-1])).max(axis=-1, initial=0.0)
    doublings = _doublings(norm)[..., None, None]
    a = a * np.ldexp(1.0, -doublings)
    f = np.zeros_like(a)
    for degree in range(DEGREE, 0, -1):
        f = _plus_product(a, a, f) / degree
    for k in range(int(doublings.max(initial=0))):
        f = np.where(k < doublings, _plus_product(2.0 * f, f, f), f)
    return np.where(np.isfinite(norm)[..., None, None], f + np.eye(n), np.nan)


def _doublings(norm: Array) -> npt.NDArray[np.int32]:
    """How often a norm is to be halved until it is no larger than 1/2."""
    usable = np.where(norm <= 1e300, norm, 0.0)
    mantissa, exponent = np.frexp(usable)
    return np.where(usable > 0.5, exponent + (mantissa > 0.5), 0).astype(np.int32)


def _plus_product(total: Array, left: Array, right: Array) -> Array:
    """total + left right; sums are taken in order, without fused operations."""
    for k in range(left.shape[-1]):
        total = total + left[..., :, k : k + 1] * right[..., k : k + 1, :]
    return total


def propagate(a: Array, dt: float) -> tuple[Array, Array]:
    """exp(A dt) and the integral of exp(A s) ds from 0 to dt (also where A is singular).

    Both come from one exponential of the block matrix [[A, 1], [0, 0]] dt (Van Loan, IEEE TAC 23, 1978).

    Parameters
    ----------
    a : ndarray, shape (..., n, n)
    dt : float

    Returns
    -------
    exponential, integral : ndarray, shape (..., n, n)
    """
    n = a.shape[-1]
    if n == 1:
        z = a * dt
        safe = np.where(z == 0, 1.0, z)
        return exponential(z), dt * np.where(z == 0, 1.0, expm1(z) / safe)
    block = np.zeros((*a.shape[:-2], 2 * n, 2 * n))
    block[..., :n, :n] = a * dt
    block[..., :n, n:] = np.eye(n) * dt
    whole = matrix_exponential(block)
    return whole[..., :n, :n], whole[..., :n, n:]


def small_exponential(entries: list[list[Array]]) -> list[list[Array]]:
    """exp(A) of many small matrices, given and returned entry by entry: as `matrix_exponential`, faster for many."""
    n = len(entries)
    norm = np.zeros_like(entries[0][0])
    for column in range(n):
        total = np.zeros_like(norm)
        for row in range(n):
            total = total + np.abs(entries[row][column])
        norm = np.where((total > norm) | np.isnan(total), total, norm)
    doublings = _doublings(norm)
    scale = np.ldexp(1.0, -doublings)
    a = [[entry * scale for entry in row] for row in entries]
    f = [[np.zeros_like(norm) for _ in row] for row in entries]
    for degree in range(DEGREE, 0, -1):
        f = [[_dot(a[r][c], a[r], f, c) / degree for c in range(n)] for r in range(n)]
    for k in range(int(doublings.max(initial=0))):
        doubled = [[_dot(2.0 * f[r][c], f[r], f, c) for c in range(n)] for r in range(n)]
        f = [[np.where(k < doublings, doubled[r][c], f[r][c]) for c in range(n)] for r in range(n)]
    return [[f[r][c] + (1.0 if r == c else 0.0) for c in range(n)] for r in range(n)]


def _dot(total: Array, row: list[Array], other: list[list[Array]], column: int) -> Array:
    for k, factor in enumerate(row):
        total = total + factor * other[k][column]
    return total
