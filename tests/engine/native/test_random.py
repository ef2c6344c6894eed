"""Random numbers: the published generator, the same bits from every implementation, and the right distributions."""

import ctypes
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from jupyspike_engine.build.builder import build
from jupyspike_engine.build.compilers import working_compilers
from jupyspike_engine.native import random
from jupyspike_engine.native.elementary import deviance, exp, log, log_of_rest, stirling

COUNT = 200_000


@pytest.fixture(params=["bridge", "numpy"])
def implementation(request, monkeypatch):
    """The compiled bridge, and the numpy versions that stand in for it."""
    if request.param == "numpy":
        monkeypatch.setattr(random, "bridge", None)
    else:
        assert random.bridge is not None, "the compiled bridge is part of a complete installation"
    return request.param


@pytest.fixture(scope="module", params=["gcc", "clang"])
def header(request):
    """The functions of the header as generated programs have them: compiled with the flags of programs."""
    compiler = next((c for c in working_compilers() if c.kind == request.param), None)
    if compiler is None:
        pytest.skip(f"there is no {request.param} on this machine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CXX", " ".join(compiler.command))
        return compiled_header()


def compiled_header():
    exported = 'extern "C" __attribute__((visibility("default")))'
    source = f"""#include "jupyspike_random.h"
    {exported} void philox(uint64_t s, uint32_t r, uint32_t e, uint64_t t, uint32_t n, uint32_t *out) {{
        const jsp_words w = jsp_philox(s, r, e, t, n);
        out[0] = w.a; out[1] = w.b; out[2] = w.c; out[3] = w.d;
    }}
    {exported} void uniform(uint64_t s, uint32_t r, uint64_t t, uint32_t n, int64_t count, double *out) {{
        for (int64_t k = 0; k < count; ++k) out[k] = jsp_uniform(s, r, (uint32_t)k, t, n);
    }}
    {exported} void normal(uint64_t s, uint32_t r, uint64_t t, uint32_t n, int64_t count, double *out) {{
        for (int64_t k = 0; k < count; ++k) out[k] = jsp_normal(s, r, (uint32_t)k, t, n);
    }}
    {exported} void poisson(uint64_t s, uint32_t r, uint64_t t, uint32_t n, int64_t count, const double *mean,
                            int64_t *out) {{
        for (int64_t k = 0; k < count; ++k) out[k] = jsp_poisson(s, r, (uint32_t)k, t, n, mean[k]);
    }}
    {exported} void binomial(uint64_t s, uint32_t r, uint64_t t, uint32_t n, int64_t count, const double *trials,
                             const double *p, int64_t *out) {{
        for (int64_t k = 0; k < count; ++k) out[k] = jsp_binomial(s, r, (uint32_t)k, t, n, trials[k], p[k]);
    }}
    """
    library = ctypes.CDLL(str(build(source).path))
    u32, u64, i64 = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int64
    library.philox.argtypes = (u64, u32, u32, u64, u32, ctypes.c_void_p)
    for function in (library.uniform, library.normal):
        function.argtypes = (u64, u32, u64, u32, i64, ctypes.c_void_p)
    library.poisson.argtypes = (u64, u32, u64, u32, i64, *[ctypes.c_void_p] * 2)
    library.binomial.argtypes = (u64, u32, u64, u32, i64, *[ctypes.c_void_p] * 3)
    return library


def counters(words, key):
    """Arguments that give the generator these counter and key words."""
    element, low, mixed, stream = words
    number, high = mixed & 0xFFFF, mixed >> 16
    return key[0] | key[1] << 32, stream, element, low | high << 32, number


# Vectors of philox4x32 with 10 rounds that the authors of the generator publish with it.
KNOWN = [
    ((0,) * 4, (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
     (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]  # fmt: skip


@pytest.mark.parametrize(("words", "key", "expected"), KNOWN)
def test_known_answers(words, key, expected, header):
    seed, stream, element, step, number = counters(words, key)
    drawn = random.philox(seed, stream, np.array([element], np.uint32), np.array([step], np.uint64), number)
    assert tuple(int(word[0]) for word in drawn) == expected
    out = np.zeros(4, np.uint32)
    header.philox(seed, stream, element, step, number, out.ctypes.data)
    assert tuple(out.tolist()) == expected


@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**48 - 1)), min_size=1, max_size=5),
    st.integers(0, 2**16 - 1),
)
def test_numpy_and_the_bridge_give_the_same_bits(seed, stream, pairs, number):
    elements = np.array([element for element, _ in pairs], np.uint32)
    steps = np.array([step for _, step in pairs], np.uint64)
    for function in (random.uniform, random.normal):
        compiled = function(seed, stream, elements, steps, number)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(random, "bridge", None)
            np.testing.assert_array_equal(function(seed, stream, elements, steps, number), compiled)


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_generated_programs_draw_the_same_bits(name, header, implementation):
    drawn = getattr(random, name)(123456789123, 77, np.arange(COUNT), 4_000_000_000_123, 3)
    compiled = np.empty(COUNT)
    getattr(header, name)(123456789123, 77, 4_000_000_000_123, 3, COUNT, compiled.ctypes.data)
    np.testing.assert_array_equal(drawn, compiled)


