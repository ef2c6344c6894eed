"""19-ping: a gamma rhythm that needs both populations, and a refractory period that is no whole number of steps."""

import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("19-ping")


def test_the_rhythm_is_in_the_gamma_band(notebook):
    assert 35 <= notebook["peak"] <= 48
    assert notebook["share"] > 0.4


def test_pyramidal_cells_skip_cycles_and_interneurons_do_not(notebook):
    assert notebook["fs_rate"].mean() == pytest.approx(notebook["peak"], abs=3)
    assert 0.5 < notebook["rs_rate"].mean() / notebook["peak"] < 0.85


def test_interneurons_come_after_pyramidal_cells(notebook):
    assert 1 <= notebook["lag"] <= 4


def test_interneurons_fire_nearly_at_once_and_pyramidal_cells_one_after_the_other(notebook):
    part_of_cycle = {cells: (notebook[cells] > 0.1 * notebook[cells].max()).mean() for cells in ("rs_rate", "fs_rate")}
    assert part_of_cycle["fs_rate"] < 0.6 * part_of_cycle["rs_rate"]
    assert part_of_cycle["rs_rate"] < 0.5  # and then there is silence


def test_without_the_way_from_pyramidal_cells_to_interneurons_there_is_no_rhythm(notebook):
    assert notebook["lost"] > 0.95
    assert notebook["cut_rate"].mean() > 1.3 * notebook["rs_rate"].mean()


def test_refractoriness_counts_whole_steps_and_is_never_one_off(notebook):
    assert notebook["steps"] == {0.1: [50], 0.05: [100], 0.01: [501]}
