"""What errors show of what was found."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, Synapses
from jupyspike_engine.diagnostics import ArgumentError, BuildError, Diagnostic, shortened
from jupyspike_engine.objects.clocks import seconds


def test_of_a_long_text_the_beginning_and_the_end_are_shown():
    text = repr(list(range(1000)))
    start, end = shortened(text).split(" \N{HORIZONTAL ELLIPSIS} ")
    assert text.startswith(start) and text.endswith(end)
    assert 100 < len(start) + len(end) < 200


def test_of_many_lines_the_first_and_the_last_are_shown():
    shown = shortened("\n".join(f"line {k}" for k in range(100))).splitlines()
    assert shown == ["line 0", "line 1", "line 2", "line 3", "\N{HORIZONTAL ELLIPSIS}", "line 97", "line 98", "line 99"]


@pytest.mark.parametrize("text", ["", "5", "a text\nof two lines", "x" * 240])
def test_what_can_be_read_stays(text):
    assert shortened(text) == text


@pytest.mark.parametrize(
    "wrong",
    [list(range(1000)), np.arange(1000) / 2, "x" * 10_000, {k: k for k in range(1000)}],
    ids=["list", "array", "text", "dict"],
)
def test_an_error_shows_a_part_of_a_large_argument(wrong):
    with pytest.raises(ArgumentError) as raised:
        seconds(wrong, "the duration")
    said = str(raised.value)
    assert len(said) < 800 and "\N{HORIZONTAL ELLIPSIS}" in said
    assert said.startswith("the duration is not a time\n    found: ") and said.endswith("as in 10*ms")


def test_a_large_argument_may_be_named_in_the_sentence_itself():
    with pytest.raises(ArgumentError) as raised:
        Synapses(list(range(10_000)), NeuronGroup(1, "v : 1"))
    assert len(str(raised.value)) < 200


def test_what_a_compiler_says_is_shown_as_a_whole():
    said = "\n".join(f"error {k}" for k in range(100))
    assert "error 50" in str(BuildError(Diagnostic("the program could not be built", kind="build", found=said)))
