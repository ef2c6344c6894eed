"""What is not right is told with its line, and with what to do; what can be repaired, is."""

import logging
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jupyspike
from jupyspike import Morphology, nmetre, umetre
from jupyspike_engine.diagnostics import ArgumentError, MissingFileError, UserError
from jupyspike_engine.logs import catch_logs
from jupyspike_engine.morphology.growing import grown
from jupyspike_engine.morphology.swc import swc_tracing

from .broken import REFUSED, REPAIRED, SCRIPTS, Refused, Repaired, Script


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "cell.swc"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_corpus_is_large():
    assert len(REFUSED) + len(REPAIRED) >= 50 and len(SCRIPTS) >= 40


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_files_that_cannot_be_read(case: Refused, tmp_path: Path):
    with pytest.raises(ArgumentError) as error:
        Morphology.from_file(written(tmp_path, case.text))
    where = "cell.swc:" if case.line is None else f"cell.swc, line {case.line}, column "
    problem = next(found for found in error.value.diagnostics if found.render().startswith(where))
    assert case.says in problem.message and case.more in problem.render()


@pytest.mark.parametrize("case", REPAIRED.values(), ids=REPAIRED.keys())
def test_files_that_are_repaired(case: Repaired, tmp_path: Path):
    morpho = Morphology.from_file(written(tmp_path, case.text))
    notes = [note for note in morpho.report.repairs if note.line == case.line]
    assert any(case.found in note.found and case.done in note.done for note in notes), str(morpho.report)
    assert morpho.total_sections == case.sections and (morpho.compartments().length > 0).all()
    assert f"line {case.line}: " in str(morpho.report)


