"""Files and scripts that are not right: what is said of them, and in which line."""

from __future__ import annotations

from typing import NamedTuple


class Refused(NamedTuple):
    """A SWC file that cannot be read; ``line`` is None if the message is about the whole file."""

    text: str
    line: int | None
    says: str
    more: str = ""  # what else the message has: what was found, or what to do


class Repaired(NamedTuple):
    """A SWC file that is read, with a note in its report."""

    text: str
    line: int
    found: str
    done: str
    sections: int = 2


class Script(NamedTuple):
    """Lines of Python that end with an error."""

    text: str
    says: str
    more: str = ""


SOMA = "1 1 0 0 0 5 -1\n"
CELL = SOMA + "2 2 0 9 0 1 1\n3 2 0 99 0 1 2\n"

REFUSED = {
    "empty": Refused("", None, "there are no points in it", "index, type, x, y, z, radius, parent"),
    "blank lines only": Refused("\n \n\t\n", None, "there are no points in it"),
    "comments only": Refused("# nothing\n#\n", None, "there are no points in it"),
    "six values": Refused(SOMA + "2 2 0 9 0 1\n", 2, "this is not a point", "6 values"),
    "one value": Refused(SOMA + "2\n", 2, "this is not a point", "1 value"),
    "words": Refused(SOMA + "this is an axon\n", 2, "this is not a point", "comments begin with #"),
    "C comment": Refused("// Neuron 5\n" + CELL, 1, "this is not a point", "comments begin with #"),
    "LaTeX comment": Refused("% traced by hand\n" + CELL, 1, "this is not a point", "comments begin with #"),
    "comment split over lines": Refused("# traced by hand,\n  on a Monday\n" + CELL, 2, "this is not a point", "begin"),
    "another format": Refused("((Dendrite)\n (0 0 0 1)\n)\n", 1, "this is not a point", "1 value"),
    "a table in HTML": Refused("<html>\n<body>\n", 1, "this is not a point"),
    "a letter in a coordinate": Refused(SOMA + "2 2 0 9a 0 1 1\n", 2, "coordinate y is not a finite number", "'9a'"),
    "a hole in a coordinate": Refused(SOMA + "2 2 0 nan 0 1 1\n", 2, "coordinate y is not a finite number", "'nan'"),
    "infinitely far": Refused(SOMA + "2 2 0 0 inf 1 1\n", 2, "coordinate z is not a finite number", "'inf'"),
    "too large for a number": Refused(SOMA + "2 2 1e999 0 0 1 1\n", 2, "coordinate x is not a finite number"),
    "underscores of Python": Refused(SOMA + "2 2 1_0 0 0 1 1\n", 2, "coordinate x is not a finite number", "'1_0'"),
    "a radius in words": Refused(SOMA + "2 2 0 9 0 thin 1\n", 2, "the radius is not a finite number", "'thin'"),
    "infinite radius": Refused(SOMA + "2 2 0 9 0 inf 1\n", 2, "the radius is not a finite number"),
    "negative radius": Refused(SOMA + "2 2 0 9 0 -1 1\n", 2, "the radius is negative", "'-1'"),
    "half an index": Refused(SOMA + "2.5 2 0 9 0 1 1\n", 2, "the index is not a whole number", "'2.5'"),
    "an index in words": Refused(SOMA + "two 2 0 9 0 1 1\n", 2, "the index is not a whole number", "'two'"),
    "negative index": Refused(SOMA + "-2 2 0 9 0 1 1\n", 2, "an index is not negative", "'-2'"),
    "a type in words": Refused(SOMA + "2 axon 0 9 0 1 1\n", 2, "the type is not a whole number", "'axon'"),
    "negative type": Refused(SOMA + "2 -2 0 9 0 1 1\n", 2, "a type is not negative"),
    "half a parent": Refused(SOMA + "2 2 0 9 0 1 0.5\n", 2, "the parent is not a whole number", "'0.5'"),
    "missing parent": Refused(CELL + "4 2 0 120 0 1 7\n", 4, "has the parent 7, which does not exist", "1 to 4"),
    "parent below -1": Refused(CELL + "4 2 0 120 0 1 -2\n", 4, "has the parent -2, which does not exist"),
    "its own parent": Refused(CELL + "4 2 0 120 0 1 4\n", 4, "the point 4 is its own parent", "-1"),
    "the root is its own parent": Refused("1 1 0 0 0 5 1\n", 1, "the point 1 is its own parent", "-1"),
    "a ring": Refused(CELL + "4 2 0 1 0 1 6\n5 2 0 2 0 1 4\n6 2 0 3 0 1 5\n", 4, "3 points hang", "4 -> 6 -> 5 -> 4"),
    "nothing but a ring": Refused("1 2 0 1 0 1 2\n2 2 0 2 0 1 1\n", 1, "2 points hang on each other in a ring"),
    "a branch on a ring": Refused(CELL + "4 2 0 1 0 1 5\n5 2 0 2 0 1 6\n6 2 0 3 0 1 5\n", 5, "2 points hang on"),
    "two roots": Refused(CELL + "4 3 99 0 0 1 -1\n5 3 110 0 0 1 4\n", 4, "the point 4 is a second root: 2 points"),
    "a point alone": Refused(CELL + "4 3 99 0 0 1 -1\n", 4, "a second root: 1 point is not connected", "line 1"),
    "two somata": Refused(SOMA + "2 1 99 0 0 5 -1\n", 2, "the point 2 is a second root", "a file for each tree"),
    "an index twice": Refused(CELL + "3 3 0 0 50 1 1\n", 4, "there are two points 3", "another one in line 3"),
    "no radius anywhere": Refused("1 1 0 0 0 0 -1\n2 2 0 9 0 0 1\n", 1, "all radii are zero", "sixth column"),
    "nanometres": Refused(
        "1 1 0 0 0 5000 -1\n2 2 0 9000 0 500 1\n3 2 0 99000 0 500 2\n", 3, "look like nanometres", "unit=nmetre"
    ),
    "wide as a hand": Refused(SOMA + "2 2 0 9 0 1 1\n3 2 0 300000 0 1 2\n", 3, "look like nanometres", "30 cm wide"),
    "thick as an arm": Refused(CELL + "4 2 0 120 0 90000 3\n", 4, "no cell is that thick", "a radius of 90000 um"),
    "decimal commas": Refused("1 1 0,5 0,5 0,5 5,0 -1\n", 1, "a number has a comma in it", "0.5"),
    "two faults in one file": Refused(
        SOMA + "2 2 0 9 0 -1 1\n3 2 0 x 0 1 1\n", 3, "coordinate y is not a finite number"
    ),
}

