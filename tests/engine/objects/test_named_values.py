"""Statements may give a name to a value: it is known to the statements that follow in the same code."""

import numpy as np
import pytest

from jupyspike import (
    DimensionMismatchError,
    EquationError,
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    Synapses,
    UserError,
    ms,
    mV,
    run,
)


def test_in_a_reset(target):
    group = NeuronGroup(3, "v : volt\nw : volt", threshold="v > 0.5*mV", reset="old = v; v = -w; w = 2*old; old += w")
    group.v = "i*mV"
    group.w = "10*i*mV"
    run(0.1 * ms)
    np.testing.assert_allclose(group.v / mV, [0, -10, -20])
    np.testing.assert_allclose(group.w / mV, [0, 2, 4])


def test_in_the_code_of_a_synapse_one_value_for_each_synapse(target):
    source = SpikeGeneratorGroup(2, [0, 1], [0, 0] * ms)
    group = NeuronGroup(2, "v : 1")
    on_pre = """
    dw = 0.1*w + v_post
    dw = 2*dw
    w += dw
    """
    synapses = Synapses(source, group, "w : 1", on_pre=on_pre)
    synapses.connect()
    synapses.w, group.v = "1 + 2*i + j", "i"
    run(0.1 * ms)
    np.testing.assert_allclose(synapses.w, [1.2, 2 * 1.2 + 2, 3 * 1.2, 4 * 1.2 + 2])


def test_a_random_value_is_drawn_once(target):
    group = NeuronGroup(50, "v : 1\nw : 1")
    group.run_regularly("drawn = rand(); v = drawn; w = drawn")
    run(0.1 * ms)
    np.testing.assert_array_equal(group.v, group.w)
    assert len(set(group.v)) == 50


def test_a_value_that_is_the_same_for_all_sets_shared_variables_and_those_of_single_elements(target):
    group = NeuronGroup(2, "v : 1\ns : 1 (shared)\nr : 1 (shared)")
    group.s = 3
    group.run_regularly("old = s; s = exp(0*old) + 4; r = old; v = old + i")
    run(0.1 * ms)
    assert (group.s[:], group.r[:], group.v[:].tolist()) == (5, 3, [3, 4])


def test_the_name_hides_a_name_of_the_calling_code(target):
    gain = 100
    group = NeuronGroup(1, "v : 1", threshold="True", reset="gain = 2; v = gain")
    run(0.1 * ms)
    assert group.v[0] == 2 and gain == 100


def test_a_name_may_depend_on_what_is_defined_later(target):
    group = NeuronGroup(1, "v : 1", threshold="True", reset="total = v + later; total *= 2; v = total")
    later = 3
    run(0.1 * ms)
    assert group.v[0] == 2 * later


@pytest.mark.parametrize(
    ("reset", "error", "said"),
    [
        ("u = 0", EquationError, "the reset sets the unknown variable 'u'"),
        ("v = u; u = 0; v = u", EquationError, "the name 'u' is not known"),
        ("u += 1; v = u", EquationError, "the reset sets the unknown variable 'u'"),
        ("u = v*mV; v = u", DimensionMismatchError, "the value for 'v' has the wrong unit"),
        ("mV = 1; v = mV", EquationError, "'mV' cannot be set in the reset"),
        ("u = 1; u = 2*mV; v = u", DimensionMismatchError, "the value for 'u' has the wrong unit"),
    ],
)
def test_mistakes(reset, error, said):
    with pytest.raises(error, match=said):
        group = NeuronGroup(1, "v : 1", threshold="True", reset=reset)
        run(0.1 * ms)
        assert group is None  # not reached


def test_a_shared_variable_is_not_set_from_a_value_that_differs():
    group = NeuronGroup(2, "v : 1\ns : 1 (shared)")
    with pytest.raises(UserError, match="shared"):
        group.run_regularly("own = v; s = own")


def test_what_is_not_known_is_said_once():
    code = "one = nowhere; two = 2*one; v = two"
    group = NeuronGroup(1, "v : 1", threshold="True", reset=code)
    with pytest.raises(EquationError) as caught:
        Network(group).run(0 * ms)
    assert [d.span.text for d in caught.value.diagnostics] == ["nowhere"]
