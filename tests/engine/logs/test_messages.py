"""Messages: what is shown, and what is silenced."""

import logging
import subprocess
import sys

import pytest

from jupyspike import BrianLogger, get_logger, prefs, std_silent
from jupyspike_engine.logs import catch_logs

METHODS = ("error", "warn", "info", "debug", "diagnostic")
NAMES = ("ERROR", "WARNING", "INFO", "DEBUG", "DIAGNOSTIC")


def shown(capsys) -> list[str]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_a_message_is_shown_with_its_level_and_name(capsys):
    get_logger("mine").info("it works", "method_choice")
    assert shown(capsys) == ["INFO       it works [jupyspike.mine.method_choice]"]


@pytest.mark.parametrize("least", range(5))
def test_only_messages_of_the_level_and_above_are_shown(least, capsys):
    getattr(BrianLogger, f"log_level_{METHODS[least]}")()
    assert prefs.logging.console_log_level == NAMES[least]
    for method in METHODS:
        getattr(get_logger(), method)("text")
    assert [line.split()[0] for line in shown(capsys)] == list(NAMES[: least + 1])


def test_the_preference_decides_at_once(capsys):
    prefs.logging.console_log_level = "ERROR"
    get_logger().warn("a")
    prefs.logging.console_log_level = "WARNING"
    get_logger().warning("b")
    assert shown(capsys) == ["WARNING    b [jupyspike]"]


@pytest.mark.parametrize(
    ("given", "name"),
    [("mine", "jupyspike.mine"), ("brian2.codegen", "jupyspike.codegen"), ("jupyspike_engine.build", "jupyspike.build"),
     ("jupyspike.a.b", "jupyspike.a.b"), ("brian2", "jupyspike"), ("", "jupyspike")],
)  # fmt: skip
def test_all_loggers_are_below_that_of_jupyspike(given, name):
    assert get_logger(given).name == name


def test_a_message_can_be_told_once(capsys):
    for _ in range(3):
        get_logger("a").info("text", once=True)
        get_logger("b").info("text", "suffix", once=True)
        get_logger("a").info("other", once=True)
    assert len(shown(capsys)) == 3
    BrianLogger.initialize()
    get_logger("a").info("text", once=True)
    assert len(shown(capsys)) == 1


def test_an_ending_of_names_is_suppressed(capsys):
    BrianLogger.suppress_name("method_choice")
    BrianLogger.suppress_name("method_choice")
    for suffix in ("method_choice", "no_method_choice", None):
        get_logger("a").info("text", suffix)
    assert [line.split()[-1] for line in shown(capsys)] == ["[jupyspike.a.no_method_choice]", "[jupyspike.a]"]


def test_a_logger_and_those_below_it_are_suppressed(capsys):
    BrianLogger.suppress_hierarchy("brian2.codegen")
    for name in ("codegen", "codegen.cpp", "codegenerator", "a.codegen"):
        get_logger(name).info("text")
    assert [line.split()[-1] for line in shown(capsys)] == ["[jupyspike.codegenerator]", "[jupyspike.a.codegen]"]


def test_suppressed_messages_are_kept_in_the_file_unless_that_is_not_wanted_either(files):
    from jupyspike_engine.logs.logger import log_file

    BrianLogger.suppress_name("first")
    BrianLogger.suppress_name("second", filter_log_file=True)
    get_logger().info("one", "first")
    get_logger().info("two", "second")
    assert "one" in log_file.path.read_text() and "two" not in log_file.path.read_text()


def test_messages_can_be_caught(capsys):
    with catch_logs() as messages:
        get_logger("a").warn("text", "suffix")
        get_logger("a").info("not important")
    with catch_logs(logging.INFO) as all_messages:
        get_logger("a").info("text")
    assert messages == [("WARNING", "jupyspike.a.suffix", "text")]
    assert all_messages == [("INFO", "jupyspike.a", "text")]
    assert shown(capsys) == []


def test_nothing_is_shown_twice_where_others_show_all_messages(capsys):
    others = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(others)
    try:
        BrianLogger.initialize()
        BrianLogger.initialize()
        get_logger().warn("text")
    finally:
        logging.getLogger().removeHandler(others)
    assert len(shown(capsys)) == 1


def test_percent_signs_are_text(capsys):
    get_logger().info("100 % of %s")
    assert "100 % of %s" in shown(capsys)[0]


# what other programs print


def prints(text: str) -> None:
    subprocess.run([sys.executable, "-c", f"import sys; print({text!r}); print({text!r}, file=sys.stderr)"], check=True)
    print(text)


def test_what_is_printed_is_not_shown(capfd):
    with std_silent():
        prints("hidden")
    print("seen")
    assert capfd.readouterr() == ("seen\n", "")


def test_it_is_shown_after_an_error(capfd):
    with pytest.raises(ZeroDivisionError), std_silent():
        prints("hidden")
        raise ZeroDivisionError
    assert capfd.readouterr() == ("", "hidden\n" * 3)


@pytest.mark.parametrize(
    ("always", "redirected", "kept", "expected"),
    [
        (True, True, True, ("", "hidden\n" * 3)),
        (True, True, False, ("", "")),
        (False, False, True, ("hidden\n" * 2, "hidden\n")),
    ],
)
def test_it_is_shown_lost_or_left_alone_as_the_preferences_say(always, redirected, kept, expected, capfd):
    prefs.logging.std_redirection, prefs.logging.std_redirection_to_file = redirected, kept
    with std_silent(alwaysprint=always):
        prints("hidden")
    assert capfd.readouterr() == expected
