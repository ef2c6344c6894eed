"""Equations with values, in groups: each part has its own, and nothing else sees them."""

import numpy as np

from jupyspike import Equations, Network, NeuronGroup, run
from jupyspike_engine.targets.cpp.source import cpp_source
from jupyspike_engine.units import ms, mV, second


def test_parts_made_of_one_template_keep_their_own_values(target):
    decay = Equations("dg/dt = -g/tau : 1")
    parts = decay.substitute(g="fast", tau=5 * ms) + decay.substitute(g="slow", tau=20 * ms)
    group = NeuronGroup(1, parts, method="exact")
    group.fast = group.slow = 1
    run(10 * ms)
    np.testing.assert_allclose([group.fast[0], group.slow[0]], np.exp([-2, -0.5]), rtol=1e-12)


def test_values_are_seen_by_the_equations_only():
    tau = 2 * second
    equations = Equations("dv/dt = -v/tau : 1", tau=5 * ms)
    group = NeuronGroup(1, equations, threshold="v > 0", reset="v = tau/second", method="exact")
    group.v = 1
    run(0.1 * ms, namespace={"tau": tau})
    assert group.v[0] == 2


def test_whole_and_true_values_keep_their_kind():
    equations = Equations("x = v**k : volt**3\ny = yes and v > 0*mV : boolean\nv : volt", k=3, yes=True)
    group = NeuronGroup(1, equations)
    group.v = 2 * mV
    np.testing.assert_allclose(group.x_[0], 8e-9)
    assert group.y[0]


def source(tau):
    group = NeuronGroup(1, Equations("dv/dt = -v/tau : 1", tau=tau), method="euler", name="cells")
    network = Network(group)
    network.run(0 * ms)
    return cpp_source(network.last.compiled.plan).text


def test_another_value_needs_no_other_program():
    assert source(5 * ms) == source(6 * ms)
