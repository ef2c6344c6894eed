"""Keeping the state of a network, in memory or in a file, and bringing it back.

The file is a zip archive of numpy arrays (``.npz``) with one description in JSON: it needs neither jupyspike nor Python
to be read, and holds no code. Its layout has a version, which newer programs understand.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...diagnostics import ArgumentError, MissingFileError, UnknownNameError, nearest

FORMAT, VERSION = "jupyspike network state", 1
Arrays = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Checkpoint:
    """The state of a network.

    Attributes
    ----------
    facts : mapping
        Time, steps of clocks and the state of the random numbers: what JSON can hold.
    arrays : dict
        Arrays by ``object/what``.
    """

    facts: Mapping[str, Any]
    arrays: Arrays

    def of(self, name: str) -> Arrays:
        """The arrays of one object."""
        prefix = f"{name}/"
        return {key.removeprefix(prefix): value for key, value in self.arrays.items() if key.startswith(prefix)}

    @property
    def objects(self) -> set[str]:
        return {key.split("/", 1)[0] for key in self.arrays}


def write(path: str | os.PathLike[str], name: str, checkpoint: Checkpoint) -> None:
    """Write a state under a name into a file, beside those with other names that are there already."""
    path = Path(os.path.realpath(path))  # a link stays one
    kept = _read_all(path) if path.exists() else {}
    kept[name] = checkpoint
    arrays: dict[str, Any] = {}
    description: dict[str, Any] = {"format": FORMAT, "version": VERSION, "states": {}}
    for number, (key, state) in enumerate(kept.items()):
        names = list(state.arrays)
        description["states"][key] = {"facts": state.facts, "arrays": names}
        arrays |= {f"{number}_{k}": state.arrays[one] for k, one in enumerate(names)}
    arrays["description"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    _replace(path, arrays)


def _replace(path: Path, arrays: dict[str, Any]) -> None:
    """Write arrays to a file so that nobody sees half of it, and a full disk leaves what was there."""
    written = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            written = Path(file.name)
            np.savez(file, **arrays)
        os.replace(written, path)
    except BaseException as problem:
        if written is not None:
            written.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise ArgumentError(f"the state cannot be written to '{path}'", found=str(problem)) from None
        raise


def read(path: str | os.PathLike[str], name: str) -> Checkpoint:
    """The state with a name from a file.

    Raises
    ------
    MissingFileError, ArgumentError
        There is no file; it is not one of ours, or from a newer version.
    UnknownNameError
        It has no state of this name.
    """
    found = _read_all(Path(path))
    if name not in found:
        hint = nearest(name, found) or f"there are: {', '.join(found)}"
        raise UnknownNameError(f"'{path}' holds no state '{name}'", kind="name", hint=hint)
    return found[name]


def _read_all(path: Path) -> dict[str, Checkpoint]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            description = json.loads(bytes(archive["description"]))
            if description["format"] != FORMAT:
                raise KeyError("format")
            if description["version"] > VERSION:
                raise ArgumentError(
                    f"'{path}' was written by a newer version of jupyspike", found=f"layout {description['version']}",
                    expected=f"layout {VERSION} or older",
                )  # fmt: skip
            return {
                key: Checkpoint(
                    state["facts"], {one: archive[f"{number}_{k}"] for k, one in enumerate(state["arrays"])}
                )
                for number, (key, state) in enumerate(description["states"].items())
            }
    except FileNotFoundError:
        raise MissingFileError(f"there is no file '{path}'", hint="store(filename=...) writes one") from None
    except ArgumentError:
        raise
    except (OSError, EOFError, ValueError, LookupError, TypeError, zipfile.BadZipFile, zlib.error) as problem:
        raise ArgumentError(
            f"'{path}' is not a stored network, or damaged", found=str(problem),
            hint="nothing was changed; store() under another filename, or delete the file",
        ) from None  # fmt: skip
