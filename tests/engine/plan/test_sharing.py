"""How threads share the operations of a step, and where they wait for each other."""

from jupyspike import (
    Cylinder,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    SpatialNeuron,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    linked_var,
    ms,
    network_operation,
    um,
)
from jupyspike_engine.plan.sharing import divisions_of_pathways, shared


def plan_of(*objects):
    return Network(*objects).prepare(1 * ms, {}).compiled.plan


def steps_of(*objects):
    """Each operation with how it is divided, and a bar where all wait."""
    plan = plan_of(*objects)
    sharing = shared(plan)
    words = []
    for operation, division, waits in zip(plan.operations, sharing.divisions, sharing.waits, strict=True):
        words += ["|"] * waits + [f"{type(operation).__name__} {division}"]
    return words


def neurons(model="dv/dt = -v/(10*ms) : 1", **arguments):
    return NeuronGroup(10, model, threshold="v > 1", reset="v = 0", **arguments)


def test_neurons_are_updated_by_their_owners_who_wait_for_the_spikes_of_all():
    group = neurons()
    synapses = Synapses(group, on_pre="v_post += 0.1")
    synapses.connect()
    assert steps_of(group, synapses) == [
        "Update number", "Detect number", "|", "Propagate post", "React number",
    ]  # fmt: skip


def test_compartments_are_updated_by_their_owners_and_solved_by_those_of_their_cells():
    morpho = Cylinder(length=100 * um, diameter=1 * um, n=5)
    cells = SpatialNeuron(morpho, "Im = 0*amp/meter**2 : amp/meter**2", threshold="v > 0*volt", N=10)
    assert steps_of(cells) == ["Update number", "|", "Eliminate cell", "|", "Update number", "Detect number"]


def test_what_only_watches_is_done_by_one_and_waited_for():
    group = neurons()
    watching = steps_of(group, SpikeMonitor(group), StateMonitor(group, "v", record=True))
    assert watching == ["RecordState alone", "|", "Update number", "Detect number", "RecordEvents alone", "|",
                        "React number"]  # fmt: skip


def test_a_synapse_belongs_to_the_owner_of_the_neuron_that_it_writes_to():
    inputs, group = PoissonGroup(5, rates=10 * Hz), neurons()
    synapses = Synapses(
        inputs, group, "w : 1\nda/dt = -a/ms : 1 (event-driven)",
        on_pre={"act": "v_post += w", "learn": "a += 1; w = clip(w + a, 0, 1)"}, on_post={"post": "w -= a"},
    )  # fmt: skip
    synapses.connect()
    back = Synapses(group, inputs, on_pre="v_pre -= 0.1")
    both = Synapses(group, group, on_pre="v_pre -= 0.1; v_post += 0.1")
    reads = Synapses(group, group, on_pre="v_post += 0.1*v_pre")
    for others in (back, both, reads):
        others.connect()
    plan = plan_of(inputs, group, synapses, back, both, reads)
    assert [division for _, division in sorted(divisions_of_pathways(plan).items())] == [
        "post", "post", "post", "pre", "alone", "alone",
    ]  # fmt: skip
    # the pathways of the same synapses need not wait for each other
    assert steps_of(inputs, group, synapses).count("|") == 1


def test_neighbours_read_copies_when_all_of_these_are_made():
    group = neurons("v : 1\nu : 1 (linked)")
    group.u = linked_var(group, "v", index=[1, 0, 3, 2, 5, 4, 7, 6, 9, 8])
    group.run_regularly("v = u", when="start")
    assert steps_of(group)[:3] == ["Update number", "|", "Update number"]


def test_the_one_value_of_all_is_written_by_one():
    group = neurons("v : 1\ns : 1 (shared)")
    group.run_regularly("s += 1", when="end")
    other = neurons("v : 1\nu : 1 (linked)")
    other.u = linked_var(group, "v")
    other.run_regularly("v += u", when="after_groups")
    steps = steps_of(group, other)
    assert steps[0] == "Update number" and steps[-1] == "Update alone"


def test_all_wait_before_the_host_acts():
    group = neurons()

    @network_operation(when="after_groups")
    def look():
        pass

    assert steps_of(group, look)[:3] == ["Update number", "|", "Call alone"]
