"""What Tab offers outside cells of our magics: in their lines, and behind names of groups, synapses and monitors."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter

import jupyspike
from jupyspike.magics.attributes import OFFERED
from jupyspike.magics.completion import fitting_anywhere
from jupyspike.widgets import VIEWS

EXC = """%%neurons exc -n 10
dv/dt = (I - v)/taum : volt
I : volt
taum = 20*ms
threshold: v > 1*mV
reset: v = 0*mV"""
DRIVE = "%%synapses exc -> exc --name drive\nw : volt\non_pre: v += w\nconnect: p=1"
MONITORS = "spikes = SpikeMonitor(exc)\ntraces = StateMonitor(exc, ['v', 'I'], record=True)"


@pytest.fixture
def offered(notebook):
    notebook.run(EXC, DRIVE, MONITORS)

    def words(text: str) -> list[str]:
        return [word.text + word.ending for word in fitting_anywhere(text, len(text), notebook.names)[1]]

    return words


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%simulate 1*second --live ra", "raster( rate("),
        ("%simulate 1*second --live raster(exc) tr", "trace("),
        ("%simulate 1*second --live raster(exc) --s", "--speed"),
        ("%simulate 1*second ", "--live --restart --speed --window"),
        ("%simulate 1*second --live --w", "--window"),
        ("%simulate 1*second --speed ", "max"),
        ("%simulate 1*second --window a", "all"),
        ("%simulate 1*m", "ms"),
        ("%live co", "connectivity("),
        ("%live raster(exc) ra", "raster( rate("),
        ("spikes.t\n%live raster(e", "exc exc.v exc.I"),
        ("%live trace(exc.", "v I i"),
        ("%live trace(exc.v[0], exc.I", "I"),
        ("%live weights(", "drive exc drive.w exc.v exc.I height="),
        ("%live trace(exc.v, li", "limits="),
        ("%live raster(exc)  # ra", ""),
        ("%load_ext ra", ""),
    ],
)
def test_lines_of_magics_are_completed(offered, line, expected):
    assert " ".join(offered(line)) == expected


def test_all_views_are_offered_with_what_they_show(notebook):
    found = fitting_anywhere("%live ", 6, notebook.names)[1]
    assert [word.text for word in found] == [*VIEWS]
    assert all(word.about for word in found)


def test_variables_come_first_behind_a_name_and_inner_names_not_at_all(offered):
    found = offered("x = 3*exc.")
    assert found[:3] == ["v", "I", "taum"]
    assert {"N", "namespace", "run_regularly", "get_states", "name"} <= {*found}
    assert not {"acts", "behaviour", "bound", "note", "stream"} & {*found}
    assert offered("exc.t") == ["taum", "t"]
    assert offered("exc[:3].") == offered("nobody.") == offered("exc.v.") == []  # left to IPython
    assert offered("drive.")[:3] == ["w", "pre", "connect"]
    assert offered("traces.")[:3] == ["v", "I", "t"]
    assert offered("spikes.sp") == ["spike_trains"]


def test_what_users_add_themselves_is_offered(notebook, offered):
    notebook.run(
        "class Mine(NeuronGroup):\n    def pattern(self): ...\nmine = Mine(1, 'x : 1')\nmine.add_attribute('place')"
    )
    assert {"x", "pattern", "place"} <= {*offered("mine.")}


def test_what_is_offered_is_there(notebook, offered):
    group, synapses, monitor = notebook["exc"], notebook["drive"], notebook["spikes"]
    generator = jupyspike.SpikeGeneratorGroup(1, [0], [1] * jupyspike.ms)
    neuron = jupyspike.SpatialNeuron(jupyspike.Soma(10 * jupyspike.um), "Im = 0*amp/metre**2 : amp/metre**2")
    rate = jupyspike.PopulationRateMonitor(group)
    for item in (generator, neuron, rate):
        item.used()
    for kind, names in OFFERED.items():
        item = next(i for i in (group, synapses, generator, neuron, monitor, rate) if isinstance(i, kind))
        assert [name for name in names.split() if not hasattr(item, name)] == [], kind


def test_the_completer_of_ipython_offers_the_same(notebook, offered):
    completer = notebook.shell.Completer
    for line, expected in (("%simulate 1*second --live ra", ["raster(", "rate("]), ("exc.I", ["I"])):
        with provisionalcompleter():
            found = [c.text for c in completer.completions(line, len(line))]
        assert found == expected
    with provisionalcompleter():
        found = [c.text for c in completer.completions("exc.", 4)]
    assert found[:3] == ["v", "I", "taum"]
    assert "acts" not in found
