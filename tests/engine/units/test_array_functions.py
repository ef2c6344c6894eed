"""numpy's functions on arrays compute on quantities what they compute on plain values, and check and carry units."""

import numpy as np
import pytest

from jupyspike_engine.units import (
    DIMENSIONLESS,
    DimensionMismatchError,
    Quantity,
    amp,
    dimension_of,
    ms,
    mV,
    nS,
    pA,
    second,
    volt,
)

VOLT = volt.dim
A = np.array([[3.0, 1.0, 2.0], [5.0, 4.0, 6.0]])

KEEP = {
    "max": (),
    "min": (),
    "mean": (),
    "median": (),
    "std": (),
    "sum": (),
    "ptp": (),
    "average": (),
    "nansum": (),
    "nanmean": (),
    "nanmedian": (),
    "nanmax": (),
    "nanstd": (),
    "percentile": (30,),
    "quantile": (0.3,),
    "cumsum": (),
    "round": (1,),
    "real": (),
    "sort": (),
    "take": ([0, 2],),
    "repeat": (2,),
    "tile": (2,),
    "resize": ((3, 3),),
    "roll": (1,),
    "ravel": (),
    "reshape": ((3, 2),),
    "squeeze": (),
    "expand_dims": (0,),
    "transpose": (),
    "swapaxes": (0, 1),
    "moveaxis": (0, 1),
    "flip": (),
    "rot90": (),
    "broadcast_to": ((4, 2, 3),),
    "diagonal": (),
    "diag": (),
    "trace": (),
    "tril": (),
    "delete": ([0],),
    "copy": (),
    "diff": (),
    "ediff1d": (),
    "atleast_1d": (),
    "atleast_2d": (),
    "atleast_3d": (),
    "zeros_like": (),
    "nan_to_num": (),
    "pad": (1,),
    "unique": (),
}

PLAIN = {
    "argmax": (),
    "argmin": (),
    "nanargmax": (),
    "argsort": (),
    "nonzero": (),
    "flatnonzero": (),
    "argwhere": (),
    "count_nonzero": (),
    "all": (),
    "any": (),
    "isreal": (),
    "ndim": (),
    "shape": (),
    "size": (),
    "corrcoef": (),
    "ones_like": (),
}


@pytest.mark.parametrize("name", KEEP)
def test_a_function_keeps_the_unit(name):
    function = getattr(np, name)
    result = function(A * volt, *KEEP[name])
    assert dimension_of(result) is VOLT
    assert np.array_equal(np.asarray(result), function(A, *KEEP[name]))


@pytest.mark.parametrize("name", PLAIN)
def test_a_function_gives_a_plain_result(name):
    function = getattr(np, name)
    result = function(A * volt, *PLAIN[name])
    assert dimension_of(result) is DIMENSIONLESS
    assert np.array_equal(np.asarray(result), function(A, *PLAIN[name]))


@pytest.mark.parametrize("name", ["concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"])
def test_arrays_of_one_unit_are_joined_and_of_several_as_the_plain_numbers_of_a_table(name):
    function = getattr(np, name)
    result = function([A * volt, A * volt])
    assert result.dim is VOLT
    assert np.array_equal(np.asarray(result), function([A, A]))
    for other in (A, A * amp):
        table = function([A * volt, other])
        assert type(table) is np.ndarray and np.array_equal(table, function([A, A]))
    assert function([A * volt, np.zeros((2, 3))]).dim is VOLT


@pytest.mark.parametrize("name", ["array_split", "split", "hsplit", "vsplit"])
def test_parts_of_an_array_have_its_unit(name):
    parts = getattr(np, name)(np.ones((2, 2)) * volt, 2)
    assert len(parts) == 2
    assert all(part.dim is VOLT for part in parts)


@pytest.mark.parametrize("name", ["dot", "vdot", "inner", "outer", "kron", "convolve", "correlate", "cross"])
def test_products_multiply_units(name):
    function = getattr(np, name)
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 7.0])
    result = function(x * volt, y * amp)
    assert result.dim is VOLT * amp.dim
    assert np.array_equal(np.asarray(result), function(x, y))


