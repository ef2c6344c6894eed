"""Species that react are integrated together: whatever the step, nothing is lost, and nothing becomes negative."""

import numpy as np
import pytest

from jupyspike import NeuronGroup, StateMonitor, mM, mmolar, ms, prefs, run, second, start_scope, us

BINDING = """Ca : mmolar
B : mmolar
CaB : mmolar
Ca + B <-> CaB : k_on, k_off"""


def binding(dt, k_on=100 / mM / ms, k_off=1 / ms, **options):
    group = NeuronGroup(1, BINDING, dt=dt, namespace={"k_on": k_on, "k_off": k_off}, **options)
    group.Ca, group.B = 1 * mM, 0.5 * mM
    return group


def bound(t, k_on=100.0, k_off=1.0, ca=1.0, b=0.5):
    """CaB in mM after t in ms: dx/dt = k_on (ca - x)(b - x) - k_off x, which has two roots (a Riccati equation)."""
    middle, product = (ca + b + k_off / k_on) / 2, ca * b
    root = np.sqrt(middle**2 - product)
    low, high = middle - root, middle + root
    fading = np.exp(-k_on * (high - low) * t)
    return low * high * (1 - fading) / (high - low * fading)


@pytest.mark.every_target
def test_a_fast_reaction_is_in_equilibrium_after_a_long_step(target):
    group = binding(1 * ms)
    run(20 * ms)
    assert group.CaB[0] / mM == pytest.approx(bound(20.0), rel=1e-9)
    assert (group.Ca + group.CaB)[0] / mM == pytest.approx(1.0, rel=1e-14)
    assert (group.B + group.CaB)[0] / mM == pytest.approx(0.5, rel=1e-14)


def test_the_error_falls_with_the_square_of_the_step():
    errors = []
    for dt in (4, 2, 1):
        start_scope()
        group = binding(dt * us, k_on=10 / mM / ms)
        run(200 * us)
        errors.append(abs(group.CaB[0] / mM - bound(0.2, k_on=10.0)))
    assert 3.7 < errors[0] / errors[1] < 4.3
    assert 3.7 < errors[1] / errors[2] < 4.3


@pytest.mark.parametrize("count", [1, 2])
def test_concentrations_stay_above_zero_and_their_sums_what_they_are(target, count):
    """Whatever the rates and concentrations, with steps of 1 ms."""
    model = BINDING.replace("Ca + B", f"{count}*Ca + B") + f"\nk_on : 1/mmolar**{count}/second\nk_off : 1/second"
    group = NeuronGroup(300, model, dt=1 * ms)
    random = np.random.default_rng(count)
    group.k_on = 10 ** random.uniform(-2, 3, 300) / mM**count / ms
    group.k_off = 10 ** random.uniform(-3, 3, 300) / ms
    for name in ("Ca", "B", "CaB"):
        setattr(group, name, random.uniform(0, 10, 300) * (random.random(300) > 0.2) * mM)
    trace = StateMonitor(group, ["Ca", "B", "CaB"], record=True)
    run(8 * ms)
    Ca, B, CaB = (np.asarray(getattr(trace, name)) for name in ("Ca", "B", "CaB"))
    assert min(Ca.min(), B.min(), CaB.min()) >= -1e-12
    for total in (Ca + count * CaB, B + CaB):
        assert total == pytest.approx(np.repeat(total[:, :1], total.shape[1], axis=1), rel=1e-10)


def test_michaelis_menten_follows_lamberts_function(target):
    """S + K log(S) falls by V t (L. Michaelis and M. L. Menten, 1913)."""
    model = "S : mmolar\nP : mmolar\nS -> P : michaelis_menten(0.02*mM/ms, 0.05*mM)"
    group = NeuronGroup(1, model)
    group.S = 1 * mM
    run(40 * ms)
    S = float(group.S[0])
    assert S + 0.05 * np.log(S) == pytest.approx(1 - 0.02 * 40, rel=1e-5)
    assert S + float(group.P[0]) == pytest.approx(1.0, rel=1e-14)


def test_a_pump_spends_what_it_is_given():
    """Three sodium ions for one ATP, which is made again from ADP."""
    model = """Na : mmolar
        ATP : mmolar
        ADP : mmolar
        pumped = 3*Na + ATP -> ADP : rate(v*Na**3/(K_Na**3 + Na**3)*ATP/(K_ATP + ATP))
        made = ADP -> ATP : k
        0 -> Na : J"""
    values = {"v": 1 * mM / second, "K_Na": 10 * mM, "K_ATP": 0.1 * mM, "k": 0.2 / second, "J": 0.3 * mM / second}
    prefs.codegen.target = "cpp"
    cell = NeuronGroup(1, model, namespace=values, dt=5 * ms)
    cell.Na, cell.ATP = 5 * mM, 2 * mM
    run(200 * second)
    assert (cell.ATP + cell.ADP)[0] / mM == pytest.approx(2, rel=1e-12)
    assert 3 * cell.pumped[0] / (mM / second) == pytest.approx(0.3, rel=1e-6)  # what comes in is pumped out
    assert cell.made[0] / (mM / second) == pytest.approx(0.1, rel=1e-6)  # and what is spent is made
    cell.k = 0.01 / second  # now the pump spends more than there is
    run(400 * second)
    assert cell.ATP[0] < 0.1 * mM
    assert cell.Na[0] > 20 * mM


def test_the_choice_says_what_it_does():
    chemistry = BINDING + "\ndv/dt = -v/(10*ms) + v*Ca/mmolar/second : 1"
    behaviour = NeuronGroup(1, chemistry, namespace={"k_on": 1 / mM / ms, "k_off": 1 / ms}, method="auto").behaviour
    assert behaviour["integrator"] == (
        "reactions: species that react are solved together, implicitly, so that nothing is lost, v by exponential_euler"
    )
    linear = NeuronGroup(1, "C : 1\nO : 1\nC <-> O : 1/ms, 2/ms")
    assert linear.integration().integrator.name == "exact"
    asked = NeuronGroup(1, BINDING, method="rk4", namespace={"k_on": 1 / mM / ms, "k_off": 1 / ms})
    assert asked.integration().integrator.name == "rk4"


def test_many_species_are_no_obstacle():
    """A chain of 20, each with its neighbours."""
    lines = [f"A{k} : mmolar" for k in range(20)]
    lines += [f"2*A{k} <-> 2*A{k + 1} : 1/mM/ms, 1/mM/ms" for k in range(19)]
    group = NeuronGroup(1, "\n".join(lines), dt=10 * ms)
    group.A0 = 20 * mmolar
    run(2 * second)
    end = np.array([float(getattr(group, f"A{k}")[0]) for k in range(20)])
    assert end.sum() == pytest.approx(20, rel=1e-12)
    assert np.ptp(end) < 0.1
