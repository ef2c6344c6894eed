"""Calcium that is released by calcium: oscillations in one place, waves along a dendrite."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("30-calcium-waves")


def test_enough_IP3_makes_calcium_oscillate(notebook):
    resting, *oscillating = notebook["oscillation"]
    assert resting < 0.01
    assert np.min(oscillating) > 0.8


def test_diffusion_in_a_point_neuron_is_an_error_that_says_so(run_notebook):
    (refused,) = [
        cell for cell in run_notebook("30-calcium-waves").cells if "raises-exception" in cell.metadata.get("tags", [])
    ]
    (error,) = refused.outputs
    assert "'diffusive' belongs to equations of neurons in space" in error.evalue
    assert any("SpatialNeuron" in line for line in error.traceback)


def test_a_wave_runs_at_a_speed_that_grows_with_the_root_of_the_coefficient(notebook):
    speeds = np.array(notebook["speeds"])
    assert 5 < notebook["speed"] < 15
    assert speeds / speeds[1] == pytest.approx(np.sqrt([0.5, 1, 2, 4]), rel=0.02)


def test_nothing_is_lost(notebook):
    assert abs(notebook["lost"]) < 1e-10
    assert abs(notebook["lost_in_tree"]) < 1e-10


def test_a_wave_from_a_thin_branch_dies_in_a_thick_trunk(notebook):
    reached = notebook["reached"]
    assert reached["branch"][20:40].min() > 0.5
    assert max(reached["trunk"].max(), reached["twig"].max()) < 0.2
