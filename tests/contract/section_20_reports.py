"""Reports of progress."""

from io import StringIO

from proofs import Page

from jupyspike import *

section = Page("20. advanced/scheduling (custom progress reporting)")


@section.must("a function of elapsed, completed, start and duration, called at the start and at the end too", once=True)
def function():
    G, told = NeuronGroup(1, "dv/dt = 1/ms : 1"), []

    def report(elapsed, completed, start, duration):
        told.append((completed, start, duration))
        assert elapsed >= 0 * second

    run(1 * ms, report=report)
    assert told[0] == (0.0, 0 * ms, 1 * ms) and told[-1] == (1.0, 0 * ms, 1 * ms) and G.N == 1


@section.rare("TextReport(stream) writes to a file", once=True)
def text():
    G, stream = NeuronGroup(1, "dv/dt = 1/ms : 1"), StringIO()
    run(1 * ms, report=TextReport(stream))
    assert "100%" in stream.getvalue() and G.N == 1


@section.rare("a report as C++ for standalone programs", once=True)
def in_cpp():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    set_device("cpp_standalone", directory=None)
    try:
        run(1 * ms, report="std::cout << completed << std::endl;")
    finally:
        set_device("runtime")
    assert G.N == 1
