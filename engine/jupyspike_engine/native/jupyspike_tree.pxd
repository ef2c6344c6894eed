# What programs in Cython use of jupyspike_tree.h.
from libc.stdint cimport int32_t, int64_t

cdef extern from "jupyspike_tree.h" nogil:
    void jsp_eliminate(
        const int32_t *nodes, const int32_t *parents, const double *couplings, const int64_t *cells,
        const int64_t *places, double *diagonal, double *right, double scale, int64_t size, int64_t first, int64_t end,
    )
