// What generated programs call in a time step, beside their own code.
#ifndef JUPYSPIKE_STEP_H
#define JUPYSPIKE_STEP_H

#include <math.h>
#include <time.h>
#if !defined(_WIN32)
#include <sched.h>
#endif

#include "jupyspike_math.h"
#include "jupyspike_program.h"
#include "jupyspike_random.h"

#if defined(_MSC_VER)
#define JSP_EXPORT extern "C" __declspec(dllexport)
#define JSP_RESTRICT __restrict
#define JSP_INDEPENDENT __pragma(loop(ivdep))
#define JSP_APART __declspec(noinline)
#else
#define JSP_EXPORT extern "C" __attribute__((visibility("default")))
#define JSP_RESTRICT __restrict__
#define JSP_APART __attribute__((noinline))
#if defined(__clang__)
#define JSP_INDEPENDENT _Pragma("clang loop vectorize(enable)")
#pragma clang diagnostic ignored "-Wpass-failed"  // a loop that stays as it is, is slower and right
#else
#define JSP_INDEPENDENT _Pragma("GCC ivdep")
#endif
#endif

static inline double jsp_time(const jsp_clock *c) {
    if (!c->times) return (double)c->step * c->dt;
    const int64_t last = c->step < c->end ? c->step : c->end - 1;
    return last >= 0 ? c->times[last] : 0.0;
}

// The clocks that tick now, as bits: those whose time is the earliest of all that have not reached their end.
static inline uint64_t jsp_due(const jsp_clock *clocks, int count) {
    double earliest = INFINITY;
    for (int c = 0; c < count; ++c)
        if (clocks[c].step < clocks[c].end) earliest = fmin(earliest, jsp_time(&clocks[c]));
    uint64_t due = 0;
    for (int c = 0; c < count; ++c) {
        const double late = jsp_time(&clocks[c]) - earliest;
        if (clocks[c].step < clocks[c].end && late < 1e-4 * clocks[0].dt) due |= 1ull << c;  // the first is the fastest
    }
    return due;
}

// Whether this compiler has what workers need to wait for each other; without, a team has one.
#if defined(__GNUC__)
#define JSP_TEAMS 1
#else
#define JSP_TEAMS 0
#endif

// Returns when all workers of the team have come here. One that waits long lets others have the processor.
static inline void jsp_wait(const jsp_worker *w) {
    jsp_team *team = w->team;
    if (team->size == 1) return;
#if JSP_TEAMS
    const int32_t turn = __atomic_load_n(&team->turn, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL) == team->size) {
        __atomic_store_n(&team->arrived, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&team->turn, turn + 1, __ATOMIC_RELEASE);
        return;
    }
    for (int64_t tries = 0; __atomic_load_n(&team->turn, __ATOMIC_ACQUIRE) == turn; ++tries) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
#if !defined(_WIN32)
        if (tries > 1000) sched_yield();
#endif
    }
#endif
}

// The elements of a domain that a worker owns.
static inline int64_t jsp_first(const jsp_domain *d, const jsp_worker *w) { return d->cuts[w->first]; }
static inline int64_t jsp_end(const jsp_domain *d, const jsp_worker *w) { return d->cuts[w->last]; }

// Room for `most` further elements: what is older than the history moves out. False if the buffer is too small.
static inline bool jsp_make_room(jsp_events *e, int64_t step, int64_t most) {
    if (e->capacity - e->head >= most) return true;
    int64_t oldest = e->head;
    for (int64_t s = 1; s < e->depth && s <= step; ++s) {
        const int64_t at = (step - s) % e->depth;
        if (e->begin[at] < oldest) oldest = e->begin[at];
    }
    if (e->capacity - (e->head - oldest) < most) return false;
    memmove(e->elements, e->elements + oldest, (size_t)(e->head - oldest) * sizeof(int32_t));
    for (int64_t s = 0; s < e->depth; ++s) {
        e->begin[s] = e->begin[s] > oldest ? e->begin[s] - oldest : 0;
        e->end[s] = e->end[s] > oldest ? e->end[s] - oldest : 0;
    }
    e->head -= oldest;
    return true;
}

// The first of ascending numbers that is not below a limit.
static inline int64_t jsp_lower_bound(const int64_t *numbers, int64_t count, int64_t limit) {
    int64_t low = 0;
    while (count > 0) {
        const int64_t half = count / 2;
        if (numbers[low + half] < limit) low += half + 1, count -= half + 1;
        else count = half;
    }
    return low;
}

// The first of ascending elements that is not below a limit.
static inline int64_t jsp_first_event(const int32_t *elements, int64_t begin, int64_t end, int64_t limit) {
    while (begin < end) {
        const int64_t middle = begin + (end - begin) / 2;
        if (elements[middle] < limit) begin = middle + 1;
        else end = middle;
    }
    return begin;
}

