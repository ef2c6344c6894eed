"""Messages."""

from contextlib import suppress
from gc import collect as collect_garbage

from proofs import Page, logged

from jupyspike import *

section = Page("16. advanced/logging")


@section.must("five levels: log_level_error(), _warn(), _info(), _debug(), _diagnostic()", once=True)
def levels():
    logger = get_logger("jupyspike.mine")
    with logged("INFO") as told:
        BrianLogger.log_level_warn()
        logger.info("quiet")
        logger.warn("loud")
        BrianLogger.log_level_diagnostic()
        logger.diagnostic("whisper")
        BrianLogger.log_level_error(), BrianLogger.log_level_debug(), BrianLogger.log_level_info()
    assert "quiet" not in told.getvalue() and "loud" in told.getvalue() and "whisper" in told.getvalue()


@section.must("suppress_hierarchy() and suppress_name(); initialize()", once=True)
def suppressed():
    BrianLogger.initialize()
    with logged("INFO") as told:
        BrianLogger.suppress_hierarchy("jupyspike.unwanted")
        BrianLogger.suppress_name("unwanted_name")
        get_logger("jupyspike.unwanted.module").warn("first")
        get_logger("jupyspike.wanted").warn("second", "unwanted_name")
        get_logger("jupyspike.wanted").warn("third")
    assert "first" not in told.getvalue() and "second" not in told.getvalue() and "third" in told.getvalue()


@section.often("preferences of messages: file_log, console_log_level, save_script, std_redirection, ...", once=True)
def preferences():
    names = """delete_log_on_exit file_log file_log_level file_log_max_size console_log_level save_script
               std_redirection std_redirection_to_file display_brian_error_message warn_for_unused_objects"""
    for name in names.split():
        assert f"logging.{name}" in prefs


@section.often("names of messages: method_choice, unused_brian_object, clock_driven", once=True)
def names():
    G = NeuronGroup(1, "dv/dt = 1/ms : 1", threshold="v > 1")
    with logged("INFO") as told:
        S = Synapses(G, G, "da/dt = -a/ms : 1", on_pre="v += a")
        S.connect()
        run(0 * ms)
        unused = NeuronGroup(1, "v : 1")
        del unused
        collect_garbage()
    for name in ("method_choice", "unused_brian_object", "clock_driven"):
        assert name in told.getvalue(), name


@section.often("Synapses that were never connected do not go unnoticed", once=True)
def no_synapses():
    G = NeuronGroup(1, "v : 1", threshold="True")
    with logged("INFO") as told, suppress(Exception):
        S = Synapses(G, G, on_pre="v += 1", name="unconnected")
        Network(G, S).run(0.1 * ms)
        told.write("")
    assert "unconnected" in told.getvalue()
