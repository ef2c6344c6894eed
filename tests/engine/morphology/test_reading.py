"""Trees from points and from files."""

import math
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from jupyspike import Morphology, Soma, um
from jupyspike_engine.diagnostics import ArgumentError, MissingPackageError

CELLS = Path(__file__).parents[3] / "notebooks" / "cells"


def of(text: str, tmp_path: Path, **options) -> Morphology:
    path = tmp_path / "cell.swc"
    path.write_text(text)
    return Morphology.from_swc_file(path, **options)


BRANCHED = [
    (1, "soma", 0, 0, 0, 10, -1),
    (2, "axon", 5, 0, 0, 2, 1),
    (3, "axon", 25, 0, 0, 2, 2),
    (4, "dend", 0, 5, 0, 2, 1),
    (5, "dend", 0, 15, 0, 1, 4),
    (6, "dend", 5, 25, 0, 0.5, 5),
    (7, "dend", -5, 25, 0, 0.5, 5),
]


def test_a_section_goes_from_branch_to_branch_with_a_compartment_for_each_point():
    morpho = Morphology.from_points(BRANCHED)
    assert str(morpho.topology()).split("\n")[1:5] == [
        "   `--|  .axon",
        "   `--|  .dend",
        "       `-|  .dend.dend",
        "       `-|  .dend.dend2",
    ]
    assert morpho.type == "soma" and isinstance(morpho, Soma) and morpho.dend.dend2.type == "dend"
    # the first compartment begins at the centre of the soma, with the diameter of the branch
    assert_allclose(morpho.axon.length / um, [5, 20])
    assert_allclose(morpho.axon.start_diameter / um, [2, 2])
    # a branch begins as thick as its parent ends
    assert morpho.dend.dend.start_diameter == 1 * um and morpho.dend.dend.end_diameter == 0.5 * um
    assert_allclose(morpho.dend.dend.coordinates / um, [[0, 15, 0], [5, 25, 0]])


def test_a_section_ends_where_the_type_changes():
    points = [*BRANCHED[:3], (8, "custom", 45, 0, 0, 2, 3)]
    morpho = Morphology.from_points(points)
    assert morpho.axon.custom.n == 1 and morpho.axon.n == 2


def test_types_are_names_or_the_numbers_of_swc_files():
    numbers = {"soma": 1, "axon": 2, "dend": 3}
    points = [(i, numbers[kind], *rest) for i, kind, *rest in BRANCHED]
    assert str(Morphology.from_points(points).topology()) == str(Morphology.from_points(BRANCHED).topology())
    kinds = [(1, 1, 0, 0, 0, 9, -1), *((k + 2, kind, 0, 9, k, 1, 1) for k, kind in enumerate((4, 5, 0, 7, 7)))]
    assert Morphology.from_points(kinds).children.names == ["apic", "custom5", "undefined", "custom7", "custom7_2"]


def test_names_are_not_given_twice():
    kinds = ("dend", "dend", "dend2", "dend", "length")
    points = [(1, "soma", 0, 0, 0, 9, -1), *((k + 2, kind, 0, 9, k, 1, 1) for k, kind in enumerate(kinds))]
    names = Morphology.from_points(points).children.names
    assert names == ["dend", "dend2", "dend2_2", "dend3", "length_"]


def test_a_file_and_its_points_are_the_same_tree(tmp_path: Path):
    numbers = {"soma": 1, "axon": 2, "dend": 3}
    lines = [f"{i} {numbers[t]} {x} {y} {z} {d / 2} {p}" for i, t, x, y, z, d, p in BRANCHED]
    read, made = of("\n".join(lines), tmp_path), Morphology.from_points(BRANCHED)
    for name in ("length", "area", "distance", "diameter"):
        assert_allclose(getattr(read.compartments(), name), getattr(made.compartments(), name))


@given(st.permutations(range(7)))
def test_the_order_of_points_does_not_matter(order: list[int]):
    morpho = Morphology.from_points([BRANCHED[k] for k in order])
    assert_allclose(np.sort(morpho.compartments().area), np.sort(Morphology.from_points(BRANCHED).compartments().area))


SPHERE = math.pi * 100  # um**2: a soma of radius 5


