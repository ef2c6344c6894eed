# What programs in Cython use of jupyspike_step.h.
from libc.math cimport (
    INFINITY, NAN, acos, asin, atan, ceil, cos, cosh, fabs, floor, log10, log1p, pow, sin, sinh, sqrt, tan,
)
from libc.stdint cimport (
    int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, uintptr_t,
)

cdef extern from *:
    ctypedef struct PyObject:
        pass
    ctypedef bint bool

cdef extern from "jupyspike_step.h" nogil:
    ctypedef double *double_array "double *JSP_RESTRICT"
    ctypedef float *float_array "float *JSP_RESTRICT"
    ctypedef bool *bool_array "bool *JSP_RESTRICT"
    ctypedef int8_t *int8_t_array "int8_t *JSP_RESTRICT"
    ctypedef int16_t *int16_t_array "int16_t *JSP_RESTRICT"
    ctypedef int32_t *int32_t_array "int32_t *JSP_RESTRICT"
    ctypedef int64_t *int64_t_array "int64_t *JSP_RESTRICT"
    ctypedef uint8_t *uint8_t_array "uint8_t *JSP_RESTRICT"
    ctypedef uint16_t *uint16_t_array "uint16_t *JSP_RESTRICT"
    ctypedef uint32_t *uint32_t_array "uint32_t *JSP_RESTRICT"

    enum:
        JSP_BUDGET
        JSP_DONE
        JSP_STOPPED
        JSP_FULL
        JSP_CALL
        JSP_NOT_FINITE
        JSP_BLOCK
        JUPYSPIKE_INTERFACE

    ctypedef struct jsp_clock:
        int64_t step, end
        double dt

    ctypedef struct jsp_domain:
        int64_t size
        const int32_t *pre
        const int32_t *post
        uint32_t stream

    ctypedef struct jsp_events:
        int32_t *elements
        int64_t head, depth
        int64_t *begin
        int64_t *end
        int64_t *found

    ctypedef struct jsp_pathway:
        pass

    ctypedef struct jsp_team:
        int32_t size, status

    ctypedef struct jsp_worker:
        jsp_team *team
        int64_t first, last
        int32_t index

    ctypedef struct jsp_recorder:
        int64_t count, size
        double *times
        double **columns
        const int32_t *elements

    ctypedef struct jsp_memory:
        int32_t stop
        uint64_t seed
        const double *parameters
        void **arrays
        jsp_clock *clocks
        jsp_domain *domains
        jsp_events *events
        jsp_pathway *pathways
        jsp_recorder *recorders
        int64_t position
        int64_t parts

    ctypedef struct jsp_reach:
        int64_t begin, end

    double jsp_time(const jsp_clock *clock)
    uint64_t jsp_due(const jsp_clock *clocks, int count)
    bint jsp_make_room(jsp_events *events, int64_t step, int64_t most)
    void jsp_inject(jsp_events *events, int64_t step)
    jsp_worker jsp_member(jsp_team *team, int32_t index, int64_t parts)
    void jsp_wait(const jsp_worker *w)
    void jsp_wait_in_step(const jsp_memory *m, const jsp_worker *w, int64_t number)
    int64_t jsp_first(const jsp_domain *domain, const jsp_worker *w)
    int64_t jsp_end(const jsp_domain *domain, const jsp_worker *w)
    int64_t jsp_first_event(const int32_t *elements, int64_t begin, int64_t end, int64_t limit)
    void jsp_gather(jsp_events *events, const jsp_domain *domain, const jsp_memory *m, jsp_team *team, int64_t step)
    jsp_reach jsp_reached_by(
        const jsp_pathway *path, const jsp_events *events, int64_t step, const jsp_memory *m, const jsp_worker *w)
    jsp_reach jsp_reached(const jsp_pathway *path, const jsp_events *events, int64_t step)
    bint jsp_next_row(jsp_reach *reach)
    int64_t jsp_synapse(const jsp_reach *reach, int64_t position)
    int64_t jsp_not_finite(double x)
    void jsp_tell_not_finite(const jsp_memory *m, double t)
    bint jsp_told_not_finite(const jsp_memory *m)
    void jsp_forget_not_finite(const jsp_memory *m)
    bint jsp_some_not_finite(const void *values, int64_t size, int64_t stride, int width)
    double jsp_began(const jsp_memory *m, const jsp_worker *w)
    void jsp_spent(const jsp_memory *m, const jsp_worker *w, int64_t number, double began)
    bint jsp_has_row(const jsp_recorder *recorder, bint per_element)
    bint jsp_recorded(jsp_recorder *recorder, int64_t element, double t)
    void jsp_record_rate(jsp_recorder *recorder, const jsp_events *events, int64_t step, double t)
    int64_t jsp_start_of_vectors(int64_t first, int64_t base, int64_t stop)
    int64_t jsp_collect(unsigned char *meets, int64_t size, int64_t base, int32_t *found, int64_t head)

    double jsp_uniform(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number)
    double jsp_normal(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number)
    int64_t jsp_poisson(uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number, double mean)
    int64_t jsp_binomial(
        uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number, double n, double p)
    ctypedef struct jsp_law:
        pass
    jsp_law jsp_poisson_law(double mean)
    jsp_law jsp_binomial_law(double n, double p)
    int64_t jsp_poisson_drawn(
        uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number, const jsp_law &law)
    int64_t jsp_binomial_drawn(
        uint64_t seed, uint32_t stream, uint32_t element, uint64_t step, uint32_t number, const jsp_law &law)

    double jsp_square(double x)
    double jsp_cube(double x)
    double jsp_fourth_power(double x)
    double jsp_exponential(double x)
    double jsp_expm1(double x)
    double jsp_exprel(double x)
    double jsp_bernoulli(double x)
    double jsp_logarithm(double x)
    double jsp_tanh(double x)
    double jsp_sign(double x)
    double jsp_clip(double x, double low, double high)
    int64_t jsp_clip_int(int64_t x, int64_t low, int64_t high)
    double jsp_modulo(double a, double b)
    double jsp_floor_divide(double a, double b)
    int64_t jsp_floor_divide_int(int64_t a, int64_t b)
    int64_t jsp_modulo_int(int64_t a, int64_t b)
    int64_t jsp_integer(double x)
    int64_t jsp_timestep(double t, double dt)
