"""A constructor that is called wrongly says which argument was meant, whatever class it is of."""

import inspect
import re

import pytest

import jupyspike
from jupyspike import ArgumentError, Equations, NeuronGroup, Slider, Soma, StateMonitor, Synapses, TimedArray, ms, um
from jupyspike.widgets import Raster
from jupyspike_engine.calls import explain_calls
from jupyspike_engine.diagnostics import ArgumentTypeError


class OfTheUser(NeuronGroup):
    def __init__(self, size):
        super().__init__(size, "v : 1", treshold="v > 1")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda group: NeuronGroup(1, "v : 1", treshold="v > 1"),
         "NeuronGroup() has no argument 'treshold'\n    try: did you mean 'threshold'?"),
        (lambda group: StateMonitor(group, "v", records=True), "did you mean 'record'?"),
        (lambda group: Synapses(group, group, onpre="v += 1"), "did you mean 'on_pre'?"),
        (lambda group: TimedArray([1, 2], DT=ms), "did you mean 'dt'?"),
        (lambda group: Soma(diam=1 * um), "Soma() has no argument 'diam'\n    try: did you mean 'diameter'?"),
        (lambda group: Raster(group, colour=3), "Raster() has no argument 'colour'\n    try: arguments are: height"),
        (lambda group: Slider("tau", 1 * ms),
         "Slider() lacks the argument 'high'\n    expected: Slider(name, low, high, ...)"),
        (lambda group: NeuronGroup(), "NeuronGroup() lacks the arguments 'N' and 'model'"),
        (lambda group: Equations(), "Equations() lacks the argument 'equations'"),
        (lambda group: OfTheUser(3), "NeuronGroup() has no argument 'treshold'"),
        (lambda group: OfTheUser(sise=3), "OfTheUser() has no argument 'sise'\n    try: did you mean 'size'?"),
    ],
)  # fmt: skip
def test_the_argument_that_was_meant_is_named(call, said):
    group = NeuronGroup(2, "v : 1", threshold="v > 1")
    group.used()
    with pytest.raises(ArgumentTypeError, match=re.escape(said)):
        call(group)


def test_each_public_class_with_a_constructor_explains_it():
    classes = [value for name in jupyspike.only.__all__ if isinstance(value := getattr(jupyspike, name), type)]
    own = [cls for cls in classes if inspect.isfunction(vars(cls).get("__init__"))]
    assert len(own) > 20
    assert [cls for cls in own if not hasattr(cls.__init__, "__wrapped__")] == []


def test_a_type_error_within_a_constructor_is_left_as_it_is():
    class Adding:
        def __init__(self, one, other=None):
            one + other

    explain_calls(Adding)
    with pytest.raises(TypeError, match="unsupported operand") as caught:
        Adding(1)
    assert not isinstance(caught.value, ArgumentError)
    with pytest.raises(TypeError, match="takes from 2 to 3 positional arguments"):
        Adding(1, 2, 3)
    assert list(inspect.signature(Adding).parameters) == ["one", "other"]
