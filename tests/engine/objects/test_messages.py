"""What is told about models: the method chosen, names with two meanings, objects that nobody simulates."""

import gc
import inspect
import logging
import subprocess
import sys
import textwrap

import pytest

from jupyspike import (
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    UserError,
    ms,
    prefs,
    run,
)
from jupyspike_engine.logs import BrianLogger, catch_logs

LINEAR, NONLINEAR = "dv/dt = -v/(10*ms) : 1", "dv/dt = -v**3/ms : 1"


@pytest.fixture(autouse=True)
def new_session():
    BrianLogger.initialize()
    yield
    gc.collect()
    BrianLogger.initialize()


def told(messages, suffix):
    return [(level, text) for level, name, text in messages if name.endswith(f".{suffix}")]


# the method


@pytest.mark.parametrize("method", ["auto", ("exact", "euler", "heun"), ["rk2", "euler"]])
def test_the_method_chosen_is_told_once_with_the_reason_and_how_long_it_took(method):
    group = NeuronGroup(1, LINEAR, method=method, name="exc")
    network = Network(group)
    with catch_logs(logging.INFO) as messages:
        network.run(1 * ms)
        network.run(1 * ms)
    [(level, text)] = told(messages, "method_choice")
    choice = group.integration()
    assert level == "INFO"
    assert f"integrated with '{choice.integrator.name}': {choice.reason} (chosen in 0." in text
    asked = f"of the methods {method[0]}" if isinstance(method, list) else "without a method"
    assert "'exc'" in text and asked in text


def test_a_method_that_was_asked_for_is_not_told():
    silent = NeuronGroup(1, LINEAR, method="exact"), NeuronGroup(1, "v : 1")
    with catch_logs(logging.INFO) as messages:
        Network(*silent).run(1 * ms)
    assert messages == []


def test_the_method_of_synapses_is_told_too():
    group = NeuronGroup(1, "v : 1", threshold="v > 1")
    synapses = Synapses(group, group, "dw/dt = -w/ms : 1 (clock-driven)", name="plastic")
    synapses.connect()
    with catch_logs(logging.INFO) as messages:
        Network(group, synapses).run(1 * ms)
    [(_, text)] = told(messages, "method_choice")
    assert "'plastic'" in text and "'exact'" in text


def test_another_choice_is_told_again():
    group = NeuronGroup(1, "dv/dt = -v*w/ms : 1\nw : 1", name="exc", threshold="v > 1", reset="v = 0", method="auto")
    synapses = Synapses(group, group, on_pre="w_post += 1")
    synapses.connect()
    with catch_logs(logging.INFO) as messages:
        Network(group).run(1 * ms)
        Network(group, synapses).run(1 * ms)
    texts = [text for _, text in told(messages, "method_choice")]
    assert [text.split("'")[3] for text in texts] == ["exact", "exponential_euler"]


# names with two meanings


def run_with(value, **names):
    group = NeuronGroup(1, "dv/dt = -v/tau : 1", method="euler", namespace={"tau": value}, name="exc")
    with catch_logs() as messages:
        Network(group).run(1 * ms, namespace=names)
        Network(group).run(1 * ms, namespace=names)
    return told(messages, "resolution_conflict")


def test_a_name_with_another_value_in_the_calling_code_is_told_once_with_both_values():
    [(level, text)] = run_with(10 * ms, tau=20 * ms)
    assert level == "WARNING"
    assert text == "'tau' is 10. ms in the namespace of 'exc', which is used, but 20. ms where the calling code sees it"


@pytest.mark.parametrize("names", [{}, {"tau": 10 * ms}, {"other": 3}])
def test_without_a_conflict_nothing_is_told(names):
    assert run_with(10 * ms, **names) == []


@pytest.mark.parametrize("other", [10, 0, 0.0 * ms, "tau", [1, 2] * ms, [1 * ms, "a"]])
def test_another_value_of_any_kind_is_told(other):
    assert len(run_with(10 * ms, tau=other)) == 1


