"""Two compartments that burst together at middling coupling, and two hundred such cells that burst together."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("29-pinsky-rinzel-1994")


def test_the_cylinder_has_the_coupling_of_the_paper(notebook):
    assert notebook["coupling_of_shape"] == pytest.approx(2.1, rel=1e-9)


def test_one_cell_bursts(notebook):
    assert len(notebook["burst_starts"]) >= 5
    intervals = np.diff(notebook["burst_starts"])
    assert intervals[-1] == pytest.approx(intervals[-2], rel=0.03)
    assert len(notebook["train"]) == 2 * len(notebook["burst_starts"])


def test_bursts_need_a_coupling_that_is_neither_weak_nor_tight(notebook):
    intervals = notebook["intervals"]
    assert min(intervals[0.05]) > 20 and min(intervals[50]) > 20
    assert min(intervals[2.1]) < 5 and max(intervals[2.1]) > 80


@pytest.mark.parametrize("synapses", ["AMPA", "AMPA and NMDA"])
def test_synapses_make_the_cells_burst_together(notebook, synapses):
    middles, share, spread = notebook["bursts"][synapses].T
    assert len(middles) >= 3
    assert np.all(share > 0.95)
    assert np.all(spread < 0.15 * np.diff(middles).min())
    assert np.diff(middles) == pytest.approx(np.diff(middles).mean(), rel=0.25)


def test_before_there_are_synapses_cells_burst_each_for_itself(notebook):
    times, _ = notebook["runs"]["AMPA"]
    assert notebook["synchrony"]["before"] < 0.1 * notebook["synchrony"]["AMPA"]
    assert np.histogram(times, np.arange(200, 801, 50))[0].max() < 0.5 * 200


def test_nmda_shortens_the_interval(notebook):
    interval = {name: np.diff(bursts[:, 0]).mean() for name, bursts in notebook["bursts"].items()}
    assert interval["AMPA and NMDA"] < 0.75 * interval["AMPA"]


def test_one_cell_awakens_all_others(notebook):
    assert notebook["recruited"] == 1
    assert notebook["first_of_cell"][0] == notebook["first_of_cell"].min() > 50
    assert notebook["last"] > 490
