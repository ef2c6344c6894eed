"""A neuron whose books balance: pumped is what was let in, spent is what was made, and the supply decides."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("24-metabolism")


def test_the_wrong_unit_is_shown_with_a_caret_under_it_and_the_units_of_both_sides(run_notebook):
    (refused,) = [
        cell for cell in run_notebook("24-metabolism").cells if "raises-exception" in cell.metadata.get("tags", [])
    ]
    (error,) = refused.outputs
    assert error.ename == "DimensionMismatchError"
    _, line, carets, found, *_, hint = error.traceback
    assert line[carets.index("^") : carets.rindex("^") + 1] == "k*(ATP_max - ATP) - J"
    assert "found: mmolar / second - mmolar" in found
    assert hint.strip() == "try: J is in mmolar; in mmolar / second it would fit"


def test_a_pool_in_the_steady_state_makes_what_it_uses(notebook):
    assert notebook["pool_ATP"] == pytest.approx(1.5, rel=1e-4)  # mol/m^3 is mmolar


def test_calcium_counts_spikes(notebook):
    rates, calcium = notebook["rates"], notebook["mean_Ca"]
    assert rates[0] == 0
    assert rates[-1] > 80
    assert np.all(np.diff(rates) > 0)
    np.testing.assert_allclose(calcium, notebook["expected_Ca"], rtol=0.02, atol=1e-4)  # influx times time constant
    slope, offset = np.polyfit(rates, calcium, 1)
    assert np.max(np.abs(calcium - slope * rates - offset)) < 0.03 * calcium[-1]
    assert 0.07 < notebook["Ca_per_spike"] < 0.1


def test_a_spike_costs_more_than_charging_the_membrane_does(notebook):
    charge = 1e-2 * 0.1 * 4 * np.pi * (5e-6) ** 2
    assert notebook["least_ATP"] == pytest.approx(charge / 1.602e-19 / 3, rel=1e-3)
    assert 2 < notebook["ATP_for_Na"] / notebook["least_ATP"] < 4
    assert 0.1 < notebook["ATP_for_Ca"] / notebook["ATP_for_Na"] < 0.5
    assert np.all(np.diff(notebook["pump_use"]) > 0)


def test_nothing_is_lost_from_the_books(notebook):
    assert np.max(np.abs(notebook["ATP_error"])) < 1e-9
    assert np.max(np.abs(notebook["Na_error"])) < 1e-9
    assert np.min(notebook["change"]["made"]) > 0.4


def test_the_channel_that_senses_ATP_silences_the_cell_and_saves_it(notebook):
    time, sodium, calcium, ATP = (notebook[name] for name in ("time", "Na", "Ca", "ATP"))
    without, with_channel = notebook["firing"]
    middle = notebook["bins"][:-1] + 0.25
    healthy, failed = (middle > 2) & (middle < 5), (middle > 15) & (middle < 25)
    assert with_channel[healthy].mean() == pytest.approx(26, abs=3)
    assert with_channel[failed].sum() == 0
    assert with_channel[middle > 26].mean() == pytest.approx(with_channel[healthy].mean(), rel=0.1)
    assert np.max(sodium[1]) < 5

    assert without.max() > 2 * without[healthy].mean()
    assert without[failed].mean() > 15
    assert without[(middle > 26) & (middle < 31)].sum() == 0
    assert sodium[0].max() > 11
    assert calcium[0][(time > 15) & (time < 25)].mean() > 5 * calcium[0][(time > 2) & (time < 5)].mean()
    assert ATP.min() > 0
