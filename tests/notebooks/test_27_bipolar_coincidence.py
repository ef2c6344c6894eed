"""Two dendrites make a better detector of coincidence, since inputs to one dendrite take each other's driving force."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("27-bipolar-coincidence")


def test_inputs_add_up_between_dendrites_and_much_less_within_one(notebook):
    one, same, different, _ = notebook["EPSP"]
    assert same < 1.7 * one
    assert 1.9 * one < different < 2 * one


def test_every_fibre_ends_once_on_every_cell_and_mixed_wiring_has_both_ears_on_both_dendrites(notebook):
    assert len(notebook["fibre"]) == 12 * 66
    assert np.count_nonzero(notebook["mixed"]) == 6 * 33


def test_cells_fire_most_when_the_ears_agree(notebook):
    for rates in (notebook["separate"], notebook["together"]):
        assert abs(notebook["time_difference"][np.argmax(rates)]) < 0.3
        assert rates[14:19].min() > 2 * rates[[0, -1]].max()


def test_an_ear_for_each_dendrite_makes_the_better_detector(notebook):
    separate, together = notebook["separate"], notebook["together"]
    ends = [0, 1, 2, 30, 31, 32]
    assert np.mean(separate[ends]) < 0.75 * np.mean(together[ends])
    assert np.mean(separate[14:19]) == pytest.approx(np.mean(together[14:19]), rel=0.1)
