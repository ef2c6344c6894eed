"""The examples in the docstrings of both packages give what they say."""

import doctest
import importlib
import pkgutil

import pytest


def modules() -> list[str]:
    found = []
    for package in ("jupyspike", "jupyspike_engine"):
        path = importlib.import_module(package).__path__
        found += [module.name for module in pkgutil.walk_packages(path, f"{package}.")]
    return sorted(found)


@pytest.mark.parametrize("name", modules())
def test_the_examples_run(name):
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.failed == 0
