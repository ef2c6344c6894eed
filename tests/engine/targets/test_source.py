"""The C++ of a plan: each line knows the user's text that it came from."""

import pytest

from jupyspike import BuildError, Network, NeuronGroup, Synapses, ms
from jupyspike_engine.build.builder import build
from jupyspike_engine.plan.nodes import Plan
from jupyspike_engine.targets.cpp.source import cpp_source


def source_of(*objects):
    network = Network(*objects)
    network.run(0 * ms)
    return cpp_source(network.last.compiled.plan)


def example():
    group = NeuronGroup(
        3, "dv/dt = (sin(t/ms) - v)/ms : 1\nn : integer", threshold="v > 0.5", reset="v = 0; n += 7",
        refractory="2*ms*(1 + rand())", name="exc", method="rk2",
    )  # fmt: skip
    synapses = Synapses(group, group, "w : 1", on_pre="v_post += w\nw *= 0.99", name="syn")
    return group, synapses


def test_lines_point_at_the_text_that_they_came_from():
    source = source_of(*example())
    lines = source.text.splitlines()
    places = {(span.source.title, span.text): lines[number - 1].strip() for number, span in source.places.items()}
    assert places["reset of exc", "n += 7"] == "g0_n[i] = ((int64_t)g0_n[i] + (int64_t)7);"
    assert places["on_pre of syn", "v_post += w"] == "g0_v[post] = (g0_v[post] + s0_w[i]);"
    assert places["refractory of exc", "2*ms*(1 + rand())"].startswith("g0_refractory_until[i] = ")
    assert places["equations of exc", "dv/dt = (sin(t/ms) - v)/ms : 1"] == "g0_v[i] = l_new_v;"


def test_what_a_compiler_says_about_a_line_reaches_the_text_of_the_user():
    source = source_of(*example())
    broken = source.text.replace("s0_w[i] * ", "s0_w[i] * undeclared * ")
    with pytest.raises(BuildError) as caught:
        build(broken, source.places.get)
    diagnostic = next(d for d in caught.value.diagnostics if "undeclared" in d.message)
    assert (diagnostic.span.source.title, diagnostic.span.text, diagnostic.span.line) == (
        "on_pre of syn",
        "w *= 0.99",
        2,
    )


def test_the_smallest_plan_is_a_program():
    nothing = Plan(1, (), (), (), (), (), (), (), ())
    assert build(cpp_source(nothing).text).path.exists()


def test_a_program_includes_one_header_of_our_own():
    includes = [line for line in source_of(*example()).text.splitlines() if line.startswith("#include")]
    assert includes == ['#include "jupyspike_step.h"']
