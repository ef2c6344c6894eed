"""What is public is explained, and the examples in the docstrings of both packages give what they say."""

import doctest
import importlib
import inspect
import pkgutil
import types
from collections.abc import Iterator
from typing import Any

import pytest

import jupyspike
from jupyspike import only
from jupyspike_engine.numerics.integrator import INTEGRATORS
from jupyspike_engine.units import notation


def modules() -> list[str]:
    found = []
    for package in ("jupyspike", "jupyspike_engine"):
        path = importlib.import_module(package).__path__
        found += [module.name for module in pkgutil.walk_packages(path, f"{package}.")]
    return sorted(found)


@pytest.fixture
def nothing_registered_stays() -> Iterator[None]:
    """Units and methods that examples make known are forgotten after them."""
    registries: tuple[dict[Any, Any], ...] = (notation._registered, INTEGRATORS)
    before = [dict(registry) for registry in registries]
    yield
    for registry, kept in zip(registries, before, strict=True):
        registry.clear()
        registry.update(kept)
    notation.scales.cache_clear()


@pytest.mark.parametrize("name", modules())
def test_the_examples_run(name, nothing_registered_stays):
    """They stand in a script that begins with ``from jupyspike import *``."""
    module = importlib.import_module(name)
    star = {public: getattr(jupyspike, public) for public in jupyspike.__all__}
    jupyspike.start_scope()
    script = {**star, **vars(module), "__name__": "a script"}
    assert doctest.testmod(module, globs=script, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def public() -> dict[str, Any]:
    """The functions and classes of ours that a script can name, without exceptions."""
    own = {name: getattr(only, name) for name in only.__all__}
    kinds = (types.FunctionType, type)
    return {
        name: thing
        for name, thing in own.items()
        if isinstance(thing, kinds)
        and thing.__module__.startswith("jupyspike")
        and not (isinstance(thing, type) and issubclass(thing, BaseException | Warning))
    }


def members(kind: type) -> dict[str, types.FunctionType]:
    """The methods and properties of ours that a class has, with what is behind a property."""
    found = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
    functions = {name: getattr(thing, "fget", getattr(thing, "__func__", thing)) for name, thing in found.items()}
    return {
        name: function
        for name, function in functions.items()
        if isinstance(function, types.FunctionType) and function.__module__.startswith("jupyspike")
    }


@pytest.mark.parametrize("name", public())
def test_what_a_script_can_name_is_explained_with_an_example(name):
    assert ">>> " in (inspect.getdoc(public()[name]) or "")


@pytest.mark.parametrize("name", [name for name, thing in public().items() if isinstance(thing, type)])
def test_all_methods_and_attributes_are_explained_and_have_types(name):
    kind = public()[name]
    for member, function in members(kind).items():
        assert inspect.getdoc(getattr(kind, member)), f"{name}.{member} is not explained"
        lacking = (
            {*inspect.signature(function).parameters, "return"} - function.__annotations__.keys() - {"self", "cls"}
        )
        assert not lacking, f"{name}.{member} does not tell the types of {lacking}"
