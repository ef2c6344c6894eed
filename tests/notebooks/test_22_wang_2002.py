"""A network that decides: the winner takes all, clear stimuli are answered rightly and soon, and remembered."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("22-wang-2002")


def test_mean_inputs_are_those_of_the_full_network(notebook):
    represented = {name: notebook["sizes"][name] * notebook["stands_for"][name] for name in "ABCI"}
    assert represented == pytest.approx({"A": 240, "B": 240, "C": 1120, "I": 400})
    assert 0.15 * notebook["w_plus"] + 0.85 * notebook["w_minus"] == pytest.approx(1)


def test_before_the_stimulus_all_populations_fire_at_a_few_hertz(notebook):
    spontaneous = notebook["spontaneous"]
    assert all(0.7 < spontaneous[name] < 3 for name in "ABC")
    assert 4 < spontaneous["I"] < 10


def test_the_winner_takes_all(notebook):
    winner, loser, decided = notebook["winner"], notebook["loser"], notebook["decided"]
    assert np.sum(decided) >= 18
    assert 18 < np.mean(winner[decided]) < 45
    assert np.mean(loser[decided]) < 5
    assert np.mean(winner[decided] > 3 * loser[decided]) > 0.8


def test_without_evidence_both_answers_are_given_and_with_much_only_the_right_one(notebook):
    correct = notebook["correct"]
    assert 0 < correct[0] < 1
    assert np.mean(correct[1:3]) >= 0.6
    assert correct[-1] == 1


def test_a_clear_stimulus_is_decided_first_but_not_at_once(notebook):
    times = notebook["mean_times"]
    assert np.argmin(times) == len(times) - 1
    assert 350 < times[-1] < 900
    assert np.mean(times[:2]) > times[-1] + 100


def test_the_choice_outlasts_the_stimulus(notebook):
    assert notebook["memory"] > 10