REPAIRED = {
    "children first": Repaired("3 2 0 99 0 1 2\n2 2 0 9 0 1 1\n" + SOMA, 1, "comes before its parent 2", "sorted"),
    "zero radius": Repaired(CELL.replace("99 0 1 2", "99 0 0 2"), 3, "the radius is zero", "radius of its parent, 1"),
    "zero radius at a soma": Repaired(CELL.replace("9 0 1 1", "9 0 0 1"), 2, "radius is zero", "of point 3, 1"),
    "soma without a radius": Repaired(CELL.replace("0 5 -1", "0 0 -1"), 1, "radius is zero", "of point 2, 1"),
    "the same place twice": Repaired(CELL + "4 2 0 99 0 1 3\n", 4, "lies where its parent 3 lies", "left out"),
    "a section without length": Repaired(
        CELL + "4 3 0 99 0 1 3\n5 2 0 120 0 1 3\n", 4, "a section has no length", "left out", 3
    ),
    "the same line twice": Repaired(CELL + "3 2 0 99 0 1 2\n", 4, "stands here once more, as in line 3", "left out"),
    "parent zero": Repaired(CELL.replace("5 -1", "5 0"), 1, "the parent 0 is no point", "taken as the root"),
    "a branch that forgot the soma": Repaired(CELL + "4 3 5 0 0 1 -1\n5 3 50 0 0 1 4\n", 4, "lies at", "to point 1", 3),
    "commas": Repaired(CELL.replace(" ", ","), 1, "separated by commas", "read like spaces"),
    "semicolons": Repaired(CELL.replace(" ", "; "), 1, "commas or semicolons", "read like spaces"),
    "names of columns": Repaired("n type x y z radius parent\n" + CELL, 1, "names of columns", "taken as a comment"),
    "more columns": Repaired(CELL.replace("5 -1", "5 -1 0.3 0"), 1, "9 values", "after the seventh are left out"),
    "whole numbers with a point": Repaired("1.0 1 0 0 0 5 -1\n2 2 0 9 0 1 1.0\n", 1, "'1.0' as index", "whole number"),
    "an outline": Repaired(
        "1 1 9 0 0 .5 -1\n2 1 0 9 0 .5 1\n3 1 -9 0 0 .5 2\n4 1 0 -9 0 .5 3\n5 1 6 -6 0 .5 4\n6 2 0 40 0 1 2\n",
        1, "an outline of 5 points", "a sphere of radius",
    ),
    "a soma that branches": Repaired(
        SOMA + "2 1 0 8 0 4 1\n3 1 9 0 0 3 1\n4 2 20 0 0 1 3\n", 1, "the soma branches", "a sphere of the same area"
    ),
    "no soma, and the root branches": Repaired(
        "1 2 0 0 0 1 -1\n2 2 0 9 0 1 1\n3 2 9 0 0 1 1\n", 1, "the root has no length", "a sphere of its radius", 3
    ),
    "marks of forks and ends": Repaired(
        SOMA + "2 5 0 9 0 1 1\n3 3 0 20 0 1 2\n4 6 0 30 0 1 3\n5 3 9 9 0 1 2\n", 2, "mark forks and ends", "of their", 4
    ),
    "a soma in the middle": Repaired(
        "1 2 0 0 0 1 -1\n2 2 0 9 0 1 1\n3 1 0 20 0 5 2\n4 3 0 30 0 1 3\n", 3, "soma is not at the root", "is turned", 3
    ),
    "a single point of an axon": Repaired("1 2 0 0 0 1 -1\n", 1, "the only point is no soma", "a sphere", 1),
}  # fmt: skip

