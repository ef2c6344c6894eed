"""``run_neuron.py MODEL TIMES``: the models of ``shapes.py`` in NEURON, by its public Python interface.

The variables BENCHMARK_CORE and BENCHMARK_TABLES choose CoreNEURON, and tables of the rates of gates.
"""

import os
import sys
from typing import Any

from measured import Measures, seconds
from neuron import h
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

h.load_file("stdrun.hoc")
parallel = h.ParallelContext()


def cell(name: str) -> list[Any]:
    """The sections of a cell."""
    shape, sections = SHAPES[name], []
    for parent, length, diameter in zip(shape.parents, shape.lengths, shape.diameters, strict=True):
        section = h.Section()
        section.L, section.diam, section.nseg = length, diameter, shape.pieces
        section.Ra, section.cm = 100 * RESISTIVITY, 100 * CAPACITY
        if parent >= 0:
            section.connect(sections[parent](1))
        section.insert("hh" if name in ACTIVE else "pas")
        for segment in section:
            if name in ACTIVE:
                segment.hh.gl, segment.hh.el = 1e-4 / RESISTANCE, REST
            else:
                segment.pas.g, segment.pas.e = 1e-4 / RESISTANCE, REST
        if name in ACTIVE:
            section.ena, section.ek = SODIUM, POTASSIUM
        sections.append(section)
    return sections


def stimulus(section: Any) -> Any:
    clamp = h.IClamp(section(0))
    clamp.delay, clamp.dur, clamp.amp = 0, 1e9, CURRENT
    return clamp


def network() -> list[Any]:
    """Cells with synapses from others; the first tenth gets a current."""
    shape, kept = SHAPES["network"], []
    cells = [cell("network") for _ in range(CELLS)]
    for number, sections in enumerate(cells):
        parallel.set_gid2node(number, parallel.id())
        detector = h.NetCon(sections[0](1 / (2 * shape.pieces))._ref_v, None, sec=sections[0])
        detector.threshold = -20
        parallel.cell(number, detector)
        kept += [detector, stimulus(sections[0])] if number < CELLS // 10 else [detector]
    for number, sections in enumerate(cells):
        for k in range(SYNAPSES):
            source, branch, piece = synapse(number, k, shape)
            point = h.ExpSyn(sections[branch]((piece + 0.5) / shape.pieces))
            point.tau, point.e = TAU, 0
            connection = parallel.gid_connect(source, point)
            connection.delay, connection.weight[0] = DELAY, WEIGHT * 1e-3
            kept += [point, connection]
    return [cells, kept]


def main(name: str, times: str) -> None:
    measures = Measures()
    if name == "network":
        made = network()
    else:
        sections = cell(name)
        made = [sections, stimulus(sections[0])]
    if name in ACTIVE:
        h.usetable_hh = int(os.environ.get("BENCHMARK_TABLES", "0"))
    h.celsius, h.dt, h.secondorder = 6.3, STEP[name], 0
    h.CVode().cache_efficient(True)
    if os.environ.get("BENCHMARK_CORE"):
        from neuron import coreneuron

        coreneuron.enable, coreneuron.verbose = True, 0
        if name != "network":
            parallel.set_gid2node(0, parallel.id())
            detector = h.NetCon(made[0][0](0.5)._ref_v, None, sec=made[0][0])
            parallel.cell(0, detector)
    parallel.set_maxstep(DELAY if name == "network" else 10)

    def run(duration: float) -> None:
        h.finitialize(REST)
        parallel.psolve(duration)

    run(1.0)  # what is set up once
    for _ in range(int(times)):
        took = seconds(lambda: run(DURATION[name]))
        start = seconds(lambda: run(STEP[name]))
        measures.add("run", cost(name, took - start), "ns")
    measures.hand_over()


main(*sys.argv[1:])
