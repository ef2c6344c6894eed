"""The magics of a notebook: each parses its text, calls the engine, stores what was made and shows a card."""

from __future__ import annotations

import shlex
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import DisplayHandle, display

from jupyspike.magics import cells, simulate
from jupyspike.magics.cards import Card, definition_card
from jupyspike.magics.notebook import Defined, Notebook
from jupyspike_engine.objects.frames import called_from
from jupyspike_engine.objects.magic import magic_network

WAITING = "built when the network first runs"


class Magics:
    """The magics of one notebook."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.notebook = Notebook(shell.user_ns)
        self._handles: dict[str, DisplayHandle] = {}

    def neurons(self, line: str, cell: str) -> None:
        """``%%neurons name -n 100``: a group of neurons from equations.

        Lines are equations (``dv/dt = -v/tau : volt``), constants (``tau = 10*ms in [5*ms, 20*ms]``), and the keys
        threshold, reset, refractory, method, initial, events and order.

        Example::

            %%neurons exc -n 100
            dv/dt = (I - v)/tau : 1
            tau = 10*ms in [5*ms, 50*ms]
            I = 1.2
            threshold: v > 1
            reset: v = 0
            initial: v = rand()
        """
        with called_from(self.notebook.names):
            name, defined = cells.neurons(line, cell, self.notebook.names)
            stale = self.notebook.connections_of(name)
            before = {other: self.notebook.names.get(other) for other in (name, *stale)}
            earlier = {other: self.notebook.defined.get(other) for other in (name, *stale)}
            self.notebook.bind(name, defined)
            try:
                rebuilt = [self._synapses_again(other) for other in stale]
            except BaseException:
                self._restore(before, earlier)
                raise
        notes = [f"connected again: {', '.join(rebuilt)}"] if rebuilt else []
        self._show(name, defined, notes)

    def _synapses_again(self, name: str) -> str:
        old = self.notebook.defined[name]
        self.notebook.bind(*cells.synapses(old.line, old.body, self.notebook.names))
        return name

    def _restore(self, names: dict[str, Any], defined: dict[str, Defined | None]) -> None:
        """Take back what was bound, when something that depends on it could not be made again."""
        for name, value in names.items():
            if value is None:
                self.notebook.names.pop(name, None)
            else:
                self.notebook.names[name] = value
        for name, record in defined.items():
            if record is None:
                self.notebook.defined.pop(name, None)
            else:
                self.notebook.defined[name] = record

    def synapses(self, line: str, cell: str) -> None:
        """``%%synapses source -> target --name drive``: synapses between two groups.

        Lines are equations and constants as in ``%%neurons``, and the keys on_pre, on_post, on_event, connect, delay,
        method, initial and order.

        Example::

            %%synapses exc -> inh --name drive
            w : volt
            on_pre: v += w
            connect: p=0.1
            delay: 1.5*ms
            initial: w = 0.5*mV
        """
        with called_from(self.notebook.names):
            name, defined = cells.synapses(line, cell, self.notebook.names)
            self.notebook.bind(name, defined)
        self._show(name, defined, [])

    def simulate(self, line: str) -> Any:
        """``%simulate 1*second``: run the network of the cells and the objects of the notebook.

        ``--live`` shows a live panel, at the speed of real time or ``--speed 0.5``, ``--speed max``; ``--restart``
        begins again at t = 0.
        """
        with called_from(self.notebook.names):
            shown = simulate.simulate(line, self.notebook)
        self._tell_cards()
        display(shown)  # type: ignore[no-untyped-call]

    def live(self, line: str) -> Card:
        """``%live raster(exc) rate(exc) trace(exc.v, [0, 1])``: choose what live panels show."""
        return simulate.live(line, self.notebook)

    def jupyspike(self, line: str) -> None:
        """``%jupyspike doctor``, ``%jupyspike cache``: what this installation has and needs."""
        from jupyspike.__main__ import run

        print(run(shlex.split(line)).text)

    def _show(self, name: str, defined: Defined, notes: list[str]) -> None:
        behind = self.notebook.left_behind()
        if behind:
            notes = [*notes, f"{', '.join(behind)} still belongs to the earlier objects: run its cell again"]
        card = definition_card(defined, WAITING, notes)
        self._handles[name] = display(card, display_id=True)  # type: ignore[no-untyped-call]

    def _tell_cards(self) -> None:
        """Say on the cards of the cells what has been built for them."""
        prepared = magic_network.last
        for name in [
            n for n, d in self.notebook.defined.items() if d in self.notebook.current() and n in self._handles
        ]:
            assert prepared is not None
            program = f"{prepared.compiled.program.origin} ({prepared.compiled.target})"
            card = definition_card(self.notebook.defined[name], program)
            self._handles.pop(name).update(card)  # type: ignore[no-untyped-call]  # IPython has no types here


def load(shell: InteractiveShell) -> None:
    """Register the magics with a shell."""
    magics = Magics(shell)
    for name in ("neurons", "synapses"):
        shell.register_magic_function(getattr(magics, name), "cell", name)
    for name in ("simulate", "live", "jupyspike"):
        shell.register_magic_function(getattr(magics, name), "line", name)
