"""Parts of neurons with a shape, and populations of them."""

import numpy as np
import pytest

from jupyspike import (
    ArgumentError,
    Cylinder,
    Network,
    NeuronGroup,
    PopulationRateMonitor,
    Soma,
    SpatialNeuron,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    mV,
    nA,
    run,
    um,
)  # fmt: skip
from jupyspike_engine.diagnostics import ArgumentTypeError, IndexRangeError, UnknownNameError, UserError
from jupyspike_engine.logs import catch_logs

MODEL = """Im = 1e-4*siemens/cm**2*(-70*mV - v) - g*v/area : amp/meter**2
dg/dt = -g/(5*ms) : siemens
I : amp (point current)
x : 1"""


def branched(first=2):
    """A soma; an axon of 10 compartments that branches into L (5) and R (3); a dendrite."""
    morpho = Soma(diameter=30 * um)
    morpho.axon = Cylinder(length=100 * um, diameter=1 * um, n=10)
    morpho.axon.L = Cylinder(length=50 * um, diameter=1 * um, n=5)
    morpho.axon.R = Cylinder(length=30 * um, diameter=1 * um, n=3)
    morpho.dend = Cylinder(length=20 * um, diameter=2 * um, n=first)
    return morpho


def numbers(part):
    return np.arange(part.start, part.stop).tolist() if hasattr(part, "start") else part.indices.tolist()


def test_branches_and_sections():
    neuron = SpatialNeuron(branched(), MODEL)
    assert numbers(neuron.axon) == list(range(1, 19)) and numbers(neuron.axon.main) == list(range(1, 11))
    assert numbers(neuron.axon.L) == numbers(neuron["axon"].L.main) == list(range(11, 16))
    assert numbers(neuron.main) == [0] and neuron.axon.R.i[:].tolist() == [0, 1, 2]
    assert {"axon", "dend", "v"} <= set(dir(neuron)) and "L" in dir(neuron.axon)
    with pytest.raises(UnknownNameError, match="has no variable or attribute 'axn'") as caught:
        neuron.axn  # noqa: B018  # reading it is the test
    assert "did you mean 'axon'?" in str(caught.value)
    with pytest.raises(UnknownNameError, match="there is no section or attribute 'LL' here"):
        neuron.axon["LL"]


def test_parts_by_number_length_and_morphology():
    neuron = SpatialNeuron(branched(), MODEL)
    axon = neuron.morphology.axon
    assert numbers(neuron[3]) == [3] and numbers(neuron[2:5]) == numbers(neuron[[2, 3, 4]]) == [2, 3, 4]
    assert numbers(neuron.axon[10 * um : 50 * um]) == numbers(neuron[axon[10 * um : 50 * um]]) == [2, 3, 4, 5]
    assert numbers(neuron.axon[25 * um]) == [3] and numbers(neuron.axon.L[0:2]) == [11, 12]
    assert numbers(neuron[axon]) == list(range(1, 11)) and numbers(neuron[axon.L[1]]) == [12]


def test_parts_by_conditions_need_not_be_in_one_piece():
    neuron = SpatialNeuron(branched(), MODEL)
    far = neuron["distance > 90*um or diameter > 1.5*um"]
    assert numbers(far) == [0, *range(10, 21)] and len(far) == 12
    far.x = "i"
    assert neuron.x[:].tolist() == [0, *[0] * 9, *range(10, 21)] and far.x[1] == 10
    far.axon.L.x = 1
    assert neuron.x[10:17].tolist() == [10, 1, 1, 1, 1, 1, 16] and numbers(far["x > 16"]) == [17, 18, 19, 20]
    assert neuron.x["distance > 140*um"].tolist() == [1] and neuron.axon["x == 1"].indices_of(slice(0, 2)).tolist() == [
        0,
        1,
    ]


