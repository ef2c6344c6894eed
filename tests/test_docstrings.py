"""The examples in the docstrings of both packages give what they say."""

import doctest
import importlib
import pkgutil

import pytest

import jupyspike


def modules() -> list[str]:
    found = []
    for package in ("jupyspike", "jupyspike_engine"):
        path = importlib.import_module(package).__path__
        found += [module.name for module in pkgutil.walk_packages(path, f"{package}.")]
    return sorted(found)


@pytest.mark.parametrize("name", modules())
def test_the_examples_run(name):
    """They stand in a script that begins with ``from jupyspike import *``."""
    module = importlib.import_module(name)
    star = {public: getattr(jupyspike, public) for public in jupyspike.__all__}
    jupyspike.start_scope()
    script = {**star, **vars(module), "__name__": "a script"}
    assert doctest.testmod(module, globs=script, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
