// The interface between a generated program and the simulator, version 1.
//
// The host owns all memory and describes it in a jsp_memory; a program exports jupyspike_interface() and
// jupyspike_advance(). A program allocates nothing, keeps nothing and returns only at the border of a step.
#ifndef JUPYSPIKE_PROGRAM_H
#define JUPYSPIKE_PROGRAM_H

#include <stdint.h>
#include <string.h>

#define JUPYSPIKE_INTERFACE 1u

// What jupyspike_advance returns.
#define JSP_BUDGET 0   // the steps asked for are done
#define JSP_DONE 1     // all clocks have reached their end
#define JSP_STOPPED 2  // the host asked to stop
#define JSP_FULL 3     // a buffer needs more room before the next step

// A time step and where the clock stands; it ticks until step == end.
typedef struct {
    int64_t step, end;
    double dt;
} jsp_clock;

// The elements of a group or of a set of synapses; for synapses the neurons at their ends.
typedef struct {
    int64_t size;
    const int32_t *pre, *post;
    uint32_t stream, reserved;
} jsp_domain;

// The elements that had an event in each of the last `depth` steps, in one buffer: step s is at begin[s % depth].
typedef struct {
    int32_t *elements;
    int64_t capacity, head;
    int64_t *begin, *end;
    int64_t depth;
} jsp_events;

// Synapses by source: those of source first + k are rows[k] .. rows[k + 1], numbers of synapses if `synapses` is null.
typedef struct {
    const int64_t *rows;
    const int32_t *synapses;
    int64_t first, count, delay;
} jsp_pathway;

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
} jsp_memory;

#endif
