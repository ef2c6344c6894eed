// Random numbers from counters: a draw is a function of (seed, stream, element, step, number) and of nothing else.
//
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011). Everything after the generator uses only +, -, *, / and sqrt
// in a fixed order, without fused operations, so that native/random.py gives the same bits.
#ifndef JUPYSPIKE_RANDOM_H
#define JUPYSPIKE_RANDOM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// Words of 32 bits, kept in vectors of 64 bits where these can be multiplied: products then need no moves between lanes.
#if defined(__AVX512DQ__) || defined(__clang__)
typedef uint64_t jsp_lane;
#else
typedef uint32_t jsp_lane;
#endif

struct jsp_words {
    jsp_lane a, b, c, d;
};

static inline jsp_words jsp_philox(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number) {
    jsp_lane a = element, b = (uint32_t)step, c = ((uint32_t)(step >> 32) << 16) | number, d = stream;
    uint32_t k = (uint32_t)seed, l = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const uint64_t p = (uint64_t)0xD2511F53u * a, q = (uint64_t)0xCD9E8D57u * c;
        a = (jsp_lane)(q >> 32) ^ b ^ k;
        c = (jsp_lane)(p >> 32) ^ d ^ l;
        b = (uint32_t)q;
        d = (uint32_t)p;
        k += 0x9E3779B9u;
        l += 0xBB67AE85u;
    }
    return {a, b, c, d};
}

// 53 random bits as a number in [0, 1): exact in double precision, in one piece or in two.
static inline double jsp_unit(jsp_lane high, jsp_lane low) {
#if defined(__AVX512DQ__)
    return (double)(int64_t)((uint64_t)(high >> 5) << 26 | low >> 6) * (1.0 / 9007199254740992.0);
#else
    return ((double)(uint32_t)(high >> 5) * 67108864.0 + (double)(uint32_t)(low >> 6)) * (1.0 / 9007199254740992.0);
#endif
}

static inline double jsp_uniform(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number) {
    const jsp_words w = jsp_philox(seed, stream, element, step, number);
    return jsp_unit(w.a, w.b);
}

// log((1 + f) / (1 - f)) = 2 artanh(f) for |f| below 0.172.
static inline double jsp_log_of_ratio(double f) {
    const double s = f * f;
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
    return 2.0 * f * p;
}

// Natural logarithm of a positive normal number; of zero a finite number.
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
    return exponent * 0.6931471805599453 + jsp_log_of_ratio((m - 1.0) / (m + 1.0));
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

// exp(x) for x in [-700, 0], by the Taylor polynomial of what remains after powers of two.
static inline double jsp_exp(double x) {
    const double power = floor(x * 1.4426950408889634 + 0.5);
    const double r = (x - power * 0.693145751953125) - power * 1.4286068203094173e-06;  // two parts of log(2)
    double e = 1.0 / 6227020800.0;
    e = e * r + 1.0 / 479001600.0;
    e = e * r + 1.0 / 39916800.0;
    e = e * r + 1.0 / 3628800.0;
    e = e * r + 1.0 / 362880.0;
    e = e * r + 1.0 / 40320.0;
    e = e * r + 1.0 / 5040.0;
    e = e * r + 1.0 / 720.0;
    e = e * r + 1.0 / 120.0;
    e = e * r + 1.0 / 24.0;
    e = e * r + 1.0 / 6.0;
    e = e * r + 0.5;
    e = e * r + 1.0;
    e = e * r + 1.0;
    const uint64_t bits = (uint64_t)(1023 + (int64_t)power) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return e * scale;
}

// log(1 - x) for x in [0, 1/2].
static inline double jsp_log_of_rest(double x) {
    return x < 0.25 ? jsp_log_of_ratio(-x / (2.0 - x)) : jsp_log(1.0 - x);
}

// What log(k!) has beyond k log(k) - k, for a whole number k: a table, then the series of Stirling.
static inline double jsp_stirling(double k) {
    static const double small[16] = {
        0.0, 1.0, 1.3068528194400546, 1.4959226032237258, 1.6328763858683832,
        1.7403021806115442, 1.828694396641771, 1.9037903176782212, 1.9690705693065629, 2.0268062840554952,
        2.0785616431350586, 2.12545984509181, 2.168334698205882, 2.207822206123445, 2.244418568125061,
        2.2785183673077407,
    };
    if (k < 16.0) return small[(int32_t)k];
    const double s = 1.0 / (k * k);
    double c = -691.0 / 360360.0;
    c = c * s + 1.0 / 1188.0;
    c = c * s - 1.0 / 1680.0;
    c = c * s + 1.0 / 1260.0;
    c = c * s - 1.0 / 360.0;
    c = c * s + 1.0 / 12.0;
    return 0.5 * jsp_log(6.283185307179586 * k) + c / k;
}

// x log(x / mean) + mean - x: without cancellation, so that counts of any size have an accurate probability (Loader,
// Fast and accurate computation of binomial probabilities, 2000).
static inline double jsp_deviance(double x, double mean) {
    const double d = x - mean, v = d / (x + mean), s = v * v;
    if (!(fabs(v) < 0.1)) return x * jsp_log(x / mean) + mean - x;
    double p = 1.0 / 17.0;
    p = p * s + 1.0 / 15.0;
    p = p * s + 1.0 / 13.0;
    p = p * s + 1.0 / 11.0;
    p = p * s + 1.0 / 9.0;
    p = p * s + 1.0 / 7.0;
    p = p * s + 1.0 / 5.0;
    p = p * s + 1.0 / 3.0;
    return d * v + 2.0 * x * v * (p * s);
}

#define JSP_MOST 4611686018427387904.0  // 2**62, the largest count

