# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The compiled part of the engine: runs a loaded program without the interpreter's lock, and draws random numbers.

Everything here has an equal in Python: ctypes runs programs too, `random` draws the same numbers.
"""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport calloc, free

import numpy as np

cdef extern from "jupyspike_program.h":
    const uint32_t JUPYSPIKE_INTERFACE
    ctypedef struct jsp_memory:
        pass

cdef extern from "jupyspike_random.h":
    double jsp_uniform(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t) noexcept nogil
    double jsp_normal(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t) noexcept nogil
    ctypedef struct jsp_law:
        pass
    jsp_law jsp_poisson_law(double) noexcept nogil
    jsp_law jsp_binomial_law(double, double) noexcept nogil
    int64_t jsp_poisson_drawn(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t, const jsp_law &) noexcept nogil
    int64_t jsp_binomial_drawn(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t, const jsp_law &) noexcept nogil

cdef extern from "jupyspike_choosing.h":
    int jsp_lowest_bit(uint64_t) noexcept nogil
    void jsp_uniforms(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t, Py_ssize_t, double*) noexcept nogil
    void jsp_gaps(double, Py_ssize_t, double*) noexcept nogil

cdef extern from "jupyspike_team.h":
    ctypedef struct jsp_worker:
        pass
    ctypedef int32_t (*jsp_advance)(jsp_memory*, int64_t, const jsp_worker*) noexcept nogil
    int32_t jsp_advance_together(jsp_advance, jsp_memory*, int64_t, int32_t) noexcept nogil

INTERFACE = JUPYSPIKE_INTERFACE


def advance(uintptr_t function, uintptr_t memory, int64_t budget, int32_t threads):
    """Run a program's ``jupyspike_advance`` on a memory for at most ``budget`` steps; returns its status."""
    cdef int32_t status
    with nogil:
        status = jsp_advance_together(<jsp_advance> function, <jsp_memory*> memory, budget, threads)
    return status


def uniform(uint64_t seed, uint32_t stream, elements, steps, uint32_t number):
    """Numbers in [0, 1); arrays of one shape, see `random.uniform`."""
    return _drawn(seed, stream, elements, steps, number, False)


def normal(uint64_t seed, uint32_t stream, elements, steps, uint32_t number):
    """Standard normal numbers; arrays of one shape, see `random.normal`."""
    return _drawn(seed, stream, elements, steps, number, True)


cdef _drawn(uint64_t seed, uint32_t stream, elements, steps, uint32_t number, bint gaussian):
    result = np.empty(elements.shape)
    cdef const uint32_t[::1] element = np.ascontiguousarray(elements).reshape(-1)
    cdef const uint64_t[::1] step = np.ascontiguousarray(steps).reshape(-1)
    cdef double[::1] out = result.reshape(-1)
    cdef Py_ssize_t k
    with nogil:
        if gaussian:
            for k in range(out.shape[0]):
                out[k] = jsp_normal(seed, stream, element[k], step[k], number)
        else:
            for k in range(out.shape[0]):
                out[k] = jsp_uniform(seed, stream, element[k], step[k], number)
    return result


def poisson(uint64_t seed, uint32_t stream, elements, steps, uint32_t number, means):
    """Numbers of Poisson distributions; arrays of one shape, see `random.poisson`."""
    result = np.empty(elements.shape, np.int64)
    cdef const uint32_t[::1] element = np.ascontiguousarray(elements).reshape(-1)
    cdef const uint64_t[::1] step = np.ascontiguousarray(steps).reshape(-1)
    cdef const double[::1] mean = np.ascontiguousarray(means).reshape(-1)
    cdef int64_t[::1] out = result.reshape(-1)
    cdef Py_ssize_t k
    cdef jsp_law law
    with nogil:
        for k in range(out.shape[0]):
            if k == 0 or mean[k] != mean[k - 1]:
                law = jsp_poisson_law(mean[k])
            out[k] = jsp_poisson_drawn(seed, stream, element[k], step[k], number, law)
    return result


def binomial(uint64_t seed, uint32_t stream, elements, steps, uint32_t number, trials, chances):
    """Numbers of binomial distributions; arrays of one shape, see `random.binomial`."""
    result = np.empty(elements.shape, np.int64)
    cdef const uint32_t[::1] element = np.ascontiguousarray(elements).reshape(-1)
    cdef const uint64_t[::1] step = np.ascontiguousarray(steps).reshape(-1)
    cdef const double[::1] n = np.ascontiguousarray(trials).reshape(-1)
    cdef const double[::1] p = np.ascontiguousarray(chances).reshape(-1)
    cdef int64_t[::1] out = result.reshape(-1)
    cdef Py_ssize_t k
    cdef jsp_law law
    with nogil:
        for k in range(out.shape[0]):
            if k == 0 or n[k] != n[k - 1] or p[k] != p[k - 1]:
                law = jsp_binomial_law(n[k], p[k])
            out[k] = jsp_binomial_drawn(seed, stream, element[k], step[k], number, law)
    return result


