// Linear systems on trees: d[i] x[i] + sum over the neighbours j of i of g[i, j] (x[i] - x[j]) = r[i].
//
// A tree has the elements of a cell, in their order, and branching points. These are numbered behind the elements of all
// cells, and d and r are zero for them. The arrays of a forest:
//
// nodes, parents   the nodes of the trees, each tree in one piece and each node after its parent; -1 above the root
// couplings        g to the parent, before it is multiplied by `scale`
// cells            the number of trees, the first element of each, and the number of elements
// places           0, and the place in `nodes` at which each tree begins, and their end
//
// What is added to a sum here is never negative where g and d are not, so that no digits are lost where couplings are very
// different from each other, as those inside a soma are. numpy's `targets.trees.eliminate` does the same, to the last bit.
#ifndef JUPYSPIKE_TREE_H
#define JUPYSPIKE_TREE_H

#include <stdint.h>

// The first tree that begins at an element or behind it.
static inline int64_t jsp_tree_from(const int64_t *cells, int64_t element) {
    int64_t low = 0, high = cells[0];
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (cells[1 + middle] < element) low = middle + 1;
        else high = middle;
    }
    return low;
}

// Solves the system on the trees that begin at the elements first .. end of `size`; x replaces `right`, d is used up.
static inline void jsp_eliminate(const int32_t *nodes, const int32_t *parents, const double *couplings,
                                 const int64_t *cells, const int64_t *places, double *diagonal, double *right,
                                 double scale, int64_t size, int64_t first, int64_t end) {
    const int64_t from = jsp_tree_from(cells, first), to = jsp_tree_from(cells, end);
    const int64_t begin = places[1 + from], stop = places[1 + to];
    // the branching points of earlier trees come before those of this one
    for (int64_t k = size + begin - cells[1 + from]; k < size + stop - cells[1 + to]; ++k) diagonal[k] = right[k] = 0.0;
    for (int64_t k = stop - 1; k >= begin; --k) {
        const int32_t i = nodes[k], p = parents[k];
        if (p < 0) {
            right[i] /= diagonal[i];
            continue;
        }
        const double g = couplings[k] * scale, inverse = 1.0 / (diagonal[i] + g), share = g * inverse;
        diagonal[p] += share * diagonal[i];
        right[p] += share * right[i];
        diagonal[i] = share;
        right[i] *= inverse;
    }
    for (int64_t k = begin; k < stop; ++k)
        if (parents[k] >= 0) right[nodes[k]] += diagonal[nodes[k]] * right[parents[k]];
}

#endif