def test_a_soma_of_one_point_and_one_of_three_are_spheres(tmp_path: Path):
    rest = "4 2 0 0 9 1 1\n5 2 0 0 99 1 4\n"
    three = "1 1 2 0 0 5 -1\n2 1 2 -5 0 5 1\n3 1 2 5 0 5 1\n"
    for text in ("1 1 2 0 0 5 -1\n", three):
        soma = of(text + rest, tmp_path)
        assert isinstance(soma, Soma) and soma.area / um**2 == pytest.approx(SPHERE)
        assert_allclose(soma.x / um, [2])
        assert not soma.report.repairs and soma.total_compartments == 3


def test_three_points_are_a_cylinder_on_request_with_the_same_area(tmp_path: Path):
    text = "1 1 2 0 0 5 -1\n2 1 2 -5 0 5 1\n3 1 2 5 0 5 1\n4 2 0 0 9 1 1\n5 2 0 0 99 1 4\n"
    soma = of(text, tmp_path, spherical_soma=False)
    flat = soma.compartments()
    of_soma = [kind == "soma" for kind in np.array(flat.types)[flat.section]]
    assert flat.area[of_soma].sum() * 1e12 == pytest.approx(SPHERE)
    assert soma.axon.parent is soma and soma.axon.start_y[0] == 0 * um  # in the middle


def test_an_outline_is_a_sphere(tmp_path: Path):
    angles = np.arange(12) * 2 * np.pi / 12
    lines = [f"{k + 1} 1 {8 * np.cos(a) + 3} {8 * np.sin(a)} 0 0.2 {k or -1}" for k, a in enumerate(angles)]
    soma = of("\n".join([*lines, "13 3 20 0 0 1 1", "14 3 90 0 0 1 13"]), tmp_path)
    assert isinstance(soma, Soma) and soma.diameter / um == pytest.approx(16)
    assert_allclose(soma.coordinates[0] / um, [3, 0, 0], atol=1e-9)
    assert "an outline of 12 points" in str(soma.report)


def test_a_soma_in_a_row_is_made_of_cones(tmp_path: Path):
    soma = of("1 1 0 0 0 5 -1\n2 1 0 5 0 6 1\n3 1 0 10 0 4 2\n4 3 0 10 0 1 3\n5 3 0 25 0 1 4\n", tmp_path)
    assert soma.n == 2 and soma.type == "soma" and not soma.report.repairs
    assert_allclose(soma.diameter / um, [11, 10])
    assert soma.dend.length == 15 * um and soma.dend.start_diameter == 2 * um


def test_a_tree_without_a_soma_begins_with_its_first_section(tmp_path: Path):
    axon = of("1 2 7 0 0 1 -1\n2 2 12 0 0 1 1\n3 2 32 0 0 1 2\n", tmp_path)
    assert axon.type == "axon" and axon.n == 2 and axon.total_sections == 1
    assert_allclose(axon.start_x / um, [7, 12])


def test_branches_may_begin_at_their_first_points_as_in_neuron(tmp_path: Path):
    text = "1 1 0 0 0 5 -1\n2 2 0 9 0 1 1\n3 2 0 29 0 1 2\n4 3 -9 0 0 1 1\n"
    soma = of(text, tmp_path, from_soma_centre=False)
    assert soma.axon.length == 20 * um and soma.axon.distance == 10 * um
    assert_allclose(soma.axon.coordinates / um, [[0, 9, 0], [0, 29, 0]])
    assert soma.dend.length == 9 * um  # of a single point: it would have no length


def test_areas_are_those_that_neuron_finds():
    # of NEURON 9.0.2, by Import3d_SWC_read and instantiate
    areas = {"soma": 1256.6370614, "axon": 1798.8513737, "dend": 5196.1765987, "apic": 10298.0211609}
    lengths = {"soma": 20.0, "axon": 1428.9036442, "dend": 1974.7213333, "apic": 2900.5843647}
    flat = Morphology.from_file(CELLS / "pyramidal.swc", from_soma_centre=False).compartments()
    types = np.array(flat.types)[flat.section]
    for kind in areas:
        assert flat.area[types == kind].sum() * 1e12 == pytest.approx(areas[kind], rel=1e-6)
        assert flat.length[types == kind].sum() * 1e6 == pytest.approx(lengths[kind], rel=1e-6)