def test_variances_have_the_square_of_the_unit():
    for function in (np.var, np.nanvar, np.cov):
        assert function(A * volt).dim is VOLT**2
        assert np.allclose(np.asarray(function(A * volt)), function(A))


def test_the_choice_between_two_values_needs_one_unit():
    q = [1, 2, 3] * mV
    assert np.all(np.where(q > 1.5 * mV, q, 0) == [0, 2, 3] * mV)
    assert np.all(np.where(q > 1.5 * mV, q, -1 * mV) == [-1, 2, 3] * mV)
    assert np.array_equal(np.where(q > 1.5 * mV)[0], [1, 2])
    assert np.array_equal(np.where([0, 1] * mV)[0], [1])
    chosen = np.where(q > 1.5 * mV, q, np.nan)
    assert chosen.dim is VOLT and np.isnan(chosen[0]) and chosen[1] == 2 * mV
    for other in (3 * amp, 3, [np.nan, 1, 2]):
        with pytest.raises(DimensionMismatchError, match="volt and"):
            np.where(q > 1.5 * mV, q, other)
    assert np.all(np.select([q > 2 * mV], [q], 1 * mV) == [1, 1, 3] * mV)
    assert np.all(np.piecewise(q, [q > 2 * mV], [5 * mV, 1 * mV]) == [1, 1, 5] * mV)


def test_ranges_have_the_unit_of_their_limits():
    assert np.all(np.linspace(0 * mV, 10 * mV, 3) == [0, 5, 10] * mV)
    assert np.all(np.linspace(0, 10 * mV, num=3) == [0, 5, 10] * mV)
    values, step = np.linspace(0 * mV, 10 * mV, 3, retstep=True)
    assert step == 5 * mV
    assert values.dim is VOLT
    assert np.allclose(np.geomspace(1 * mV, 100 * mV, 3), [1, 10, 100] * mV)
    with pytest.raises(DimensionMismatchError):
        np.linspace(0 * mV, 10, 3)


def test_values_are_added_to_an_array_with_their_unit():
    q = [1, 2] * mV
    assert np.all(np.append(q, 3 * mV) == [1, 2, 3] * mV)
    assert np.all(np.append([], q) == q) and np.array_equal(np.append(q, 3), [0.001, 0.002, 3])
    assert np.all(np.insert(q, 1, 9 * mV) == [1, 9, 2] * mV)
    assert np.all(np.pad(q, 1, constant_values=7 * mV) == [7, 1, 2, 7] * mV)
    assert np.all(np.diff(q, prepend=0 * mV) == [1, 1] * mV)
    for wrong in (lambda: np.insert(q, 1, 9 * amp), lambda: np.pad(q, 1, constant_values=7)):
        with pytest.raises(DimensionMismatchError):
            wrong()


def test_sets_have_one_unit():
    q, r = [1, 2, 2] * mV, [2, 3] * mV
    assert np.all(np.union1d(q, r) == [1, 2, 3] * mV)
    assert np.all(np.intersect1d(q, r) == [2] * mV)
    assert np.all(np.setdiff1d(q, r) == [1] * mV)
    assert np.array_equal(np.isin(q, r), [False, True, True])
    values, counts = np.unique(q, return_counts=True)
    assert values.dim is VOLT
    assert np.array_equal(counts, [1, 2])
    with pytest.raises(DimensionMismatchError):
        np.union1d(q, [1, 2] * amp)


def test_places_in_a_sorted_array_are_found_by_values_of_the_unit():
    edges = [0, 1, 2] * mV
    assert np.searchsorted(edges, 1.5 * mV) == 2
    assert np.array_equal(np.digitize([0.5, 1.5] * mV, edges), [1, 2])
    with pytest.warns(UserWarning, match=r"digitize\(\) got numbers without a unit .* they are taken in volt"):
        assert np.array_equal(np.digitize([0.0005], edges), [1])
    with pytest.raises(DimensionMismatchError, match="volt"):
        np.digitize([0.5] * ms, edges)


