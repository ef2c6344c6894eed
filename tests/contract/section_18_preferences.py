"""Preferences."""

from pathlib import Path
from tempfile import TemporaryDirectory

from proofs import Page
from pytest import raises

from jupyspike import *

section = Page("18. advanced/preferences")

NAMES = """
codegen.target codegen.string_expression_target codegen.synapse_connect_target
codegen.loop_invariant_optimisations codegen.max_cache_dir_size codegen.cpp.compiler
codegen.cpp.extra_compile_args codegen.cpp.extra_compile_args_gcc codegen.cpp.extra_compile_args_msvc
codegen.cpp.extra_link_args codegen.cpp.include_dirs codegen.cpp.library_dirs codegen.cpp.runtime_library_dirs
codegen.cpp.libraries codegen.cpp.headers codegen.cpp.define_macros codegen.cpp.msvc_vars_location
codegen.cpp.msvc_architecture codegen.generators.cpp.restrict_keyword codegen.generators.cpp.flush_denormals
codegen.runtime.cython.multiprocess_safe codegen.runtime.cython.cache_dir
codegen.runtime.cython.delete_source_files codegen.runtime.numpy.discard_units core.default_float_dtype
core.default_integer_dtype core.outdated_dependency_error core.stop_on_keyboard_interrupt
core.network.default_schedule legacy.refractory_timing GSL.directory
"""


@section.must("prefs['a.b'] and prefs.a.b, with their documentation", once=True)
def access():
    prefs["codegen.target"] = "numpy"
    assert prefs.codegen.target == "numpy" and "target" in prefs.codegen.__doc__
    with raises(PreferenceError):
        prefs["codegen.targt"] = "numpy"


@section.must("files of preferences, with sections; as_file, defaults_as_file, reset_to_defaults()", once=True)
def files():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "brian_preferences"
        path.write_text("codegen.target = 'numpy'\n[core]\nstop_on_keyboard_interrupt = False\n")
        prefs.read_preference_file(str(path))
    assert prefs.codegen.target == "numpy" and prefs.core.stop_on_keyboard_interrupt is False
    assert "stop_on_keyboard_interrupt = False" in prefs.as_file and "[core]" in prefs.defaults_as_file
    prefs.reset_to_defaults()
    assert prefs.codegen.target == "auto" and prefs.core.stop_on_keyboard_interrupt is True


@section.often("own preferences: register_preferences", once=True)
def own():
    if "contract.speed" not in prefs:
        prefs.register_preferences("contract", "of a test", speed=BrianPreference(default=1.0, docs="how fast"))
    prefs.contract.speed = 2.0
    assert prefs["contract.speed"] == 2.0


@section.often("the preferences of targets, compilers, types, schedules and of older behaviour exist", once=True)
def names():
    assert not [name for name in NAMES.split() if name not in prefs]


@section.often("core.default_float_dtype = float32")
def float_type():
    prefs.core.default_float_dtype = float32
    G = NeuronGroup(1, "dv/dt = 1/ms : 1")
    run(1 * ms)
    assert G.v[:].dtype == float32 and allclose(G.v, 1)
