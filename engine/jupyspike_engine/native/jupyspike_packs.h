// The linear system on the tree of one cell (see jupyspike_tree.h), eight chains of nodes at a time.
//
// A chain is eliminated node by node. Each node has at most two neighbours then: the next one of the chain, or behind the
// last one what the chain ends at (`near`), and for some chains what they begin at (`far`). With s = d + g_near + g_far,
//
//     d_near += g_near/s d,  r_near += g_near/s r  (and for far alike),  g between near and far = g_near g_far/s,
//
// so nothing is subtracted. Chains of one round have no nodes in common, nor with what others end at, so that eight of
// them are the lanes of vectors: a pack. morphology/packing.py finds chains and packs, and cuts long chains in pieces. A
// shape has
//
// packs    numbers: of slots, of packs, and of nodes; the slot of each node; then of each pack, in the order in which they
//          are eliminated, PACK numbers: its first slot, its steps, whether chains have a far end, then the first slot of
//          near ends, of far ends and of the couplings between them, where those of the lanes lie side by side (else -1),
//          and those of each lane. Step k of lane l has the slot first + 8 k + l; short chains begin later.
// edges    the couplings to the near end (or the next node) of each slot, and 8 more; then those to the far end, alike.
//          Slots of no node have none.
// work     for each worker, 1 + 6 (slots + 8) numbers: zeros, but in slots of no node d is 1
//
// Where there is no end, and for what is not needed, slot `slots` serves.
#ifndef JUPYSPIKE_PACKS_H
#define JUPYSPIKE_PACKS_H

#include <stdint.h>
#include <string.h>

#define JSP_PACK 32

#if defined(__GNUC__)
typedef double jsp_eight __attribute__((vector_size(64)));
typedef jsp_eight jsp_eight_values __attribute__((aligned(8), may_alias));
#else
struct jsp_eight {
    double x[8];
};
typedef jsp_eight jsp_eight_values;
#define JSP_OF_EIGHT(op)                                                          \
    static inline jsp_eight operator op(const jsp_eight &a, const jsp_eight &b) { \
        jsp_eight c;                                                              \
        for (int l = 0; l < 8; ++l) c.x[l] = a.x[l] op b.x[l];                    \
        return c;                                                                 \
    }
JSP_OF_EIGHT(+) JSP_OF_EIGHT(*) JSP_OF_EIGHT(/)
#undef JSP_OF_EIGHT
#endif

// Eight values that lie side by side. (How functions return vectors depends on the processor, so none does.)
#define JSP_EIGHT(values) (*(jsp_eight_values *)(values))

// Values of the lanes, which lie side by side from `first` on or, if that is negative, at `slots`.
static inline void jsp_take_lanes(jsp_eight &lanes, double *values, int32_t first, const int32_t *slots) {
    if (first >= 0) {
        lanes = JSP_EIGHT(values + first);
        return;
    }
    double each[8];
    for (int l = 0; l < 8; ++l) each[l] = values[slots[l]];
    lanes = JSP_EIGHT(each);
}
static inline void jsp_add_lanes(const jsp_eight &lanes, double *values, int32_t first, const int32_t *slots) {
    if (first >= 0) {
        JSP_EIGHT(values + first) = JSP_EIGHT(values + first) + lanes;
        return;
    }
    double each[8];
    JSP_EIGHT(each) = lanes;
    for (int l = 0; l < 8; ++l) values[slots[l]] += each[l];
}
static inline void jsp_put_lanes(const jsp_eight &lanes, double *values, int32_t first, const int32_t *slots) {
    if (first >= 0) {
        JSP_EIGHT(values + first) = lanes;
        return;
    }
    double each[8];
    JSP_EIGHT(each) = lanes;
    for (int l = 0; l < 8; ++l) values[slots[l]] = each[l];
}

// How many numbers the arrays of a shape have, work for each worker.
static inline int64_t jsp_packs_numbers(const int32_t *packs) { return 3 + packs[2] + JSP_PACK * (int64_t)packs[1]; }
static inline int64_t jsp_packs_edges(const int32_t *packs) { return 2 * ((int64_t)packs[0] + 8); }
static inline int64_t jsp_packs_work(const int32_t *packs) { return 1 + 6 * ((int64_t)packs[0] + 8); }

