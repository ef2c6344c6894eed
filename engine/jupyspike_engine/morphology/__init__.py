"""The shape of a cell: a tree of sections with its geometry, and the files that such trees are read from.

`shapes` knows spheres and truncated cones, `tree` sections and how they hang together, `compartments` the whole tree as
flat arrays, `points` the way from traced points to a tree, and `reading` the file formats.
"""