// Puts the events together that the workers found, each behind the head at the place of the first element it owns.
static inline void jsp_gather(jsp_events *e, const jsp_domain *d, const jsp_memory *m, jsp_team *team, int64_t step) {
    const int64_t slot = step % e->depth, before = e->head;
    int64_t head = e->begin[slot] = before;
    for (int32_t k = 0; k < team->size; ++k) {
        const jsp_worker w = jsp_member(team, k, m->parts);
        memmove(e->elements + head, e->elements + before + jsp_first(d, &w), (size_t)e->found[k] * sizeof(int32_t));
        head += e->found[k];
    }
    e->head = e->end[slot] = head;
}

// The events of a step that were given in advance.
static inline void jsp_inject(jsp_events *e, int64_t step) {
    const int64_t wanted = e->given_period ? step % e->given_period : step, slot = step % e->depth;
    int64_t head = e->begin[slot] = e->head;
    for (int64_t k = jsp_lower_bound(e->given_steps, e->given_count, wanted);
         k < e->given_count && e->given_steps[k] == wanted; ++k)
        e->elements[head++] = e->given_elements[k];
    e->head = e->end[slot] = head;
}

// A walk over the synapses that the events of a pathway reach in a step, row by row: first what is due from an earlier
// time, then by time of the event (the oldest first) and by number of the source.
typedef struct {
    const jsp_pathway *path;
    const jsp_events *events;
    int64_t step, delay, at, stop;   // which delay, and which of the events of its step comes next
    const int32_t *synapses;         // the present row: positions begin .. end of this list (null: numbers themselves)
    int64_t begin, end;
    int64_t first, last, parts;      // the parts whose synapses are wanted, of how many
} jsp_reach;

// All synapses, or those of a worker.
static inline jsp_reach jsp_reached(const jsp_pathway *path, const jsp_events *events, int64_t step) {
    jsp_reach r = {path, events, step, -2, 0, 0, 0, 0, 0, 0, 1, 1};
    return r;
}
static inline jsp_reach jsp_reached_by(const jsp_pathway *path, const jsp_events *events, int64_t step,
                                       const jsp_memory *m, const jsp_worker *w) {
    jsp_reach r = {path, events, step, -2, 0, 0, 0, 0, 0, w->first, w->last, m->parts};
    return r;
}

// Leaves those of the present synapses that belong to the parts that are wanted. The walk is faster without it inside.
static inline JSP_APART void jsp_divide(jsp_reach *r) {
    if (r->first > 0) r->begin = jsp_split(r->path, r->begin, r->end, r->first);
    if (r->last < r->parts) r->end = jsp_split(r->path, r->begin, r->end, r->last);
}

// The synapses of a row that have the present delay and belong to the parts that are wanted.
static inline void jsp_row(jsp_reach *r, int64_t row) {
    const jsp_pathway *p = r->path;
    r->begin = p->rows[row], r->end = p->rows[row + 1];
    if (p->segments) {
        const int64_t delay = p->delays[r->delay];
        int64_t low = r->begin, high = r->end;
        while (low < high) {
            const int64_t middle = (low + high) / 2;
            if (p->segment_delays[middle] < delay) low = middle + 1;
            else high = middle;
        }
        const bool found = low < r->end && p->segment_delays[low] == delay;
        r->begin = found ? p->segments[low] : 0, r->end = found ? p->segments[low + 1] : 0;
        if (r->parts > 1) jsp_divide(r);
        return;
    }
    const int64_t second = row * (r->parts - 1) - 1;  // where the split before part 0 would be
    if (r->first > 0) r->begin = p->splits[second + r->first];
    if (r->last < r->parts) r->end = p->splits[second + r->last];
}

// Of the synapses that are due now, the next ones from `begin` on that belong to the parts that are wanted.
static inline bool jsp_next_due(jsp_reach *r, int64_t begin) {
    const jsp_pathway *p = r->path;
    r->synapses = p->due_synapses;
    r->begin = begin;
    while (r->begin < p->due_count && p->due_steps[r->begin] == r->step) {
        r->end = r->begin;
        while (r->end < p->due_count && p->due_steps[r->end] == r->step) {
            const int64_t owner = r->parts > 1 ? p->owners[p->due_synapses[r->end]] : 0;
            if (r->parts > 1 && (owner < p->cuts[r->first] || owner >= p->cuts[r->last])) break;
            ++r->end;
        }
        if (r->begin < r->end) return true;
        ++r->begin;
    }
    return false;
}