@pytest.mark.parametrize("other", [print, NeuronGroup, None, pytest])
def test_functions_and_modules_of_a_star_import_do_not_count(other):
    assert run_with(10 * ms, tau=other) == []


# objects that nobody simulates


def test_an_object_that_vanishes_without_having_been_in_a_network_is_told():
    with catch_logs() as messages:
        group = NeuronGroup(1, LINEAR, name="lost")
        del group
        gc.collect()
    [(level, text)] = told(messages, "unused_brian_object")
    assert level == "WARNING"
    assert "'lost', made at " in text and "test_messages.py, line " in text


def test_objects_that_were_simulated_may_vanish():
    with catch_logs() as messages:
        group = NeuronGroup(4, LINEAR, method="exact", threshold="v > 1")
        part = group[:2]
        synapses = Synapses(part, group[2:], on_pre="v += 1")
        monitors = [SpikeMonitor(group[1:]), StateMonitor(group, "v", record=0)]
        run(1 * ms)
        Network(monitors)
        del group, part, synapses, monitors
        gc.collect()
    assert told(messages, "unused_brian_object") == []


def test_an_object_that_was_never_finished_is_not_told():
    def fails():
        with pytest.raises(ValueError):
            NeuronGroup(1, "dv/dt = -v/(10*ms) : 1", method="no method")
        group = NeuronGroup(1, LINEAR, threshold="v > 1")
        Network(group)
        with pytest.raises(UserError, match="unknown"):
            Synapses(group, group, on_pre="unknown(v) = 1", connect="unknown > 1")
        with pytest.raises(UserError, match="unknown"):
            StateMonitor(group, "unknown", record=True)
        with pytest.raises(UserError, match="unknown"):
            StateMonitor(group, "v", record="unknown > 1")

    with catch_logs() as messages:
        fails()
        gc.collect()
    assert told(messages, "unused_brian_object") == []


def test_it_can_be_switched_off():
    prefs.logging.warn_for_unused_objects = False
    with catch_logs() as messages:
        NeuronGroup(1, LINEAR)
        gc.collect()
    assert messages == []


def test_a_class_of_ones_own_is_told_too_and_keeps_its_signature():
    class Mine(NeuronGroup):
        pass

    class Other(Mine):
        def __init__(self, size):
            super().__init__(size, LINEAR)

    assert inspect.signature(Mine) == inspect.signature(NeuronGroup)
    assert list(inspect.signature(Other).parameters) == ["size"]
    with catch_logs() as messages:
        Mine(1, LINEAR, name="mine")
        Other(1)
        gc.collect()
    assert len(told(messages, "unused_brian_object")) == 2


def test_at_the_end_of_a_script_nothing_is_told(tmp_path):
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\nfrom jupyspike import NeuronGroup\nG = NeuronGroup(1, 'v : 1')\n"
    )
    answer = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert answer.stderr == ""


# synapses


def test_equations_of_synapses_without_a_flag_are_told_to_be_clock_driven():
    group = NeuronGroup(1, "v : 1", threshold="v > 1", reset="v = 0")
    flagged = "da/dt = -a/ms : 1 (event-driven)\ndb/dt = -b/ms : 1 (clock-driven)"
    with catch_logs(logging.INFO) as messages:
        Synapses(group, group, flagged)
        Synapses(group, group, f"{flagged}\ndc/dt = -c/ms : 1", name="open_question")
    [(level, text)] = told(messages, "clock_driven")
    assert level == "INFO" and text.startswith("'open_question' computes c in every time step")


def test_synapses_that_connect_nothing_are_told():
    group = NeuronGroup(1, "v : 1", threshold="v > 1", reset="v = 0")
    empty, full = Synapses(group, group, on_pre="v += 1", name="empty"), Synapses(group, group, on_pre="v += 1")
    full.connect()
    with catch_logs() as messages:
        Network(group, empty, full).run(0.1 * ms)
    [(level, text)] = told(messages, "no_synapses")
    assert level == "WARNING" and text.startswith("'empty' has no synapses")
