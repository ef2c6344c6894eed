"""The examples in the documentation of the package run and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

from jupyspike_engine import units
from jupyspike_engine.units import dimensions, functions, notation

MODULES = [f"jupyspike_engine.units.{module.name}" for module in pkgutil.iter_modules(units.__path__)]
NAMES = {**vars(functions), **vars(units), **vars(dimensions), **units.UNITS}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, monkeypatch):
    # an example registers a unit
    monkeypatch.setattr(notation, "_registered", {})
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs=NAMES)
    notation.scales.cache_clear()
    assert result.failed == 0