@pytest.mark.parametrize("case", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_scripts(case: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    script = {name: getattr(jupyspike, name) for name in jupyspike.__all__}
    with pytest.raises(UserError) as error:
        exec(case.text, script)
    assert case.says in str(error.value) and case.more in str(error.value)


NUMBERS = st.sampled_from(["1", "2", "3", "4", "-1", "0", "0.5", "7.25", "-3", "1e3", "2.5e2"])
WORDS = NUMBERS | st.sampled_from(["nan", "x", "#", "1,2"]) | st.text(max_size=3)
LINES = st.lists(WORDS, max_size=8).map(" ".join)


@st.composite
def points(draw):
    """Lines of a tree, in any order, some of them at the same place or without a radius."""
    kinds, places, radii = st.integers(0, 5), st.integers(-3, 3), st.integers(0, 3)
    rows = draw(st.lists(st.tuples(kinds, places, places, places, radii, st.integers(0, 20)), min_size=1, max_size=15))
    lines = [
        f"{k + 1} {kind} {x} {y} {z} {radius} {parent % k + 1 if k else -1}"
        for k, (kind, x, y, z, radius, parent) in enumerate(rows)
    ]
    return draw(st.permutations(lines))


@given(points(), st.booleans())
def test_each_tree_of_points_is_a_cell(lines: list[str], spherical: bool):
    if all(line.split()[5] == "0" for line in lines):
        return  # no radius at all: refused
    check(grown(swc_tracing("\n".join(lines), "cell.swc"), spherical, from_centre=True, check_unit=True))


@given(st.tuples(points(), st.lists(LINES, max_size=3)).map(lambda parts: [*parts[0], *parts[1]]), st.booleans())
def test_whatever_stands_in_a_file_it_is_a_cell_or_is_refused_with_reasons(lines: list[str], spherical: bool):
    try:
        morpho = grown(swc_tracing("\n".join(lines), "cell.swc"), spherical, from_centre=True, check_unit=True)
    except ArgumentError as error:
        assert error.diagnostics
        return
    check(morpho)


def check(morpho: Morphology) -> None:
    """Its geometry makes sense."""
    flat = morpho.discretized().compartments()
    for values in (flat.length, flat.diameter, flat.area, flat.volume, flat.r_length_1, flat.r_length_2):
        assert (values > 0).all() and np.isfinite(values).all()
    assert flat.has_coordinates and repr(morpho) and str(morpho.report)


GOOD = b"1 1 0 0 0 5 -1\n2 2 0 9 0 1 1\n3 2 0 99 0 1 2\n"


@pytest.mark.parametrize(
    "text",
    [
        b"# comment\n" + GOOD.replace(b"5 -1", b"5 -1 # the soma"),
        GOOD.replace(b"\n", b"\n# between points\n\n"),
        GOOD.replace(b"1 1 0", b"  1\t1   0"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.rstrip(),
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        "# M\u00fcller\n".encode("latin-1") + GOOD,
        b"#1 1 0 0 0 7 -1\n" + GOOD,
    ],
    ids=["behind", "between", "tabs", "windows", "mac", "unended", "bom", "utf16", "latin1", "commented-out"],
)
def test_comments_in_odd_places_and_other_encodings_are_no_fault(text: bytes, tmp_path: Path):
    morpho = Morphology.from_swc_file(written(tmp_path, text))
    assert morpho.total_compartments == 3 and not morpho.report.repairs


def test_what_is_no_text_is_told(tmp_path: Path):
    with pytest.raises(ArgumentError, match="not a text: there is a zero byte in line 2"):
        Morphology.from_file(written(tmp_path, GOOD[:20] + b"\x00\x01"))
    with pytest.raises(ArgumentError, match="is compressed"):
        Morphology.from_file(written(tmp_path, b"\x1f\x8b\x08 and so on"))


def test_an_ending_that_tells_no_format_is_told(tmp_path: Path):
    path = tmp_path / "cell.txt"
    path.write_bytes(GOOD)
    with pytest.raises(ArgumentError, match=r"ending that tells no format[\s\S]*from_swc_file"):
        Morphology.from_file(path)
    assert Morphology.from_swc_file(path).total_sections == 2


def test_files_nearby_are_offered(tmp_path: Path):
    written(tmp_path, GOOD)
    with pytest.raises(MissingFileError, match=re.escape("in that folder: cell.swc")):
        Morphology.from_file(tmp_path / "cel.swc")


def test_a_unit_can_be_given(tmp_path: Path):
    path = written(tmp_path, REFUSED["nanometres"].text)
    assert Morphology.from_file(path, unit=nmetre).axon.end_distance / umetre == pytest.approx(99)
    assert Morphology.from_file(path, unit=umetre).axon.end_distance / umetre == pytest.approx(99000)
    with pytest.raises(ArgumentError, match="'unit' is a length above zero"):
        Morphology.from_file(path, unit=0 * umetre)


def test_all_problems_of_a_file_are_told_together_but_not_thousands(tmp_path: Path):
    with pytest.raises(ArgumentError) as error:
        Morphology.from_file(written(tmp_path, "1 1 0 0 0 5 -1\n" + "2 2 0 x 0 1 1\n" * 5000))
    assert len(error.value.diagnostics) == 21 and "and there are more problems" in str(error.value)


def test_repairs_are_told_when_a_file_is_read(tmp_path: Path):
    with catch_logs(logging.INFO) as messages:
        Morphology.from_file(written(tmp_path, REPAIRED["zero radius"].text))
        Morphology.from_file(written(tmp_path, GOOD))
    [(level, name, text)] = messages
    assert (level, name) == ("INFO", "jupyspike.morphology.repaired") and "line 3: the radius is zero" in text


def test_many_repairs_of_a_kind_are_told_once(tmp_path: Path):
    lines = [f"{k} 2 0 {k} 0 0 {k - 1}" for k in range(2, 1000)]
    report = Morphology.from_file(written(tmp_path, "\n".join(["1 1 0 0 0 5 -1", "2000 2 0 9 9 1 1", *lines]))).report
    assert len(report.repairs) == 6 and "the same in 993 lines" in str(report)
