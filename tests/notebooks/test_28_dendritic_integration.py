"""Without NMDA receptors scattered synapses are better than clustered ones, with them a cluster wins."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("28-dendritic-integration")


def test_both_places_are_equally_far_from_the_soma(notebook):
    way = notebook["way"]
    assert len(notebook["scattered"]) == len(set(notebook["scattered"])) == notebook["most"] == 20
    assert way[notebook["cluster"]].mean() == pytest.approx(way[notebook["scattered"]].mean(), rel=0.1)


def test_without_nmda_receptors_a_cluster_is_worse_and_all_sums_are_less_than_linear(notebook):
    cluster, scattered = notebook["peaks"][:2]
    assert np.all(cluster[2:] < scattered[2:])  # with two the places still matter
    assert cluster[-1] < 0.6 * scattered[-1]
    assert scattered[-1] < 10 * scattered[1]  # twenty synapses against two


def test_with_nmda_receptors_a_large_cluster_is_more_than_the_sum_of_its_parts_and_wins(notebook):
    cluster, scattered = notebook["peaks"][2:]
    numbers = notebook["numbers"]
    assert cluster[-1] > 1.3 * scattered[-1]
    assert cluster[-1] > 1.3 * 10 * cluster[1]
    assert np.all(cluster[numbers >= 14] > scattered[numbers >= 14])
    few = (numbers >= 4) & (numbers <= 8)
    assert np.all(cluster[few] < scattered[few])


def test_the_branch_has_a_spike_of_its_own_that_outlasts_ampa(notebook):
    single, every = notebook["branch_after_30_ms"]
    assert every > 20 > 10 * single  # mV above rest, 20 ms after the synapses
