"""A frame decoded as the browser does it is what was drawn."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike.widgets.encoding import encode
from jupyspike.widgets.plots import TIME, Axis, Drawing, Image, Interval, Mark, Plot, Points

KINDS = ("dots", "line", "image")
PLOT = Plot("p", TIME, Axis(""), tuple(Mark(kind, kind, "#000000") for kind in KINDS))


def sent(**data):
    description, block = encode(Interval(0, 1), [(PLOT, Drawing(None, Interval(0, 1), data))])
    return description["plots"]["p"]["marks"], zlib.decompress(block)


def array(block, place):
    return np.frombuffer(block, "<" + place["type"], place["count"], place["at"])


def values(block, packed):
    if "steps" not in packed:
        return array(block, packed)
    return packed["low"] + packed["scale"] * np.cumsum(array(block, packed["steps"]), dtype=np.uint16)


def dots(block, packed):
    places = np.cumsum(array(block, packed["steps"]).astype(float))
    column = np.floor(places / packed["rows"])
    return packed["x"][0] + packed["x"][1] * column, packed["low"] + places - column * packed["rows"]


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 30, 3000]), st.sampled_from([1, 50, 100_000, 5_000_000]))
def test_dots_come_back_in_another_order(seed, count, neurons):
    random = np.random.default_rng(seed)
    given_x, given_y = random.uniform(5, 6, count), random.integers(0, neurons, count).astype(float)
    marks, block = sent(dots=Points(given_x, given_y))
    x, y = dots(block, marks["dots"]["dots"])
    np.testing.assert_array_equal(np.sort(y), np.sort(given_y))
    np.testing.assert_allclose(np.sort(x), np.sort(given_x), atol=0.5 / 4095)


@given(st.lists(st.floats(-1e3, 1e3), max_size=50))
def test_lines_come_back_to_a_part_in_65535_of_their_range(given_y):
    y = np.array(given_y, float)
    marks, block = sent(line=Points(np.arange(len(y)) * 1e-4, y))
    size = (y.max() - y.min()) if len(y) else 0.0
    np.testing.assert_allclose(values(block, marks["line"]["columns"]["y"]), y, atol=size / 65535 + 1e-12)
    np.testing.assert_allclose(values(block, marks["line"]["columns"]["x"]), np.arange(len(y)) * 1e-4, atol=1e-7)


def test_gaps_come_back():
    marks, block = sent(line=Points(np.arange(3.0), np.array([1.0, np.nan, 2.0])))
    np.testing.assert_array_equal(values(block, marks["line"]["columns"]["y"]), [1.0, np.nan, 2.0])


def test_images_come_back():
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    marks, block = sent(image=Image(image, Interval(0, 1), Interval(2, 3)))
    assert marks["image"]["shape"] == [2, 3]
    assert (marks["image"]["x"], marks["image"]["y"]) == ([0, 1], [2, 3])
    np.testing.assert_array_equal(array(block, marks["image"]["image"]).reshape(2, 3), image)


def test_every_array_begins_where_the_page_can_read_numbers():
    odd = Image(np.ones((1, 3), np.uint8), Interval(0, 1), Interval(0, 1))
    marks, _ = sent(image=odd, dots=Points(np.arange(3.0), np.arange(3.0)), line=Points(np.arange(5.0), np.arange(5.0)))
    line = marks["line"]["columns"]
    places = [marks["image"]["image"], marks["dots"]["dots"]["steps"], line["x"]["steps"], line["y"]["steps"]]
    assert [place["at"] % 8 for place in places] == [0, 0, 0, 0] and len({place["at"] for place in places}) == 4


def test_a_dot_takes_two_bytes_at_most():
    random = np.random.default_rng(0)
    cloud = Points(random.uniform(0, 1, 20_000), random.integers(0, 4000, 20_000).astype(float))
    _, block = encode(Interval(0, 1), [(PLOT, Drawing(None, Interval(0, 1), {"dots": cloud}))])
    assert len(block) <= 40_000


def test_marks_that_show_nothing_are_not_sent():
    marks, _ = sent()
    assert marks == {}


@pytest.mark.parametrize("kind", ["dots", "line"])
def test_no_points_at_all(kind):
    marks, _ = sent(**{kind: Points(np.empty(0), np.empty(0))})
    assert kind in marks


def test_ranges_titles_and_scales_of_colours_are_told():
    plot = Plot("own", Axis("x"), Axis("y"), ())
    drawing = Drawing(Interval(1, 2), Interval(3, 4), {}, Interval(5, 6), "CV 0.5", "diverging")
    description, _ = encode(Interval(0, 1), [(plot, drawing), (PLOT, Drawing(None, Interval(7, 8)))])
    assert description["ranges"] == {"time": [0, 1], "own/x": [1, 2], "own/y": [3, 4], "p/y": [7, 8]}
    assert description["plots"]["own"] == {"marks": {}, "title": "CV 0.5", "colours": [5, 6], "map": "diverging"}
