"""One preference: what it is for, its default, and which values it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..diagnostics import ArgumentError, MissingFileError, UserError
from ..units import Quantity, bare


class PreferenceError(ArgumentError):
    """A preference was given a value that it cannot have, or a file of preferences cannot be read."""


class PreferenceFileError(PreferenceError, MissingFileError):
    """There is no such file of preferences."""


class UnknownPreferenceError(PreferenceError, KeyError, AttributeError):
    """There is no preference of this name."""

    __str__ = UserError.__str__


@dataclass(frozen=True)
class BrianPreference:
    """A preference to be registered with `Preferences.register_preferences`.

    Parameters
    ----------
    default : object
        Its value as long as nobody sets another one; if it has a unit, other values need that unit too.
    docs : str
        What it is for.
    validator : callable, optional
        Whether a value is allowed; by default what is of the type of the default, or of its unit.
    representor : callable
        Writes a value as it would stand in a file of preferences.
    expected : str
        What values are allowed, for messages.
    convert : callable, optional
        Makes the value that is kept of one that was given; a ``ValueError`` or ``TypeError`` means that it is not
        allowed.

    Examples
    --------
    >>> BrianPreference(10*ms, 'Longest delay').checked('mylib.longest', 5*ms)
    5. * msecond
    """

    default: Any
    docs: str
    validator: Callable[[Any], bool] | None = None
    representor: Callable[[Any], str] = repr
    expected: str = ""
    convert: Callable[[Any], Any] | None = None

    def checked(self, name: str, value: Any) -> Any:
        """The value to be kept.

        Raises
        ------
        PreferenceError
            The value is not allowed.
        """
        try:
            if self.convert is not None:
                value = self.convert(value)
            elif not (self.validator or self._like_default)(value):
                raise ValueError
        except (ValueError, TypeError) as problem:
            raise PreferenceError(
                f"the preference {name} cannot be {value!r}",
                expected=self.expected or ("" if self.validator else self._kind_of_default()),
                hint=str(problem),
            ) from None
        return value

    def _like_default(self, value: Any) -> bool:
        if isinstance(self.default, Quantity):
            return bool(bare(value)[1] == bare(self.default)[1])
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float):
            return isinstance(value, (int, float)) and not isinstance(value, Quantity)
        return self.default is None or isinstance(value, type(self.default))

    def _kind_of_default(self) -> str:
        if isinstance(self.default, Quantity):
            return f"a value with the unit of {self.default!r}"
        return f"a value such as {self.representor(self.default)}"