INFINITY, NAN = math.inf, math.nan
MEANS = [0.0, -0.0, -1.0, NAN, INFINITY, -INFINITY, 5e-324, 1e-300, 1e-9, 0.1, 1.0, 5.0, 9.999999999999998, 10.0]
MEANS += [10.5, 15.0, 16.0, 100.0, 1e4, 1e6, 1e9, 1e12, 2.0**53, 4e18, 2.0**62, 2.0**63, 1e300]
TRIALS = [0.0, -3.0, NAN, INFINITY, -INFINITY, 0.5, 1.0, 1.9, 2.0, 15.0, 16.0, 19.0, 20.0, 40.0, 1e3, 1e6, 1e9, 1e15]
TRIALS += [2.0**62, 1e300]
CHANCES = [0.0, -0.1, NAN, 5e-324, 1e-300, 1e-18, 1e-9, 1e-5, 0.01, 0.2, 0.25, 0.3, 0.4999, 0.5, 0.5000001, 0.75, 0.99]
CHANCES += [1 - 1e-9, 1 - 2**-53, 1.0, 1.5, INFINITY]


def counts_everywhere():
    """Arguments of every special kind, in all combinations, and random ones: for each name its arguments."""
    some = np.random.default_rng(3)
    logarithmic = 10 ** some.uniform(-3, 18, 20_000)
    n, p = (array.ravel() for array in np.meshgrid(TRIALS, CHANCES))
    chances = 10 ** some.uniform(-15, 0, 20_000)
    chances[::2] = 1 - chances[::2]
    return {
        "poisson": (np.concatenate([np.repeat(MEANS, 200), logarithmic]),),
        "binomial": (np.concatenate([np.repeat(n, 40), logarithmic]), np.concatenate([np.repeat(p, 40), chances])),
    }


@pytest.mark.parametrize("name", ["poisson", "binomial"])
def test_counts_are_the_same_bits_everywhere(name, header, implementation):
    arguments = counts_everywhere()[name]
    drawn = getattr(random, name)(2**63 + 5, 2**32 - 1, np.arange(len(arguments[0])), 2**40, 9, *arguments)
    compiled = np.empty(len(drawn), np.int64)
    pointers = [array.ctypes.data for array in (*arguments, compiled)]
    getattr(header, name)(2**63 + 5, 2**32 - 1, 2**40, 9, len(drawn), *pointers)
    assert drawn.dtype == np.int64
    np.testing.assert_array_equal(drawn, compiled)


@given(st.integers(0, 2**64 - 1), st.floats(0, 1e18), st.floats(0, 1e15), st.floats(0, 1))
def test_counts_are_the_same_bits_from_the_bridge_for_any_arguments(seed, mean, trials, chance):
    def both():
        elements = np.arange(20)
        return random.poisson(seed, 1, elements, 5, 0, mean), random.binomial(seed, 1, elements, 5, 0, trials, chance)

    compiled = both()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random, "bridge", None)
        for counts, expected in zip(both(), compiled, strict=True):
            np.testing.assert_array_equal(counts, expected)
    assert (compiled[0] >= 0).all() and (compiled[1] >= 0).all() and (compiled[1] <= trials).all()


def test_counts_at_the_ends(implementation):
    """Without trials, chance or mean nothing happens; with certainty everything does; infinity has an end."""
    most = 2**62
    poisson = random.poisson(1, 1, np.arange(9), 0, 0, [0, -1, NAN, -INFINITY, 5e-324, INFINITY, 1e300, 2.0**62, -0.0])
    assert poisson.tolist() == [0, 0, 0, 0, 0, most, most, most, 0]
    trials = [0, -1, NAN, 7, 7, 7, 7, 7, 7.9, INFINITY, 1, 2**40]
    chances = [0.5, 0.5, 0.5, 0, -1, NAN, 1, 2, 1, 1, 1e-300, 1]
    binomial = random.binomial(1, 1, np.arange(12), 0, 0, trials, chances)
    assert binomial.tolist() == [0, 0, 0, 0, 0, 0, 7, 7, 7, most, 0, 2**40]