// The count whose cumulative probability exceeds u, where p(0) = first and p(k) = p(k - 1) (a + b / k) (Panjer 1981).
static inline double jsp_inverted(double u, double first, double a, double b, double most) {
    double k = 0.0, p = first, sum = first;
    while (u >= sum && p > 1e-18) {
        k += 1.0;
        p = p * (a + b / k);
        sum += p;
    }
    return k < most ? k : most;
}

// What covers a distribution of counts: see jsp_rejected.
struct jsp_hat {
    double a, b, centre, squeeze, scale;
};

// A count by transformed rejection with squeeze (Hoermann, The transformed rejection method for generating Poisson random
// variables, 1993; The generation of binomial random variates, 1993). Each attempt has a key of its own.
template <class LogProbability>
static inline double jsp_rejected(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number,
                                  const jsp_hat &hat, double most, LogProbability log_probability) {
    for (;; seed += 0xD1342543DE82EF95ull) {
        const jsp_words w = jsp_philox(seed, stream, element, step, number);
        const double u = jsp_unit(w.a, w.b) - 0.5, v = jsp_unit(w.c, w.d) + 1.0 / 9007199254740992.0;
        const double s = 0.5 - fabs(u), k = floor((2.0 * hat.a / s + hat.b) * u + hat.centre);
        if (s >= 0.07 && v <= hat.squeeze) return k;
        if (k >= 0.0 && k <= most && jsp_log(v * hat.scale / (hat.a / (s * s) + hat.b)) <= log_probability(k)) return k;
    }
}

// A distribution of counts, as all draw from it that have the same parameters.
struct jsp_law {
    enum { CERTAIN, INVERTED, REJECTED } way;
    bool turned;         // misses are drawn in place of successes
    double most;         // the largest count; the only one if it is certain
    double first, a, b;  // see jsp_inverted
    double mean, misses, peak;
    jsp_hat hat;
};

// The Poisson distribution; 0 is certain where the mean is not positive.
static inline jsp_law jsp_poisson_law(double mean) {
    jsp_law law = {};
    law.most = mean > 0.0 ? JSP_MOST : 0.0;
    law.mean = law.b = mean;
    if (!(mean > 0.0) || mean >= JSP_MOST) return law;
    if (mean < 10.0) {
        law.way = jsp_law::INVERTED;
        law.first = jsp_exp(-mean);
        return law;
    }
    const double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    law.way = jsp_law::REJECTED;
    law.hat = {a, b, mean + 0.43, 0.9277 - 3.6224 / (b - 2.0), 1.1239 + 1.1328 / (b - 3.4)};
    return law;
}

static inline int64_t jsp_poisson_drawn(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number,
                                        const jsp_law &law) {
    if (law.way == jsp_law::CERTAIN) return (int64_t)law.most;
    if (law.way == jsp_law::INVERTED) {
        const double u = jsp_uniform(seed, stream, element, step, number);
        return (int64_t)jsp_inverted(u, law.first, law.a, law.b, law.most);
    }
    return (int64_t)jsp_rejected(seed, stream, element, step, number, law.hat, law.most, [&](double k) {
        return -jsp_deviance(k, law.mean) - jsp_stirling(k);
    });
}

// How unlikely a count of successes is, up to a constant.
static inline double jsp_unlikely(const jsp_law &law, double x) {
    const double rest = law.most - x;
    return jsp_deviance(x, law.mean) + jsp_deviance(rest, law.misses) + jsp_stirling(x) + jsp_stirling(rest);
}

// How many of n trials succeed when each does with probability p; 0 is certain where n or p is not positive.
static inline jsp_law jsp_binomial_law(double n, double p) {
    jsp_law law = {};
    n = floor(n);
    if (!(n > 0.0) || !(p > 0.0)) return law;
    n = n < JSP_MOST ? n : JSP_MOST;
    law.most = n;
    if (p >= 1.0) return law;
    law.turned = p > 0.5;
    const double r = law.turned ? 1.0 - p : p, q = 1.0 - r, mean = n * r;
    if (mean < 10.0) {
        const double odds = r / q;
        law.way = jsp_law::INVERTED;
        law.first = jsp_exp(n * jsp_log_of_rest(r));
        law.a = -odds;
        law.b = (n + 1.0) * odds;
        return law;
    }
    const double deviation = sqrt(mean * q), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * r;
    law.way = jsp_law::REJECTED;
    law.mean = mean;
    law.misses = n * q;
    law.hat = {a, b, mean + 0.5, 0.92 - 4.2 / b, (2.83 + 5.1 / b) * deviation};
    law.peak = jsp_unlikely(law, floor((n + 1.0) * r));
    return law;
}

static inline int64_t jsp_binomial_drawn(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number,
                                         const jsp_law &law) {
    if (law.way == jsp_law::CERTAIN) return (int64_t)law.most;
    double k;
    if (law.way == jsp_law::INVERTED) {
        const double u = jsp_uniform(seed, stream, element, step, number);
        k = jsp_inverted(u, law.first, law.a, law.b, law.most);
    } else {
        k = jsp_rejected(seed, stream, element, step, number, law.hat, law.most, [&](double x) {
            return law.peak - jsp_unlikely(law, x);
        });
    }
    return (int64_t)(law.turned ? law.most - k : k);
}

// A number of the Poisson distribution.
static inline int64_t jsp_poisson(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number,
                                  double mean) {
    return jsp_poisson_drawn(seed, stream, element, step, number, jsp_poisson_law(mean));
}

// How many of n trials succeed.
static inline int64_t jsp_binomial(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number,
                                   double n, double p) {
    return jsp_binomial_drawn(seed, stream, element, step, number, jsp_binomial_law(n, p));
}

#endif
