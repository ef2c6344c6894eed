"""Preferences: setting, reading, checking, registering and showing them."""

import inspect

import numpy as np
import pytest

from jupyspike import BrianPreference, Hz, PreferenceError, UserError, brian_prefs, ms, mV, prefs
from jupyspike_engine.preferences import Preferences
from jupyspike_engine.preferences.rows import SECTIONS

# What scripts for the older API find, and what its documentation says of the defaults.
DOCUMENTED = {
    "codegen.target": "auto",
    "codegen.string_expression_target": "numpy",
    "codegen.loop_invariant_optimisations": True,
    "codegen.max_cache_dir_size": 1000,
    "codegen.cpp.compiler": "",
    "codegen.cpp.extra_compile_args": None,
    "codegen.cpp.extra_link_args": [],
    "codegen.cpp.libraries": [],
    "codegen.cpp.headers": [],
    "codegen.cpp.define_macros": [],
    "codegen.cpp.msvc_vars_location": "",
    "codegen.generators.cpp.restrict_keyword": "__restrict",
    "codegen.generators.cpp.flush_denormals": False,
    "codegen.runtime.cython.multiprocess_safe": True,
    "codegen.runtime.cython.cache_dir": None,
    "codegen.runtime.numpy.discard_units": False,
    "core.default_float_dtype": np.float64,
    "core.default_integer_dtype": np.int32,
    "core.outdated_dependency_error": True,
    "core.stop_on_keyboard_interrupt": True,
    "core.network.default_schedule": ["start", "groups", "thresholds", "synapses", "resets", "end"],
    "devices.cpp_standalone.openmp_threads": 0,
    "devices.cpp_standalone.make_cmd_unix": "make",
    "devices.cpp_standalone.run_environment_variables": {"LD_BIND_NOW": "1"},
    "legacy.refractory_timing": False,
    "GSL.directory": None,
    "logging.console_log_level": "INFO",
    "logging.file_log": True,
    "logging.file_log_max_size": 10_000_000,
    "logging.delete_log_on_exit": True,
}


@pytest.fixture
def fresh() -> Preferences:
    """Preferences that no file and no test has touched."""
    own = Preferences(SECTIONS)
    own.reset_to_defaults()
    return own


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documented_preferences_are_there_with_their_defaults(name, fresh):
    assert fresh[name] == DOCUMENTED[name]


def test_a_preference_is_found_by_its_name_and_as_an_attribute():
    prefs.codegen.max_cache_dir_size = 17
    assert prefs["codegen.max_cache_dir_size"] == prefs["codegen"]["max_cache_dir_size"] == 17
    prefs["codegen.cpp.compiler"] = "clang++"
    assert prefs.codegen.cpp.compiler == brian_prefs.codegen.cpp.compiler == "clang++"
    assert "codegen.target" in prefs and "codegen" not in prefs
    assert dict(prefs)["codegen.max_cache_dir_size"] == 17


@pytest.mark.parametrize("name", ["target", "cpp", "runtime"])
def test_sections_complete_their_names(name):
    assert name in dir(prefs.codegen)
    assert "codegen" in dir(prefs)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("codegen.target", "nmpy"),
        ("codegen.target", int),
        ("codegen.max_cache_dir_size", -1),
        ("codegen.max_cache_dir_size", True),
        ("engine.threads", 2.5),
        ("engine.threads", 257),
        ("devices.cpp_standalone.openmp_threads", -1),
        ("codegen.cpp.libraries", "gsl"),
        ("codegen.cpp.libraries", [1]),
        ("codegen.cpp.define_macros", [("1x", "2")]),
        ("codegen.cpp.define_macros", [3]),
        ("codegen.runtime.cython.cache_dir", 3),
        ("core.default_float_dtype", np.int32),
        ("core.default_float_dtype", None),
        ("core.default_float_dtype", "no type"),
        ("core.network.default_schedule", ["start", "start"]),
        ("core.network.default_schedule", ["start", "after_start"]),
        ("core.network.default_schedule", "start"),
        ("logging.console_log_level", "LOUD"),
        ("logging.file_log", 1),
        ("devices.cpp_standalone.openmp_threads", 1.5 * ms),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_was_expected(name, value):
    before = prefs[name]
    with pytest.raises(PreferenceError) as caught:
        prefs[name] = value
    assert f"the preference {name} cannot be" in str(caught.value)
    assert caught.value.diagnostics[0].expected
    assert prefs[name] == before


def test_errors_name_what_may_have_been_meant():
    with pytest.raises(PreferenceError, match="did you mean 'numpy'"):
        prefs.codegen.target = "nump"
    with pytest.raises(PreferenceError, match=r"there is no preference codegen.trget\n.*did you mean 'codegen.target'"):
        prefs.codegen.trget = "numpy"
    with pytest.raises(AttributeError, match=r"did you mean 'codegen.target'"):
        prefs.codegen.trget  # noqa: B018
    with pytest.raises(KeyError, match=r"did you mean 'core.default_float_dtype'"):
        prefs["default_float_dtype"]
    with pytest.raises(PreferenceError, match=r"codegen.cpp is a section\n.*compiler"):
        prefs.codegen.cpp = "clang++"
    assert not hasattr(prefs, "nothing") and not hasattr(prefs.codegen, "nothing")


@pytest.mark.parametrize("name", ["console_log_level", "file_log_level"])
def test_levels_of_messages_may_be_given_in_small_letters(name):
    prefs.logging[name] = "debug"
    assert prefs.logging[name] == "DEBUG"


