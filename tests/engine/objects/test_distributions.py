"""Everything that is drawn at random follows its law and is independent of its neighbours: elements, steps, objects.

Bounds of moments and correlations are five standard errors; a p-value is below 1e-4 for one in 10,000 seeds. The seeds
are fixed, so that the tests have one outcome.
"""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from jupyspike import (
    BinomialFunction,
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    ms,
    seed,
)

pytestmark = pytest.mark.every_target

ELEMENTS, STEPS = 800, 30
LAWS = {
    "rand()": stats.uniform(), "randn()": stats.norm(), "xi": stats.norm(),
    "poisson(2)": stats.poisson(2), "poisson(30)": stats.poisson(30),
    "few()": stats.binom(8, 0.4), "many()": stats.binom(100, 0.7),
    "few inputs": stats.binom(20, 0.1), "many inputs": stats.binom(400, 0.2), "PoissonGroup": stats.bernoulli(0.2),
    "randn() of synapses": stats.norm(), "initial rand()": stats.uniform(), "initial poisson(2)": stats.poisson(2),
    "connect(p=0.1)": stats.bernoulli(0.1), "connect(p=0.6)": stats.bernoulli(0.6),
    "sample(N, p=0.3)": stats.bernoulli(0.3), "sample(N, size=200)": stats.bernoulli(0.25),
}  # fmt: skip
IN_STEPS = ["rand()", "randn()", "poisson(2)", "poisson(30)", "few()", "many()"]
CONNECTIONS = {
    "connect(p=0.1)": {"p": 0.1}, "connect(p=0.6)": {"condition": "True", "p": 0.6},
    "sample(N, p=0.3)": {"j": "k for k in sample(N_post, p=0.3)"},
    "sample(N, size=200)": {"j": "k for k in sample(N_post, size=200)"},
}  # fmt: skip


@cache
def samples(target):
    """What two objects of each kind draw: for each name an array by object, element and step (or source)."""
    seed(2026)
    made = [simulated() for _ in range(2)]
    return {name: np.array([drawn[name] for drawn in made]) for name in LAWS}


def simulated():
    names = [f"x_{k}" for k in range(len(IN_STEPS))]
    variables = "\n".join(f"{name} : 1" for name in names)
    group = NeuronGroup(
        ELEMENTS, f"dx/dt = xi/sqrt(ms) : 1\na : 1\nb : 1\n{variables}", method="euler", dt=1 * ms,
        namespace={"few": BinomialFunction(8, 0.4), "many": BinomialFunction(100, 0.7)},
    )  # fmt: skip
    group.run_regularly("\n".join(f"{name} = {call}" for name, call in zip(names, IN_STEPS, strict=True)))
    inputs = [PoissonInput(group, "a", 20, 100 * Hz, 1), PoissonInput(group, "b", 400, 200 * Hz, 1)]
    source, clockwork = PoissonGroup(ELEMENTS, 200 * Hz, dt=1 * ms), PoissonGroup(1, 1e9 * Hz, dt=1 * ms)
    synapses = Synapses(clockwork, group, "w : 1", on_pre="w = randn()", dt=1 * ms)
    synapses.connect()
    trace, weights = StateMonitor(group, ["x", "a", "b", *names], True, when="end"), StateMonitor(synapses, "w", True)
    weights.when = "end"
    spikes = SpikeMonitor(source)
    Network(group, inputs, source, clockwork, synapses, trace, weights, spikes).run(STEPS * ms)
    found = {call: getattr(trace, name) for name, call in zip(names, IN_STEPS, strict=True)}
    found |= {
        name: np.diff(getattr(trace, variable), prepend=0)
        for name, variable in (("xi", "x"), ("few inputs", "a"), ("many inputs", "b"))
    }
    found["randn() of synapses"] = weights.w
    found["PoissonGroup"] = matrix(spikes.i, np.round(spikes.t / ms).astype(int))
    return found | assigned(group) | connected(source, group)


def assigned(group):
    found = {"initial rand()": [], "initial poisson(2)": []}
    for _ in range(STEPS):
        for name, values in found.items():
            group.a = name.removeprefix("initial ")
            values.append(group.a[:].copy())
    return {name: np.transpose(values) for name, values in found.items()}


def connected(source, group):
    found = {}
    for name, how in CONNECTIONS.items():
        synapses = Synapses(source[:STEPS], group)
        synapses.connect(**how)
        found[name] = matrix(synapses.j[:], synapses.i[:])
    return found


def matrix(elements, steps):
    result = np.zeros((ELEMENTS, STEPS))
    np.add.at(result, (elements, steps), 1)
    return result


def chi_square(law, values):
    """The probability of a larger chi-square, in about twenty bins of equal probability."""
    edges = np.unique(law.ppf(np.linspace(0.05, 0.95, 19)))
    expected = np.diff(law.cdf(edges), prepend=0, append=1) * values.size
    observed = np.bincount(np.searchsorted(edges, values.ravel()), minlength=len(expected))
    possible = expected > 1e-9
    assert not observed[~possible].any()
    return stats.chisquare(observed[possible], expected[possible]).pvalue


@pytest.mark.parametrize("name", LAWS)
def test_it_follows_its_law(target, name):
    law, values = LAWS[name], samples(target)[name]
    mean, variance, kurtosis = (float(x) for x in law.stats("mvk"))
    assert abs(values.mean() - mean) < 5 * np.sqrt(variance / values.size)
    assert abs(np.mean((values - mean) ** 2) / variance - 1) < 5 * np.sqrt((kurtosis + 2) / values.size)
    assert chi_square(law, values) > 1e-4
    if isinstance(law.dist, stats.rv_continuous):
        assert stats.kstest(values.ravel(), law.cdf).pvalue > 1e-4


@pytest.mark.parametrize("name", LAWS)
def test_neighbours_are_independent(target, name):
    values = samples(target)[name]
    for axis in range(3):
        along = np.moveaxis(values, axis, 0)
        for function in (np.asarray, np.square):  # the spread of one says nothing about the other, either
            assert uncorrelated(function(along[1:]), function(along[:-1])), (axis, function)


def test_what_is_drawn_for_one_thing_says_nothing_about_another(target):
    for (one, x), (other, y) in combinations(samples(target).items(), 2):
        assert uncorrelated(x, y), (one, other)


def uncorrelated(x, y):
    return abs(np.corrcoef(x.ravel(), y.ravel())[0, 1]) < 5 / np.sqrt(x.size)


def test_a_law_that_is_slightly_wrong_is_found_out():
    values = samples("numpy")
    assert chi_square(stats.poisson(2.05), values["poisson(2)"]) < 1e-4
    assert chi_square(stats.binom(20, 0.104), values["few inputs"]) < 1e-4
    assert chi_square(stats.norm(0, 1.03), values["xi"]) < 1e-4
