"""Calcium under the membrane: what shells show and one pool does not."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("31-calcium-shells")


def test_a_concentration_is_no_voltage(run_notebook):
    (refused,) = [
        cell for cell in run_notebook("31-calcium-shells").cells if "raises-exception" in cell.metadata.get("tags", [])
    ]
    (error,) = refused.outputs
    assert error.ename == "DimensionMismatchError"
    assert "found: volt" in error.evalue
    assert "expected: mmolar" in error.evalue


def test_calcium_rises_under_the_membrane_first_and_most(notebook):
    shells, t = notebook["shells"], notebook["t"]
    assert (np.diff(shells.max(axis=1)) < 0).all()
    assert (np.diff(t[shells.argmax(axis=1)]) >= 0).all()
    assert notebook["peak"] > 10 * notebook["inner_peak"]


def test_one_pool_has_the_mean_of_the_shells_while_channels_are_open(notebook):
    t, mean, mixed = notebook["t"], notebook["mean_of_shells"], notebook["mixed"]
    during = (t > 1.2) & (t < 2)
    assert mean[during] == pytest.approx(mixed[during], rel=0.1)
    assert notebook["ratio"] > 2