def test_elements_and_steps_are_broadcast(implementation):
    table = random.uniform(1, 2, np.arange(3)[:, None], np.arange(4)[None, :], 0)
    assert table.shape == (3, 4)
    for element in range(3):
        for step in range(4):
            assert random.uniform(1, 2, element, step, 0) == table[element, step]
    assert len(np.unique(table)) == 12


def kolmogorov_smirnov(values, cumulative):
    """The largest distance between the empirical and the given distribution, times the root of the sample size."""
    values = np.sort(values)
    expected = cumulative(values)
    upper = np.arange(1, len(values) + 1) / len(values) - expected
    return np.sqrt(len(values)) * max(upper.max(), (expected - np.arange(len(values)) / len(values)).max())


# A distance above 2.2 has a probability of 2 exp(-2 * 2.2**2) = 1e-4; bounds of moments are five standard errors.


def test_uniform_numbers_are_uniform(implementation):
    values = random.uniform(5, 1, np.arange(COUNT), 0, 0)
    assert values.min() >= 0 and values.max() < 1
    assert kolmogorov_smirnov(values, lambda x: x) < 2.2
    assert abs(values.mean() - 0.5) < 5 * np.sqrt(1 / 12 / COUNT)
    assert abs(np.mean((values - 0.5) ** 2) - 1 / 12) < 5 * np.sqrt(1 / 180 / COUNT)
    lowest_bits = (values * 2**53).astype(np.uint64) & np.uint64(1)
    assert abs(lowest_bits.mean() - 0.5) < 5 * 0.5 / np.sqrt(COUNT)


def test_normal_numbers_are_normal(implementation):
    values = random.normal(6, 1, np.arange(COUNT), 0, 0)
    cumulative = np.vectorize(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)))
    assert kolmogorov_smirnov(values, cumulative) < 2.2
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs(np.mean(values**power) - moment) < 5 * np.sqrt(variance / COUNT)
    tail = np.mean(np.abs(values) > 4)
    probability = math.erfc(4 / math.sqrt(2))
    assert abs(tail - probability) < 5 * np.sqrt(probability / COUNT)


SMALL_AND_LARGE = {
    **{f"poisson {mean:g}": stats.poisson(mean) for mean in (1e-3, 0.7, 9.9, 10, 12.5, 57, 1234.5, 1e6, 1e9)},
    **{
        f"binomial {n:g} {p:g}": stats.binom(n, p)
        for n, p in [
            (1, 0.3), (5, 0.5), (19, 0.5), (1000, 0.005), (30, 0.9), (20, 0.5), (25, 0.6), (50, 0.21), (1000, 0.25),
            (2000, 0.99), (10**6, 0.1), (10**9, 3e-9), (10**9, 1e-5), (10**7, 0.5),
        ]
    },
}  # fmt: skip


def counts(name, count=COUNT):
    distribution, *arguments = name.split()
    return getattr(random, distribution)(9, 1, np.arange(count), 0, 0, *map(float, arguments))


def uniform_if(law, values):
    """Numbers that are uniform if the counts follow the law: cumulative probabilities, spread over each count's own."""
    before = law.cdf(values - 1)
    return before + random.uniform(10, 1, np.arange(len(values)), 0, 0) * (law.cdf(values) - before)


def chi_square(law, values):
    """The probability of a larger chi-square; counts that are expected less than 20 times are taken together."""
    low, high = (int(law.ppf(at)) for at in (20 / len(values), 1 - 20 / len(values)))
    edges = np.arange(low, high + 1)[:: max(1, (high - low) // 200)]
    expected = np.diff(law.cdf(edges), prepend=0, append=1) * len(values)
    observed = np.bincount(np.searchsorted(edges, values), minlength=len(expected))
    kept = expected >= 20
    observed, expected = (np.append(x[kept], x[~kept].sum()) for x in (observed, expected))
    seen = expected > 0
    return stats.chi2.sf(np.sum((observed[seen] - expected[seen]) ** 2 / expected[seen]), max(1, seen.sum() - 1))


@pytest.mark.parametrize("name", SMALL_AND_LARGE)
def test_counts_follow_their_distribution(name):
    law, values = SMALL_AND_LARGE[name], counts(name)
    mean, variance, kurtosis = (float(x) for x in law.stats("mvk"))
    assert abs(values.mean() - mean) < 5 * np.sqrt(variance / COUNT)
    assert abs(np.mean((values - mean) ** 2) - variance) < 5 * variance * np.sqrt((kurtosis + 2) / COUNT) + 1e-12
    assert kolmogorov_smirnov(uniform_if(law, values), lambda x: x) < 2.2
    assert chi_square(law, values) > 1e-4


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("poisson 9.9", stats.poisson(9.9 * 1.01)), ("poisson 1e+06", stats.poisson(1e6 + 20)),
        ("poisson 57", stats.binom(570, 0.1)), ("poisson 57", stats.nbinom(1140, 20 / 21)),
        ("binomial 50 0.21", stats.binom(50, 0.212)), ("binomial 1000 0.005", stats.poisson(5.05)),
        ("binomial 1000 0.25", stats.norm(250, np.sqrt(187.5))),
    ],
)  # fmt: skip
def test_a_distribution_that_is_slightly_wrong_is_found_out(name, wrong):
    values = counts(name)
    assert kolmogorov_smirnov(uniform_if(wrong, values), lambda x: x) > 2.2 or chi_square(wrong, values) < 1e-4


