"""20-stdp-song-2000: synapses compete, and the rate of the neuron regulates itself."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("20-stdp-song-2000")


@pytest.mark.parametrize("neuron", [0, 1])
def test_weights_are_bimodal_and_within_their_bounds(notebook, neuron):
    weights = notebook["g"][neuron]
    assert ((weights >= 0) & (weights <= 1)).all()
    low, middle, high = np.histogram(weights, bins=[0, 0.1, 0.45, 0.55, 0.9, 1])[0][[0, 2, 4]]
    assert low > 3 * middle
    assert high > 1.3 * middle


def test_stronger_drive_weakens_more_synapses(notebook):
    means = [weights.mean() for weights in notebook["g"]]
    assert means[0] > means[1] > means[2]
    assert means[2] < 0.25


def test_rates_of_very_different_inputs_become_similar(notebook):
    first, last, fixed = notebook["at_first"][:, 0], notebook["at_last"][:, 0], notebook["fixed_rates"]
    assert first[2] > 4 * first[0]
    assert 1 < last[2] / last[0] < 2
    assert (last > 25).all()
    assert (last < 80).all()
    assert fixed[2] > 4 * fixed[1] > 16 * fixed[0]


def test_firing_becomes_irregular(notebook):
    first, last = notebook["at_first"][:, 1], notebook["at_last"][:, 1]
    assert (first < 0.35).all()
    assert (last > 0.35).all()
    assert (last > 1.5 * first).all()
