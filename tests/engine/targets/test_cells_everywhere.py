"""Cells with shapes do the same everywhere, to the last bit: without and with a compiler, shared by threads, exported,
stored and restored, live, and in runs of any length."""

import subprocess

import numpy as np

from jupyspike import (
    Cylinder,
    Network,
    Soma,
    SpatialNeuron,
    SpikeMonitor,
    Synapses,
    ms,
    nS,
    prefs,
    seed,
    um,
)  # fmt: skip
from jupyspike_engine.objects.running.live import open_session

DURATION = 6 * ms
MODEL = """Im = gl*(-65*mV - v) + at_soma*gl*(v + 65*mV)*(v + 50*mV)/(4*mV) - (gs*v + w)/area : amp/meter**2
at_soma = int(compartment == 0) : 1
dgs/dt = -gs/(3*ms) : siemens
dw/dt = (2*nS*(v + 65*mV) - w)/(50*ms) : amp
gl = 1*siemens/meter**2 : siemens/meter**2
I : amp (point current)
gap : amp (point current)"""


def shape(branches, n):
    morpho = Soma(diameter=20 * um)
    for name in "LR"[:branches]:
        morpho[name] = Cylinder(length=150 * um, diameter=2 * um, n=n)
        for twig in "LR":
            morpho[name][twig] = Cylinder(length=80 * um, diameter=1 * um, n=2)
    return morpho


def network():
    """70 cells of two shapes that spike, excite each other and are coupled."""
    seed(5)
    one, other = shape(2, 3), shape(1, 4)
    cells = SpatialNeuron(
        [one] * 40 + [other] * 30, MODEL, threshold="v > -20*mV", threshold_location=0, reset="v = -65*mV; w += 10*pA",
        refractory=1 * ms, name="cells", method="euler",
    )  # fmt: skip
    cells.v, cells.I["compartment == 0"] = "-65*mV + 10*mV*rand()", "0.5*nA*rand()"
    synapses = Synapses(cells, cells, on_pre="gs_post += 0.5*nS", delay=0.5 * ms, name="exciting")
    synapses.connect(j="k for k in sample(N_post, p=0.01)")
    junctions = Synapses(cells, cells, "g : siemens\ngap_post = g*(v_pre - v_post) : amp (summed)", name="junctions")
    tips = cells.indices[:, 4]
    junctions.connect(i=np.arange(70), j=np.roll(tips, 1))
    junctions.g = 2 * nS
    return Network(cells, synapses, junctions, SpikeMonitor(cells, name="spikes"))


def outcome(done):
    return done["cells"].v_[:].copy(), done["spikes"].i[:], done["spikes"].t_[:]


def run_on(target, threads=1, parts=(1.0,)):
    prefs.codegen.target, prefs.engine.threads = target, threads
    made = network()
    for part in parts:
        made.run(part * DURATION)
    return outcome(made)


def restored():
    prefs.codegen.target, prefs.engine.threads = "cpp", 1
    made = network()
    made.run(DURATION / 2)
    made.store()
    made.run(DURATION)
    made.restore()
    made.run(DURATION / 2)
    return outcome(made)


def live():
    prefs.codegen.target, prefs.engine.threads = "cpp", 1
    made = network()
    session = open_session(made, DURATION)
    session.play()
    assert session.wait(60)
    return outcome(made)


def test_the_same_everywhere(tmp_path):
    expected = run_on("numpy")
    assert len(expected[1]) > 30 and len(np.unique(expected[1])) > 20
    found = {
        "cpp": run_on("cpp"),
        "three threads": run_on("cpp", 3),
        "eight threads, two runs": run_on("cpp", 8, (0.35, 0.65)),
        "restored": restored(),
        "live": live(),
    }
    prefs.codegen.target, prefs.engine.threads = "cpp", 1
    made = network()
    made.export(tmp_path / "project", DURATION)
    subprocess.run(["make", "-s", "-j2"], cwd=tmp_path / "project", check=True)
    for threads in ("1", "3"):
        subprocess.run(["./main", "--threads", threads], cwd=tmp_path / "project", check=True, capture_output=True)
        made.show_results(tmp_path / "project" / "results")
        found[f"exported, {threads} threads"] = outcome(made)
    for what, values in found.items():
        for one, other in zip(values, expected, strict=True):
            np.testing.assert_array_equal(one, other, err_msg=what)
