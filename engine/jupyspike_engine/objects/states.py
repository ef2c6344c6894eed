"""States of an object as one object: exported, and set again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..frames import called_from, calling_namespace
from .importexport import ImportExport


class States:
    """The base of what has states: groups, synapses, pathways, monitors."""

    def state_names(self, subexpressions: bool, read_only_variables: bool, rows_only: bool) -> Sequence[str]:
        """What is exported if nothing else is asked for; the arguments are those of `get_states`.

        ``rows_only`` leaves out what has not as many values as there are rows in a table of what is exported.
        """
        raise NotImplementedError

    def exported(self, name: str, units: bool) -> Any:
        """What is exported under a name."""
        raise NotImplementedError

    def set_state(self, name: str, value: Any, units: bool) -> None:
        """Set a variable to what was exported."""
        raise NotImplementedError

    def get_states(
        self,
        vars: str | Sequence[str] | None = None,  # the field's name
        units: bool = True,
        format: str = "dict",  # the field's name
        subexpressions: bool = False,
        read_only_variables: bool = True,
        level: int = 0,
    ) -> Any:
        """Copies of the values of variables, in one object.

        Parameters
        ----------
        vars : str or list of str, optional
            What is wanted; everything by default.
        units : bool
            Whether values are quantities.
        format : str
            'dict', 'pandas' (a data frame, without units) or one that was registered with `ImportExport`.
        subexpressions : bool
            Whether subexpressions are among everything.
        read_only_variables : bool
            Whether what `set_states` cannot set is among everything.
        level : int
            How many frames above the caller the names of subexpressions are looked up.

        Raises
        ------
        UserError
            There is no such variable or format.

        Examples
        --------
        >>> G = NeuronGroup(2, 'dv/dt = -v/(10*ms) : volt')
        >>> G.v = [1, 2]*mV
        >>> G.get_states(read_only_variables=False)
        {'v': array([1., 2.]) * mvolt}
        """
        method = ImportExport.of(format)
        if vars is None:
            names = self.state_names(subexpressions, read_only_variables, method.rows_only)
        else:
            names = [vars] if isinstance(vars, str) else list(vars)
        with called_from(calling_namespace(level)):
            return method.export_data(self, names, units=units, level=level)

    def set_states(self, values: Any, units: bool = True, format: str = "dict", level: int = 0) -> None:
        """Set variables from what `get_states` gave.

        Parameters
        ----------
        values : dict, or what the format is
        units, format, level
            As for `get_states`.

        Raises
        ------
        UserError
            There is no such variable, it cannot be set, or its unit is another one.

        Examples
        --------
        >>> G = NeuronGroup(2, 'v : volt')
        >>> G.set_states({'v': [1, 2]*mV})
        >>> G.v[:]
        array([1., 2.]) * mvolt
        """
        with called_from(calling_namespace(level)):
            ImportExport.of(format).import_data(self, values, units=units, level=level)
