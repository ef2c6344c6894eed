"""Recordings on disk, opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...simulation.recordingfolder import RecordingFolder
from ...units import quantity
from ..variables import attribute


class StoredRecording:
    """What a monitor has recorded to disk; nothing is read before it is asked for.

    Attributes of the names of its columns give arrays of quantities, with ``_`` behind them plain numbers: times ``t``,
    for events neurons ``i``, for rates ``rate``, and recorded variables (of states a row for each element).

    Attributes
    ----------
    name, source : str
        Names of the monitor and of what it watched.
    kind : str
        'events', 'state' or 'rate'.
    names : tuple of str
        Of its columns.
    record : array of int
        The recorded elements.

    Examples
    --------
    >>> import tempfile
    >>> G = NeuronGroup(2, 'dv/dt = 1/ms : 1')
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     trace = StateMonitor(G, 'v', record=True, to=f'{folder}/trace')
    ...     run(1*ms)
    ...     stored = load_recording(f'{folder}/trace')
    ...     print(stored.kind, stored.names, stored.v.shape)
    state ('t', 'v') (2, 10)
    """

    def __init__(self, folder: RecordingFolder) -> None:
        self._folder = folder
        self.name: str = folder.about["name"]
        self.source: str = folder.about["source"]
        self.kind: str = folder.about["kind"]
        self.names = tuple(column.name for column in folder.columns)
        self.record: npt.NDArray[np.int32] = folder.elements

    def __len__(self) -> int:
        """Number of rows so far: a run that goes on adds to them."""
        return self._folder.rows

    @property
    def provenance(self) -> list[dict[str, Any]]:
        """What each run was made with, as `Network.provenance` tells it."""
        return self._folder.runs

    def __getattr__(self, name: str) -> Any:
        folder: RecordingFolder | None = self.__dict__.get("_folder")
        plain, with_unit = attribute(name, self.names)
        column = next((column for column in folder.columns if column.name == plain), None) if folder else None
        if folder is None or column is None:
            raise AttributeError(f"the recording has no column '{name}'")
        values = folder.file(column).read(0, folder.rows)
        if column.width is not None:
            values = values.T if self.kind == "state" else values[:, 0]
        return quantity(values, column.dimension) if with_unit else values

    def __dir__(self) -> list[str]:
        """Attributes, with the columns."""
        return sorted({*super().__dir__(), *self.names, *(f"{name}_" for name in self.names)})

    def __repr__(self) -> str:
        columns = ", ".join(self.names)
        return f"<StoredRecording of {columns} by {self.name!r} of {self.source!r}, {len(self)} rows>"


def load_recording(path: str | Path) -> StoredRecording:
    """Open what a monitor has recorded to a folder, in this process or another one, finished or not.

    Parameters
    ----------
    path : str or Path
        What the monitor was given as ``to=``.

    Raises
    ------
    ArgumentError
        There is no recording.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> G = NeuronGroup(2, 'dv/dt = 100*Hz : 1', threshold='v > 1.001', reset='v = 0')
    >>> with TemporaryDirectory() as folder:
    ...     spikes = SpikeMonitor(G, to=f'{folder}/spikes')
    ...     run(25*ms)
    ...     stored = load_recording(f'{folder}/spikes')
    ...     print(stored.i, stored.t/ms)
    [0 1 0 1] [10.  10.  20.1 20.1]
    """
    return StoredRecording(RecordingFolder.open(Path(path)))