// The arrays of the work on a cell, by slots.
typedef struct {
    double *near, *far, *d, *r, *share, *far_share;
} jsp_chains;

template <bool two>
static inline void jsp_pack_down(const int32_t *pack, const jsp_chains &w) {
    const jsp_eight none = {0.0}, one = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
    jsp_eight d = none, r = none, g = none, far_d = none, far_r = none;
    for (int64_t s = pack[0], end = s + 8 * (int64_t)pack[1]; s < end; s += 8) {
        d = JSP_EIGHT(w.d + s) + d;
        r = JSP_EIGHT(w.r + s) + r;
        const jsp_eight near = JSP_EIGHT(w.near + s);
        if (two) {
            g = g + JSP_EIGHT(w.far + s);
            const jsp_eight inverse = one / (d + (near + g));
            const jsp_eight share = near * inverse, far_share = g * inverse;
            JSP_EIGHT(w.share + s) = share;
            JSP_EIGHT(w.far_share + s) = far_share;
            JSP_EIGHT(w.r + s) = r * inverse;
            far_d = far_d + far_share * d;
            far_r = far_r + far_share * r;
            g = share * g;
            d = share * d;
            r = share * r;
        } else {
            const jsp_eight inverse = one / (d + near), share = near * inverse;
            JSP_EIGHT(w.share + s) = share;
            JSP_EIGHT(w.r + s) = r * inverse;
            d = share * d;
            r = share * r;
        }
    }
    jsp_add_lanes(d, w.d, pack[3], pack + 8);
    jsp_add_lanes(r, w.r, pack[3], pack + 8);
    if (!two) return;
    jsp_add_lanes(far_d, w.d, pack[4], pack + 16);
    jsp_add_lanes(far_r, w.r, pack[4], pack + 16);
    jsp_put_lanes(g, w.near, pack[5], pack + 24);
}

template <bool two>
static inline void jsp_pack_up(const int32_t *pack, const jsp_chains &w) {
    jsp_eight x, far = {0.0};
    jsp_take_lanes(x, w.r, pack[3], pack + 8);
    if (two) jsp_take_lanes(far, w.r, pack[4], pack + 16);
    for (int64_t first = pack[0], s = first + 8 * ((int64_t)pack[1] - 1); s >= first; s -= 8) {
        jsp_eight r = JSP_EIGHT(w.r + s);
        if (two) r = r + JSP_EIGHT(w.far_share + s) * far;
        x = r + JSP_EIGHT(w.share + s) * x;
        JSP_EIGHT(w.r + s) = x;
    }
}

// Solves the system of one cell; x replaces `right`. Node k of the cell is the element rows[k] + lane,
// a branching point if that is not below `size`.
static inline void jsp_eliminate_packs(const int32_t *packs, const double *edges, double *work, const int64_t *rows,
                                       int64_t lane, const double *diagonal, double *right, double scale, int64_t size) {
    const int64_t slots = packs[0], count = packs[1], nodes = packs[2], room = slots + 8;
    const int32_t *slot = packs + 3, *pack = slot + nodes;
    double *w = work + 1;
    const jsp_chains chains = {w, w + room, w + 2 * room, w + 3 * room, w + 4 * room, w + 5 * room};
    if (work[0] != scale) {
        for (int64_t k = 0; k < 2 * room; ++k) w[k] = edges[k] * scale;
        work[0] = scale;
    }
    memset(chains.r, 0, (size_t)room * sizeof(double));
    for (int64_t k = 0; k < nodes; ++k) {
        const bool compartment = rows[k] < size;
        chains.d[slot[k]] = compartment ? diagonal[rows[k] + lane] : 0.0;
        chains.r[slot[k]] = compartment ? right[rows[k] + lane] : 0.0;
    }
    for (int64_t p = 0; p < count; ++p, pack += JSP_PACK)
        pack[2] ? jsp_pack_down<true>(pack, chains) : jsp_pack_down<false>(pack, chains);
    for (int64_t p = 0; p < count; ++p) {
        pack -= JSP_PACK;
        pack[2] ? jsp_pack_up<true>(pack, chains) : jsp_pack_up<false>(pack, chains);
    }
    for (int64_t k = 0; k < nodes; ++k) right[rows[k] + lane] = chains.r[slot[k]];
}

#endif
