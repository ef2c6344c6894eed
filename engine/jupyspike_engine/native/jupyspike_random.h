// Random numbers from counters: a draw is a function of (seed, stream, element, step, number) and of nothing else.
//
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011). Everything after the generator uses only +, -, *, / and sqrt
// in a fixed order, without fused operations, so that native/random.py gives the same bits.
#ifndef JUPYSPIKE_RANDOM_H
#define JUPYSPIKE_RANDOM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

struct jsp_words {
    uint32_t a, b, c, d;
};

static inline jsp_words jsp_philox(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number) {
    uint32_t a = element, b = (uint32_t)step, c = ((uint32_t)(step >> 32) << 16) | number, d = stream;
    uint32_t k = (uint32_t)seed, l = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const uint64_t p = (uint64_t)0xD2511F53u * a, q = (uint64_t)0xCD9E8D57u * c;
        a = (uint32_t)(q >> 32) ^ b ^ k;
        c = (uint32_t)(p >> 32) ^ d ^ l;
        b = (uint32_t)q;
        d = (uint32_t)p;
        k += 0x9E3779B9u;
        l += 0xBB67AE85u;
    }
    return {a, b, c, d};
}

// 53 random bits as a number in [0, 1): the two halves are exact in double precision.
static inline double jsp_unit(uint32_t high, uint32_t low) {
    return ((double)(high >> 5) * 67108864.0 + (double)(low >> 6)) * (1.0 / 9007199254740992.0);
}

static inline double jsp_uniform(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number) {
    const jsp_words w = jsp_philox(seed, stream, element, step, number);
    return jsp_unit(w.a, w.b);
}

// Natural logarithm of a normal number in (0, 1], by log(m) = 2 artanh((m - 1) / (m + 1)).
static inline double jsp_log(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    double exponent = (double)((int32_t)(bits >> 52) - 1023);
    bits = (bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
    double m;
    memcpy(&m, &bits, sizeof m);
    const bool large = m > 1.4142135623730951;
    m = large ? m * 0.5 : m;
    exponent = large ? exponent + 1.0 : exponent;
    const double f = (m - 1.0) / (m + 1.0), s = f * f;
    double p = 1.0 / 21.0;
    p = p * s + 1.0 / 19.0;
    p = p * s + 1.0 / 17.0;
    p = p * s + 1.0 / 15.0;
    p = p * s + 1.0 / 13.0;
    p = p * s + 1.0 / 11.0;
    p = p * s + 1.0 / 9.0;
    p = p * s + 1.0 / 7.0;
    p = p * s + 1.0 / 5.0;
    p = p * s + 1.0 / 3.0;
    p = p * s + 1.0;
    return exponent * 0.6931471805599453 + 2.0 * f * p;
}

// cos(2 pi u) for u in [0, 1), by Taylor polynomials within an eighth of a turn.
static inline double jsp_cosine_of_turn(double u) {
    const double quarter = (double)(int32_t)(4.0 * u + 0.5);
    const double x = (4.0 * u - quarter) * 1.5707963267948966, s = x * x;
    double c = 1.0 / 20922789888000.0;
    c = c * s - 1.0 / 87178291200.0;
    c = c * s + 1.0 / 479001600.0;
    c = c * s - 1.0 / 3628800.0;
    c = c * s + 1.0 / 40320.0;
    c = c * s - 1.0 / 720.0;
    c = c * s + 1.0 / 24.0;
    c = c * s - 0.5;
    c = c * s + 1.0;
    double n = 1.0 / 355687428096000.0;
    n = n * s - 1.0 / 1307674368000.0;
    n = n * s + 1.0 / 6227020800.0;
    n = n * s - 1.0 / 39916800.0;
    n = n * s + 1.0 / 362880.0;
    n = n * s - 1.0 / 5040.0;
    n = n * s + 1.0 / 120.0;
    n = n * s - 1.0 / 6.0;
    n = n * s + 1.0;
    n = n * x;
    const int32_t q = (int32_t)quarter & 3;
    const double value = (q & 1) ? n : c;
    return (q == 1 || q == 2) ? -value : value;
}

// A standard normal number (Box and Muller 1958).
static inline double jsp_normal(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number) {
    const jsp_words w = jsp_philox(seed, stream, element, step, number);
    const double radius = sqrt(-2.0 * jsp_log(jsp_unit(w.a, w.b) + 1.0 / 9007199254740992.0));
    return radius * jsp_cosine_of_turn(jsp_unit(w.c, w.d));
}

#endif