@pytest.mark.parametrize("given", [np.float32, "float32", np.dtype("f4")])
def test_types_may_be_given_in_all_ways_of_numpy(given):
    prefs.core.default_float_dtype = given
    assert prefs.core.default_float_dtype is np.float32


@pytest.mark.parametrize(("class_name", "target"), [("NumpyCodeObject", "numpy"), ("CythonCodeObject", "cython")])
def test_a_class_stands_for_its_target(class_name, target):
    prefs.codegen.target = type(class_name, (), {})
    assert prefs.codegen.target == target


def test_lists_can_be_added_to_and_do_not_change_the_default():
    prefs.codegen.cpp.libraries += ["gsl"]
    prefs.codegen.cpp.libraries.append("m")
    assert prefs.codegen.cpp.libraries == ["gsl", "m"]
    prefs.reset_to_defaults()
    assert prefs.codegen.cpp.libraries == []


def test_whether_a_preference_was_set_is_known(fresh):
    assert fresh["codegen.cpp.libraries"] == [] and not fresh.is_set("codegen.cpp.libraries")
    fresh["codegen.max_cache_dir_size"] = 1000
    assert fresh.is_set("codegen.max_cache_dir_size")
    del fresh["codegen.max_cache_dir_size"]
    assert not fresh.is_set("codegen.max_cache_dir_size")


def test_several_are_set_at_once():
    prefs.update({"codegen.target": "cpp", "logging.file_log": False})
    assert (prefs.codegen.target, prefs.logging.file_log) == ("cpp", False)


# registering


def test_a_library_registers_preferences_of_its_own(fresh):
    fresh.register_preferences(
        "mylib.input",
        "What my library puts in.",
        rate=BrianPreference(10 * Hz, "Rate."),
        weights=BrianPreference([1, 2], "Weights.", validator=lambda value: len(value) == 2),
    )
    assert fresh.mylib.input.rate == 10 * Hz
    fresh.mylib.input.rate = 5 * Hz
    assert fresh["mylib.input.rate"] == 5 * Hz
    with pytest.raises(
        PreferenceError, match=r"mylib.input.rate cannot be 3. \* msecond\n.*expected: .*unit of 10. \* hertz"
    ):
        fresh.mylib.input.rate = 3 * ms
    with pytest.raises(PreferenceError, match=r"mylib.input.weights cannot be \[1\]"):
        fresh.mylib.input.weights = [1]


@pytest.mark.parametrize(
    ("default", "good", "bad"),
    [(True, False, 1), (1.5, 2, "2"), ("a", "b", 1), (3 * mV, 4 * mV, 4), (None, "anything", None), (2, 3, 2.5)],
)
def test_without_a_validator_values_are_like_the_default(default, good, bad, fresh):
    fresh.register_preferences("mylib", "", one=BrianPreference(default, ""))
    fresh.mylib.one = good
    assert fresh.mylib.one == good
    if bad is not None:
        with pytest.raises(PreferenceError):
            fresh.mylib.one = bad


@pytest.mark.parametrize(
    ("section", "name"),
    [("codegen", "target"), ("codegen", "cpp"), ("codegen.target", "speed"), ("codegen.cpp", "compiler")],
)
def test_names_that_are_taken_cannot_be_registered(section, name, fresh):
    with pytest.raises(PreferenceError, match=f"the preference {section}.{name} exists already"):
        fresh.register_preferences(section, "", **{name: BrianPreference(1, "")})
    assert fresh.codegen.target == "auto"


def test_what_is_registered_must_be_a_preference_with_a_default_that_it_can_have(fresh):
    with pytest.raises(PreferenceError, match=r"mylib.size is no BrianPreference"):
        fresh.register_preferences("mylib", "", size=3)
    with pytest.raises(PreferenceError, match=r"mylib.size cannot be 3"):
        fresh.register_preferences("mylib", "", size=BrianPreference(3, "", validator=lambda value: value > 5))
    assert not hasattr(fresh, "mylib")


# showing


def test_documentation_tells_what_each_is_for_and_what_has_no_effect():
    assert "codegen.target = 'auto'\n    What networks run on" in prefs.get_documentation()
    assert prefs.get_documentation("codegen.cpp").startswith("The C++ compiler")
    assert "No effect here" in prefs.get_documentation("codegen.cpp.msvc_vars_location")
    assert "No effect here" not in prefs.get_documentation("codegen.target")
    assert "codegen.cpp.compiler" in inspect.getdoc(prefs.codegen.cpp)
    with pytest.raises(PreferenceError, match="did you mean 'codegen'"):
        prefs.get_documentation("codegn")


@pytest.mark.parametrize("name", list(prefs))
def test_every_preference_is_documented(name):
    assert prefs.get_documentation(name).splitlines()[1].strip().endswith(".")


def test_what_was_changed_is_seen():
    prefs.core.default_integer_dtype = np.int64
    assert "core.default_integer_dtype = int64  # changed" in repr(prefs)
    assert repr(prefs.core).count("# changed") == 1
    assert "<b><code>int64</code></b>" in prefs.core._repr_html_()
    assert "'&lt;math.h&gt;'" in prefs._repr_html_() or "&lt;math.h&gt;" in prefs._repr_html_()


def test_errors_are_those_of_a_user():
    assert issubclass(PreferenceError, UserError) and issubclass(PreferenceError, ValueError)
