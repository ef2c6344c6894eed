"""Importing."""

from proofs import Page

from jupyspike import *

section = Page("1. user/import")


@section.must("three ways to import: all names, those without pylab, or the package", once=True)
def ways():
    import jupyspike
    import jupyspike.only

    assert jupyspike.NeuronGroup is jupyspike.only.NeuronGroup is NeuronGroup


@section.must("the star import may follow others: then its names are those with units", once=True)
def last():
    names = {}
    exec("from pylab import *\nfrom numpy import *\nfrom jupyspike import *", names)
    assert names["exp"](1 * mV / mV) == exp(1) and get_dimensions(names["arange"](3 * ms, step=1 * ms)) is second.dim


@section.rare("the preference core.outdated_dependency_error is kept and does nothing", once=True)
def inert():
    assert prefs["core.outdated_dependency_error"] in (True, False)