def test_values_of_variables_are_found_in_the_same_ways():
    morpho = branched()
    neuron = SpatialNeuron(morpho, MODEL)
    neuron.axon.L.v, neuron.axon.main.x = -60 * mV, "distance/um"
    np.testing.assert_allclose(neuron.v[morpho.axon.L] / mV, -60)
    np.testing.assert_allclose(neuron.x[morpho.axon[10 * um : 30 * um]], [15, 25])
    neuron.I[morpho.axon[3]] = 1 * nA
    assert np.flatnonzero(neuron.I_[:]).tolist() == [4]


def test_monitors_and_synapses_take_parts(target):
    morpho = branched()
    neuron = SpatialNeuron(morpho, MODEL)
    neuron.v = -70 * mV
    trace = StateMonitor(neuron, "v", record=morpho.axon[3])
    some = StateMonitor(neuron, "v", record=neuron["distance > 90*um"])
    source = NeuronGroup(2, "", threshold="True", refractory=1 * ms)
    synapses = Synapses(source, neuron, on_pre="g += 1*nS")
    synapses.connect(i=0, j=neuron.morphology.axon[3])
    synapses.connect(i=1, j=neuron["distance > 90*um"])
    onto_branch = Synapses(source, neuron.axon.L, on_pre="x_post += 1")
    onto_branch.connect(i=0, j=[0, 4])
    run(0.5 * ms)
    assert trace.v.shape == (1, 5) and some.record.tolist() == list(range(10, 19))
    assert np.flatnonzero(neuron.g_[:]).tolist() == [4, *range(10, 19)]
    assert np.flatnonzero(neuron.x[:]).tolist() == [11, 15]
    assert trace.v[0, -1] > -70 * mV


def test_monitors_take_lists_of_parts():
    cells = firing([branched(), branched(first=7)])
    parts = [cells[1, 3], cells.dend.main[0, 0], (0, 15 * um), cells.morphology.axon[9]]
    trace = StateMonitor(cells, "v", record=parts)
    places = zip(cells.cell[trace.record].tolist(), cells.compartment[trace.record].tolist(), strict=True)
    assert [*places] == [(1, 3), (0, 19), (0, 0), (0, 10)]
    assert StateMonitor(cells, "v", record=True)[1, "axon"].v.shape == (18, 0)
    with pytest.raises(ArgumentTypeError, match="states are recorded from a group") as caught:
        StateMonitor(cells["distance > 90*um"], "v", record=True)
    assert "record=part" in str(caught.value)


def test_a_part_of_another_shape_is_refused():
    neuron, other = SpatialNeuron(branched(), MODEL), branched(first=3)
    with pytest.raises(ArgumentError, match="is not a part of the shape of"):
        neuron[other.axon]
    with pytest.raises(IndexRangeError, match=r"no compartment of .* is chosen"):
        neuron["distance > 1*meter"]


# populations


def firing(morphology, **options):
    """Cells that spike while their potential is high, in compartment 2."""
    return SpatialNeuron(
        morphology, MODEL, threshold="v > -50*mV", threshold_location=2, refractory="v > -55*mV", **options
    )


def test_elements_of_a_population():
    cells = firing(branched(), N=4)
    assert len(cells) == 4 * 21 and len(cells.cells) == 4
    assert cells.cell[4:8].tolist() == [0, 1, 2, 3] and (cells.compartment[4:8] == 1).all()
    assert numbers(cells[:, 2]) == [8, 9, 10, 11] and numbers(cells[1, 0:3]) == [1, 5, 9]
    assert numbers(cells.dend) == list(range(19 * 4, 21 * 4)) and numbers(cells[3, "dend"]) == [19 * 4 + 3, 20 * 4 + 3]
    assert numbers(cells[3, :].dend) == numbers(cells[3, cells.morphology.dend]) == numbers(cells[3, "dend"])
    cells[2, :].x, cells.x[1, 3] = 5, 7
    assert (cells.x["cell == 2"] == 5).all() and cells.x[:].sum() == 5 * 21 + 7
    with pytest.raises(IndexRangeError, match="has no cell 4"):
        cells[4, 0]
    with pytest.raises(IndexRangeError, match="have no compartment 21"):
        cells[0, 21]


