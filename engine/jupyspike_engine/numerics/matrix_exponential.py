"""The matrix exponential and its integral, for one matrix or a stack of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Coefficients of the Pade approximant of degree 13 and the norm up to which it is accurate to double precision
# (Higham, SIAM J. Matrix Anal. Appl. 26, 2005).
_PADE = (
    64764752532480000,
    32382376266240000,
    7771770303897600,
    1187353796428800,
    129060195264000,
    10559470521600,
    670442572800,
    33522128640,
    1323241920,
    40840800,
    960960,
    16380,
    182,
    1,
)
_THETA = 5.371920351148152


def matrix_exponential(a: Array) -> Array:
    """exp(A) by scaling and squaring.

    Parameters
    ----------
    a : ndarray, shape (..., n, n)

    Returns
    -------
    ndarray, shape (..., n, n)
    """
    # each matrix of a stack is scaled on its own, so that its exponential does not depend on the others
    norm = np.abs(a).sum(axis=-2).max(axis=-1, initial=0.0)[..., None, None]
    finite = np.isfinite(norm)
    squarings = np.ceil(np.log2(np.maximum(np.where(finite, norm, 0.0), _THETA) / _THETA))
    a = np.where(finite, a, 0.0) / 2.0**squarings
    one = np.broadcast_to(np.eye(a.shape[-1]), a.shape)
    b = [float(c) for c in _PADE]
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a4 @ a2
    odd = a @ (a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * one)
    even = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * one
    # 1 + 2 odd/(even - odd) in place of (even + odd)/(even - odd): what does not change keeps its last bit
    result = one + np.linalg.solve(even - odd, 2.0 * odd)
    for k in range(int(squarings.max(initial=0.0))):
        result = np.where(k < squarings, result @ result, result)
    return np.where(finite, result, np.nan)


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
        return np.exp(z), dt * np.where(z == 0, 1.0, np.expm1(z) / safe)
    block = np.zeros((*a.shape[:-2], 2 * n, 2 * n))
    block[..., :n, :n] = a * dt
    block[..., :n, n:] = np.eye(n) * dt
    whole = matrix_exponential(block)
    return whole[..., :n, :n], whole[..., :n, n:]


def small_exponential(entries: list[list[Array]]) -> list[list[Array]]:
    """exp(A) of many small matrices, given and returned entry by entry.

    Taylor's series of a scaled matrix gives F = exp(A / 2**k) - 1, which (1 + F)**2 - 1 doubles back: that keeps what
    is slow beside what is fast. The arithmetic is that of ``jsp_matrix_exponential`` in ``native/jupyspike_solve.h``.
    """
    n = len(entries)
    norm = np.zeros_like(entries[0][0])
    for column in range(n):
        total = np.zeros_like(norm)
        for row in range(n):
            total = total + np.abs(entries[row][column])
        norm = np.where((total > norm) | np.isnan(total), total, norm)
    usable = np.where(norm <= 1e300, norm, 0.0)
    mantissa, exponent = np.frexp(usable)
    doublings = np.where(usable > 0.5, exponent + (mantissa > 0.5), 0)
    scale = np.ldexp(1.0, -doublings)
    a = [[entry * scale for entry in row] for row in entries]
    f = [[np.zeros_like(norm) for _ in row] for row in entries]
    for degree in range(14, 0, -1):
        f = [[_dot(a[r][c], a[r], f, c) / degree for c in range(n)] for r in range(n)]
    for k in range(int(doublings.max(initial=0))):
        doubled = [[_dot(2.0 * f[r][c], f[r], f, c) for c in range(n)] for r in range(n)]
        f = [[np.where(k < doublings, doubled[r][c], f[r][c]) for c in range(n)] for r in range(n)]
    return [[f[r][c] + (1.0 if r == c else 0.0) for c in range(n)] for r in range(n)]


def _dot(total: Array, row: list[Array], other: list[list[Array]], column: int) -> Array:
    for k, factor in enumerate(row):
        total = total + factor * other[k][column]
    return total