COORDINATES = ["element", "step", "stream", "seed", "number"]
STANDARDISED = {
    "uniform": lambda *at: (random.uniform(*at) - 0.5) * math.sqrt(12),
    "normal": random.normal,
    "small poisson": lambda *at: (random.poisson(*at, 2.0) - 2) / math.sqrt(2),
    "large poisson": lambda *at: (random.poisson(*at, 50.0) - 50) / math.sqrt(50),
    "small binomial": lambda *at: (random.binomial(*at, 8, 0.5) - 4) / math.sqrt(2),
    "large binomial": lambda *at: (random.binomial(*at, 100, 0.5) - 50) / 5,
}


@pytest.mark.parametrize("axis", COORDINATES)
@pytest.mark.parametrize("name", STANDARDISED)
def test_neighbours_in_every_coordinate_are_uncorrelated(name, axis, implementation):
    k, drawn = np.arange(2000), STANDARDISED[name]
    draws = {
        "element": lambda j: drawn(1, 1, 2 * k + j, 0, 0),
        "step": lambda j: drawn(1, 1, 0, 2 * k + j, 0),
        "stream": lambda j: drawn(1, 1 + j, k, 0, 0),
        "seed": lambda j: drawn(1 + j, 1, k, 0, 0),
        "number": lambda j: drawn(1, 1, k, 0, j),
    }
    first, second = draws[axis](0), draws[axis](1)
    for function in (np.asarray, np.square):  # of squares, too: the spread of one says nothing about the other
        x, y = (function(values) - function(values).mean() for values in (first, second))
        assert abs(np.mean(x * y)) < 5 * np.sqrt(x.var() * y.var() / len(k))


def test_pairs_of_neighbours_fill_the_square_evenly(implementation):
    u = random.uniform(3, 1, np.arange(2 * COUNT), 0, 0)
    table, *_ = np.histogram2d(u[::2], u[1::2], bins=20, range=[[0, 1], [0, 1]])
    assert stats.chisquare(table.ravel()).pvalue > 1e-4


@given(st.floats(2.0**-54, 1e18))
def test_the_logarithm_is_accurate(x):
    exact = math.log(x)
    assert abs(float(log(x)) - exact) <= 4e-16 * max(abs(exact), min(abs(x - 1), 1))


@given(st.floats(2.0**-1000, 0.5))
def test_the_logarithm_of_what_remains_is_accurate(x):
    # subnormal numbers, which no count can show, lose their last bits
    assert float(log_of_rest(np.asarray(x))) == pytest.approx(math.log1p(-x), rel=1e-15, abs=1e-307)


@given(st.floats(-700, 0))
def test_the_exponential_is_accurate(x):
    assert float(exp(x)) == pytest.approx(math.exp(x), rel=5e-16)


@given(st.one_of(st.integers(0, 40), st.integers(0, 10**6)))
def test_factorials_are_accurate(k):
    exact = math.lgamma(k + 1)
    logarithm = k * math.log(k) - k + float(stirling(k)) if k else float(stirling(k))
    assert logarithm == pytest.approx(exact, rel=1e-14, abs=1e-14)


@given(st.integers(0, 10**6), st.floats(1e-3, 1e6))
def test_probabilities_of_counts_are_accurate(k, mean):
    assert float(-deviance(k, mean) - stirling(k)) == pytest.approx(stats.poisson.logpmf(k, mean), rel=1e-8, abs=1e-8)


def test_the_logarithm_at_the_ends_of_its_range():
    assert log(1.0) == 0
    assert abs(float(log(2.0**-53)) / (-53 * math.log(2)) - 1) < 1e-15