cdef enum:
    TOGETHER = 128  # numbers drawn at once


def bernoulli(
    uint64_t seed, uint32_t stream, uint64_t step, uint32_t number, uint32_t first, const int64_t[::1] lengths,
    const double[::1] p, const double[::1] scales, int32_t[::1] chosen, int64_t[::1] counts,
):
    """Fill ``chosen`` and ``counts``, see `choosing.bernoulli`; False where there is not enough room."""
    cdef Py_ssize_t row, taken = 0, room = chosen.shape[0], before
    cdef int64_t place, length
    cdef uint64_t drawn
    cdef int k, ready
    cdef bint open_row
    cdef double gaps[TOGETHER]
    with nogil:
        for row in range(lengths.shape[0]):
            before, place, length, drawn, open_row = taken, 0, lengths[row], step, lengths[row] > 0
            while open_row:
                ready = <int> min(TOGETHER, 2 * <int64_t> (0.5 * p[row] * <double> (length - place)) + 4)
                jsp_uniforms(seed, stream, first + <uint32_t> row, drawn, number, ready // 2, gaps)
                jsp_gaps(scales[row], ready, gaps)
                drawn += ready // 2
                if room - taken < ready:
                    with gil:
                        return False
                for k in range(ready):
                    if gaps[k] >= <double> (length - place):
                        open_row = False
                        break
                    place += <int64_t> gaps[k]
                    chosen[taken] = <int32_t> place
                    taken += 1
                    place += 1
            counts[row] = taken - before
    return True


def sampled(
    uint64_t seed, uint32_t stream, uint64_t step, uint32_t number, uint32_t first, const int64_t[::1] lengths,
    const int64_t[::1] sizes, int32_t[::1] chosen,
):
    """Fill ``chosen``, see `choosing.sampled`."""
    cdef Py_ssize_t row, taken = 0, word
    cdef int64_t longest = 0, last, place, draw
    cdef int k
    cdef double u[TOGETHER]
    for row in range(lengths.shape[0]):
        longest = max(longest, lengths[row])
    cdef uint64_t* marks = <uint64_t*> calloc(longest // 64 + 1, sizeof(uint64_t))
    if marks == NULL:
        raise MemoryError
    with nogil:
        for row in range(lengths.shape[0]):
            for draw in range(sizes[row]):
                k = <int> (draw % TOGETHER)
                if k == 0:
                    jsp_uniforms(
                        seed, stream, first + <uint32_t> row, step + <uint64_t> (draw // 2), number,
                        <int> ((min(TOGETHER, sizes[row] - draw) + 1) // 2), u,
                    )
                last = lengths[row] - sizes[row] + draw
                place = <int64_t> (u[k] * <double> (last + 1))
                if marks[place >> 6] >> (place & 63) & 1:
                    place = last
                marks[place >> 6] |= <uint64_t> 1 << (place & 63)
            for word in range((lengths[row] + 63) >> 6):
                while marks[word]:
                    chosen[taken] = <int32_t> (64 * word + jsp_lowest_bit(marks[word]))
                    taken += 1
                    marks[word] &= marks[word] - 1
    free(marks)


def sorted_places(const int32_t[::1] keys, int64_t[::1] starts, int32_t[::1] places):
    """Fill ``places``, see `choosing.sorted_places`; ``starts`` are zeros, one more than there are keys."""
    cdef Py_ssize_t k
    with nogil:
        for k in range(keys.shape[0]):
            starts[keys[k] + 1] += 1
        for k in range(1, starts.shape[0]):
            starts[k] += starts[k - 1]
        for k in range(keys.shape[0]):
            places[k] = <int32_t> starts[keys[k]]
            starts[keys[k]] += 1


def add_windows(
    double[:, ::1] sums, double[:, ::1] squares, const double[::1] rows, const int64_t[::1] first,
    const int64_t[::1] which,
):
    """Add up stretches of values, see `averaging.add_windows`."""
    cdef Py_ssize_t event, k, length = sums.shape[1]
    cdef const double* window
    cdef double* total
    cdef double* square
    with nogil:
        for event in range(first.shape[0]):
            window, total, square = &rows[first[event]], &sums[which[event], 0], &squares[which[event], 0]
            for k in range(length):
                total[k] += window[k]
                square[k] += window[k] * window[k]


def grouped(const int32_t[::1] keys, int32_t first, int64_t[::1] starts, int32_t[::1] order):
    """Fill ``starts`` and ``order``, see `choosing.grouped`; ``starts`` are zeros, one more than there are keys."""
    cdef Py_ssize_t k, last = starts.shape[0] - 1
    cdef int64_t before
    with nogil:
        for k in range(keys.shape[0]):
            starts[keys[k] - first] += 1
        before = 0
        for k in range(last + 1):
            before += starts[k]
            starts[k] = before
        for k in range(keys.shape[0] - 1, -1, -1):
            starts[keys[k] - first] -= 1
            order[starts[keys[k] - first]] = <int32_t> k
