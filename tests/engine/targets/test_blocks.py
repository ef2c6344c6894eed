"""Rows of synapses in blocks: when they are, and the same results as one synapse after the other."""

import numpy as np
import pytest

from jupyspike import (
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpikeMonitor,
    Synapses,
    ms,
    prefs,
    second,
    seed,
)
from jupyspike_engine.plan.nodes import Propagate
from jupyspike_engine.targets.cpp.blocks import in_blocks

TRACES = "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)\nk : integer\n"


def blocks_of(on_pre, model=TRACES, neurons="v : 1\nu : 1"):
    group = NeuronGroup(3, neurons, threshold="v > 1", reset="v = 0")
    synapses = Synapses(group, group, model, on_pre=on_pre)
    synapses.connect()
    plan = Network(group, synapses).prepare(1 * ms, {}).compiled.plan
    (operation,) = (o for o in plan.operations if isinstance(o, Propagate))
    return in_blocks(operation, {array.name: array for array in plan.arrays})


@pytest.mark.parametrize(
    "on_pre", ["v_post += w; x += 1", "x += 1; w = clip(w + x, 0, 1)", "v_post -= w*x; u_post += x"]
)
def test_what_takes_time_to_compute_is_done_in_blocks(on_pre):
    blocks = blocks_of(on_pre)
    assert {"s0.x", "s0.lastupdate"} <= {array.name for array in blocks.own}
    assert len(blocks.added) == on_pre.count("_post")


@pytest.mark.parametrize(
    ("on_pre", "model"),
    [
        ("v_post += w", "w : 1"),  # nothing is computed
        ("x += 1; v_post = w", TRACES),  # the last synapse of the row decides
        ("x += v_post; v_post += w", TRACES),  # a synapse sees what those before it added
        ("v_post += w; v_post += x", TRACES),
        ("v_post += w*k; x += 1", TRACES),  # whole numbers
    ],
)
def test_what_depends_on_the_order_is_done_one_by_one(on_pre, model):
    assert blocks_of(on_pre, model) is None


def network():
    """Rows longer than a block, several synapses of a pair, draws, both directions, delays, single precision."""
    inputs = PoissonGroup(20, rates=300 * Hz, name="inputs")
    group = NeuronGroup(
        700, "dv/dt = -v/(10*ms) : 1\nu : 1", threshold="v > 1", reset="v = 0", dtype={"u": np.float32}, name="group"
    )
    synapses = Synapses(
        inputs, group,
        """w : 1
        dx/dt = -x/(20*ms) : 1 (event-driven)
        dy/dt = (0.1 - y)/(5*ms) : 1 (event-driven)""",
        on_pre="v_post += w*exp(-y); u_post += 0.001*rand(); x += 0.01; w = clip(w + y, 0, 0.3)",
        on_post={"near": "y -= 0.02; w = clip(w + 0.1*x*randn(), 0, 0.3)", "far": "w = tanh(w) + 0.001"},
        dtype={"y": np.float32}, name="synapses",
    )  # fmt: skip
    synapses.connect(p=0.8, n=2)
    synapses.w, synapses.pre.delay, synapses.far.delay = "0.2*rand()", "2*ms*rand()", "1*ms + 1*ms*rand()"
    return Network(inputs, group, synapses, SpikeMonitor(group, name="spikes")), synapses


def results(target, threads):
    prefs.codegen.target, prefs.engine.threads = target, threads
    seed(5)
    simulated, synapses = network()
    simulated.run(10 * ms)
    synapses.pre.delay = "1*ms + 2*ms*rand()"  # what is on its way is reached from a list
    simulated.run(10 * ms)
    group, spikes = simulated["group"], simulated["spikes"]
    assert spikes.num_spikes > 300
    return {
        "t": spikes.t_, "i": spikes.i, "v": group.v[:], "u": group.u[:], "w": synapses.w[:], "x": synapses.x[:],
        "y": synapses.y[:],
    }  # fmt: skip


def test_blocks_give_what_one_synapse_after_the_other_gives():
    meant, compiled = results("numpy", 1), results("cpp", 1)
    for name, values in meant.items():
        near = 1e-5 if name in ("u", "y") else 1e-6 if name == "w" else 1e-9
        np.testing.assert_allclose(compiled[name], values, rtol=near, atol=near, err_msg=name)
    for name, values in results("cpp", 3).items():
        np.testing.assert_array_equal(values, compiled[name], err_msg=name)


PAIR = """w : 1
dx/dt = -x/tau_x : 1 (event-driven)
dy/dt = -y/tau_y : 1 (event-driven)
tau_x : second (shared)
tau_y : second (shared)"""


def test_traces_whose_time_constants_may_be_equal_share_their_exponentials_where_they_are():
    blocks = blocks_of("x += 1; w += y", PAIR)
    assert len(blocks.twins) == 1
    assert len(blocks.merged) == len(blocks.statements) - 1  # one exponent less
    assert not blocks_of("x += 1; w += y", PAIR.replace("tau_y : second (shared)", "tau_y : second (constant)")).twins
    assert not blocks_of("x += 1", TRACES).twins


def plastic(target, times):
    prefs.codegen.target = target
    seed(7)
    inputs = PoissonGroup(40, rates=200 * Hz, name="inputs")
    group = NeuronGroup(30, "dv/dt = -v/(10*ms) : 1", threshold="v > 1", reset="v = 0", name="group")
    synapses = Synapses(
        inputs, group, PAIR, on_pre="v_post += w; x += 0.01; w = clip(w + y, 0, 0.2)",
        on_post="y -= 0.011; w = clip(w + x, 0, 0.2)", name="synapses",
    )  # fmt: skip
    synapses.connect()
    synapses.w = "0.1*rand()"
    simulated, results = Network(inputs, group, synapses), []
    for synapses.tau_x, synapses.tau_y in times:
        simulated.run(20 * ms)
        results.append(np.array([synapses.w[:], synapses.x[:], synapses.y[:]]))
    return results


def test_equal_and_different_time_constants_give_what_one_synapse_after_the_other_gives():
    times = [(20 * ms, 20 * ms), (20 * ms, 10 * ms), (5 * ms, 5 * ms)]
    for blocks, one_by_one in zip(plastic("cpp", times), plastic("numpy", times), strict=True):
        np.testing.assert_allclose(blocks, one_by_one, rtol=1e-12, atol=1e-15)
    # two steps of the last place decide that exponents differ: the same results, nearly
    almost = plastic("cpp", [(20 * ms, np.nextafter(np.nextafter(0.02, 1), 1) * second)])
    np.testing.assert_allclose(plastic("cpp", times[:1]), almost, rtol=1e-12, atol=1e-15)