static inline bool jsp_next_row(jsp_reach *r) {
    const jsp_pathway *p = r->path;
    if (r->delay == -2) {
        const int64_t begin = r->synapses ? r->end : jsp_lower_bound(p->due_steps, p->due_count, r->step);
        if (jsp_next_due(r, begin)) return true;
        r->delay = -1;
    }
    r->synapses = p->synapses;
    for (;;) {
        while (r->at < r->stop) {
            const int64_t row = r->events->elements[r->at++] - p->first;
            if (row < 0 || row >= p->count) continue;
            jsp_row(r, row);
            if (r->begin < r->end) return true;
        }
        if (++r->delay >= p->delay_count) return false;
        const int64_t when = r->step - p->delays[r->delay];
        if (when < p->since) continue;
        r->at = r->events->begin[when % r->events->depth];
        r->stop = r->events->end[when % r->events->depth];
    }
}

// The synapse at a position of the present row.
static inline int64_t jsp_synapse(const jsp_reach *r, int64_t position) {
    return r->synapses ? r->synapses[position] : position;
}

// Synapses of a row in blocks of at most so many; those that are due from earlier may be reached twice, so one by one.
#define JSP_ROW_BLOCK 256
static inline int64_t jsp_block_size(const jsp_reach *r, int64_t base) {
    const int64_t left = r->end - base;
    return r->delay < 0 ? 1 : (left < JSP_ROW_BLOCK ? left : JSP_ROW_BLOCK);
}

// A block is filled up to whole vectors with its last synapse, whose results are then not used.
static inline int64_t jsp_filled(int64_t size) { return (size + 15) & ~(int64_t)15; }

// The numbers of the synapses of a block, what they have of their own, and putting it back. Of each synapse these are
// `wide` values side by side; those of the next one lie `stride` values further.
static inline void jsp_numbers(int32_t *block, const jsp_reach *r, int64_t base, int64_t size) {
    for (int64_t k = 0; k < size; ++k) block[k] = (int32_t)jsp_synapse(r, base + k);
    for (int64_t k = size; k < jsp_filled(size); ++k) block[k] = block[size - 1];
}
template <int stride, int wide, class T>
static inline void jsp_take(T *block, const T *values, const jsp_reach *r, int64_t base, int64_t size) {
    if (stride == wide && !r->synapses) memcpy(block, values + stride * base, (size_t)size * wide * sizeof(T));
    else
        for (int64_t k = 0; k < size; ++k)
            memcpy(block + wide * k, values + stride * jsp_synapse(r, base + k), wide * sizeof(T));
    for (int64_t k = size; k < jsp_filled(size); ++k)
        memcpy(block + wide * k, block + wide * (size - 1), wide * sizeof(T));
}
template <int stride, int wide, class T>
static inline void jsp_put(const T *block, T *values, const jsp_reach *r, int64_t base, int64_t size) {
    if (stride == wide && !r->synapses) memcpy(values + stride * base, block, (size_t)size * wide * sizeof(T));
    else
        for (int64_t k = 0; k < size; ++k)
            memcpy(values + stride * jsp_synapse(r, base + k), block + wide * k, wide * sizeof(T));
}

