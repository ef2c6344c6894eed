"""``run_arbor.py MODEL TIMES``: the models of ``shapes.py`` in Arbor, by its public Python interface."""

import os
import sys
from typing import Any

import arbor as A
from arbor import units as U
from measured import Measures, seconds
from shapes import (
    ACTIVE,
    CAPACITY,
    CELLS,
    CURRENT,
    DELAY,
    DURATION,
    POTASSIUM,
    RESISTANCE,
    RESISTIVITY,
    REST,
    SHAPES,
    SODIUM,
    STEP,
    SYNAPSES,
    TAU,
    WEIGHT,
    cost,
    synapse,
)  # fmt: skip


def cell(name: str, number: int) -> Any:
    """A cell with its synapses and, at one end of some, a current."""
    shape, tree, ends = SHAPES[name], A.segment_tree(), []
    for parent, length, diameter in zip(shape.parents, shape.lengths, shape.diameters, strict=True):
        start = ends[parent][1] if parent >= 0 else 0.0
        points = [A.mpoint(x, 0, 0, diameter / 2) for x in (start, start + length)]
        ends.append((tree.append(A.mnpos if parent < 0 else ends[parent][0], *points, tag=1), start + length))
    decor = A.decor()
    decor.set_property(Vm=REST * U.mV, cm=CAPACITY * U.F / U.m2, rL=100 * RESISTIVITY * U.Ohm * U.cm)
    if name in ACTIVE:
        decor.set_ion("na", rev_pot=SODIUM * U.mV)
        decor.set_ion("k", rev_pot=POTASSIUM * U.mV)
        decor.paint("(all)", A.density("hh", {"gl": 1e-4 / RESISTANCE, "el": REST}))
    else:
        decor.paint("(all)", A.density(f"pas/e={REST}", {"g": 1e-4 / RESISTANCE}))
    if number < (CELLS // 10 if name == "network" else 1):
        decor.place("(location 0 0)", A.i_clamp(CURRENT * U.nA))
    if name == "network":
        decor.place("(location 0 0.1)", A.threshold_detector(-20 * U.mV), "detector")
        for k in range(SYNAPSES):
            _, branch, piece = synapse(number, k, shape)
            place = f"(location {branch} {(piece + 0.5) / shape.pieces})"
            decor.place(place, A.synapse("expsyn", {"tau": TAU, "e": 0.0}), f"synapse{k}")
    return A.cable_cell(A.morphology(tree), decor, A.label_dict(), A.cv_policy_fixed_per_branch(shape.pieces))


class Recipe(A.recipe):
    """All cells of a model."""

    def __init__(self, name: str) -> None:
        A.recipe.__init__(self)
        self.name = name
        self.properties = A.neuron_cable_properties()

    def num_cells(self) -> int:
        return CELLS if self.name == "network" else 1

    def cell_kind(self, number: int) -> Any:
        return A.cell_kind.cable

    def cell_description(self, number: int) -> Any:
        return cell(self.name, number)

    def global_properties(self, kind: Any) -> Any:
        return self.properties

    def connections_on(self, number: int) -> list[Any]:
        if self.name != "network":
            return []
        return [
            A.connection((synapse(number, k, SHAPES["network"])[0], "detector"), f"synapse{k}", WEIGHT * 1e-3,
                         DELAY * U.ms)
            for k in range(SYNAPSES)
        ]  # fmt: skip


def main(name: str, times: str) -> None:
    measures = Measures()
    recipe = Recipe(name)
    threads = int(os.environ.get("BENCHMARK_THREADS", "1"))
    simulation = A.simulation(recipe, A.context(threads=threads))
    for _ in range(int(times)):
        simulation.reset()
        simulation.run(STEP[name] * U.ms, STEP[name] * U.ms)
        took = seconds(lambda: simulation.run((DURATION[name] + STEP[name]) * U.ms, STEP[name] * U.ms))
        measures.add("run", cost(name, took), "ns")
    measures.hand_over()


main(*sys.argv[1:])
