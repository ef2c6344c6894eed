// Elementary functions for loops over elements: without branches and calls, so that compilers make vector instructions
// of them, and made of + - * / and bit patterns in a fixed order, so that a value does not depend on its lane, on the
// tail of a loop or on the compiler. Errors in units of the last place: exp 1.2, log 0.9, expm1 2, exprel, bernoulli and tanh 2.5.
#ifndef JUPYSPIKE_MATH_H
#define JUPYSPIKE_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t jsp_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline double jsp_from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// Added to a number below 2**51 it leaves the nearest whole number in the lowest bits.
#define JSP_ROUNDING 6755399441055744.0  // 1.5 * 2**52

// x = k log(2) + r with a whole number k and r within log(2) / 2: exp(r) - 1, and 2**(k - 1).
struct jsp_reduced {
    double rest, half;
};

static inline jsp_reduced jsp_reduce(double x) {
    x = x < -707.0 ? -707.0 : x;
    x = x > 710.0 ? 710.0 : x;  // exp is infinite above
    const double rounded = x * 1.4426950408889634 + JSP_ROUNDING, k = rounded - JSP_ROUNDING;
    const double r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10;  // log(2) in two parts
    // (exp(r) - 1 - r) / r**2, interpolated at Chebyshev's points; in pairs (Estrin 1960), which do not wait for each other
    const double r2 = r * r, r4 = r2 * r2;
    const double p0 = 0.5 + 0.16666666666666669 * r, p1 = 0.04166666666662413 + 0.008333333333330062 * r;
    const double p2 = 0.0013888888917213717 + 0.00019841269863053618 * r;
    const double p3 = 2.4801521295954376e-05 + 2.7557268459997064e-06 * r;
    const double p4 = 2.7620088445409746e-07 + 2.510038549551032e-08 * r;
    const double p = (p0 + r2 * p1) + r4 * ((p2 + r2 * p3) + r4 * p4);
    return {r + r2 * p, jsp_from_bits((jsp_bits(rounded) + 1022) << 52)};
}

// 0 below -707, where it is less than 1e-307.
static inline double jsp_exponential(double x) {
    const jsp_reduced e = jsp_reduce(x);
    return x < -707.0 ? 0.0 : (e.half + e.half * e.rest) * 2.0;
}

// Exact to its last places where it is at least 1e-307.
static inline double jsp_expm1(double x) {
    const jsp_reduced e = jsp_reduce(x);
    return (e.half * e.rest + (e.half - 0.5)) * 2.0;
}

static inline double jsp_exprel(double x) {
    const double value = jsp_expm1(x) / x;
    return fabs(x) < 1e-16 ? 1.0 : (x == INFINITY ? x : value);
}

// x / (exp(x) - 1).
static inline double jsp_bernoulli(double x) {
    const double value = x / jsp_expm1(x);
    return fabs(x) < 1e-16 ? 1.0 : (x == INFINITY ? 0.0 : value);
}

static inline double jsp_tanh(double x) {
    double a = fabs(x);
    a = a > 22.0 ? 22.0 : a;  // 1 above
    const double e = jsp_expm1(2.0 * a);
    return copysign(e / (e + 2.0), x);
}

// From log(1 + f) = f - f**2 / 2 + s (f**2 / 2 + R(s**2)) with s = f / (2 + f), after powers of two (as in fdlibm's
// e_log.c of Sun Microsystems, 1993; the polynomial is our own).
static inline double jsp_logarithm(double x) {
    const bool tiny = x < 2.2250738585072014e-308;
    const uint64_t bits = jsp_bits(tiny ? x * 18014398509481984.0 : x);  // 2**54
    double k = jsp_from_bits((bits >> 52) | 0x4330000000000000ull) - (tiny ? 4503599627371573.0 : 4503599627371519.0);
    double m = jsp_from_bits((bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
    const bool large = m > 1.4142135623730951;
    m = large ? m * 0.5 : m;
    k = large ? k + 1.0 : k;
    const double f = m - 1.0, s = f / (2.0 + f), z = s * s, h = 0.5 * f * f;
    double p = 0.13089445145246312;  // (log((1 + s) / (1 - s)) / s - 2) / s**2, interpolated at Chebyshev's points
    p = p * z + 0.1326850331279476;
    p = p * z + 0.15386249788196105;
    p = p * z + 0.181817954545265;
    p = p * z + 0.2222222239345263;
    p = p * z + 0.28571428570795937;
    p = p * z + 0.4000000000000089;
    p = p * z + 0.6666666666666666;
    const double value = k * 0.6931471803691238 - ((h - (s * (h + z * p) + k * 1.9082149292705877e-10)) - f);
    const double edge = x == 0.0 ? -INFINITY : (x < 0.0 ? NAN : x);  // infinity and what is not a number stay
    return x > 0.0 && x < INFINITY ? value : edge;
}

#endif