def test_equality_of_arrays_needs_one_unit():
    q = [1, 2] * mV
    assert np.array_equal(q, [1, 2] * mV)
    assert np.allclose(q, q * (1 + 1e-9))
    with pytest.raises(DimensionMismatchError):
        np.allclose(q, [1, 2])


def test_closeness_is_relative_because_no_absolute_tolerance_suits_all_units():
    assert not np.isclose(1 * pA, 2 * pA)
    assert np.isclose(1 * pA, 2 * pA, atol=1 * pA)


def test_numpys_testing_functions_know_units():
    q = [1, 2] * mV
    np.testing.assert_allclose(q, [1, 2] * mV)
    np.testing.assert_array_equal(q, [1, 2] * mV)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(q, [1, 3] * mV)
    with pytest.raises(DimensionMismatchError):
        np.testing.assert_allclose(q, [1, 2])


def test_a_histogram_counts_and_has_edges_in_the_unit():
    q = [1, 2, 2, 4] * mV
    counts, edges = np.histogram(q, bins=[0, 2, 5] * mV)
    assert np.array_equal(counts, [1, 3])
    assert edges.dim is VOLT
    density, _ = np.histogram(q, bins=2, range=(0 * mV, 4 * mV), density=True)
    assert density.dim is 1 / VOLT
    weighted, _ = np.histogram(q, bins=2, weights=[1, 1, 1, 1] * nS)
    assert weighted.dim is nS.dim
    with pytest.raises(DimensionMismatchError):
        np.histogram(q, bins=[0, 2, 5] * ms)


@pytest.mark.parametrize("limits", [{"bins": [0, 0.002, 0.005]}, {"bins": 2, "range": (0, 0.005)}])
def test_limits_of_a_histogram_without_a_unit_are_in_base_units_which_is_told(limits):
    with pytest.warns(UserWarning, match="taken in volt") as told:
        counts, edges = np.histogram([1, 2, 2, 4] * mV, **limits)
    assert counts.sum() == 4 and type(edges) is np.ndarray and edges[-1] == 0.005
    assert told[0].filename == __file__


def test_a_histogram_of_two_quantities_has_the_unit_of_each():
    counts, times, voltages = np.histogram2d([1, 2] * ms, [3, 4] * mV, bins=([0, 2, 4] * ms, 3))
    assert counts.shape == (2, 3) and (times.dim, voltages.dim) == (second.dim, VOLT)


def test_interpolation_has_positions_of_one_unit_and_values_of_another():
    assert np.interp(1.5 * ms, [1, 2] * ms, [10, 20] * mV) == 15 * mV
    assert np.interp(3 * ms, [1, 2] * ms, [10, 20] * mV, right=0) == 0 * mV
    with pytest.raises(DimensionMismatchError):
        np.interp(1.5 * mV, [1, 2] * ms, [10, 20] * mV)
    with pytest.warns(UserWarning, match="taken in second"):
        assert np.interp(0.0015, [1, 2] * ms, [10, 20] * mV) == 15 * mV


def test_derivatives_and_integrals_combine_units():
    v = [0, 1, 4] * mV
    assert np.all(np.gradient(v, 1 * ms) == np.gradient([0, 1, 4]) * mV / ms)
    assert np.gradient(v).dim is VOLT
    slopes = np.gradient(np.ones((2, 3)) * mV, 1 * ms, 1 * nS)
    assert [slope.dim for slope in slopes] == [VOLT / second.dim, VOLT / nS.dim]
    integrate = getattr(np, "trapezoid", None) or np.trapz
    assert np.isclose(integrate(v, [0, 1, 2] * ms), 3 * mV * ms)
    assert np.isclose(integrate(v, dx=1 * ms), 3 * mV * ms)


def test_weights_of_an_average_may_have_a_unit_of_their_own():
    assert np.isclose(np.average([1, 3] * mV, weights=[1, 1] * nS), 2 * mV)


