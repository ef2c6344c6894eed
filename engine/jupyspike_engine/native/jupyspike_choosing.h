// Draws for choosing connections, many at a time so that they are made with vector instructions.
#ifndef JUPYSPIKE_CHOOSING_H
#define JUPYSPIKE_CHOOSING_H

#include <stddef.h>

#include "jupyspike_random.h"

#ifdef _MSC_VER
#include <intrin.h>
static inline int jsp_lowest_bit(uint64_t word) {
    unsigned long bit;
    _BitScanForward64(&bit, word);
    return (int)bit;
}
#else
static inline int jsp_lowest_bit(uint64_t word) { return __builtin_ctzll(word); }
#endif

// Where the loader can choose between two versions of a function; both give the same bits.
#if defined(__linux__) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define JSP_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define JSP_VECTORS
#endif

// Uniform numbers in [0, 1) of one row, two from each of so many steps of the generator.
JSP_VECTORS
static void jsp_uniforms(
    uint64_t seed, uint32_t stream, uint32_t row, uint64_t step, uint32_t number, ptrdiff_t steps, double *u
) {
    for (ptrdiff_t k = 0; k < steps; ++k) {
        const jsp_words w = jsp_philox(seed, stream, row, step + (uint64_t)k, number);
        u[2 * k] = jsp_unit(w.a, w.b);
        u[2 * k + 1] = jsp_unit(w.c, w.d);
    }
}

// Geometric numbers: log(1 - u) times a scale, not rounded.
JSP_VECTORS
static void jsp_gaps(double scale, ptrdiff_t count, double *u) {
    for (ptrdiff_t k = 0; k < count; ++k) u[k] = jsp_log(1.0 - u[k]) * scale;
}

#endif
