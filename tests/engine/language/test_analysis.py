"""What equations say about each other."""

import pytest

from jupyspike_engine.language.equations import Equations

MODEL = Equations("dv/dt = (I - v)/tau : volt\nI = 2*w*u : volt\nu = 1 + w : 1\nw : 1 (constant)\ntau : second")


def test_subexpressions_come_after_those_they_use():
    assert [line.name for line in MODEL.ordered] == ["u", "I", "v", "w", "tau"]
    assert [line.name for line in Equations("a = b : 1\nb = a : 1\nc : 1").ordered] == ["b", "a", "c"]


def test_dependencies_are_told_with_the_way_to_them():
    found = {name: [(d.equation.name, d.via) for d in uses] for name, uses in MODEL.dependencies.items()}
    assert found == {
        "v": [("v", ()), ("I", ()), ("tau", ()), ("u", ("I",)), ("w", ("I",))],
        "I": [("u", ()), ("w", ())],
        "u": [("w", ())],
    }


def test_subexpressions_are_written_out():
    assert [(n, str(e)) for n, e in MODEL.get_substituted_expressions()] == [("v", "(2*w*(1 + w) - v)/tau")]
    everything = MODEL.get_substituted_expressions(include_subexpressions=True)
    assert [(n, str(e)) for n, e in everything[:2]] == [("u", "1 + w"), ("I", "2*w*(1 + w)")]
    with_value = Equations("dv/dt = I : 1\nI = k*v : hertz", k=3)
    assert [str(e) for _, e in with_value.get_substituted_expressions()] == ["3*v"]


@pytest.mark.parametrize(
    ("noise", "kind"),
    [
        ("0", None), ("s*xi", "additive"), ("xi*s/tau**.5 - xi_2", "additive"), ("w*xi", "additive"),
        ("v*xi", "multiplicative"), ("-(u*(1 + xi))", "multiplicative"), ("xi*t/tau", "multiplicative"),
        ("s*xi + v*xi_2", "multiplicative"), ("g*xi", "multiplicative"), ("s*xi/v", "multiplicative"),
        ("exp(v*xi)", "multiplicative"), ("v - xi", "additive"),
    ],
)  # fmt: skip
def test_noise_is_multiplicative_if_its_factor_changes(noise, kind):
    equations = Equations(f"dv/dt = -v/tau + {noise} : 1\nu = 2*v : 1\nw : 1\ndg/dt = -g/tau : 1")
    assert equations.stochastic_type == kind
    assert equations.is_stochastic == (kind is not None)