// Seconds on a clock that only goes forward.
static inline double jsp_now() {
    struct timespec now;
#if defined(_WIN32)
    timespec_get(&now, TIME_UTC);
#else
    clock_gettime(CLOCK_MONOTONIC, &now);
#endif
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Before and after an operation of the step, which the first worker times if the host wants it.
static inline double jsp_began(const jsp_memory *m, const jsp_worker *w) {
    return m->profile && w->index == 0 ? jsp_now() : 0.0;
}
static inline void jsp_spent(const jsp_memory *m, const jsp_worker *w, int64_t number, double began) {
    if (m->profile && w->index == 0) m->profile[number] += jsp_now() - began;
}

// Waiting between operations is timed like one, under a number behind theirs.
static inline void jsp_wait_in_step(const jsp_memory *m, const jsp_worker *w, int64_t number) {
    const double began = w->team->size > 1 ? jsp_began(m, w) : 0.0;
    jsp_wait(w);
    if (w->team->size > 1) jsp_spent(m, w, number, began);
}

// A value that is infinite or no number: 1, else 0; as wide as the value, so that loops stay vectors.
static inline int64_t jsp_not_finite(double x) { return !(x - x == 0.0); }

// Keeps the time of the first step of several that gave such a value; several threads may tell the same time.
static inline void jsp_tell_not_finite(const jsp_memory *m, double t) {
    if (!m->not_finite) return;
#if defined(__GNUC__)
    double known;
    __atomic_load(m->not_finite, &known, __ATOMIC_RELAXED);
    if (known < 0.0) __atomic_store(m->not_finite, &t, __ATOMIC_RELAXED);
#else
    if (*m->not_finite < 0.0) *m->not_finite = t;
#endif
}
static inline bool jsp_told_not_finite(const jsp_memory *m) { return m->not_finite && *m->not_finite >= 0.0; }
static inline void jsp_forget_not_finite(const jsp_memory *m) { *m->not_finite = -1.0; }
static inline bool jsp_some_not_finite(const void *values, int64_t size, int64_t stride, int width) {
    int64_t found = 0;
    for (int64_t k = 0; k < size * stride; k += stride)
        found |= jsp_not_finite(width == 4 ? (double)((const float *)values)[k] : ((const double *)values)[k]);
    return found != 0;
}

// Whether a recorder can take what one step may bring: a row, or one for each element.
static inline bool jsp_has_row(const jsp_recorder *r, bool per_element) {
    return !r->times || r->capacity - r->count >= (per_element ? r->size : 1);
}

// Counts an event of an element; whether values are to be written beside it, at row `count`, which then is to go up.
static inline bool jsp_recorded(jsp_recorder *r, int64_t element, double t) {
    const int64_t row = element - r->first;
    if (row < 0 || row >= r->size) return false;
    ++r->totals[row];
    if (!r->times) return false;
    r->times[r->count] = t;
    r->indices[r->count] = (int32_t)row;
    return true;
}

// How many of the elements of a recorder have an event in a step.
static inline void jsp_record_rate(jsp_recorder *r, const jsp_events *e, int64_t step, double t) {
    const int64_t slot = step % e->depth;
    int64_t happened = 0;
    for (int64_t k = e->begin[slot]; k < e->end[slot]; ++k) {
        const int64_t row = e->elements[k] - r->first;
        happened += row >= 0 && row < r->size;
    }
    r->times[r->count] = t;
    r->columns[0][r->count++] = (double)happened;
}

// Where to begin, not before `first`, so that the elements up to `stop` are whole vectors, of bytes at the most.
#define JSP_BLOCK 512
static inline int64_t jsp_start_of_vectors(int64_t first, int64_t base, int64_t stop) {
    const int64_t start = stop - ((stop - base + 63) & ~(int64_t)63);
    return start < first ? base : start;
}

// The positions of the bytes that are not zero, appended to a list. Behind them there is room for seven more.
static inline int64_t jsp_collect(unsigned char *meets, int64_t size, int64_t base, int32_t *found, int64_t head) {
    for (int64_t k = size; k & 7; ++k) meets[k] = 0;
    for (int64_t k = 0; k < size; k += 8) {
        uint64_t word;
        memcpy(&word, meets + k, sizeof word);
        if (word)
            for (int64_t b = k; b < k + 8; ++b)
                if (meets[b]) found[head++] = (int32_t)(base + b);
    }
    return head;
}

static inline double jsp_square(double x) { return x * x; }
static inline double jsp_cube(double x) { return x * x * x; }
static inline double jsp_fourth_power(double x) { return (x * x) * (x * x); }
static inline double jsp_sign(double x) { return x != x ? x : (double)((x > 0.0) - (x < 0.0)); }
// What is not a number comes through, as in numpy.
static inline double jsp_maximum(double a, double b) {
    const double larger = a < b ? b : a;
    return b != b ? b : larger;
}
static inline double jsp_minimum(double a, double b) {
    const double smaller = a > b ? b : a;
    return b != b ? b : smaller;
}
static inline double jsp_clip(double x, double low, double high) { return jsp_minimum(jsp_maximum(x, low), high); }
static inline int64_t jsp_clip_int(int64_t x, int64_t low, int64_t high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}
// Python's floor division and modulo: the quotient is found from the remainder, so that 1 // 0.1 is 9 as 1 % 0.1 tells.
static inline double jsp_modulo(double a, double b) {
    const double r = fmod(a, b);
    if (r != 0.0) return (r < 0.0) != (b < 0.0) ? r + b : r;
    return b != 0.0 ? copysign(0.0, b) : r;
}
static inline double jsp_floor_divide(double a, double b) {
    if (b == 0.0) return a / b;
    const double r = fmod(a, b);
    double q = (a - r) / b;
    if (r != 0.0 && (r < 0.0) != (b < 0.0)) q -= 1.0;
    if (q == 0.0) return copysign(0.0, a / b);
    const double whole = floor(q);
    return q - whole > 0.5 ? whole + 1.0 : whole;
}
static inline int64_t jsp_floor_divide_int(int64_t a, int64_t b) {
    if (b == 0) return 0;
    const int64_t q = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}
static inline int64_t jsp_modulo_int(int64_t a, int64_t b) {
    if (b == 0) return 0;
    const int64_t r = a % b;
    return (r != 0 && (r < 0) != (b < 0)) ? r + b : r;
}
// What has no integer, such as infinity, is the largest that can still be added to others.
static inline int64_t jsp_integer(double x) {
    const double most = 4611686018427387904.0;  // 2**62
    return (int64_t)(x < most ? (x > -most ? x : -most) : most);
}
static inline int64_t jsp_timestep(double t, double dt) { return jsp_integer(floor(t / dt + 1e-3)); }

#endif
