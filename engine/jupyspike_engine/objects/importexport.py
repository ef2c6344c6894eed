"""Exporting the values of objects, and setting them from what was exported, in formats that can be added to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError, NotAvailableError, nearest


class Exported(Protocol):
    """An object whose values can be exported."""

    name: str

    def exported(self, name: str, units: bool) -> Any: ...


class Imported(Protocol):
    """An object whose values can be set."""

    def set_state(self, name: str, value: Any, units: bool) -> None: ...


class ImportExport(ABC):
    """A format of ``get_states`` and ``set_states``; formats of one's own are subclasses.

    Examples
    --------
    >>> class Lines(ImportExport):
    ...     name = 'lines'
    ...     @staticmethod
    ...     def export_data(group, variables, units=True, level=0):
    ...         return [f'{variable} = {group.state(variable, units)[:]}' for variable in variables]
    ...     @staticmethod
    ...     def import_data(group, data, units=True, level=0):
    ...         for line in data:
    ...             variable, value = line.split(' = ')
    ...             group.state(variable, units)[:] = float(value)
    >>> ImportExport.register(Lines())
    >>> G = NeuronGroup(2, 'v : 1')
    >>> G.set_states(['v = 3'], format='lines')
    >>> G.get_states('v', format='lines')
    ['v = [3. 3.]']
    """

    methods: ClassVar[dict[str, ImportExport]] = {}

    # Whether a format holds only variables with as many values as there are rows.
    rows_only = False

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in ``format=``."""

    @staticmethod
    @abstractmethod
    def export_data(group: Any, variables: Sequence[str], units: bool = True, level: int = 0) -> Any:
        """The values of some variables of an object."""

    @staticmethod
    @abstractmethod
    def import_data(group: Any, data: Any, units: bool = True, level: int = 0) -> None:
        """Set variables of an object from data that were exported."""

    @staticmethod
    def register(importerexporter: ImportExport) -> None:
        """Make a format known.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            It is not a format, or there is one of its name.
        """
        if not isinstance(importerexporter, ImportExport):
            raise ArgumentTypeError(
                f"{importerexporter!r} is not a format", expected="an object of a class derived from ImportExport"
            )
        if importerexporter.name in ImportExport.methods:
            raise ArgumentError(f"there is already a format '{importerexporter.name}'")
        ImportExport.methods[importerexporter.name] = importerexporter

    @staticmethod
    def of(name: str) -> ImportExport:
        """The format of a name.

        Raises
        ------
        NotAvailableError
            There is none.
        """
        if name not in ImportExport.methods:
            hint = nearest(name, ImportExport.methods) or f"formats are: {', '.join(ImportExport.methods)}"
            raise NotAvailableError(f"'{name}' is not a format of states", hint=hint)
        return ImportExport.methods[name]


class DictImportExport(ImportExport):
    """Values by the names of their variables."""

    name = "dict"

    @staticmethod
    def export_data(group: Exported, variables: Sequence[str], units: bool = True, level: int = 0) -> dict[str, Any]:
        return {variable: group.exported(variable, units) for variable in variables}

    @staticmethod
    def import_data(group: Imported, data: Mapping[str, Any], units: bool = True, level: int = 0) -> None:
        for variable, value in data.items():
            group.set_state(variable, value, units)


class PandasImportExport(ImportExport):
    """A data frame: a column for each variable, ``v[2]`` where several elements were recorded.

    Its ``attrs["provenance"]`` are those of the last run (see `Network.provenance`), which Parquet files keep.
    """

    name = "pandas"
    rows_only = True

    @staticmethod
    def export_data(group: Exported, variables: Sequence[str], units: bool = True, level: int = 0) -> Any:
        import pandas

        if units:
            raise NotAvailableError("a data frame holds plain numbers", hint="units=False")
        columns: dict[str, Any] = {}
        for variable in variables:
            values = np.asarray(group.exported(variable, units))
            if values.ndim == 2:
                elements = getattr(group, "record", range(values.shape[1]))
                columns |= {f"{variable}[{k}]": column for k, column in zip(elements, values.T, strict=True)}
            else:
                columns[variable] = values if values.ndim else values.item()
        lengths = {name: len(values) for name, values in columns.items() if np.ndim(values)}
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{name} {length}" for name, length in lengths.items())
            problem = "the variables of a data frame must be of one length"
            raise ArgumentError(problem, found=said, hint="choose by vars=")
        frame = pandas.DataFrame(columns, index=None if lengths else [0])
        network = getattr(group, "simulated_by", None)
        if network is not None and network.last is not None:
            frame.attrs["provenance"] = network.provenance
        return frame

    @staticmethod
    def import_data(group: Imported, data: Any, units: bool = True, level: int = 0) -> None:
        if units:
            raise NotAvailableError("a data frame holds plain numbers", hint="units=False")
        for variable in data.columns:
            group.set_state(variable, data[variable].to_numpy(), units)


for _format in (DictImportExport(), PandasImportExport()):
    ImportExport.register(_format)
