// What a generated network.cpp tells the host of a network: names, types and units, in the order of the generated
// program. Sizes and values are not here but in the folder data.
#ifndef JUPYSPIKE_NETWORK_H
#define JUPYSPIKE_NETWORK_H

#include <vector>

#include "jupyspike_program.h"

// Numbers of rows below refer to other tables; -1 stands for none. Types are those of numpy, such as "<f8".
struct jsp_domain_row {
    const char *name;
    int pre, post;  // for synapses: the domains at their ends
};

// `domain` is -1 for a table. `result` are arrays that are written at the end, `watched` those in which values that are
// not finite are worth a warning. Into one with a text `failure`, which says how, the program writes the end of a step
// in which integration failed.
struct jsp_array_row {
    const char *name, *type, *unit;
    int domain;
    bool settable, result, watched;
    const char *failure;
};

// Constants may be set; other numbers, such as sizes and those of exact integration, follow from something else.
struct jsp_parameter_row {
    const char *name, *unit, *about;
    bool settable;
};

struct jsp_event_row {
    const char *name;
    int domain, clock;
    bool given;  // whether they come from a list
};

// Threads share the synapses of a pathway by the owners of the neurons at one end: 0 before, 1 behind, -1 not at all.
struct jsp_pathway_row {
    const char *name;
    int synapses, event, end;
    bool has_list, has_segments;
};

struct jsp_column_row {
    const char *name, *type, *unit;
};

enum jsp_recording { JSP_EVENTS, JSP_STATES, JSP_RATE };

struct jsp_recorder_row {
    const char *name;
    jsp_recording kind;
    std::vector<jsp_column_row> columns;
};

// Numbers of exact integration, and the parameters and arrays that they are computed from.
struct jsp_propagator_row {
    std::vector<int> parameters, arrays;
    void (*compute)(const jsp_memory *m, double *parameters);
};

struct jsp_network {
    const char *name;
    int clocks;
    std::vector<bool> clock_has_times;
    std::vector<jsp_domain_row> domains;
    std::vector<jsp_array_row> arrays;
    std::vector<jsp_parameter_row> parameters;
    std::vector<jsp_event_row> events;
    std::vector<jsp_pathway_row> pathways;
    std::vector<jsp_recorder_row> recorders;
    std::vector<jsp_propagator_row> propagators;
    bool shareable;  // whether threads can share it
    uint32_t (*version)(void);
    int32_t (*advance)(jsp_memory *m, int64_t budget, const jsp_worker *w);
};

// The program of a network; where several runs need several programs, each has names of its own.
extern "C" {
uint32_t jupyspike_interface(void);
int32_t jupyspike_advance(jsp_memory *m, int64_t budget, const jsp_worker *w);
}

#endif
