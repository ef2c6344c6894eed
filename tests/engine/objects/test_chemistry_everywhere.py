"""Species that diffuse are variables like others: in populations, with threads, in exported programs, when restored."""

import subprocess

import numpy as np
import pytest

from jupyspike import Cylinder, Network, SpatialNeuron, StateMonitor, Synapses, mM, mmolar, ms, prefs, run, um
from jupyspike_engine.build.compilers import find_compiler

MODEL = """Im = 0*amp/meter**2 : amp/meter**2
Ca : mmolar (diffusive, D=D, shells=2)
B : mmolar (shells=2)
CaB : mmolar (shells=2)
Ca + B <-> CaB : 50/mM/ms, 0.5/ms"""
SPECIES = ("Ca", "Ca_shell_1", "B", "B_shell_1", "CaB", "CaB_shell_1")


def cells(N=None, **options):
    morpho = Cylinder(length=20 * um, diameter=2 * um, n=10)
    morpho.a = Cylinder(length=20 * um, diameter=1 * um, n=10)
    morpho.b = Cylinder(length=20 * um, diameter=0.5 * um, n=10)
    neuron = SpatialNeuron(morpho, MODEL, N=N, namespace={"D": 0.4 * um**2 / ms}, **options)
    neuron.B = neuron.B_shell_1 = 0.2 * mM
    return neuron


def released(N):
    """A network of a population, each cell with some calcium at another place."""
    neuron = cells(N=N, name="cells")
    for k in range(N):
        neuron[k, k % 30].Ca = 1 * mmolar
    return Network(neuron)


def values(network):
    return {name: np.array(network["cells"].arrays[name]) for name in SPECIES}


def assert_same(some, others):
    for name in SPECIES:
        np.testing.assert_array_equal(some[name], others[name], name)


def test_every_cell_of_a_population_is_as_if_it_were_alone(target):
    together, alone = cells(N=3), cells()
    together[1, 4].Ca = 1 * mmolar
    alone.Ca[4] = 1 * mmolar
    run(5 * ms)
    for name in SPECIES:
        of_cells = np.asarray(getattr(together, name)).reshape(30, 3)
        assert of_cells[:, 1].tolist() == np.asarray(getattr(alone, name)).tolist()
    assert not np.asarray(together.Ca).reshape(30, 3)[:, [0, 2]].any()


def test_targets_and_threads_agree_to_the_last_bit():
    ways = []
    for target, threads in (("numpy", 1), ("cpp", 1), ("cpp", 2)):
        prefs.codegen.target, prefs.engine.threads = target, threads
        network = released(40)
        network.run(3 * ms)
        ways.append(values(network))
    assert_same(ways[0], ways[1])
    assert_same(ways[0], ways[2])


def test_an_exported_program_gives_the_same_and_takes_another_coefficient(tmp_path):
    compiler = find_compiler()
    if compiler is None or compiler.kind == "msvc":
        pytest.skip("make with g++ or clang++ is needed to build a project as its README says")
    prefs.codegen.target = "cpp"
    released(4).export(tmp_path / "wave", 3 * ms)
    command = ["make", "-s", f"CXX={' '.join(compiler.command)}", "CXXFLAGS=-O1 -Wall -Wextra -Werror"]
    subprocess.run(command, cwd=tmp_path / "wave", env=compiler.variables(), check=True)
    for D, options in ((0.4, []), (0.1, ["--set", "cells.D=1e-10"])):
        subprocess.run(["./main", "--output", "out", *options], cwd=tmp_path / "wave", check=True, capture_output=True)
        network = released(4)
        network["cells"].namespace["D"] = D * um**2 / ms
        network.run(3 * ms)
        files = {name: np.load(tmp_path / "wave" / "out" / "cells" / f"{name}.npy") for name in SPECIES}
        assert_same({name: files[name].reshape(values(network)[name].shape) for name in SPECIES}, values(network))


def test_a_run_that_was_restored_goes_on_in_the_same_way():
    network = released(2)
    network.run(1 * ms)
    network.store()
    network.run(1 * ms)
    once = values(network)
    network.restore()
    network.run(1 * ms)
    assert_same(once, values(network))


def test_statements_let_calcium_in_and_synapses_and_monitors_see_every_shell(target):
    neuron = cells()
    neuron.run_regularly("Ca += int(i == 5)*1*uM", dt=1 * ms)
    seen = Synapses(neuron, neuron, "here = Ca_post : mmolar")
    seen.connect(i=0, j=5)
    trace = StateMonitor(neuron, ["Ca", "Ca_shell_1"], record=[5])
    run(3 * ms)
    outside, inside = np.asarray(trace.Ca[0]), np.asarray(trace.Ca_shell_1[0])
    assert (outside[1:] > inside[1:]).all()
    assert inside[-1] > 0
    assert float(seen.here[0]) == float(neuron.Ca[5])