def test_a_tree_begins_at_its_soma_wherever_the_file_begins(tmp_path: Path):
    there = of("1 1 0 0 0 5 -1\n2 2 0 9 0 1 1\n3 2 0 20 0 2 2\n4 3 0 -9 0 1 1\n5 3 0 -30 0 1 4\n", tmp_path)
    turned = of("3 2 0 20 0 2 -1\n2 2 0 9 0 1 3\n1 1 0 0 0 5 2\n4 3 0 -9 0 1 1\n5 3 0 -30 0 1 4\n", tmp_path)
    assert turned.type == "soma" and {*turned.children.names} == {"axon", "dend"}
    for name in ("length", "area", "distance", "diameter", "coordinates"):
        for branch in ("axon", "dend"):
            assert_allclose(getattr(turned[branch], f"{name}_"), getattr(there[branch], f"{name}_"))


def test_forks_and_ends_that_are_marked_belong_to_their_branches(tmp_path: Path):
    text = "1 1 0 0 0 5 -1\n2 3 0 9 0 1 1\n3 5 0 20 0 1 2\n4 6 0 30 0 1 3\n5 3 9 25 0 1 3\n6 6 9 40 0 1 5\n"
    marked = of(text, tmp_path)
    assert marked.dend.n == 2 and marked.dend.children.names == ["dend", "dend2"]
    others = of(text.replace("6 6 9", "6 5 9"), tmp_path)  # a type of its own: it does not fork
    assert others.dend.children.names == ["custom5"]


def test_the_cell_that_is_shipped_is_what_its_program_grows():
    grown = runpy.run_path(str(CELLS / "pyramidal.py"))["grown"]()
    assert (CELLS / "pyramidal.swc").read_text() == grown
    morpho = Morphology.from_file(CELLS / "pyramidal.swc")
    assert not morpho.report.repairs and morpho.total_sections == 70
    assert {"axon", "apic", "dend5"} <= {*morpho.children.names}


# other formats


ASC = """("CellBody" (CellBody)
  (10 0 0 0.5) (7 7 0 0.5) (0 10 0 0.5) (-7 7 0 0.5)
  (-10 0 0 0.5) (-7 -7 0 0.5) (0 -10 0 0.5) (7 -7 0 0.5)
)
((Dendrite)
  (0 10 0 2)
  (0 20 0 2)
  (
    (5 40 0 1)
    Normal
  |
    (-5 40 0 1)
    Normal
  )
)
"""
NML = """<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="doc">
<cell id="pyr"><morphology id="m">
<segment id="0"><proximal x="0" y="0" z="0" diameter="20"/><distal x="0" y="0" z="0" diameter="20"/></segment>
<segment id="1"><parent segment="0"/>
  <proximal x="0" y="10" z="0" diameter="2"/><distal x="0" y="50" z="0" diameter="1"/></segment>
<segment id="2"><parent segment="1"/><distal x="0" y="90" z="0" diameter="1"/></segment>
<segment id="3"><parent segment="1" fractionAlong="0.5"/>
  <proximal x="0" y="30" z="0" diameter="1"/><distal x="20" y="30" z="0" diameter="1"/></segment>
<segmentGroup id="body" neuroLexId="sao1044911821"><member segment="0"/></segmentGroup>
<segmentGroup id="all" neuroLexId="sao1211023249"><include segmentGroup="some"/><member segment="3"/></segmentGroup>
<segmentGroup id="some"><member segment="1"/><member segment="2"/></segmentGroup>
</morphology></cell></neuroml>
"""


def read(text: str, name: str, tmp_path: Path) -> Morphology:
    path = tmp_path / name
    path.write_text(text)
    return Morphology.from_file(path)


