"""The magics of a notebook: each parses its text, calls the engine, stores what was made and shows a card."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import DisplayHandle, display

from jupyspike.magics import cells, completion, inspection, simulate, views
from jupyspike.magics.cards import Card, definition_card
from jupyspike.magics.notebook import Defined, Notebook, Ran, still_belongs
from jupyspike.magics.script import script_of
from jupyspike.magics.undefined import undefined_names
from jupyspike.widgets.keeper import KEEPER
from jupyspike_engine.diagnostics import Diagnostic, UserError
from jupyspike_engine.frames import called_from
from jupyspike_engine.objects.randomness import count_from_here
from jupyspike_engine.objects.running.magic import magic_network
from jupyspike_engine.objects.running.network import Network
from jupyspike_engine.simulation.session import Session

WAITING = "built when the network first runs"


class Magics:
    """The magics of one notebook."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.notebook = Notebook(shell.user_ns, first_seed=count_from_here())
        self._handles: dict[str, DisplayHandle] = {}
        self._going: list[Session] = []  # the live runs that went on when the present cell began
        self._assigned = 0  # how often code had assigned values in them by then

    def neurons(self, line: str, cell: str) -> None:
        """``%%neurons name -n 100 [--morphology shape] [--method exact] [--dt 0.1*ms]``: neurons from equations.

        The options are -n, how many neurons there are (one without it); --morphology, their shape, or a list with that
        of each; --method, how the equations are integrated (the most exact method that fits without it); --dt, the time
        step (that of the network without it).

        The lines of the cell are

        - equations: ``dv/dt = -v/tau : volt``, ``x = 2*v : volt``, ``I : amp``;
        - constants: ``tau = 10*ms``, with a slider if a range follows: ``tau = 10*ms in [5*ms, 20*ms]``;
        - reserved keys, ``key: value``: threshold, reset, refractory, threshold_location, method, initial, events,
          order. A value goes on in indented lines;
        - questions: a line ``refractory?`` explains a word, and nothing is made.

        Names that the cell does not define come from the notebook. Neurons with a shape have an equation for the
        current through their membrane, ``Im = gL*(EL - v) : amp/metre**2``, and constants ``Cm`` and ``Ri`` of their
        own; see `SpatialNeuron`.

        Example::

            %%neurons exc -n 100
            dv/dt = (I - v)/tau : 1
            tau = 10*ms in [5*ms, 50*ms]
            I = 1.2
            threshold: v > 1
            reset: v = 0
            initial: v = rand()
        """
        if self._answered("%%neurons", line, cell):
            return
        with called_from(self.notebook.names):
            name, defined = cells.neurons(line, cell, self.notebook.names)
        made = {name: defined, **self._synapses_again(name, defined)}
        concerned = self.notebook.concerns_live_run(name, defined)
        for other, record in made.items():
            self.notebook.bind(other, record)
        rebuilt = [other for other in made if other != name]
        notes = [f"connected again: {', '.join(rebuilt)}"] if rebuilt else []
        notes += self._go_on(concerned)
        self._show(name, defined, notes)

    def _go_on(self, concerned: bool) -> list[str]:
        """Let an open live panel go on with what has been made, unless that has nothing to do with its run."""
        if not concerned:
            return ["the live run goes on without it"] if self.notebook.panel_is_open else []
        with called_from(self.notebook.names):
            return simulate.go_on(self.notebook)

    def _synapses_again(self, name: str, defined: Defined) -> dict[str, Defined]:
        """The synapses that begin or end at an earlier group of this name, made again with the new one."""
        names = {**self.notebook.names, name: defined.made}
        made: dict[str, Defined] = {}
        for other in self.notebook.connections_of(name):
            old = self.notebook.defined[other]
            try:
                with called_from(names):
                    made[other] = cells.synapses(old.line, old.body, names)[1]
            except UserError as error:
                hint = f"mend what stands below, or remove the synapses first: del {other}"
                message = f"'{name}' stays as it was: the synapses '{other}' do not fit the new one"
                raise type(error)([Diagnostic(message, hint=hint), *error.diagnostics]) from None
        return made

    def synapses(self, line: str, cell: str) -> None:
        """``%%synapses source -> target [--name drive] [--method exact] [--dt 0.1*ms]``: synapses between two groups.

        The options are --name, the name of the synapses (source_to_target without it); --method, how their equations
        are integrated; --dt, their time step.

        Lines are equations, constants and questions as in ``%%neurons``, and the keys on_pre, on_post, on_event,
        connect, delay, method, initial and order. ``v_pre`` is a variable of the source, ``v_post`` of the target. A
        delay is one time for all synapses, or differs between them if it draws random numbers or uses i, j or
        variables: ``delay: abs(i - j)*0.1*ms``.

        Example::

            %%synapses exc -> inh --name drive
            w : volt
            on_pre: v += w
            connect: p=0.1
            delay: 1*ms + rand()*2*ms
            initial: w = 0.5*mV
        """
        if self._answered("%%synapses", line, cell):
            return
        with called_from(self.notebook.names):
            name, defined = cells.synapses(line, cell, self.notebook.names)
        notes = []
        if "--name" not in line and name in self.notebook.defined and self.notebook.defined[name].body != cell:
            notes = [f"in place of the earlier '{name}'; with --name both can be there"]
        concerned = self.notebook.concerns_live_run(name, defined)
        self.notebook.bind(name, defined)
        notes += self._go_on(concerned)
        self._show(name, defined, notes)

    def _answered(self, magic: str, line: str, body: str) -> bool:
        """Whether a cell asks what words mean; the answers are shown, and nothing else is done."""
        answers = inspection.asked(line, body, magic, self.notebook.names)
        for answer in answers:
            display(answer)  # type: ignore[no-untyped-call]  # IPython has no types here
        return bool(answers)

    def simulate(self, line: str) -> Any:
        """``%simulate 1*second``: run the network of the cells and the objects of the notebook.

        ``--live`` shows a live panel, at the speed of real time or ``--speed 0.5``, ``--speed max``, with the last
        second of the run, ``--window 100*ms`` or ``--window all`` of it; ``--restart`` begins again at t = 0. Behind
        ``--live`` may stand what the panel shows, as for ``%live``.
        """
        with called_from(self.notebook.names):
            shown = simulate.simulate(line, self.notebook)
        self._tell_cards()
        display(shown)  # type: ignore[no-untyped-call]

    def live(self, line: str) -> Card:
        """``%live raster(exc) rate(exc) trace(exc.v, [0, 1])``: choose what live panels show.

        There are raster, rate, trace, spectrum, isi, phase, connectivity, weights, parameters and sta; of neurons with
        a shape morphology, dendrogram, morphology3d and kymograph. ``trace(exc.v[0, 5])`` shows two neurons; of cells
        with a shape it is compartment 5 of cell 0, as it is in Python.
        """
        return views.live(line, self.notebook)

    def jupyspike(self, line: str) -> None:
        """``%jupyspike doctor``, ``%jupyspike cache``: what this installation has and needs."""
        from jupyspike.__main__ import run

        print(run(shlex.split(line)).text)

    def keep(self, session: Session) -> Callable[[], str]:
        """Keep a live run that Python code of the present cell has opened; returns what writes its script."""
        self.notebook.let_go_of_ended()
        self.notebook.began.append(session)
        return partial(script_of, self.notebook, session)

    def repeats(self, network: Network, names: Mapping[str, Any]) -> bool:
        """A notebook repeats nothing."""
        return False

    def runs(self, info: Any) -> None:
        """Keep the live runs of a cell that begins."""
        KEEPER.set(self)
        self.notebook.let_go_of_ended()
        self._going = [one for ran in self.notebook.ran for one in ran.lived if isinstance(one, Session)]
        self._assigned = sum(session.assigned for session in self._going)

    def ran(self, result: Any) -> None:
        """Remember a cell that has run without an error."""
        KEEPER.set(None)
        began, self.notebook.began = self.notebook.began, []
        if result.success and result.info is not None:
            assigned = sum(session.assigned for session in self._going) > self._assigned
            self.notebook.ran.append(Ran(result.info.raw_cell, began, assigned))
        self._going = []

    def _show(self, name: str, defined: Defined, notes: list[str]) -> None:
        behind = self.notebook.left_behind()
        if behind:
            notes = [*notes, still_belongs(behind, "the earlier objects")]
        notes = [*notes, *undefined_names(defined.made, self.notebook.names)]
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
    """Register the magics with a shell, in a cell that runs; once they are there, they stay and know what was done."""
    magics = _registered(shell)
    if magics is None:
        magics = Magics(shell)
        register(shell, magics)
    KEEPER.set(magics)


def _registered(shell: InteractiveShell) -> Magics | None:
    """The magics that a shell has."""
    owners = [getattr(callback, "__self__", None) for callback in shell.events.callbacks["pre_run_cell"]]
    return next((owner for owner in owners if isinstance(owner, Magics)), None)


def register(shell: InteractiveShell, magics: Magics) -> None:
    """Make the methods of an object the magics of a shell, which then completes and explains what cells have."""
    for name in ("neurons", "synapses"):
        shell.register_magic_function(getattr(magics, name), "cell", name)
    for name in ("simulate", "live", "jupyspike"):
        shell.register_magic_function(getattr(magics, name), "line", name)
    for event, told in (("pre_run_cell", magics.runs), ("post_run_cell", magics.ran)):
        for callback in list(shell.events.callbacks[event]):
            if isinstance(getattr(callback, "__self__", None), Magics):  # of an earlier load
                shell.events.unregister(event, callback)
        shell.events.register(event, told)
    completion.install(shell)
    inspection.install(shell)
