"""What a script needs that was made from a notebook by `Panel.script`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike.magics import Magics, simulate
from jupyspike.magics.notebook import Defined, Lived, Notebook
from jupyspike.widgets.keeper import KEEPER
from jupyspike_engine.frames import called_from
from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.monitors.eventmonitor import SpikeMonitor
from jupyspike_engine.objects.monitors.watching import all_spikes, watch
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.running.live import replay_live
from jupyspike_engine.objects.running.magic import magic_network, visible_objects
from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.simulation.session import Session
from jupyspike_engine.units import UNITS


class Repeated(Session):
    """A live run that has been repeated to its end: what a cell assigned while it went on is part of it already."""

    def __init__(self, network: Network) -> None:
        self._network, self._time = network, network.t_
        self.gave_way = ""

    @property
    def goes_on(self) -> bool:
        return self._network.t_ == self._time

    def moves(self, name: str) -> bool:
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Take back what is assigned."""
        owners = [item for item in self._network.objects if isinstance(item, VariableOwner)]
        before = [({name: array.copy() for name, array in o.arrays.items()}, dict(o.namespace)) for o in owners]
        paths = [path for o in owners if isinstance(o, Synapses) for path in o.pathways.values()]
        delays = [path.delays_ for path in paths]
        try:
            yield
        finally:
            for owner, (arrays, namespace) in zip(owners, before, strict=True):
                owner.namespace.update(namespace)
                for name, array in arrays.items():
                    owner.arrays[name][:] = array
            for path, delay in zip(paths, delays, strict=True):
                if path.delays_ is not delay:
                    path.set_each(delay)

    def wrote(self, name: str, array: npt.NDArray[Any], places: npt.NDArray[np.int32] | slice) -> None:
        pass

    def assign(self, name: str, value: float) -> None:
        pass

    def give_way(self, why: str = "") -> None:
        pass


class Cells(Magics):
    """The cells of a notebook as functions of a script.

    Parameters
    ----------
    names : mapping
        The names of the script, ``globals()``.

    Attributes
    ----------
    spikes : dict of str to SpikeMonitor
        All spikes of each group since the first live run that it took part in.
    """

    def __init__(self, names: MutableMapping[str, Any]) -> None:
        self.notebook = Notebook(names)
        self._handles = {}
        self.spikes: dict[str, SpikeMonitor] = {}
        self._repeated: list[Network] = []
        KEEPER.set(self)

    def live_run(self, duration: float, moves: Sequence[tuple[Any, ...]] = ()) -> None:
        """Say what the next live run does: how long it goes (s), and what is moved: step, name, value (SI units).

        Of variables that are written to the places as well.
        """
        self.notebook.to_replay.append(Lived(duration, tuple(moves)))

    def live_run_goes_on(self, whether: bool) -> None:
        """Say whether a cell ran while the last live run went on: what it assigned has been repeated with that."""
        for network in self._repeated:
            if whether:
                network.last_session = Repeated(network)
            elif isinstance(network.last_session, Repeated):
                network.last_session = None

    def simulate(self, line: str) -> None:
        """``%simulate``."""
        if self.notebook.to_replay:
            self._repeated.append(magic_network)
            self._watch(visible_objects(self.notebook.names))
        with called_from(self.notebook.names):
            simulate.simulate(line, self.notebook)

    def _go_on(self, concerned: bool) -> list[str]:
        if self.notebook.to_replay and self.notebook.live_line:
            self.simulate(self.notebook.live_line)
        return []

    def repeats(self, network: Network, names: Mapping[str, Any]) -> bool:
        """Do what was done in the live panel that `live_panel` made here; those that came later are left out."""
        if self.notebook.to_replay:
            lived = self.notebook.to_replay.pop(0)
            self._repeated.append(network)
            self._watch(network.objects)
            replay_live(network, lived.duration * UNITS["second"], lived.moves, names)
        return True

    def _watch(self, objects: Iterable[SimulatedObject]) -> None:
        for group in objects:
            if isinstance(group, NeuronGroup) and "spike" in group.events:
                known = self.spikes.get(group.name)
                if known is None or known.source is not group:  # a cell has made another one
                    self.spikes[group.name] = all_spikes(group)
                    watch(self.spikes[group.name])

    def save_spikes(self, path: str | Path) -> None:
        """Write times (s) and neurons of the spikes of live runs into a file of numpy (``.npz``)."""
        arrays: dict[str, Any] = {}
        for name, monitor in self.spikes.items():
            arrays |= {f"{name} t": monitor.t_, f"{name} i": np.asarray(monitor.i[:])}
        np.savez(path, **arrays)

    def _show(self, name: str, defined: Defined, notes: list[str]) -> None:
        """A script shows no cards."""