def test_neurolucida(tmp_path: Path):
    pytest.importorskip("morphio", reason="morphio reads this format")
    soma = read(ASC, "cell.asc", tmp_path)
    assert isinstance(soma, Soma) and soma.dend.n == 1 and [s.n for s in soma.dend.children] == [1, 1]
    assert 19 < soma.diameter / um < 21 and soma.dend.start_diameter == 2 * um
    assert_allclose(soma.dend.dend2.coordinates / um, [[0, 20, 0], [-5, 40, 0]])
    assert soma.report.repairs[0].line == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "there are no points"),
        (ASC.replace("(0 20 0 2)", "(0 x 0 2)"), 7, 'Error converting: "x"'),
        (ASC[:-2], 15, "is a bracket missing?"),
        (ASC.replace("(0 20 0 2)", "(0 20 0 -2)"), 7, "the diameter is negative"),
        ("((Axon) (0 0 0 1)\n (0 9 0 1))\n((Axon)\n (50 0 0 1) (50 9 0 1))", 4, "a second root"),
    ],
)
def test_neurolucida_that_is_not_right(text: str, line: int | None, says: str, tmp_path: Path):
    pytest.importorskip("morphio", reason="morphio reads this format")
    with pytest.raises(ArgumentError) as error:
        read(text, "cell.asc", tmp_path)
    assert says in str(error.value) and (f"cell.asc, line {line}," if line else "cell.asc:") in str(error.value)


def test_neuroml(tmp_path: Path):
    pytest.importorskip("neuroml", reason="libNeuroML reads this format")
    soma = read(NML, "cell.nml", tmp_path)
    flat = soma.compartments()
    assert isinstance(soma, Soma) and flat.types == ("soma", "dend", "dend", "dend")
    assert_allclose(flat.length * 1e6, [20, 20, 20, 40, 20])  # a branch in the middle of a segment divides it
    assert_allclose(flat.diameter * 1e6, [20, 1.75, 1.25, 1, 1])
    assert_allclose(flat.start[1] * 1e6, [0, 10, 0])


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "there are no points"),
        ("<neuroml", 1, "no NeuroML that can be read"),
        (NML.replace('y="90"', 'y="far"'), 6, "no NeuroML that can be read"),
        (NML.replace('segment="1"/><distal', 'segment="9"/><distal'), 6, "segment 2 has the parent 9"),
        (NML.replace('"0.5"', '"1.5"'), 7, "fractionAlong is 0 to 1"),
        (NML.replace('y="90" ', ""), 6, "lacks one of x, y, z, diameter"),
        (NML.replace("</cell>", '</cell><cell id="two"/>'), None, "there are several cells"),
        (NML.replace('id="1"><parent segment="0"', 'id="1"><parent segment="2"'), 4, "go around in a ring"),
    ],
)
def test_neuroml_that_is_not_right(text: str, line: int | None, says: str, tmp_path: Path):
    pytest.importorskip("neuroml", reason="libNeuroML reads this format")
    with pytest.raises(ArgumentError) as error:
        read(text, "cell.nml", tmp_path)
    assert says in str(error.value) and (f"cell.nml, line {line}," if line else "cell.nml:") in str(error.value)


@pytest.mark.parametrize(("name", "module"), [("cell.asc", "morphio"), ("cell.nml", "neuroml")])
def test_a_reader_that_is_not_installed_is_told(name: str, module: str, tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackageError, match="which is not installed"):
        read(ASC, name, tmp_path)


# large ones


def test_a_file_of_a_megabyte(tmp_path: Path):
    lines = [
        f"{k} {2 + k % 5000 // 2500} {k % 83:.3f} {k % 97:.3f} {k * 0.01:.3f} 0.5 {k - 1}" for k in range(2, 30_000)
    ]
    text = "\n".join(["1 1 0 0 0 5 -1", *lines])
    assert len(text) > 900_000
    morpho = of(text, tmp_path, unit=um)
    assert morpho.total_compartments == 29_999


def test_a_tree_as_deep_as_it_has_points(tmp_path: Path):
    lines = [f"{k} {2 + k % 2} 0 0 {k * 0.5} 0.5 {k - 1}" for k in range(2, 5_000)]
    morpho = of("\n".join(["1 1 0 0 0 5 -1", *lines]), tmp_path)
    assert morpho.total_sections == 4_999 and morpho.discretized().total_sections == 4_999
    assert morpho.compartments().distance[-1] * 1e6 == pytest.approx(4999 * 0.5 - 0.25)


def test_a_million_compartments():
    from jupyspike import Cylinder

    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=1e6 * um, diameter=1 * um, n=1_000_000)
    flat = morpho.compartments()
    assert len(flat) == 1_000_001 and flat.area.sum() * 1e12 == pytest.approx(math.pi * (900 + 1e6))
    assert morpho["distance > 999995*um"].indices[:].tolist() == [*range(999_996, 1_000_001)]
