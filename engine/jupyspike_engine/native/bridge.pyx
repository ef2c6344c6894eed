# cython: language_level=3, boundscheck=False, wraparound=False
"""The compiled part of the engine: runs a loaded program without the interpreter's lock, and draws random numbers.

Everything here has an equal in Python: ctypes runs programs too, `random` draws the same numbers.
"""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t, uintptr_t

import numpy as np

cdef extern from "jupyspike_program.h":
    const uint32_t JUPYSPIKE_INTERFACE
    ctypedef struct jsp_memory:
        pass

cdef extern from "jupyspike_random.h":
    double jsp_uniform(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t) noexcept nogil
    double jsp_normal(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t) noexcept nogil
    int64_t jsp_poisson(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t, double) noexcept nogil
    int64_t jsp_binomial(uint64_t, uint32_t, uint32_t, uint64_t, uint32_t, double, double) noexcept nogil

ctypedef int32_t (*Advance)(jsp_memory*, int64_t) noexcept nogil

INTERFACE = JUPYSPIKE_INTERFACE


def advance(uintptr_t function, uintptr_t memory, int64_t budget):
    """Run a program's ``jupyspike_advance`` on a memory for at most ``budget`` steps; returns its status."""
    cdef int32_t status
    with nogil:
        status = (<Advance> function)(<jsp_memory*> memory, budget)
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
    with nogil:
        for k in range(out.shape[0]):
            out[k] = jsp_poisson(seed, stream, element[k], step[k], number, mean[k])
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
    with nogil:
        for k in range(out.shape[0]):
            out[k] = jsp_binomial(seed, stream, element[k], step[k], number, n[k], p[k])
    return result
