"""Running cells again, in any order: what depends on them follows, or is named."""

import pytest

EXC = "%%neurons exc -n 10\ndv/dt = (2*mV - v)/ms : volt\nthreshold: v > 1*mV\nreset: v = 0*mV"
INH = "%%neurons inh -n 5\ndv/dt = -v/ms : volt"
DRIVE = "%%synapses exc -> inh --name drive\nw : volt\non_pre: v += w\nconnect: p=0.5\ninitial: w = rand()*mV"
BACK = "%%synapses exc[2:8] -> exc --name back\non_pre: v -= 1*mV\nconnect: i != j"


@pytest.fixture
def network(notebook):
    notebook.run(EXC, INH, DRIVE, BACK)
    return notebook


def test_a_group_that_is_made_again_is_connected_again(network):
    before = network["drive"]
    ran = network.run(EXC.replace("-n 10", "-n 20"))
    assert "connected again: drive, back" in ran.shown[0]
    assert network["drive"] is not before
    assert network["drive"].source is network["exc"]
    assert network["back"].source.source is network["back"].target is network["exc"]
    assert len(network["exc"]) == 20


def test_the_same_cells_make_the_same_network(network):
    before = (network["drive"].i.tolist(), network["drive"].w[:].tolist())
    network.run(INH, EXC, BACK, DRIVE, EXC)
    assert (network["drive"].i.tolist(), network["drive"].w[:].tolist()) == before


def test_only_what_names_the_group_is_made_again(network):
    back = network["back"]
    assert "connected again: drive" in network.run(INH).shown[0]
    assert network["back"] is back


def test_synapses_that_do_not_fit_a_new_group_leave_everything_as_it_was(network):
    before = {name: network[name] for name in ("exc", "inh", "drive", "back")}
    cells = dict(network.magics.notebook.defined)
    ran = network.try_cell(INH.replace("dv/dt = -v", "du/dt = -u"))
    assert ran.printed.splitlines() == [
        "UnresolvedNameError: 'inh' stays as it was: the synapses 'drive' do not fit the new one",
        "    try: mend what stands below, or remove the synapses first: del drive",
        "%%synapses exc -> inh, line 3, column 9: on_pre sets the unknown variable 'v'",
        "    on_pre: v += w",
        "            ^",
        "    try: variables are: u, v_pre, u_post, w",
    ]
    assert {name: network[name] for name in before} == before
    assert network.magics.notebook.defined == cells
    ran = network.run("%simulate 5*ms")
    assert "belongs to" not in ran.shown[-1]


def test_after_the_synapses_are_removed_the_group_can_change(network):
    network.run("del drive", INH.replace("dv/dt = -v", "du/dt = -u"), DRIVE.replace("v +=", "u +="), "%simulate 5*ms")
    assert network["drive"].target is network["inh"]


def test_python_objects_that_refer_to_a_replaced_group_are_named(network):
    network.run("spikes = SpikeMonitor(exc); part = exc[0:3]; own = Synapses(exc, inh, on_pre='v += 1*mV')")
    ran = network.run(EXC)
    assert "own, part, spikes still belong to the earlier objects: run their cells again" in ran.shown[0]
    shown = network.run("%simulate 5*ms").shown[-1]
    assert "own, part, spikes still belong to objects from before a change" in shown
    assert network["spikes"].num_spikes == 0
    network.run("spikes = SpikeMonitor(exc); del own, part")
    assert "belong" not in network.run("%simulate 5*ms").shown[-1]
    assert network["spikes"].num_spikes > 0


def test_a_group_that_is_gone_takes_no_part(network):
    network.run("del drive, back, exc", "%simulate 1*ms")
    assert [d.made.name for d in network.magics.notebook.current()] == ["inh"]


def test_a_name_that_means_something_else_now_is_left_alone(network):
    network.run("drive = 3", EXC)
    assert network["drive"] == 3


def test_renamed_groups_stand_side_by_side(network):
    network.run(EXC.replace("exc", "other"), "%simulate 1*ms")
    assert network["drive"].source is network["exc"]
    assert network["other"].name == "other"
