"""C++ libraries, and what is promised about accuracy."""

from proofs import Page

from jupyspike import *

section = Page("15. advanced/interface, advanced/how_brian_works")


@section.rare("C++ libraries enter through functions and the preferences codegen.cpp.*", once=True)
def preferences():
    for name in "libraries headers include_dirs library_dirs extra_compile_args extra_link_args define_macros".split():
        assert f"codegen.cpp.{name}" in prefs


@section.rare("time is a fixed grid, and spikes are on it")
def grid():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 0.33", reset="v = 0")
    M = SpikeMonitor(G)
    run(2 * ms)
    steps = M.t / (0.1 * ms)
    assert len(steps) == 5 and allclose(steps, steps.round())
