"""Random numbers: the published generator, the same bits from every implementation, and the right distributions."""

import ctypes
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike_engine.build.builder import build
from jupyspike_engine.native import random

COUNT = 200_000


@pytest.fixture(params=["bridge", "numpy"])
def implementation(request, monkeypatch):
    """The compiled bridge, and the numpy versions that stand in for it."""
    if request.param == "numpy":
        monkeypatch.setattr(random, "bridge", None)
    else:
        assert random.bridge is not None, "the compiled bridge is part of a complete installation"
    return request.param


@pytest.fixture(scope="module")
def header():
    """The functions of the header as generated programs have them: compiled with the flags of programs."""
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
    """
    library = ctypes.CDLL(str(build(source).path))
    u32, u64, i64 = ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int64
    library.philox.argtypes = (u64, u32, u32, u64, u32, ctypes.c_void_p)
    for function in (library.uniform, library.normal):
        function.argtypes = (u64, u32, u64, u32, i64, ctypes.c_void_p)
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


@pytest.mark.parametrize("axis", ["element", "step", "stream", "seed", "number"])
def test_neighbours_in_every_coordinate_are_uncorrelated(axis, implementation):
    k = np.arange(2000)
    draws = {
        "element": lambda j: random.normal(1, 1, 2 * k + j, 0, 0),
        "step": lambda j: random.normal(1, 1, 0, 2 * k + j, 0),
        "stream": lambda j: random.normal(1, 1 + j, k, 0, 0),
        "seed": lambda j: random.normal(1 + j, 1, k, 0, 0),
        "number": lambda j: random.normal(1, 1, k, 0, j),
    }
    correlation = np.mean(draws[axis](0) * draws[axis](1))
    assert abs(correlation) < 5 / np.sqrt(len(k))


@given(st.floats(2.0**-54, 1.0))
def test_the_logarithm_is_accurate(x):
    exact = math.log(x)
    assert abs(float(random.log(x)) - exact) <= 4e-16 * max(abs(exact), abs(x - 1))


def test_the_logarithm_at_the_ends_of_its_range():
    assert random.log(1.0) == 0
    assert abs(float(random.log(2.0**-53)) / (-53 * math.log(2)) - 1) < 1e-15
