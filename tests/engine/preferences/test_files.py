"""Files of preferences: where they are, what they may hold, and what is said about mistakes in them."""

import io
import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyspike import BrianPreference, Hz, PreferenceError, ms, mV
from jupyspike_engine.logs import catch_logs
from jupyspike_engine.preferences import Preferences
from jupyspike_engine.preferences.files import files_of, value_of
from jupyspike_engine.preferences.rows import SECTIONS


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, ...]:
    """The files of a user who has none yet."""
    (tmp_path / "home" / ".brian").mkdir(parents=True)
    (tmp_path / "home" / ".jupyspike").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.chdir(tmp_path / "work")
    return files_of(tmp_path / "home", tmp_path / "work")


@pytest.fixture
def fresh(places) -> Preferences:
    return Preferences(SECTIONS)


def test_the_files_are_those_of_the_user_and_those_of_the_working_directory():
    assert [path.as_posix() for path in files_of(Path("/home/ada"), Path("/work"))] == [
        "/home/ada/.brian/user_preferences",
        "/home/ada/.jupyspike/preferences",
        "/work/brian_preferences",
        "/work/jupyspike_preferences",
    ]


def test_without_files_there_are_defaults(fresh):
    assert fresh.codegen.target == "auto"


@pytest.mark.parametrize("last", range(4))
def test_later_files_win(last, places, fresh):
    for number, path in enumerate(places[: last + 1]):
        path.write_text(f"codegen.max_cache_dir_size = {number + 1}\n")
    assert fresh.codegen.max_cache_dir_size == last + 1


def test_files_are_read_once_and_when_a_preference_is_first_used(places, fresh):
    places[0].write_text("codegen.target = 'cpp'")
    fresh.codegen.target = "numpy"
    assert fresh.codegen.target == "numpy"
    places[0].write_text("codegen.target = 'cython'")
    assert fresh.codegen.target == "numpy"
    fresh.load_preferences()
    assert fresh.codegen.target == "cython"
    fresh.reset_to_defaults()
    assert fresh.codegen.target == "auto"


def test_sections_comments_and_all_kinds_of_values(places, fresh):
    places[2].write_text(
        "# mine\nlogging.file_log = False\n[codegen]\ntarget = 'numpy'  # quick\n\n[codegen.cpp]  # C++\n"
        "libraries = ['gsl', 'm']\ndefine_macros = [('HASH', '#')]\n"
        "[core]\ndefault_float_dtype = float32\n  [ core.network ]\ndefault_schedule = ['start', 'end']\n"
    )
    assert fresh.codegen.target == "numpy"
    assert fresh.logging.file_log is False
    assert fresh.codegen.cpp.define_macros == [("HASH", "#")]
    assert fresh.codegen.cpp.libraries == ["gsl", "m"]
    assert fresh.core.default_float_dtype is np.float32
    assert fresh.core.network.default_schedule == ["start", "end"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5*ms", 0.5 * ms), ("-3", -3), ("2*mV/(4*ms)", 0.5 * mV / ms), ("'a=b # c'", "a=b # c"), ("None", None),
        ("{'a': [1, 2]}", {"a": [1, 2]}), ("np.int64", np.int64), ("(1, 2*Hz)", (1, 2 * Hz)),
    ],
)  # fmt: skip
def test_values_are_literals_quantities_and_types(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["numpy", "open('x')", "__import__('os')", "1 +", "", "ms.real", "[x for x in 'a']"])
def test_nothing_else_is_evaluated(text):
    with pytest.raises((ValueError, TypeError)):
        value_of(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.tuples(s, s)))
def test_what_is_written_is_read(value):
    assert value_of(repr(value)) == value


def test_an_unknown_name_is_a_warning_with_its_place_and_the_nearest_name(places, fresh):
    places[3].write_text("[codegen]\ntarget = 'cpp'\nmax_cachedir_size = 3\n")
    with catch_logs() as messages:
        assert fresh.codegen.target == "cpp"
    [(level, name, text)] = messages
    assert (level, name) == ("WARNING", "jupyspike.preferences")
    assert f"{places[3]}, line 3, column 1: there is no preference codegen.max_cachedir_size" in text
    assert "did you mean 'codegen.max_cache_dir_size'?" in text


def test_mistakes_in_files_that_are_read_by_themselves_are_told_and_the_rest_is_used(places, fresh):
    places[3].write_text(
        "codegen.target = 'cppp'\nlogging.file_log = no\n[broken\nonly words\ncore =\nlogging.save_script = False"
    )
    with catch_logs() as messages:
        assert fresh.logging.save_script is False
    assert fresh.codegen.target == "auto"
    told = "\n".join(text for _, _, text in messages)
    for part in (
        "line 1, column 1: the preference codegen.target cannot be 'cppp'",
        "line 2",
        "line 3",
        "line 4",
        "line 5",
    ):
        assert part in told


def test_in_a_file_that_is_asked_for_they_are_errors(tmp_path, fresh):
    path = tmp_path / "mine"
    path.write_text("codegen.target = cpp\nlogging.file_log = 3\nlogging.save_script = False\n")
    with pytest.raises(PreferenceError) as caught:
        fresh.read_preference_file(path)
    assert [problem.span.line for problem in caught.value.diagnostics] == [1, 2]
    assert "texts stand in quotes" in str(caught.value) and str(path) in str(caught.value)
    with pytest.raises(PreferenceError, match="cannot be read"):
        fresh.read_preference_file(tmp_path / "nothing")


def test_an_open_file_can_be_read(fresh):
    fresh.read_preference_file(io.StringIO("codegen.target = 'numpy'"))
    assert fresh.codegen.target == "numpy"


def test_values_for_a_library_wait_until_it_registers_its_preferences(places, fresh):
    places[0].write_text("[mylib]\nrate = 5*Hz\nother = 1\n")
    with catch_logs():
        fresh.load_preferences()
    fresh.register_preferences("mylib", "", rate=BrianPreference(10 * Hz, "Rate."))
    assert fresh.mylib.rate == 5 * Hz
    with catch_logs(logging.WARNING) as messages:
        fresh.check_all_validated()
    [(_, _, text)] = messages
    assert "line 3, column 1: there is no preference mylib.other" in text


def test_what_is_written_as_a_file_gives_the_same_preferences(fresh, tmp_path):
    fresh.register_preferences("mylib", "My library.", rate=BrianPreference(10 * Hz, "Rate."))
    changes = {
        "codegen.target": "numpy", "core.default_float_dtype": np.float32, "codegen.cpp.define_macros": [("A", None)],
        "mylib.rate": 2 * Hz,
    }  # fmt: skip
    fresh.update(changes)
    text = fresh.as_file
    fresh.reset_to_defaults()
    assert fresh.as_file == fresh.defaults_as_file != text
    fresh.read_preference_file(io.StringIO(text))
    assert {name: fresh[name] for name in changes} == changes
    assert fresh.as_file == text
