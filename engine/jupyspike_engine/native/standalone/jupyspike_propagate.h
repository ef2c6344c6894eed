// The numbers of exact integration, exp(A dt) and the integral of exp(A s) ds from 0 to dt, from one exponential of the
// block matrix [[A, 1], [0, 0]] dt (Van Loan, IEEE TAC 23, 1978). See numerics/matrix_exponential.py, whose arithmetic
// this is.
#ifndef JUPYSPIKE_PROPAGATE_H
#define JUPYSPIKE_PROPAGATE_H

#include "jupyspike_solve.h"

template <int N>
inline void jsp_propagate(const double (&a)[N][N], double dt, double (&exponential)[N][N], double (&integral)[N][N]) {
    if (N == 1) {
        const double z = a[0][0] * dt;
        exponential[0][0] = jsp_exponential(z);
        integral[0][0] = dt * (z == 0.0 ? 1.0 : jsp_expm1(z) / z);
        return;
    }
    double block[2 * N][2 * N] = {};
    for (int r = 0; r < N; ++r) {
        for (int c = 0; c < N; ++c) block[r][c] = a[r][c] * dt;
        block[r][N + r] = dt;
    }
    jsp_matrix_exponential<2 * N>(block);
    for (int r = 0; r < N; ++r)
        for (int c = 0; c < N; ++c) exponential[r][c] = block[r][c], integral[r][c] = block[r][N + c];
}

#endif
