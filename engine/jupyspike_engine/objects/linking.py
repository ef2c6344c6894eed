"""Linked variables: a name in one group for a variable of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, UnknownNameError, nearest
from ..language.check import unit_text
from ..language.scope import Symbol
from .variables import VariableView


class LinkedVariable:
    """The variable of a group that another group's linked variable stands for; made by `linked_var`."""

    def __init__(self, group: Any, variable: str, index: Any) -> None:
        self.group, self.variable = group, variable
        self.index_name = index if isinstance(index, str) else None
        self._index = None if isinstance(index, str) or index is None else np.atleast_1d(np.asarray(index))
        if self._index is not None and self._index.dtype.kind not in "iu":
            raise ArgumentTypeError("the index of linked_var must hold whole numbers", found=repr(index))

    @property
    def source_owner(self) -> Any:
        """The whole group whose variable it is."""
        return getattr(self.group, "source", self.group) if hasattr(self.group, "start") else self.group

    def checked(
        self, symbol: Symbol, owner: str, size: int, symbols: Mapping[str, Symbol]
    ) -> npt.NDArray[np.int32] | None:
        """Where each element of a group finds its value, or None where element k is linked to element k.

        Raises
        ------
        UserError
            Units or sizes do not fit.
        """
        source = self.group.symbols[self.variable]
        if source.dimension != symbol.dimension or source.type != symbol.type:
            raise DimensionMismatchError(
                f"'{symbol.name}' of '{owner}' and '{self.variable}' of '{self.group.name}' have different units",
                kind="unit", found=unit_text(source.dimension), expected=unit_text(symbol.dimension),
            )  # fmt: skip
        if symbol.shared and not source.shared and len(self.group) != 1:
            raise ArgumentError(
                f"'{symbol.name}' of '{owner}' is shared, '{self.variable}' of '{self.group.name}' is not",
                hint=f"remove the flag (shared) of '{symbol.name}'",
            )
        if self.index_name is not None:
            self._check_variable(symbols, owner)
            return None
        offset = self.group.offset
        if self._index is not None:
            return self._through_array(size, owner) + np.int32(offset)
        if source.shared:
            return None
        if len(self.group) == 1:
            return np.full(1 if symbol.shared else size, offset, np.int32)
        if len(self.group) != size:
            raise ArgumentError(
                f"'{owner}' has {size} elements and '{self.group.name}' {len(self.group)}: which belong together?",
                hint="linked_var(group, 'name', index=...) with an array or the name of an integer variable",
            )
        return None if offset == 0 else np.arange(offset, offset + size, dtype=np.int32)

    def _check_variable(self, symbols: Mapping[str, Symbol], owner: str) -> None:
        assert self.index_name is not None
        index = symbols.get(self.index_name)
        if index is None or index.type != "integer" or index.meaning != "state" or index.shared:
            whole = [n for n, s in symbols.items() if s.type == "integer" and s.meaning == "state"]
            raise ArgumentError(
                f"'{self.index_name}' is not an integer variable of '{owner}'",
                hint=nearest(self.index_name, whole) or "declare it with a line 'name : integer'",
            )
        if self.group.offset:
            raise ArgumentError("a variable as index counts from the first neuron of a whole group, not of a part")

    def _through_array(self, size: int, owner: str) -> npt.NDArray[np.int32]:
        assert self._index is not None
        if self._index.shape != (size,):
            raise ArgumentError(f"the index of linked_var has {self._index.size} values, '{owner}' has {size} elements")
        if self._index.min() < 0 or self._index.max() >= len(self.group):
            raise ArgumentError(
                f"the index of linked_var is outside '{self.group.name}'", expected=f"0 to {len(self.group) - 1}"
            )
        return self._index.astype(np.int32)

    def __repr__(self) -> str:
        return f"linked_var({self.group.name}, {self.variable!r})"


def linked_var(group_or_variable: Any, name: str | None = None, index: Any = None) -> LinkedVariable:
    """What a linked variable of a group is set to: a variable of another group.

    Parameters
    ----------
    group_or_variable : NeuronGroup, Subgroup, Synapses or variable
        A group, or a variable of it such as ``group.v``.
    name : str, optional
        The variable's name, if a group is given.
    index : array of int or str, optional
        For each element the element of the other group; or the name of an integer variable that has these numbers.
        Not needed for groups of the same size, groups of one element and shared variables.

    Raises
    ------
    UnknownNameError
        The group has no such variable.

    Examples
    --------
    >>> source = NeuronGroup(2, 'x : volt')
    >>> target = NeuronGroup(4, 'y : volt (linked)')
    >>> target.y = linked_var(source, 'x', index=[0, 0, 1, 1])
    >>> source.x = [1, 2] * mV
    >>> target.y[:]
    array([1., 1., 2., 2.]) * mvolt
    """
    if isinstance(group_or_variable, VariableView):
        if name is not None:
            raise ArgumentError("give either a variable, or a group and a name")
        return LinkedVariable(group_or_variable.owner, group_or_variable.name, index)
    symbols = getattr(group_or_variable, "symbols", None)
    if symbols is None:
        raise ArgumentTypeError("linked_var needs a group or one of its variables", found=repr(group_or_variable))
    if name is None or name not in symbols or symbols[name].side != "own" or symbols[name].meaning == "time":
        own = [n for n, s in symbols.items() if s.side == "own"]
        raise UnknownNameError(
            f"'{group_or_variable.name}' has no variable '{name}'", kind="name", hint=nearest(str(name), own)
        )
    return LinkedVariable(group_or_variable, name, index)
