"""The quick start says how fast and how irregularly its network fires."""

from __future__ import annotations

import re

import pytest

from jupyspike.headless import output_text


@pytest.fixture(scope="module")
def quickstart(run_notebook):
    return run_notebook("quickstart")


def test_neurons_fire_between_five_and_six_times_a_second(quickstart):
    said = "\n".join(output_text(output) for cell in quickstart.cells for output in cell.get("outputs", []))
    at_once, recorded = (float(rate) for rate in re.findall(r"([\d.]+) Hz", said))
    assert 5 < at_once < 6
    assert 5 < recorded < 6


def test_they_are_less_regular_than_a_clock_and_less_irregular_than_a_poisson_process(quickstart):
    assert 0.5 < quickstart.values["irregularity"] < 0.8
