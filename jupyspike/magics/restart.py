"""Beginning again: the state in which the objects of a notebook were at t = 0, and going back to it."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyspike_engine.objects.base import SimulatedObject
from jupyspike_engine.objects.neurongroup import NeuronGroup
from jupyspike_engine.objects.owner import VariableOwner
from jupyspike_engine.objects.running.movable import written
from jupyspike_engine.objects.synaptic.synapses import Synapses
from jupyspike_engine.targets.interface import AnyArray


@dataclass(frozen=True)
class State:
    """What a run may change of an object: arrays of its variables, values of its constants."""

    arrays: dict[str, AnyArray]
    constants: dict[str, Any]


class Beginnings:
    """The states of objects at t = 0."""

    def __init__(self) -> None:
        self._states: weakref.WeakKeyDictionary[SimulatedObject, State] = weakref.WeakKeyDictionary()

    def remember(self, objects: Iterable[SimulatedObject]) -> None:
        """Note the state of objects that are about to be simulated for the first time."""
        owners = [item for item in objects if isinstance(item, (NeuronGroup, Synapses))]
        pathways = [item for item in owners if isinstance(item, Synapses)]
        for item in owners:
            changing = {name: item.arrays[name] for name in _changing(item, pathways)}
            arrays = {name: array[_places(item, array)].copy() for name, array in changing.items()}
            self._states[item] = State(arrays, dict(item.namespace))

    def go_back(self, objects: Iterable[SimulatedObject]) -> None:
        """Give objects the state that was remembered of them; those of which none was stay as they are."""
        for item in objects:
            state = self._states.get(item)
            if state is not None and isinstance(item, VariableOwner):
                for name, kept in state.arrays.items():
                    if kept.shape == item.arrays[name].shape:  # other synapses may have been made since
                        item.arrays[name][_places(item, kept)] = kept
                item.namespace.update(state.constants)


def _places(owner: VariableOwner, array: AnyArray) -> slice | npt.NDArray[np.int32]:
    """Where the values are in their order: synapses may be stored in another order in each run."""
    in_order = isinstance(owner, Synapses) and len(array) == len(owner)
    return owner.indices_of(slice(None)) if in_order else slice(None)


def _changing(owner: NeuronGroup | Synapses, pathways: Iterable[Synapses]) -> list[str]:
    """The variables of an object that may change while it is simulated."""
    fixed = set(owner.equations.parameter_names)
    changed = written(owner, pathways)
    return [name for name in owner.arrays if name not in fixed or name in changed]