def test_grids_and_broadcasts_keep_the_unit_of_each_array():
    for function in (np.meshgrid, np.broadcast_arrays):
        a, b = function([1, 2] * mV, [3, 4] * ms)
        assert (a.dim, b.dim) == (VOLT, second.dim)


def test_full_like_has_the_unit_of_the_value():
    assert np.all(np.full_like(A * volt, 2 * nS) == np.full((2, 3), 2) * nS)


def test_functions_that_write_into_an_array_check_units():
    q = [1, 2, 3] * mV
    np.copyto(q, 5 * mV)
    np.copyto(q, src=5 * mV, where=np.array([True, False, False]))
    np.put(q, [0], 1 * mV)
    np.putmask(q, np.array([False, True, False]), 2 * mV)
    np.place(q, np.array([False, False, True]), [3] * mV)
    assert np.all(q == [1, 2, 3] * mV)
    square = np.zeros((2, 2)) * mV
    np.fill_diagonal(square, 1 * mV)
    assert square[1, 1] == 1 * mV
    for wrong in (lambda: np.copyto(q, 5), lambda: np.put(q, [0], 1 * amp), lambda: np.copyto(np.zeros(3), q)):
        with pytest.raises(DimensionMismatchError):
            wrong()


def test_a_fourier_transform_keeps_the_unit_and_frequencies_have_theirs():
    v = [1, 2, 3, 4] * mV
    assert np.fft.rfft(v).dim is VOLT
    assert np.fft.fftfreq(4, 1 * ms).dim is 1 / second.dim


def test_linear_algebra():
    m = np.array([[2.0, 0.0], [0.0, 4.0]])
    assert np.all(np.linalg.inv(m * volt) == np.linalg.inv(m) / volt)
    assert np.allclose(np.linalg.solve(m * nS, [1, 2] * pA), np.linalg.solve(m, [1, 2]) * pA / nS)
    assert np.linalg.norm([3, 4] * mV) == 5 * mV
    assert np.isclose(np.linalg.det(m * volt), 8 * volt**2)
    assert np.all(np.linalg.eigvals(m * volt) == [2, 4] * volt)
    assert np.all(np.einsum("ij,j", m * nS, [1, 2] * mV) == [2, 8] * nS * mV)
    with pytest.raises(DimensionMismatchError, match=r"linalg\.svd"):
        np.linalg.svd(m * volt)


def test_statistics_of_two_quantities_are_plain_numbers_in_base_units():
    assert np.allclose(np.polyfit([1, 2] * ms, [10, 20] * mV, 1), [10, 0])
    assert np.cov([1, 2] * mV, [3, 4] * mV).dim is VOLT**2
    assert np.allclose(np.cov([1, 2] * ms, [3, 4] * mV), 5e-7)


@pytest.mark.parametrize("call", [np.cumprod, np.sinc, np.unwrap, np.bincount])
def test_functions_of_plain_numbers_refuse_units(call):
    with pytest.raises(DimensionMismatchError, match="without a unit"):
        call([1, 2, 3] * volt)


def test_options_of_a_function_have_no_unit():
    with pytest.raises(DimensionMismatchError, match="without a unit"):
        np.percentile([1, 2] * mV, 50 * mV)


def test_results_go_to_a_given_array_of_the_right_unit():
    out = Quantity(np.zeros(3), dim=VOLT)
    np.median(A * volt, axis=0, out=out)
    assert np.all(out == [4, 2.5, 4] * volt)
    with pytest.raises(DimensionMismatchError):
        np.median(A * volt, axis=0, out=np.zeros(3))


def test_random_generators_shuffle_quantities_in_place():
    q = np.arange(10) * mV
    np.random.default_rng(1).shuffle(q)
    assert q.dim is VOLT
    assert np.allclose(np.sort(q), np.arange(10) * mV)


def test_the_functions_of_an_axis_get_quantities():
    assert np.all(np.apply_along_axis(np.sum, 1, A * volt) == A.sum(axis=1) * volt)
