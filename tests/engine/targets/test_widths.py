"""Truth values and numbers in loops of their own: which are, and which cannot be."""

from dataclasses import replace

import pytest

from jupyspike import Network, NeuronGroup, ms
from jupyspike_engine.plan.nodes import Apply, Constant, Detect, Element, Let, Local, Store, Update
from jupyspike_engine.targets.cpp.widths import by_width, narrow_stores


def plan_of(model="dv/dt = -v/ms : 1 (unless refractory)", **arguments):
    arguments = {"threshold": "v > 1", "reset": "v = 0", "refractory": 2 * ms, **arguments}
    return Network(NeuronGroup(10, model, **arguments)).prepare(1 * ms, {}).compiled.plan


@pytest.mark.parametrize(
    ("threshold", "numbers_and_truths"),
    [
        ("v > 1", 2),  # and the neuron is not refractory
        ("v > 1 and b", 2),
        ("v > 1 and not b and v < 9", 2),
        ("v > 1 or b", 2),
        ("b", 1),
        ("b and not c", 1),
    ],
)
def test_a_threshold_is_looked_for_by_width(threshold, numbers_and_truths):
    plan = plan_of("dv/dt = -v/ms : 1\nb : boolean\nc : boolean", threshold=threshold)
    (detect,) = (o for o in plan.operations if isinstance(o, Detect))
    assert len(by_width(detect.condition)) == numbers_and_truths


def narrow(**arguments):
    plan = plan_of(**arguments)
    update = next(o for o in plan.operations if isinstance(o, Update))
    return set(narrow_stores(update, {array.name: array for array in plan.arrays}))


def test_the_end_of_refractoriness_is_written_in_a_loop_of_its_own():
    assert narrow() == {"g0.not_refractory"}
    assert narrow(model="dv/dt = -v/ms : 1", refractory="v > 0.5") == {"g0.not_refractory"}
    assert narrow(refractory="v > 0.5") == set()  # v follows its equation unless it is refractory
    assert narrow(refractory="2*ms*rand()") == {"g0.not_refractory"}  # drawn at the spike


FREE, V = Element("g0.not_refractory", "own", "boolean"), Element("g0.v", "own", "real")
LARGE = Apply("greater", (V, Constant(0.5, "real")), "boolean")
STORE_V = Store("g0.v", "own", Constant(0.0, "real"))


@pytest.mark.parametrize(
    "statements",
    [
        (STORE_V, Store("g0.not_refractory", "own", LARGE)),
        (STORE_V, Let("large", LARGE), Store("g0.not_refractory", "own", Local("large", "boolean"))),
        (Store("g0.not_refractory", "own", LARGE), Store("g0.v", "own", Apply("real", (FREE,), "real"))),
        (Let("free", FREE), Store("g0.not_refractory", "own", LARGE), Store("g0.v", "own", Local("free", "boolean"))),
    ],
    ids=["from what was written", "named after that", "read after that", "read before that"],
)
def test_truth_values_that_depend_on_the_order_stay_where_they_are(statements):
    update = next(o for o in plan_of().operations if isinstance(o, Update))
    assert narrow_stores(replace(update, statements=statements), arrays_of()) == {}


def test_what_takes_many_steps_to_compute_is_not_computed_again():
    """Values that use each other twice, forty times over, would be 2**40 values if they were written out."""
    update = next(o for o in plan_of().operations if isinstance(o, Update))
    lets = (Let("y0", Element("g0.v", "own", "real")), *(doubled(k) for k in range(40)))
    big = Apply("greater", (Local("y40", "real"), Constant(0.0, "real")), "boolean")
    store = Store("g0.not_refractory", "own", big)
    assert narrow_stores(replace(update, statements=(*lets, *update.statements, store)), arrays_of()) == {}


def doubled(k):
    return Let(f"y{k + 1}", Apply("add", (Local(f"y{k}", "real"),) * 2, "real"))


def arrays_of():
    return {array.name: array for array in plan_of().arrays}
