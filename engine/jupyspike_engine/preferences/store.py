"""All preferences with their values, and the sections in which they are found."""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..diagnostics import Diagnostic, Problems, Source, nearest
from .files import Entry, entries, files_of, read, unknown
from .page import as_html, as_text
from .preference import BrianPreference, PreferenceError, PreferenceFileError, UnknownPreferenceError

_log = logging.getLogger("jupyspike.preferences")

Sections = Mapping[str, tuple[str, Mapping[str, BrianPreference]]]


class Section:
    """The preferences whose names begin alike, as attributes: ``prefs.codegen`` has ``target``."""

    __slots__ = ("_all", "_name")

    _all: Preferences
    _name: str

    def __init__(self, preferences: Preferences, name: str) -> None:
        object.__setattr__(self, "_all", preferences)
        object.__setattr__(self, "_name", name)

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # of each section its own
        return self._all.get_documentation(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._all[f"{self._name}.{name}"]

    def __setattr__(self, name: str, value: Any) -> None:
        self._all[f"{self._name}.{name}"] = value

    __getitem__ = __getattr__
    __setitem__ = __setattr__

    def __dir__(self) -> list[str]:
        return self._all.parts_of(self._name)

    def __repr__(self) -> str:
        return as_text(self._all.shown(self._name))

    def _repr_html_(self) -> str:
        return as_html(self._all.shown(self._name))


class Preferences(Mapping[str, Any]):
    """All preferences, by attribute or by name.

    Values that files give are read when the first preference is used: ``~/.brian/user_preferences``,
    ``~/.jupyspike/preferences``, and in the working directory ``brian_preferences`` and ``jupyspike_preferences``; what
    a later one says wins.

    Raises
    ------
    PreferenceError
        There is no such preference, or it cannot have this value.

    Examples
    --------
    >>> prefs.codegen.max_cache_dir_size = 200
    >>> prefs['codegen.max_cache_dir_size']
    200
    >>> prefs.reset_to_defaults()
    """

    def __init__(self, sections: Sections) -> None:
        self._rows: dict[str, BrianPreference] = {}
        self._about: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._unregistered: dict[str, Entry] = {}
        self._files_read = False
        for name, (about, rows) in sections.items():
            self._register(name, about, rows)
        self._own = frozenset(self._rows)

    # values

    def __getitem__(self, name: str) -> Any:
        self._read_files()
        if name in self._values:
            return self._values[name]
        if name in self._rows:
            default = self._rows[name].default
            if isinstance(default, (list, dict)):  # may be changed in place
                return self._values.setdefault(name, copy.deepcopy(default))
            return default
        if self.parts_of(name):
            return Section(self, name)
        raise self._no(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._read_files()
        if name not in self._rows:
            if self.parts_of(name):
                raise PreferenceError(
                    f"{name} is a section", hint=f"its preferences are: {', '.join(self.parts_of(name))}"
                )
            raise self._no(name)
        self._values[name] = self._rows[name].checked(name, value)

    def __delitem__(self, name: str) -> None:
        """Give a preference its default again."""
        if name not in self._rows:
            raise self._no(name)
        self._read_files()
        self._values.pop(name, None)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.parts_of("")]

    def update(self, values: Mapping[str, Any]) -> None:
        """Set several preferences, by their full names."""
        for name, value in values.items():
            self[name] = value

    def is_set(self, name: str) -> bool:
        """Whether somebody gave a preference a value, be it that of its default."""
        self._read_files()
        return name in self._values and not (
            isinstance(self._values[name], (list, dict)) and self._values[name] == self._rows[name].default
        )

    def set_within(self, section: str) -> tuple[tuple[str, str], ...]:
        """The preferences of a section that are not as if nobody had set them, with their values as text."""
        self._read_files()
        found = ((name, value) for name, value in self._values.items() if name.startswith(f"{section}."))
        return tuple((name, repr(value)) for name, value in found if value != self._rows[name].default)

    def default(self, name: str) -> Any:
        """What a preference is when nobody sets it."""
        if name not in self._rows:
            raise self._no(name)
        return copy.deepcopy(self._rows[name].default)

    def reset_to_defaults(self) -> None:
        """Forget all values that were set or read from files."""
        self._files_read = True
        self._values.clear()
        self._unregistered.clear()

    def parts_of(self, section: str) -> list[str]:
        """The names in a section: preferences and further sections."""
        prefix = f"{section}." if section else ""
        found = (name[len(prefix) :].split(".")[0] for name in self._rows if name.startswith(prefix))
        return list(dict.fromkeys(found))

    def _no(self, name: str) -> UnknownPreferenceError:
        return UnknownPreferenceError(f"there is no preference {name}", kind="name", hint=self._nearest(name))

    def _nearest(self, name: str) -> str:
        """The preference or section most like a name, among those of the same section if there is one."""
        section = name.rpartition(".")[0]
        around = [f"{section}.{part}" if section else part for part in self.parts_of(section)]
        return nearest(name, around) or nearest(name, self._rows) or self._same_ending(name)

    def _same_ending(self, name: str) -> str:
        last = name.rpartition(".")[2]
        same = [other for other in self._rows if other.rpartition(".")[2] == last]
        return f"did you mean '{same[0]}'?" if same else ""

    # registering

    def register_preferences(self, prefbasename: str, prefbasedoc: str, **prefs: BrianPreference) -> None:
        """Add preferences of your own.

        Parameters
        ----------
        prefbasename : str
            Their section.
        prefbasedoc : str
            What the section is about.
        **prefs : BrianPreference
            The preferences by their names. Values that files gave for them before are used.

        Raises
        ------
        PreferenceError
            The names are taken, or a file gave a value that is not allowed.

        Examples
        --------
        >>> prefs.register_preferences('mylib', 'My library.', rate=BrianPreference(10*Hz, 'Rate of the background.'))
        >>> prefs.mylib.rate
        10. * hertz
        """
        for name, row in prefs.items():
            full = f"{prefbasename}.{name}"
            if not isinstance(row, BrianPreference):
                raise PreferenceError(f"{full} is no BrianPreference", found=repr(row))
            row.checked(full, row.default)
            if full in self._own or self._clashes(full):
                raise PreferenceError(f"the preference {full} exists already")
        self._register(prefbasename, prefbasedoc, prefs)
        for name in prefs:
            entry = self._unregistered.pop(f"{prefbasename}.{name}", None)
            if entry is not None:
                self._take(entry)

    def _clashes(self, name: str) -> bool:
        """Whether a name is a section, or lies within a preference."""
        parents = name.split(".")
        return bool(self.parts_of(name)) or any(".".join(parents[:k]) in self._rows for k in range(1, len(parents)))

    def _register(self, section: str, about: str, rows: Mapping[str, BrianPreference]) -> None:
        self._about[section] = about
        self._rows.update({f"{section}.{name}": row for name, row in rows.items()})

    # files

    def load_preferences(self) -> None:
        """Read the files that are read when the first preference is used, again.

        What is wrong in them is told, each with its line, and the rest is used.
        """
        self._files_read = True
        for path in files_of(_home(), Path.cwd()):
            source = read(path)
            if source is not None:
                for problem in (*self._take_all(source, problems := Problems()), *problems.found):
                    _log.warning(problem.render())

    def read_preference_file(self, file: Any) -> None:
        """Read a file of preferences.

        Parameters
        ----------
        file : path or text file

        Raises
        ------
        PreferenceError
            With the places of all lines that cannot be understood. Names that nobody registered are only told.
        """
        self._read_files()
        if hasattr(file, "read"):
            source = Source(file.read(), str(getattr(file, "name", "preferences")))
        else:
            found = read(Path(os.fspath(file)).expanduser())
            if found is None:
                raise PreferenceFileError(f"the file {os.fspath(file)} cannot be read")
            source = found
        for strange in self._take_all(source, problems := Problems()):
            _log.warning(strange.render())
        if problems:
            raise PreferenceError(problems.found)

    def check_all_validated(self) -> None:
        """Tell of the names in files that nobody has registered."""
        self._read_files()
        for entry in self._unregistered.values():
            _log.warning(unknown(entry, self._nearest(entry.name)).render())

    def _read_files(self) -> None:
        if not self._files_read:
            self.load_preferences()

    def _take_all(self, source: Source, problems: Problems) -> list[Diagnostic]:
        """Use what stands in a file; gives what is said of names that nobody registered."""
        strange = []
        for entry in entries(source, problems):
            if entry.name not in self._rows:
                self._unregistered[entry.name] = entry
                strange.append(unknown(entry, self._nearest(entry.name)))
            else:
                with problems.collecting(entry.place):
                    self._take(entry)
        return strange

    def _take(self, entry: Entry) -> None:
        self._values[entry.name] = self._rows[entry.name].checked(entry.name, entry.value)

    # showing

    @property
    def as_file(self) -> str:
        """All preferences with their values, as the text of a file."""
        return self._file({name: self[name] for name in self})

    @property
    def defaults_as_file(self) -> str:
        """All preferences with their defaults, as the text of a file."""
        return self._file({name: row.default for name, row in self._rows.items()})

    def _file(self, values: Mapping[str, Any]) -> str:
        lines: list[str] = []
        for section, about in self._about.items():
            lines += ["", f"# {about}", f"[{section}]"]
            for name, row in self._rows.items():
                if name.rpartition(".")[0] == section:
                    lines += ["", *(f"# {line}" for line in row.docs.splitlines())]
                    lines.append(f"{name.rpartition('.')[2]} = {row.representor(values[name])}")
        return "\n".join([*lines[1:], ""])

    def get_documentation(self, basename: str | None = None, link_targets: bool = True) -> str:
        """What preferences are for: all, those of a section, or one; ``link_targets`` changes nothing.

        Examples
        --------
        >>> print(prefs.get_documentation('core.default_integer_dtype'))
        core.default_integer_dtype = int32
            The type of integer variables.
        """
        lines: list[str] = []
        wanted = basename or ""
        chosen = [name for name in self._rows if not wanted or name == wanted or name.startswith(f"{wanted}.")]
        if not chosen:
            raise self._no(wanted)
        if wanted in self._about:
            lines += [self._about[wanted], ""]
        for name in chosen:
            row = self._rows[name]
            lines.append(f"{name} = {row.representor(row.default)}")
            lines += [f"    {line}" for line in row.docs.splitlines()]
        return "\n".join(lines)

    def shown(self, section: str) -> list[tuple[str, str, bool, str]]:
        """Name, value, whether it is not the default, and purpose of the preferences in a section."""
        prefix = f"{section}." if section else ""
        return [
            (name, row.representor(self[name]), bool(self[name] != row.default), row.docs)
            for name, row in self._rows.items()
            if name.startswith(prefix)
        ]

    def __repr__(self) -> str:
        return as_text(self.shown(""))

    def _repr_html_(self) -> str:
        return as_html(self.shown(""))


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a container that runs as a user nobody knows
        return Path("/nonexistent")
