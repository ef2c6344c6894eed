"""Delay lines and coincidence detectors turn the time between the ears into a place, and tones into phantoms."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("23-jeffress")


def test_time_differences_are_those_of_a_sphere(notebook):
    angle = np.radians(notebook["directions"])
    np.testing.assert_allclose(notebook["true_itds"], 0.09 / 343 * (angle + np.sin(angle)) * 1e6, rtol=1e-9)


def test_the_right_ear_hears_the_same_earlier(notebook):
    samples = notebook["samples"]
    left, right = notebook["waves"][16 * samples : 17 * samples].T
    correlation = [np.dot(left, np.roll(right, lag)) for lag in range(-50, 51)]
    assert (np.argmax(correlation) - 50) * 20 == pytest.approx(notebook["true_itds"][16], abs=20)


def test_cells_prefer_the_time_difference_that_their_delays_make_up_for(notebook):
    best, found = notebook["best"], notebook["best_found"]
    inside = np.abs(best) < 500
    assert np.corrcoef(best[inside], found[inside])[0, 1] > 0.9
    assert np.mean(np.abs(best - found)[inside]) < 80


def test_cells_respond_much_more_to_their_best_than_to_their_worst(notebook):
    tuning = notebook["tuning"]
    assert np.median(tuning.max(axis=1) / tuning.min(axis=1)) > 3


def test_the_direction_is_read_within_a_few_degrees(notebook):
    assert notebook["mean_error"] < 5
    assert np.max(np.abs(notebook["errors"])) < 15
    at_the_sides = np.abs(notebook["directions"]) >= 70
    assert np.mean(np.abs(notebook["errors"][at_the_sides])) > 1.5 * np.mean(np.abs(notebook["errors"][~at_the_sides]))


def test_a_tone_has_a_phantom_one_period_away(notebook):
    assert notebook["phantom"] == pytest.approx(notebook["near"], rel=0.15)
    assert notebook["between"] < 0.4 * notebook["near"]
