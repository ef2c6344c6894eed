// Integration over one time step in steps of its own; see numerics/adaptive.py, whose arithmetic this is.
#ifndef JUPYSPIKE_SOLVE_H
#define JUPYSPIKE_SOLVE_H

#include "jupyspike_step.h"

// An embedded Runge-Kutta method of S stages: nodes, stages, weights of the result and of the estimate of its error.
template <int S> struct jsp_tableau {
    double exponent, c[S], a[S][S], b[S], e[S];
};

typedef struct {
    double last;
    int32_t failed, count;
    bool finished;
} jsp_progress;

// The states x of N variables from t to t + dt, at first in steps of `size` (dt where it is zero).
template <int S, int N, class Rates>
static inline jsp_progress jsp_solve(const jsp_tableau<S> &m, double *x, const double *tolerance, double t, double dt,
                                     double size, double most, bool adaptable, const Rates &rates) {
    jsp_progress progress = {size, 0, 0, true};
    if (!(size > 0.0 && size < dt && adaptable)) size = dt;
    double done = 0.0;
    while (done < dt) {
        const double left = dt - done;
        const bool to_the_end = size * 1.000001 >= left;
        const double h = to_the_end ? left : size;
        if ((most > 0.0 && progress.failed + progress.count >= most) || size < 1e-13 * dt) {
            progress.finished = false;
            break;
        }
        const double now = t + done;
        double k[S][N], y[N], error = 0.0;
        for (int s = 0; s < S; ++s) {
            for (int n = 0; n < N; ++n) {
                double sum = 0.0;
                for (int r = 0; r < s; ++r) sum = sum + m.a[s][r] * k[r][n];
                y[n] = x[n] + h * sum;
            }
            rates(now + m.c[s] * h, y, k[s]);
        }
        for (int n = 0; n < N; ++n) {
            double sum = 0.0, wrong = 0.0;
            for (int s = 0; s < S; ++s) {
                sum = sum + m.b[s] * k[s][n];
                wrong = wrong + m.e[s] * k[s][n];
            }
            y[n] = x[n] + h * sum;
            const double ratio = fabs(h * wrong) / tolerance[n];
            error = ratio != ratio ? (double)INFINITY : (ratio > error ? ratio : error);
        }
        const double factor = floor(0.9 * pow(error, -m.exponent) * 1024.0) / 1024.0;
        bool good = error <= 1.0;
        if (!adaptable && !good) {
            progress.finished = false;
            good = true;
        }
        if (good) {
            for (int n = 0; n < N; ++n) x[n] = y[n];
            const double larger = h * (factor < 5.0 ? factor : 5.0);
            const double next = larger < dt ? larger : dt;
            size = to_the_end && size > next ? size : next;
            done = to_the_end ? dt : done + h;
            ++progress.count;
        } else {
            size = h * (factor > 0.2 ? factor : 0.2);
            ++progress.failed;
        }
        if (!adaptable) size = dt;
    }
    progress.last = size;
    return progress;
}

// The same for programs in another language, whose function of the rates gets a pointer to values that it needs. It
// returns -1 when it failed: then no more is computed, and so does this.
template <int S, int N>
static inline int jsp_solve_with(const jsp_tableau<S> &method, double (&x)[N], const double *tolerance, double t,
                                 double dt, double size, double most, bool adaptable, void *function,
                                 const jsp_memory *m, int64_t i, const double *outer, jsp_progress *progress) {
    typedef int (*Function)(const jsp_memory *, int64_t, const double *, double, const double *, double *);
    bool failed = false;
    const auto rates = [&](double at, const double *states, double *rate) {
        if (!failed) failed = ((Function)function)(m, i, outer, at, states, rate) == -1;
        if (failed)
            for (int n = 0; n < N; ++n) rate[n] = 0.0;
    };
    *progress = jsp_solve<S, N>(method, x, tolerance, t, dt, size, most, adaptable, rates);
    return failed ? -1 : 0;
}

// Ask the program to return at the next border of a step.
static inline void jsp_request_stop(const jsp_memory *m) { *(volatile int32_t *)&m->stop = 1; }

// exp(A) of a small matrix, in place: Taylor's series of a scaled matrix for exp(A) - 1, doubled back by (1 + F)^2 - 1,
// which keeps what is slow beside what is fast. See numerics/matrix_exponential.py, whose arithmetic this is.
template <int N> static inline void jsp_matrix_exponential(double (&a)[N][N]) {
    double norm = 0.0;
    for (int c = 0; c < N; ++c) {
        double sum = 0.0;
        for (int r = 0; r < N; ++r) sum = sum + fabs(a[r][c]);
        norm = sum > norm || sum != sum ? sum : norm;
    }
    int doublings = 0;
    if (norm <= 1e300)
        for (; norm > 0.5; ++doublings) norm = 0.5 * norm;
    const double scale = ldexp(1.0, -doublings);
    double f[N][N], g[N][N];
    for (int r = 0; r < N; ++r)
        for (int c = 0; c < N; ++c) {
            a[r][c] = a[r][c] * scale;
            f[r][c] = 0.0;
        }
    for (int degree = 14; degree >= 1; --degree) {  // F <- A (1 + F) / degree
        for (int r = 0; r < N; ++r)
            for (int c = 0; c < N; ++c) {
                double sum = a[r][c];
                for (int k = 0; k < N; ++k) sum = sum + a[r][k] * f[k][c];
                g[r][c] = sum / degree;
            }
        memcpy(f, g, sizeof f);
    }
    for (; doublings > 0; --doublings) {
        for (int r = 0; r < N; ++r)
            for (int c = 0; c < N; ++c) {
                double sum = 2.0 * f[r][c];
                for (int k = 0; k < N; ++k) sum = sum + f[r][k] * f[k][c];
                g[r][c] = sum;
            }
        memcpy(f, g, sizeof f);
    }
    for (int r = 0; r < N; ++r)
        for (int c = 0; c < N; ++c) a[r][c] = f[r][c] + (r == c ? 1.0 : 0.0);
}

#endif
