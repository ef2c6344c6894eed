// The interface between a generated program and the simulator, version 4.
//
// The host owns all memory and describes it in a jsp_memory; a program exports jupyspike_interface() and
// jupyspike_advance(). A program allocates nothing, keeps nothing and returns at the border of a step, or before an
// operation that the host has to do.
//
// Several threads may call jupyspike_advance() with one memory, each as another worker of one team: elements are divided
// into parts, and each worker does some of them. What comes out does not depend on how many there are.
#ifndef JUPYSPIKE_PROGRAM_H
#define JUPYSPIKE_PROGRAM_H

#include <stdint.h>
#include <string.h>

#define JUPYSPIKE_INTERFACE 4u

// What jupyspike_advance returns.
#define JSP_BUDGET 0   // the steps asked for are done
#define JSP_DONE 1     // all clocks have reached their end
#define JSP_STOPPED 2  // the host asked to stop
#define JSP_FULL 3     // a buffer needs more room before the next step
#define JSP_CALL 4     // the host is to do operation `position` of the step, and then to go on with the next
#define JSP_NOT_FINITE 5  // after the last step, a value in a watched array is infinite or no number

// A time step and where the clock stands; it ticks until step == end. If `times` is given, these are its ticks.
typedef struct {
    int64_t step, end;
    double dt;
    const double *times;
} jsp_clock;

// The elements of a group or of a set of synapses; for synapses the neurons at their ends. Part p is the elements
// cuts[p] .. cuts[p + 1].
typedef struct {
    int64_t size;
    const int32_t *pre, *post;
    uint32_t stream, reserved;
    const int64_t *cuts;
} jsp_domain;

// The elements that had an event in each of the last `depth` steps, in one buffer: step s is at begin[s % depth].
// Events may be given in advance: elements by ascending step, repeated after `given_period` steps if that is not 0.
// `found` has a place for each worker, where it tells how many it found.
typedef struct {
    int32_t *elements;
    int64_t capacity, head;
    int64_t *begin, *end;
    int64_t depth;
    const int64_t *given_steps;
    const int32_t *given_elements;
    int64_t given_count, given_period;
    int64_t *found;
} jsp_events;

// Synapses by source: those of source first + k are rows[k] .. rows[k + 1], numbers of synapses if `synapses` is null.
// With more than one delay, rows count segments: segment s is segments[s] .. segments[s + 1], of one delay; those of a
// source by ascending delay. Events before step `since` do not count; what they still reach is in `due_synapses`.
// Those of one row (or segment) are sorted by the part of the neuron at the end `owners`; part p + 1 of row r begins at
// splits[r * (parts - 1) + p], or with the first owner that is not below cuts[p + 1] if `splits` is null.
typedef struct {
    const int64_t *rows;
    const int32_t *synapses;
    int64_t first, count;
    const int64_t *delays;  // all that occur, the longest first
    int64_t delay_count;
    const int32_t *segments;
    const int32_t *segment_delays;
    int64_t since;
    const int64_t *due_steps;
    const int32_t *due_synapses;
    int64_t due_count;
    const int32_t *splits;
    const int32_t *owners;
    const int64_t *cuts;  // of the domain of these neurons
} jsp_pathway;

// The first position from which on the synapses of a row belong to a part or to one behind it.
static inline int64_t jsp_split(const jsp_pathway *p, int64_t begin, int64_t end, int64_t part) {
    while (begin < end) {
        const int64_t middle = begin + (end - begin) / 2;
        if (p->owners[p->synapses ? p->synapses[middle] : middle] < p->cuts[part]) begin = middle + 1;
        else end = middle;
    }
    return begin;
}

// Where a monitor's values go: `columns` are arrays of capacity rows; `elements` are those recorded (null: a range).
typedef struct {
    int64_t capacity, count;
    double *times;
    int32_t *indices;
    double **columns;
    int64_t *totals;
    const int32_t *elements;
    int64_t first, size;
} jsp_recorder;

typedef struct {
    uint32_t interface_version;
    volatile int32_t stop;
    uint64_t seed;
    const double *parameters;
    void **arrays;
    jsp_clock *clocks;
    jsp_domain *domains;
    jsp_events *events;
    jsp_pathway *pathways;
    jsp_recorder *recorders;
    int64_t position;  // the operation with which the present step goes on
    double *profile;   // seconds spent in each operation, and in waiting for other threads; if wanted
    double *not_finite;  // if it is to be told of: the time of a step that gave such a value, negative if none did
    int64_t parts;
} jsp_memory;

// Threads that advance a memory together.
typedef struct {
    int32_t size, arrived, turn, status;
} jsp_team;

// One of them: it does the parts first .. last.
typedef struct {
    jsp_team *team;
    int64_t first, last;
    int32_t index;
} jsp_worker;

static inline jsp_worker jsp_member(jsp_team *team, int32_t index, int64_t parts) {
    const jsp_worker w = {team, parts * index / team->size, parts * (index + 1) / team->size, index};
    return w;
}

#endif