def test_cells_keep_the_order_in_which_they_are_given():
    cells = firing(branched(), N=3)
    cells.I[[2, 0], 1] = [1, 3] * nA
    assert cells.indices[[2, 0], 1].tolist() == [5, 3]
    assert cells.I[5] == 1 * nA and cells.I[3] == 3 * nA


def test_the_order_is_kept_across_shapes():
    other = branched(first=7)
    cells = firing([branched(), other, other, branched()])
    which = [3, 1, 0, 2]
    for place in (1, slice(3, 5), 12 * um, "axon", "distance > 90*um and distance < 100*um"):
        rows = cells.cell[cells.indices[which, place]].reshape(-1, 4)
        assert len(rows) and (rows == which).all()
    cells.I[which, 1] = [0, 1, 2, 3] * nA
    assert [float(cells.I[k, 1] / nA) for k in which] == [0, 1, 2, 3]


def test_in_a_branch_numbers_and_lengths_count_from_its_start():
    cells = firing([branched(), branched(first=7)])
    assert cells.compartment[cells.indices_of((0, 20))] == 20 and cells.indices[1, 25].shape == ()
    for part in (cells.axon[1, 3], cells.axon[1, 35 * um]):
        assert part.cell[:].tolist() == [1] and part.compartment[:].tolist() == [4]
    assert cells.axon.L[1, 0].compartment[:].tolist() == [11]
    with pytest.raises(IndexRangeError, match="have no compartment 30") as caught:
        cells.axon[1, 30]
    assert "0 to 17 of 'axon'" in str(caught.value)


def test_a_part_of_one_of_the_shapes_means_the_cells_that_have_it():
    longer = branched(first=7)
    cells = firing([branched(), longer, branched()])
    assert set(cells[longer.dend].cell[:].tolist()) == {1} and len(cells[:, longer.dend]) == 7
    with pytest.raises(ArgumentError, match="is not a part of the shape of"):
        cells[0, longer.dend]


def test_cells_of_several_shapes_spike_where_each_is_told_to():
    shapes = [branched(), branched(first=7)]
    where = [shape.dend[15 * um] for shape in shapes]
    cells = SpatialNeuron(shapes, MODEL, threshold="v > -50*mV", threshold_location=where)
    assert cells.cells.spiking == (20, 24)
    with pytest.raises(ArgumentError, match="has one for each cell"):
        SpatialNeuron(shapes, MODEL, threshold="v > -50*mV", threshold_location=where[:1])
    with pytest.raises(ArgumentError, match="cells of the same shape spike in the same compartment"):
        SpatialNeuron([shapes[0], shapes[0]], MODEL, threshold="v > -50*mV", threshold_location=[1, 2])


@pytest.mark.parametrize(
    ("text", "number"),
    [("axon[95*um]", 10), ("axon[there]", 3), ("axon.L[2]", 13), ("dend[0]", 19), ("0", 0), ("distance > 135*um", 15)],
)
def test_a_place_where_spikes_are_looked_for_may_be_a_text(text, number):
    there = 25 * um  # a name of the calling code
    neuron = SpatialNeuron(branched(), MODEL, threshold="v > -50*mV", threshold_location=text)
    assert neuron.cells.spiking == (number,), there


def test_a_text_means_the_place_of_each_shape_and_may_be_wrong():
    cells = SpatialNeuron(
        [branched(), branched(first=7)], MODEL, threshold="v > -50*mV", threshold_location="dend[15*um]"
    )
    assert cells.cells.spiking == (20, 24)
    for text, said in [
        ("apical[3]", "no section or attribute 'apical'"), ("axon", "in one compartment"),
        ("axon[5*mV]", "the length"), ("axon[1*mm]", "has no compartment at 1. mm"), ("axon[x]", "'x'"),
    ]:  # fmt: skip
        with pytest.raises(UserError, match=said):
            SpatialNeuron(branched(), MODEL, threshold="v > -50*mV", threshold_location=text)