TREE = "m = Soma(diameter=30*um)\nm.axon = Cylinder(length=100*um, diameter=1*um, n=10)\n"

SCRIPTS = {
    "a section of zero length": Script("Cylinder(length=0*um, diameter=1*um)", "cannot have a length of zero"),
    "zero length from coordinates": Script("Cylinder(x=[5, 5]*um, diameter=1*um)", "cannot have a length of zero"),
    "zero within": Script(
        "Section(length=[5, 0]*um, diameter=[1, 1, 1]*um, n=2)", "cannot have a length of zero", "value 1"
    ),
    "negative length": Script("Cylinder(length=-9*um, diameter=1*um)", "a length of less than zero", "-9 um"),
    "zero diameter": Script("Soma(diameter=0*um)", "cannot have a diameter of zero"),
    "a length without a unit": Script("Cylinder(length=100, diameter=1*um)", "needs a value in metre", "100"),
    "a length in volts": Script("Cylinder(length=100*mV, diameter=1*um)", "needs a value in metre", "volt"),
    "no length": Script("Cylinder(diameter=1*um)", "needs a length, or coordinates"),
    "length and coordinates": Script("Cylinder(length=9*um, x=[0, 9]*um, diameter=1*um)", "not both"),
    "one coordinate": Script("Cylinder(x=9*um, diameter=1*um)", "argument 'x' of Cylinder", "start and end"),
    "not a number": Script("Cylinder(length=nan*um, diameter=1*um)", "is not finite"),
    "no compartment": Script("Cylinder(length=9*um, diameter=1*um, n=0)", "at least one compartment", "n=0"),
    "half a compartment": Script("Cylinder(length=9*um, diameter=1*um, n=2.5)", "number of compartments", "2.5"),
    "too few diameters": Script("Section(length=[1, 2]*um, diameter=[1, 2]*um, n=2)", "wrong shape", "n + 1 = 3"),
    "two diameters of one start": Script(
        "Section(length=[9]*um, diameter=[1, 2]*um, start_diameter=3*um)", "the start of the Section has two diameters"
    ),
    "more compartments than memory": Script(
        "Cylinder(length=1*metre, diameter=1*um, n=10**12)",
        "the geometry of 1,000,000,000,000 compartments would take",
    ),
    "an unknown section": Script(TREE + "m.axn", "there is no section or attribute 'axn'", "did you mean 'axon'?"),
    "deleting what is not there": Script(TREE + "del m.dend", "there is no section or attribute 'dend'", "axon"),
    "a name twice": Script(TREE + "m.axon = Soma(diameter=1*um)", "the name 'axon' is used already", "del"),
    "the name of an attribute": Script(TREE + "m.length = Soma(diameter=1*um)", "is an attribute of sections"),
    "a name with a space": Script(TREE + "m['the axon'] = Soma(diameter=1*um)", "cannot be the name of a section"),
    "a number for a section": Script(TREE + "m.dend = 5", "only sections are attached", "Cylinder"),
    "a ring of sections": Script(TREE + "m.axon.back = m", "would close a ring"),
    "a section in two places": Script(TREE + "m.dend = m.axon", "attached already, as 'axon'", "copy()"),
    "behind the end": Script(TREE + "m.axon[101*um]", "'axon' has no compartment at 101. um", "100. um"),
    "a stretch behind the end": Script(TREE + "m.axon[50*um:200*um]", "no compartment at 200. um"),
    "a stretch backwards": Script(TREE + "m.axon[50*um:20*um]", "ends before it begins"),
    "a stretch in volts": Script(TREE + "m.axon[0*mV:20*mV]", "are chosen by lengths", "volt"),
    "lengths and numbers": Script(TREE + "m.axon[2:50*um]", "either lengths or numbers"),
    "too large a number": Script(TREE + "m.axon[10]", "the index 10 is outside the section 'axon'", "0 to 9"),
    "no index": Script(TREE + "m.axon[1.5]", "does not choose compartments", "a condition"),
    "an unknown region": Script(TREE + "m['distanc > 50*um']", "the name 'distanc' is not known", "mean 'distance'?"),
    "a region without a unit": Script(TREE + "m['distance > 50']", "different units", "50*metre"),
    "a region that is no condition": Script(TREE + "m['distance + 50*um']", "line 1", "a condition"),
    "a region that is no text": Script(TREE + "m['distance > > 50*um']", "line 1, column"),
    "a region by chance": Script(TREE + "m['rand() < 0.5 or i > 3']", "is not chosen by chance"),
    "a region by coordinates": Script(TREE + "m['x > 50*um']", "not every section has", "generate_coordinates"),
    "no such file": Script("Morphology.from_file('nowhere.swc')", "there is no file 'nowhere.swc'", "working folder"),
    "a folder": Script("Morphology.from_file('.')", "is a folder"),
    "no points": Script("Morphology.from_points([])", "points: there are no points in it"),
    "points of six": Script("Morphology.from_points([(1, 'soma', 0, 0, 0, 9)])", "line 1", "seven values"),
    "a negative diameter": Script(
        "Morphology.from_points([(1, 'soma', 0, 0, 0, -9, -1)])", "line 1", "the diameter is negative"
    ),
    "a point in words": Script("Morphology.from_points([(1, 'soma', 0, 'a', 0, 9, -1)])", "line 1", "are numbers"),
    "bad angles": Script(TREE + "m.generate_coordinates(section_randomness=-5)", "a mean angle in degrees"),
    "no length constant": Script(TREE + "m.discretized(d_lambda=0)", "a part of the length constant"),
    "shorter than memory allows": Script(TREE + "m.discretized(max_length=1e-18*metre)", "compartments would take"),
    "resistivity in ohm": Script(TREE + "m.discretized(Ri=100*ohm)", "needs a value in", "'Ri'"),
}
