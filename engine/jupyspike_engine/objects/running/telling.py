"""What a network tells: how long its parts took, what its last run was made with, and how much memory it needs."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ...diagnostics import ArgumentError
from ...simulation.teams import most_threads
from ...targets.interface import Clock
from ..clocks import seconds
from ..monitors.monitor import Monitor
from ..neurongroup import NeuronGroup
from ..synaptic.synapses import Synapses
from .assembly import of_type
from .memory import MemoryReport
from .prepared import Prepared
from .provenance import provenance_of
from .standing import Standing
from .summaries import WAITING, ProfilingSummary, in_seconds
from .ticking import Ticking


class Telling(Standing):
    """Objects that have been simulated."""

    name: str
    last: Prepared | None

    @abstractmethod
    def ticking(self) -> Ticking:
        """The clocks of the network."""

    @abstractmethod
    def _clocks(self, ticking: Ticking, end: float) -> list[Clock]:
        """Where each clock stands, and where it is to end for a run until a time (s)."""

    @property
    def profiling_info(self) -> list[tuple[str, Any]]:
        """Names and times of what took time in the last run, the slowest first; see `profile`.

        Raises
        ------
        ArgumentError
            The last run was not measured.
        """
        return in_seconds(sorted(self._profile(), key=lambda entry: -entry[1]))

    def profile(self, show: int | None = None) -> ProfilingSummary:
        """A table of how much time each part took in the last run, which must have had ``profile=True``.

        Parts have their names of `scheduling_summary`. Of several threads the first is measured; the time in which it
        waited for the others is a row of its own.

        Parameters
        ----------
        show : int, optional
            How many rows there are at most; the slowest come first.

        Raises
        ------
        ArgumentError
            The last run was not measured.

        Examples
        --------
        >>> net = Network(NeuronGroup(100, 'dv/dt = -v/(10*ms) : 1', name='leaky'))
        >>> net.run(10*ms, profile=True)
        >>> [row[0] for row in net.profile().rows]
        ['leaky_stateupdater']
        """
        return ProfilingSummary(self._profile(), show)

    @property
    def provenance(self) -> dict[str, Any]:
        """What the last run was made with: versions, compiler and flags, seed, texts of the models, constants, changes.

        A state that is kept with `store` has it too.

        Raises
        ------
        ArgumentError
            The network has not run.

        Examples
        --------
        >>> G = NeuronGroup(2, 'dv/dt = -v/tau : 1', name='leaky')
        >>> net = Network(G)
        >>> net.run(1*ms, namespace={'tau': 5*ms})
        >>> net.provenance['constants'], net.provenance['duration']
        ({'leaky.tau': 0.005}, 0.001)
        """
        if self.last is None:
            raise ArgumentError(f"'{self.name}' has not run, so there is nothing to tell of a run")
        return provenance_of(self.objects, self.last)

    def tell_of_run(self) -> None:
        """Write down beside all that is recorded to disk what the present run is made with."""
        recording = [monitor for monitor in of_type(self.objects, Monitor) if monitor.to_disk]
        told = self.provenance if recording else {}
        for monitor in recording:
            monitor.tell_of_run(told)

    def _told(self) -> dict[str, Any] | None:
        return None if self.last is None else self.provenance

    def memory_report(self, duration: Any = None) -> MemoryReport:
        """A table of the memory that the network takes, object by object, before it runs or after.

        Parameters
        ----------
        duration : Quantity, optional
            Of a run that is to come: what monitors are to record at each step counts too. How many events there will
            be is not known before.

        Returns
        -------
        MemoryReport
            Shown as a table; ``total`` is the number of bytes.

        Examples
        --------
        >>> G = NeuronGroup(500, 'v : 1', threshold='v > 1', name='exc')
        >>> S = Synapses(G, G, 'w : 1', on_pre='v += w', name='recurrent')
        >>> S.connect(j='i')
        >>> print(Network(G, S).memory_report())
        Memory: 26.1 kB
        object    | elements | values | connections | in a run | for each
        ----------+----------+--------+-------------+----------+---------
        exc       | 500      | 4 kB   |             | 12.1 kB  | 32.2 B
        recurrent | 500      | 4 kB   | 6.01 kB     |          | 20.0 B
        """
        rows: dict[str, int] = {}
        if duration is not None:
            ticking = self.ticking()
            clocks = self._clocks(ticking, self.t_ + seconds(duration, "the duration of a run"))
            recording = [item for item in of_type(self.objects, Monitor) if item.active]
            rows = {item.name: clocks[ticking.number(item.clock)].steps_left for item in recording}
        return MemoryReport(self.objects, self._parts(), rows)

    def bytes_taken(self) -> int:
        """The memory that the objects of the network take now, in bytes."""
        return MemoryReport(self.objects, self._parts(), {}).total

    def _parts(self) -> int:
        """Into how many parts the elements are divided in a run."""
        if self.last is not None:
            return self.last.simulation.memory.parts
        synapses = sum(len(item) for item in of_type(self.objects, Synapses))
        return most_threads(sum(len(item) for item in of_type(self.objects, NeuronGroup)), synapses)

    def _profile(self) -> list[tuple[str, float]]:
        profile = self.last.simulation.memory.profile if self.last is not None else None
        if self.last is None or profile is None:
            raise ArgumentError("the last run was not measured", hint="run(..., profile=True)")
        *spent, waited = profile.tolist()
        times: dict[str, float] = {}
        for label, seconds_spent in zip(self.last.compiled.lowered.labels, spent, strict=True):
            times[label.name] = times.get(label.name, 0.0) + seconds_spent
        if waited:
            times[WAITING] = waited
        return list(times.items())
