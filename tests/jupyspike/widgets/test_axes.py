"""What is written along axes and above plots."""

import pytest

from jupyspike.widgets.axes import dashed, legend_columns, legend_of, legend_rows, time_unit
from jupyspike.widgets.plots import PALETTE, TIME, Axis, Interval, Mark, Plot


def plot_of(labels, kind="line", **axis):
    marks = [Mark(f"m{k}", kind, PALETTE[k % len(PALETTE)], label) for k, label in enumerate(labels)]
    return Plot("plot", TIME, Axis("y", **axis), tuple(marks))


@pytest.mark.parametrize(
    "start, stop, unit",
    [
        (0, 0.5, "s"), (0, 0.49, "ms"), (100.0, 100.001, "s"), (99.9, 100.0, "ms"), (0, 2.1e-4, "ms"),
        (0, 1.9e-4, "\N{MICRO SIGN}s"), (0, 2.1e-7, "\N{MICRO SIGN}s"), (0, 1.9e-7, "ns"), (-0.02, 0.0, "ms"),
    ],
)  # fmt: skip
def test_the_unit_of_time_suits_the_length_and_late_times_are_seconds(start, stop, unit):
    scale, told = time_unit(Interval(start, stop))
    assert told == unit and scale == {"s": 1, "ms": 1e3, "ns": 1e9}.get(unit, 1e6)


def test_a_single_line_has_a_legend_only_where_its_axis_does_not_name_it():
    assert legend_of(plot_of(["a"])) == []
    assert len(legend_of(plot_of(["a"], ticks=((0.0, "lowest"),)))) == 1
    assert [mark.label for mark in legend_of(plot_of(["a", "", "b"]))] == ["a", "b"]


def test_a_legend_has_as_many_rows_as_its_names_need():
    assert [legend_rows(plot_of("abcdefgh"[:n])) for n in (1, 2, 4, 5, 8)] == [0, 1, 1, 2, 2]
    assert legend_columns(legend_of(plot_of(["a" * 50, "b"]))) == 2
    assert legend_rows(plot_of(["a" * 200, "b"])) == 2


@pytest.mark.parametrize("kind", ["line", "steps"])
def test_a_colour_that_comes_again_is_dashed(kind):
    assert dashed(plot_of("abcdefgh", kind)) == {"m6", "m7"}
    assert dashed(plot_of("abcdefgh", "dots")) == set()
