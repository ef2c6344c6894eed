"""Names of other packages that are loaded when they are first used."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, MutableMapping
from types import ModuleType
from typing import Any

from jupyspike_engine.diagnostics import MissingPackageError


def load(module: str) -> ModuleType:
    """Import a module.

    Raises
    ------
    MissingPackageError
        Its package is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as problem:
        package = module.partition(".")[0]
        if problem.name != package:
            raise
        raise MissingPackageError(f"{package} is not installed", kind="name", hint=f"pip install {package}") from None


class _Documentation:
    """The text of the thing itself; of the class, its own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, deferred: Deferred | None, owner: type) -> str | None:
        return self.text if deferred is None else inspect.getdoc(deferred.loaded())


class Deferred:
    """A function or class of a module that is loaded when the function is first called or looked into.

    It has the signature and the documentation of what it stands for. A deferred class can be subclassed and takes part
    in `isinstance`.

    Parameters
    ----------
    module, name : str
        Where it is.

    Examples
    --------
    >>> ratio = Deferred("fractions", "Fraction")
    >>> ratio
    <Fraction of fractions>
    >>> ratio(1, 2), isinstance(ratio(1, 2), ratio)
    (Fraction(1, 2), True)
    """

    __slots__ = ("_module", "_name")
    __doc__ = _Documentation(__doc__)

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def loaded(self) -> Any:
        """The thing itself.

        Raises
        ------
        MissingPackageError
            Its package is not installed, or the installed version does not have it.
        """
        module = load(self._module)
        try:
            return getattr(module, self._name)
        except AttributeError:
            package = self._module.partition(".")[0]
            raise MissingPackageError(f"the installed version of {package} has no {self._name}", kind="name") from None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.loaded()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in ("__name__", "__qualname__"):
            return self._name
        if name == "__signature__":
            return inspect.signature(self.loaded())
        if name.startswith("__"):
            raise AttributeError(name)  # tools ask for it, such as __array__: that loads nothing
        return getattr(self.loaded(), name)

    def __dir__(self) -> list[str]:
        return dir(self.loaded())

    def __repr__(self) -> str:
        return f"<{self._name} of {self._module}>"

    def __reduce__(self) -> Any:
        return type(self), (self._module, self._name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self.loaded(),)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self.loaded())

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, self.loaded())


class DeferredMapping(Deferred, MutableMapping[Any, Any]):
    """A mapping of a module that is loaded when the mapping is first used, such as the ``rcParams`` of matplotlib."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        return self.loaded()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.loaded()[key] = value

    def __delitem__(self, key: Any) -> None:
        del self.loaded()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.loaded())

    def __len__(self) -> int:
        return len(self.loaded())


class DeferredModule(ModuleType):
    """A module that is loaded when one of its attributes is first asked for.

    Examples
    --------
    >>> colors = DeferredModule("colorsys")
    >>> colors.rgb_to_hsv(1.0, 0.0, 0.0)
    (0.0, 1.0, 1.0)
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__all__", "__file__", "__path__", "__version__"):
            raise AttributeError(name)  # tools ask for it: that loads nothing
        return getattr(load(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(load(self.__name__))

    def __repr__(self) -> str:
        return f"<module '{self.__name__}', loaded when it is used>"

    def __reduce__(self) -> Any:
        return type(self), (self.__name__,)
