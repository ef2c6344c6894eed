"""Neurons with a shape."""

from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Page

from jupyspike import *

section = Page("10. user/multicompartmental")

PASSIVE = "Im = (-70*mV - v)*1e-4*siemens/cm**2 : amp/meter**2\nI : amp (point current)"


def tree():
    """A soma with a dendrite and a branched axon."""
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    morpho.axon.L = Cylinder(length=50 * um, diameter=1 * um, n=5)
    morpho["dendrite"] = Section(length=[10, 20] * um, diameter=[4, 3, 2] * um, n=2)
    return morpho


@section.must(
    "Soma, Cylinder, Section: with lengths or with coordinates; a Section is made of truncated cones", once=True
)
def shapes():
    assert allclose(Soma(diameter=30 * um).area / um**2, pi * 900)
    assert allclose(Cylinder(x=[0, 30] * um, y=[0, 40] * um, diameter=2 * um, n=2).length / um, 25)
    cone = Section(diameter=[2, 1] * um, length=[10] * um, n=1)
    assert cone.start_diameter == 2 * um and cone.end_diameter == 1 * um


@section.must(
    "trees by attributes and names, chained LLR, deleted; topology(), n, total_compartments, parent", once=True
)
def trees():
    morpho = tree()
    assert (morpho.n, morpho.total_compartments, morpho.total_sections) == (
        1,
        18,
        4,
    ) and morpho.axon.L.parent is morpho.axon
    morpho.axon.L.R = Cylinder(length=1 * um, diameter=1 * um)
    assert morpho.axon.LR.n == 1 and "axon" in str(morpho.topology())
    del morpho.axon.L
    assert len(morpho.axon.children) == 0


@section.must(
    "geometry of each compartment: length, diameter, area, volume, distance, r_length_1, x, y, z, indices", once=True
)
def geometry():
    axon = tree().axon
    assert allclose(axon.length / um, 10) and allclose(axon.area / um**2, pi * 10) and axon.volume.shape == (10,)
    assert (
        allclose(axon.distance[0] / um, 5) and allclose(axon.end_distance / um, 100) and axon.r_length_1.shape == (10,)
    )
    assert len(axon.indices[:]) == 10 and axon.generate_coordinates().start_x.shape == (10,)


@section.must("parts by lengths and numbers: axon[10*um:50*um], axon[25*um], axon[3]", once=True)
def slices():
    axon = tree().axon
    assert axon[10 * um : 50 * um].n == 4 and axon[25 * um].n == 1 and axon[3].n == 1 and axon[2:5].n == 3


@section.must("numbers within the tree: indices[:], indices[3], indices[10*um:50*um], also of parts", once=True)
def numbers():
    axon = tree().axon
    assert axon.indices[:].tolist() == [*range(1, 11)] and axon.indices[3] == 4 and axon.L.indices[0] == 11
    assert axon.indices[10 * um : 50 * um].tolist() == axon[10 * um : 50 * um].indices[:].tolist() == [2, 3, 4, 5]


@section.often("coordinates relative to the end of the parent; coordinates, start_x, with _ without units", once=True)
def places():
    morpho = Soma(diameter=30 * um, x=1 * um)
    morpho.axon = Section(x=[15, 25, 45] * um, diameter=[2, 1, 1] * um, n=2)
    assert allclose(morpho.axon.coordinates[:, 0] / um, [16, 26, 46]) and allclose(morpho.axon.x / um, [21, 36])
    assert allclose(morpho.axon.start_x_, [16e-6, 26e-6]) and allclose(morpho.axon.end_x / um, [26, 46])
    assert tree().axon.coordinates is None


@section.must("Morphology.from_file, from_swc_file, from_points; generate_coordinates()", once=True)
def files():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cell.swc"
        path.write_text("1 1 0 0 0 5 -1\n2 2 5 0 0 1 1\n3 2 25 0 0 1 2\n")
        assert (
            Morphology.from_file(str(path)).total_compartments == Morphology.from_swc_file(str(path)).total_compartments
        )
    points = [(1, "soma", 0, 0, 0, 10, -1), (2, "axon", 5, 0, 0, 2, 1), (3, "axon", 25, 0, 0, 2, 2)]
    assert Morphology.from_points(points).total_sections == 2


@section.must(
    "SpatialNeuron: Im, point currents, Cm, Ri, v, area, distance, ...; nonlinear Im; the cable solved implicitly"
)
def spatial_neuron():
    neuron = SpatialNeuron(tree(), PASSIVE, Cm=1 * uF / cm**2, Ri=100 * ohm * cm)
    neuron.v = -60 * mV
    neuron.I[0] = 0.1 * nA
    run(10 * ms)
    assert (neuron.v[:] > -70 * mV).all() and neuron.area.shape == (18,) and neuron.Cm[0] == 1 * uF / cm**2
    assert neuron.time_constant[0] > 0 * ms and neuron.space_constant[0] > 0 * um and neuron.distance[1] > 0 * um
    start_scope()
    bent = SpatialNeuron(tree(), "Im = -1e-4*siemens/cm**2*v*abs(v)/mV : amp/meter**2")
    bent.v = 10 * mV
    run(10 * ms)
    assert allclose(bent.v / mV, bent.v[0] / mV) and 0.1 * mV < bent.v[0] < 5 * mV


@section.must("neuron.axon is a whole branch, neuron.axon.main one section; parts by number, length and morphology")
def branches():
    morpho = tree()
    neuron = SpatialNeuron(morpho, PASSIVE)
    neuron.axon.v, neuron.axon.main.v = 1 * mV, 2 * mV
    run(0 * ms)
    assert len(neuron.axon.v) == 15 and (neuron[morpho.axon].v[:10] == 2 * mV).all() and len(neuron.axon[2:4].v) == 2
    assert neuron.axon.L.v[0] == neuron.axon[10].v[0] == 1 * mV and len(neuron.axon[10 * um : 50 * um].v) == 4
    assert neuron.main.v[0] == 0 * mV and len(neuron[morpho.axon[50 * um]].v) == 1


@section.must("threshold_location: spikes of one compartment")
def threshold_location():
    morpho = tree()
    neuron = SpatialNeuron(
        morpho,
        PASSIVE,
        threshold="v > -65*mV",
        refractory=1 * ms,
        threshold_location=morpho.axon[5],
        reset="v = -90*mV",
    )
    neuron.v, M = 0 * mV, SpikeMonitor(neuron)
    run(0.1 * ms)
    assert M.num_spikes == 1 and M.i[0] == 6
    assert neuron.v[6] == -90 * mV and (delete(neuron.v[:], 6) > -10 * mV).all()


@section.often("synapses onto compartments, by point currents or summed variables")
def synapses():
    neuron = SpatialNeuron(tree(), PASSIVE + "\ng : siemens")
    G = NeuronGroup(1, "", threshold="True")
    S = Synapses(G, neuron, on_pre="g += 1*nS")
    S.connect(i=0, j=neuron.morphology.axon[3])
    sums = Synapses(G, neuron, "I_post = 1*nS*(0*mV - v_post) : amp (summed)")
    sums.connect(i=0, j=neuron.morphology.dendrite[1])
    neuron.v = -70 * mV
    run(0.1 * ms)
    assert neuron.g[4] == 1 * nS and allclose(neuron.I[17] / pA, 70) and neuron.v[17] > -70 * mV
