"""Monitors: what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, ArgumentTypeError, ReadOnlyError, UnknownNameError, nearest
from ...language.scope import Symbol
from ...language.syntax import Expression, Name
from ...plan.network import Moment
from ...plan.network import Recording as RecordingPart
from ...simulation.recording import AnyArray, Chunk, Recording
from ...simulation.recordingfolder import ColumnHeader, RecordingFolder, tell_of_run
from ...targets.interface import DTYPES, Recordings
from ...units import DIMENSIONLESS, SECOND, quantity
from ..base import SimulatedObject
from ..clocks import Clock, seconds
from ..states import States
from ..subgroup import whole
from ..synaptic.synapses import Synapses
from ..variables import attribute

Real = npt.NDArray[np.float64]


class Monitor(SimulatedObject, States):
    """The base of monitors: a source, and a recording that grows.

    Attributes
    ----------
    columns : tuple of str
        The recorded variables.
    """

    add_to_magic_network = True
    invalidates_magic_network = False
    acts = True
    watches = False  # whether it only records for views, and belongs to no network
    kind: Any

    def __init__(
        self,
        source: Any,
        name: str,
        dt: Any,
        clock: Clock | None,
        when: str,
        order: int,
        keep: Any = None,
        to: str | Path | None = None,
    ) -> None:
        super().__init__(name, dt, clock, when, order)
        self.source = source
        self.columns: tuple[str, ...] = ()
        self._variables: dict[str, Symbol] = {}
        self._span = None if keep is None else seconds(keep, "keep", positive=True)
        self._folder: RecordingFolder | None = None
        self._path = self._path_of(to)

    recording: Recording

    def _path_of(self, to: str | Path | None) -> Path | None:
        if to is None:
            return None
        if self._span is not None:
            raise ArgumentError("what is recorded to disk is kept for good", hint="leave out keep= or to=")
        if not isinstance(to, (str, Path)):
            raise ArgumentTypeError("to= is the path of a folder", found=repr(to))
        RecordingFolder.check_free(Path(to))
        return Path(to)

    def _begin_recording(self, variables: dict[str, Symbol], elements: Iterable[int]) -> None:
        """Make the recording of some variables, for which there is no row yet."""
        self.columns, self._variables = tuple(variables), variables
        numbers = np.fromiter(elements, np.int32)
        width = len(numbers) if self.kind == "state" else 1
        dtypes = [np.dtype(DTYPES[symbol.type]) for symbol in variables.values()]
        stores = None
        if self._path is not None:
            headers = [ColumnHeader("t", np.dtype(np.float64), None, SECOND)]
            if self.kind == "events":
                headers.append(ColumnHeader("i", np.dtype(np.int32), None, DIMENSIONLESS))
            for (name, symbol), dtype in zip(variables.items(), dtypes, strict=True):
                headers.append(ColumnHeader(name, dtype, width, symbol.dimension))
            about = {"kind": self.kind, "name": self.name, "source": self.source.name}
            self._folder = RecordingFolder(self._path, about, tuple(headers), numbers)
            stores = self._folder.stores()
        self.recording = Recording(len(variables), width, None, self._span, dtypes, stores)

    def make_folder(self) -> None:
        """Make the folder on disk, where there is to be one, before the first row."""
        if self._folder is not None:
            self._folder.create()
            self._folder = None

    def tell_of_run(self, told: Mapping[str, Any]) -> None:
        """Write down beside what is recorded to disk what a run is made with."""
        if self._path is not None and self._path.is_dir():
            tell_of_run(self._path, told)

    @property
    def to_disk(self) -> bool:
        """Whether it records to disk."""
        return self._path is not None

    def clear(self) -> None:
        """Forget what was recorded."""
        self.recording.clear()

    def begin_again(self) -> None:
        self.clear()

    def stored(self) -> dict[str, AnyArray]:
        rows = self.recording.all()
        columns = {f"column {k}": column.copy() for k, column in enumerate(rows.columns)}
        return {"times": rows.times.copy(), "indices": rows.indices.copy(), **columns}

    def restore(self, state: Mapping[str, AnyArray]) -> None:
        self.recording.clear()
        if len(state["times"]):
            self.make_folder()
            columns = tuple(np.asarray(state[f"column {k}"]) for k in range(len(self.columns)))
            self.recording.add(Chunk(np.asarray(state["times"]), np.asarray(state["indices"]), columns))

    @property
    def needs(self) -> tuple[SimulatedObject, ...]:
        if isinstance(self.source, Synapses):
            return (self.source,)
        return (whole(self.source)[0],)

    def part(self, clock: int) -> RecordingPart:
        """The monitor as a part of a network to be compiled."""
        moment = Moment(clock, self.when, self.order)
        event = getattr(self, "event", "spike")
        return RecordingPart(self.name, self.kind, self.needs[0].name, moment, event, self._written())

    def _written(self) -> tuple[Expression, ...]:
        """What is written down of each element."""
        return tuple(Name(column) for column in self.columns)

    def buffers(self) -> Recordings:
        """Memory for what a running program writes down."""
        raise NotImplementedError

    def columns_of(self, variables: str | Sequence[str] | bool | None, always: Sequence[str]) -> dict[str, Symbol]:
        """The variables of the source to be recorded, by their names.

        Parameters
        ----------
        variables : str, sequence of str, True or None
            True stands for all that the source has itself.
        always : sequence of str
            What is recorded in any case, and so needs no column.

        Raises
        ------
        UnknownNameError
            The source has no such variable.
        """
        symbols: Mapping[str, Symbol] = self.source.symbols
        if variables is True:
            chosen = [n for n, s in symbols.items() if s.side == "own" and s.meaning not in ("index", "size", "time")]
        elif isinstance(variables, str):
            chosen = [variables]
        else:
            chosen = list(variables or ())
        for name in chosen:
            if name not in always and (name not in symbols or symbols[name].meaning in ("size", "time")):
                raise UnknownNameError(
                    f"'{self.source.name}' has no variable '{name}' to record", kind="name", hint=nearest(name, symbols)
                )
        return {name: symbols[name] for name in chosen if name not in always}

    # reading

    def column(self, name: str) -> AnyArray:
        """What was recorded of a variable, in SI base units."""
        return self.recording.all().columns[self.columns.index(name)][:, 0]

    def __setattr__(self, name: str, value: Any) -> None:
        if name.removesuffix("_") in self.__dict__.get("_variables", ()) and name not in self.__dict__:
            raise ReadOnlyError(f"'{name}' of '{self.name}' cannot be set: it is what was recorded")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        variables: Mapping[str, Symbol] = self.__dict__.get("_variables", {})
        plain, with_unit = attribute(name, variables)
        if plain not in variables:
            kind = type(self).__name__
            known = f"it records {', '.join(('t', *variables))}" if variables else ""
            raise UnknownNameError(f"{kind} has no attribute '{name}'", hint=nearest(plain, variables) or known)
        values = self.column(plain)
        return quantity(values, variables[plain].dimension) if with_unit else values

    def __dir__(self) -> list[str]:
        """Attributes, with the recorded variables: what the Tab key offers."""
        recorded = [name for name in self.__dict__.get("_variables", {}) if not hasattr(type(self), name)]
        return sorted({*super().__dir__(), *recorded, *(f"{name}_" for name in recorded)})

    @property
    def t_(self) -> Real:
        """Times in seconds, as plain numbers."""
        return self.recording.all().times

    @property
    def t(self) -> Any:
        """Times."""
        return quantity(self.t_, SECOND)

    @property
    def N(self) -> int:  # the field's name
        """Number of rows: events, or times at which something was recorded."""
        return len(self.recording.all())

    def __len__(self) -> int:
        return self.N

    def __bool__(self) -> bool:
        return True

    # exporting

    @property
    def row_names(self) -> tuple[str, ...]:
        """What is exported with one value, or one row of values, for each row of the recording."""
        return ("t", *self.columns)

    @property
    def summaries(self) -> tuple[str, ...]:
        """What is exported besides."""
        return ("N",)

    def state_names(self, subexpressions: bool, read_only_variables: bool, rows_only: bool) -> tuple[str, ...]:
        if not read_only_variables:
            return ()  # what was recorded cannot be set
        return self.row_names if rows_only else (*self.row_names, *self.summaries)

    def exported(self, name: str, units: bool) -> Any:
        """What is exported under a name.

        Raises
        ------
        UnknownNameError
            There is nothing of the name.
        """
        names = (*self.row_names, *self.summaries)
        if name not in names:
            raise UnknownNameError(
                f"'{self.name}' has nothing of the name '{name}'", kind="name", hint=nearest(name, names)
            )
        if name == "N":
            return np.asarray(self.N)
        if name in self._variables or name == "t":
            return getattr(self, name if units else f"{name}_")
        return getattr(self, name)

    def set_state(self, name: str, value: Any, units: bool) -> None:
        raise ReadOnlyError(f"'{name}' of '{self.name}' cannot be set: it is what was recorded")
