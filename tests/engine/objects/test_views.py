"""Views of variables in the functions of numpy: they act as arrays of quantities."""

import numpy as np
import pytest

from jupyspike import DimensionMismatchError, NeuronGroup, mV
from jupyspike_engine.units import dimension_of


def test_functions_of_numpy_compute_on_views_what_they_compute_on_their_values():
    group = NeuronGroup(3, "v : volt\nx : 1")
    group.v, group.x = [3, 1, 2] * mV, [3, 1, 2]
    v, x, plain = group.v[:], group.x[:], np.array([1.0, 2.0, 3.0])
    for function in (
        np.sort, np.median, np.diff, np.mean, np.sum, np.max, np.cumsum, np.gradient, np.ravel, np.nanmean, np.unique,
        lambda a: np.concatenate([a, a]), lambda a: np.vstack((a, a)), lambda a: np.percentile(a, 50),
        lambda a: np.average(a, weights=group.x), lambda a: np.roll(a, 1), lambda a: plain * a, lambda a: a * plain,
        lambda a: np.where(group.x > 1, a, 0), lambda a: a @ group.x, lambda a: plain @ a, np.sqrt, np.argsort,
    ):  # fmt: skip
        assert dimension_of(function(group.v)) is dimension_of(function(v))
        np.testing.assert_array_equal(function(group.v), function(v))
        np.testing.assert_array_equal(function(group.x), function(x))
    assert dimension_of(np.sort(group.v_)).is_dimensionless
    for wrong in (np.exp, lambda a: a + plain, lambda a: plain - a, lambda a: np.maximum(a, 1), lambda a: a > plain):
        with pytest.raises(DimensionMismatchError):
            wrong(group.v)


def test_functions_of_numpy_that_write_refuse_views_which_they_could_not_change():
    group = NeuronGroup(3, "x : 1")
    for write in (
        lambda: np.put(group.x, [0], 5), lambda: np.copyto(group.x, 5), lambda: np.add([1, 2, 3], 1, out=group.x)
    ):  # fmt: skip
        with pytest.raises(TypeError):
            write()
    values = np.zeros(3)
    group.x = [1, 2, 3]
    values += group.x
    assert values.tolist() == [1, 2, 3] and group.x[:].tolist() == [1, 2, 3]
