"""21-vogels-2011: inhibition learns the tuning of excitation, and a network finds balance, and finds it again."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def notebook(execute):
    return execute("21-vogels-2011")


def test_inhibition_learns_the_tuning_of_excitation(notebook):
    assert notebook["similarity"] > 0.9
    assert np.argmax(notebook["tuning_I"]) == 4
    assert notebook["tuning_I"].max() > 2 * notebook["tuning_I"].min()


def test_the_rate_of_the_neuron_comes_to_its_target(notebook):
    rate = notebook["tone_rate"]
    assert rate[0] > 4 * notebook["rho_0"]
    assert rate[-10:].mean() == pytest.approx(notebook["rho_0"], rel=0.4)


def test_the_network_begins_synchronous_and_regular(notebook):
    state = notebook["states"]["at first"]
    assert state["rate"] > 100
    assert state["cv"] < 0.2


@pytest.mark.parametrize("name", ["balanced", "in the end"])
def test_plasticity_brings_the_asynchronous_irregular_state(notebook, name):
    state = notebook["states"][name]
    assert 4.5 < state["rate"] < 8
    assert state["cv"] > 0.75
    assert state["modulation"] < 0.4


def test_a_memory_disturbs_the_balance_and_inhibition_restores_it(notebook):
    written, late, others = notebook["assembly"][60], notebook["late"], notebook["others"][-20:].mean()
    assert written > 5 * others
    assert late == pytest.approx(others, rel=0.25)
    assert notebook["onto_assembly"].mean() > 1.1 * notebook["onto_others"].mean()
