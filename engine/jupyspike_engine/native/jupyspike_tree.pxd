# What programs in Cython use of jupyspike_tree.h.
from libc.stdint cimport int32_t, int64_t

cdef extern from "jupyspike_tree.h" nogil:
    void jsp_eliminate(
        const int64_t *rows, const int32_t *parents, const double *couplings, const int64_t *shapes,
        const int64_t *lanes, const int32_t *packs, const double *edges, double *work, double *diagonal, double *right,
        double scale, int64_t size, int64_t part, int64_t last, int64_t parts,
    )