def test_a_section_with_the_name_of_a_variable_is_told_where_the_neuron_is_made():
    morpho = branched()
    morpho.axon.g = Cylinder(length=10 * um, diameter=1 * um)
    morpho.main = Cylinder(length=10 * um, diameter=1 * um)
    with catch_logs() as messages:
        neuron = SpatialNeuron(morpho, MODEL, name="cell")
        SpatialNeuron(branched(), MODEL)
    told = [text for _, name, text in messages if name == "jupyspike.objects.hidden_section"]
    main, hidden = sorted(told, key=lambda text: "axon" in text)
    assert "cell.axon.g is the variable 'g'; the section is cell.axon['g']" in hidden
    assert "cell.main is an attribute" in main and "give the section another name" in main
    assert numbers(neuron.axon["g"]) == [19] and len(neuron.axon.g[:]) == 19


@pytest.mark.parametrize("index", [None, np.array([[0, 1], [2, 3]])])
def test_an_index_that_makes_an_axis_chooses_no_compartments(index):
    neuron = SpatialNeuron(branched(), MODEL, name="cell")
    for part in (neuron, neuron.axon, neuron[[0, 3, 5, 7]]):
        with pytest.raises(UserError, match="does not choose compartments of 'cell'"):
            part[index]


def test_values_of_cells_are_spread_over_compartments():
    cells = firing([branched(), branched(first=7), branched()], name="cells")
    of_cells, of_all = np.array([1, 2, 3]) * nA, np.arange(78).reshape(3, 26)
    with pytest.raises(ArgumentError, match="3 values do not fit 68 elements") as caught:
        cells.I = of_cells
    assert "values[cells.cell]" in str(caught.value)
    cells.I = of_cells[cells.cell]
    assert (cells.I["cell == 1"] == 2 * nA).all()
    with pytest.raises(ArgumentError) as caught:
        cells.x = of_all
    assert "values[cells.cell, cells.compartment]" in str(caught.value)
    cells.x = of_all[cells.cell, cells.compartment]
    assert cells.x[2, 20] == 2 * 26 + 20


def test_spikes_are_those_of_cells(target):
    cells = firing(branched(), N=3)
    cells.v, cells.v[2, :] = -70 * mV, -40 * mV
    spikes, rate = SpikeMonitor(cells, "v"), PopulationRateMonitor(cells)
    synapses = Synapses(cells, cells, on_pre="g_post += 1*nS")
    synapses.connect(i=2, j=cells[0, "axon"])
    run(0.3 * ms)
    assert spikes.i[:].tolist() == [2] and spikes.count.tolist() == [0, 0, 1]
    np.testing.assert_allclose(rate.rate_[0] * 1e-4, 1 / 3)
    assert (cells.g_[cells.indices[0, "axon"]] > 0).all() and np.count_nonzero(cells.g_[:]) == 18


def potentials(cells, currents):
    """Of each cell after 5 ms, by compartment, and the number of its spikes."""
    cells.v, cells.I[:, 0] = -70 * mV, currents
    spikes = SpikeMonitor(cells)
    Network(cells, spikes).run(5 * ms)
    every = [cells.indices[k, :] for k in range(len(cells.cells))]
    return [cells.v_[which[np.argsort(cells.compartment[which])]] for which in every], spikes.count.tolist()


def test_every_cell_does_what_it_does_alone(target):
    """To the last bit, whatever the number and the shapes of the others."""
    shape, currents = branched(), [0.01, 0.03, 0.02, 2] * nA
    shapes = [shape, shape, branched(first=7), branched()]
    together, counts = potentials(firing(shapes), currents)
    assert counts[:3] == [0, 0, 0] and counts[3] > 0
    for k, own in enumerate(shapes):
        (alone,), (count,) = potentials(firing(own, N=1), currents[k])
        np.testing.assert_array_equal(together[k], alone)
        assert counts[k] == count


def test_numbers_of_cells_that_do_not_fit():
    with pytest.raises(ArgumentError, match="the number of cells must be at least 1"):
        SpatialNeuron(branched(), MODEL, N=0)
    with pytest.raises(ArgumentError, match="a list of shapes has one for each cell"):
        SpatialNeuron([branched()], MODEL, N=2)
