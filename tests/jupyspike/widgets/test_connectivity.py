"""The matrix of connections."""

import numpy as np
import pytest

from jupyspike import NetworkOperation, NeuronGroup, Synapses, ms, mV, run
from jupyspike.widgets import Connectivity
from jupyspike.widgets.plots import Interval, Look
from jupyspike.widgets.sources import ViewError

LOOK = Look(Interval(0, 1))


@pytest.fixture
def synapses():
    group = NeuronGroup(12, "v : volt", name="ends*")
    made = Synapses(group[2:], group[3:8], "w : volt")
    made.connect(p=0.5)
    made.w = "(i + 1)*mV + j*0.1*mV"
    return made


def dense(synapses, values=None):
    matrix = np.zeros((len(synapses.target), len(synapses.source)))
    np.add.at(matrix, (synapses.j[:], synapses.i[:]), 1 if values is None else values)
    return matrix


def test_small_matrices_have_a_cell_for_each_pair(synapses):
    np.testing.assert_array_equal(Connectivity(synapses).matrix(), dense(synapses))
    drawing = Connectivity(synapses).draw(LOOK)
    levels = drawing.data["matrix"].levels
    np.testing.assert_array_equal(levels > 0, dense(synapses) > 0)
    assert (drawing.x, drawing.y) == ((-0.5, 9.5), (-0.5, 4.5))
    assert drawing.title == f"{len(synapses):,} synapses"


def test_a_variable_is_shown_in_its_unit(synapses):
    view = Connectivity(synapses.w)
    matrix = view.matrix()
    expected = dense(synapses, synapses.w / mV)
    np.testing.assert_allclose(matrix[expected > 0], expected[expected > 0])
    assert np.isnan(matrix[expected == 0]).all()
    assert view.plot.colours == "w (mV)"
    assert view.draw(LOOK).colours == pytest.approx((expected[expected > 0].min(), expected.max()))


def test_weights_of_both_signs_have_two_colours_around_zero(synapses):
    assert Connectivity(synapses.w).draw(LOOK).map == "sequential"
    synapses.w = "(i - 3)*mV"
    drawing, signs = Connectivity(synapses.w).draw(LOOK), dense(synapses, np.sign(synapses.w / mV))
    levels = drawing.data["matrix"].levels.astype(int)
    assert drawing.map == "diverging"
    assert drawing.colours.start == -drawing.colours.stop == pytest.approx(-6)
    np.testing.assert_array_equal(np.sign(levels - 128)[levels > 0], signs[levels > 0])


def test_several_synapses_of_a_pair_are_averaged():
    group = NeuronGroup(2, "v : 1", name="ends*")
    synapses = Synapses(group, group, "w : 1")
    synapses.connect(i=[0, 0, 1], j=[1, 1, 0])
    synapses.w = [1, 3, 5]
    np.testing.assert_array_equal(Connectivity(synapses).matrix(), [[0, 1], [2, 0]])
    np.testing.assert_array_equal(Connectivity(synapses.w).matrix(), [[np.nan, 5], [2, np.nan]])


def test_large_matrices_are_binned():
    group = NeuronGroup(1000, "v : 1", name="ends*")
    synapses = Synapses(group, group)
    synapses.connect(p=0.02)
    matrix = Connectivity(synapses).matrix()
    assert matrix.shape == (334, 334)
    expected = np.zeros((334, 334))
    np.add.at(expected, (synapses.j[:] // 3, synapses.i[:] // 3), 1)
    np.testing.assert_array_equal(matrix, expected)
    assert Connectivity(synapses).plot.colours == "synapses in 3 \N{MULTIPLICATION SIGN} 3 pairs"
    drawing = Connectivity(synapses).draw(LOOK)
    assert drawing.data["matrix"].x == (-0.5, 1001.5)
    assert drawing.x == (-0.5, 999.5)


def test_new_connections_are_seen(synapses):
    view = Connectivity(synapses)
    assert view.plot.colours == "synapses"
    before, matrix = view.state, view.matrix()
    synapses.connect(i=0, j=0)
    assert view.state != before
    np.testing.assert_array_equal(view.matrix(), dense(synapses))
    assert view.matrix().sum() == matrix.sum() + 1


def test_weights_that_change_in_a_run_are_followed():
    group = NeuronGroup(3, "v : 1", threshold="True", name="ends*")
    synapses = Synapses(group, group, "w : 1", on_pre="w += 1")
    synapses.connect(j="i")
    view = Connectivity(synapses.w)
    before, seen = view.state, []

    def look(t):  # within a run a view sees what has been taken between two steps
        taken = view.sources[0].monitor.taken
        seen.extend([(view.matrix(), taken[-1][1])] if taken else [])

    watching = NetworkOperation(look, dt=1 * ms)
    run(20 * ms)
    np.testing.assert_array_equal(np.diag(view.matrix()), synapses.w[:])
    assert synapses.w[0] > 5 and view.state != before
    assert watching.active and seen
    for shown, taken in seen:
        np.testing.assert_array_equal(np.diag(shown), np.diag(taken))


def test_a_weight_that_all_synapses_share_is_that_of_each():
    group = NeuronGroup(3, "v : 1", name="ends*")
    synapses = Synapses(group, group, "w : 1 (shared)")
    synapses.connect(j="i")
    synapses.w = 4
    np.testing.assert_array_equal(np.diag(Connectivity(synapses.w).matrix()), [4, 4, 4])


def test_what_are_no_synapses_is_refused(synapses):
    with pytest.raises(ViewError, match="is not synapses"):
        Connectivity(synapses.source)
    with pytest.raises(ViewError, match="has no stored values of 'i'"):
        Connectivity(synapses.i)
