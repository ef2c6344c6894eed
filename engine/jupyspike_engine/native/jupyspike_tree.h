// Linear systems on trees: d[i] x[i] + sum over the neighbours j of i of g[i, j] (x[i] - x[j]) = r[i].
//
// A tree has the compartments of a cell and branching points, for which d and r are zero. Cells of one shape have the same
// tree; a node stands for one element of each of them, which lie side by side (they are the lanes of vectors). The arrays
// of a forest:
//
// rows        of each node, the element of the first cell; nodes come shape by shape, each after its parent. The elements
//             of branching points are behind those of all compartments.
// parents     the node above, -1 for that at the root
// couplings   g to the node above, before it is multiplied by `scale`
// shapes      the number of shapes, the first node of each, the number of nodes; 1 for each shape whose cells are solved
//             alone, else 0
// lanes       the number of cells of each shape
//
// Where there are fewer than eight cells of a shape, or its tree is high, each cell is solved alone, as jupyspike_packs.h
// tells: its packs, edges and work follow those of the shape before.
//
// Nothing is subtracted here: where couplings are very different from each other, as those inside a soma are, no digits
// are lost. What comes out for a cell does not depend on who else is solved, and is what `targets.numpy.trees` has.
#ifndef JUPYSPIKE_TREE_H
#define JUPYSPIKE_TREE_H

#include "jupyspike_packs.h"
#include "jupyspike_step.h"

#define JSP_LANES 64  // cells that are solved together, so that their values stay near
#define JSP_WORKS 64  // workers that have room to solve single cells

// Solves the trees of `lanes` cells of a shape whose nodes are first .. end.
static inline void jsp_eliminate_lanes(const int64_t *rows, const int32_t *parents, const double *couplings,
                                       int64_t first, int64_t end, int64_t lane, int64_t lanes, double *diagonal,
                                       double *right, double scale, int64_t size) {
    for (int64_t k = first; k < end; ++k)
        if (rows[k] >= size)
            for (int64_t c = 0; c < lanes; ++c) diagonal[rows[k] + lane + c] = right[rows[k] + lane + c] = 0.0;
    for (int64_t k = end - 1; k > first; --k) {
        const double g = couplings[k] * scale;
        double *JSP_RESTRICT d = diagonal + rows[k] + lane, *JSP_RESTRICT r = right + rows[k] + lane;
        double *JSP_RESTRICT above_d = diagonal + rows[parents[k]] + lane;
        double *JSP_RESTRICT above_r = right + rows[parents[k]] + lane;
        JSP_INDEPENDENT
        for (int64_t c = 0; c < lanes; ++c) {
            const double inverse = 1.0 / (d[c] + g), share = g * inverse;
            above_d[c] += share * d[c];
            above_r[c] += share * r[c];
            d[c] = share;
            r[c] *= inverse;
        }
    }
    for (int64_t c = lane; c < lane + lanes; ++c) right[rows[first] + c] *= 1.0 / diagonal[rows[first] + c];
    for (int64_t k = first + 1; k < end; ++k) {
        double *JSP_RESTRICT d = diagonal + rows[k] + lane, *JSP_RESTRICT r = right + rows[k] + lane;
        const double *JSP_RESTRICT above = right + rows[parents[k]] + lane;
        JSP_INDEPENDENT
        for (int64_t c = 0; c < lanes; ++c) r[c] += d[c] * above[c];
    }
}

// Solves the system for those cells that belong to the parts first .. last of all; x replaces `right`, d is used up.
// There are `size` compartments.
static inline void jsp_eliminate(const int64_t *rows, const int32_t *parents, const double *couplings,
                                 const int64_t *shapes, const int64_t *lanes, const int32_t *packs, const double *edges,
                                 double *work, double *diagonal, double *right, double scale, int64_t size,
                                 int64_t part, int64_t last, int64_t parts) {
    const int64_t count = shapes[0], units = parts < JSP_WORKS ? parts : JSP_WORKS;
    part = part * units / parts, last = last * units / parts;
    for (int64_t s = 0; s < count; ++s) {
        const int64_t first = shapes[1 + s], end = shapes[2 + s], cells = lanes[s];
        const int64_t line = cells >= 8 * units ? 8 : 1;  // whole lines of the cache
        const int64_t begin = cells * part / units / line * line;
        const int64_t stop = last == units ? cells : cells * last / units / line * line;
        if (!shapes[2 + count + s]) {
            for (int64_t lane = begin; lane < stop; lane += JSP_LANES) {
                const int64_t some = stop - lane < JSP_LANES ? stop - lane : JSP_LANES;
                jsp_eliminate_lanes(rows, parents, couplings, first, end, lane, some, diagonal, right, scale, size);
            }
            continue;
        }
        double *own = work + (cells < JSP_WORKS ? begin : part) * jsp_packs_work(packs);
        for (int64_t lane = begin; lane < stop; ++lane)
            jsp_eliminate_packs(packs, edges, own, rows + first, lane, diagonal, right, scale, size);
        work += (cells < JSP_WORKS ? cells : JSP_WORKS) * jsp_packs_work(packs);
        edges += jsp_packs_edges(packs);
        packs += jsp_packs_numbers(packs);
    }
}

#endif
