"""What the ways to import jupyspike bring."""

import builtins
import importlib.metadata
import pickle
import subprocess
import sys
import types

import numpy as np
import pytest

import jupyspike
from jupyspike import EquationError, Network, NeuronGroup, check_units, only, prefs, pylab
from jupyspike.deferred import Deferred, DeferredMapping, DeferredModule, load
from jupyspike_engine.units import UNITS, DimensionMismatchError, Quantity, Unit, functions, ms, mV

DOCUMENTED = """Equations NeuronGroup Subgroup Synapses Network MagicNetwork Clock EventMonitor SpikeMonitor
StateMonitor PopulationRateMonitor PoissonGroup Quantity Unit run collect start_scope defaultclock magic_network
check_units seed prefs
DimensionMismatchError MagicError EquationError"""


def star(module: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(f"from {module} import *", names)
    del names["__builtins__"]
    return names


def test_the_version_is_that_of_the_package():
    assert jupyspike.__version__ == importlib.metadata.version("jupyspike") != np.__version__
    assert "__version__" not in star("jupyspike")


def test_the_documented_names_are_in_both_star_imports():
    assert set(DOCUMENTED.split()) <= star("jupyspike").keys() & star("jupyspike.only").keys()


def test_everything_of_pylab_is_there():
    assert star("pylab").keys() - star("jupyspike").keys() <= set(pylab.LEFT_OUT)


def test_what_is_left_out_of_pylab_is_not_there():
    assert not (star("jupyspike").keys() & set(pylab.LEFT_OUT)) - {"cm", "test"}


def test_pylabs_names_are_where_they_are_looked_for():
    own = star("pylab")
    for name, thing in pylab.names().items():
        if name in own and isinstance(thing, Deferred):
            assert thing.loaded() is own[name]
        if name in own and isinstance(thing, DeferredModule):
            assert load(thing.__name__) is own[name]


def test_units_hide_no_name_of_pylab_but_that_of_the_centimetre():
    assert set(UNITS) & star("pylab").keys() == {"cm"}


def test_only_three_builtins_are_replaced_and_no_usual_variable_is_set():
    names = star("jupyspike")
    assert {name for name in names if hasattr(builtins, name)} == {"sum", "any", "all"}
    assert not {"x", "f", "rate", "input"} & names.keys()


def test_constants_are_numbers():
    names = star("jupyspike")
    assert (names["e"], names["pi"], names["inf"]) == (np.e, np.pi, np.inf)


def test_names_of_jupyspike_win_over_those_with_units_and_these_over_numpys():
    names = star("jupyspike")
    assert names["seed"] is only.seed
    assert names["cm"] is UNITS["cm"]
    assert all(names[name] is getattr(functions, name) for name in functions.__all__)
    assert names["power"] is np.power
    assert names["trapz"]([1, 3] * mV, [0, 2] * ms) == 4 * mV * ms
    assert names["rand"] is not None
    assert names["fft"] is np.fft.fft


def test_only_has_neither_numpy_nor_pylab():
    names = star("jupyspike.only")
    assert not {"np", "plot", "array", "zeros", "rand"} & names.keys()
    assert names["mV"] is mV
    assert names["exp"] is np.exp
    assert not any(isinstance(thing, types.ModuleType) for thing in names.values())
    with pytest.raises(AttributeError, match="no attribute 'plot'"):
        only.plot  # noqa: B018


def test_numpy_with_units_is_numpy_otherwise():
    module = importlib.import_module("jupyspike.numpy_")
    assert module.exprel is functions.exprel
    assert module.arange is functions.arange
    assert module.mean is np.mean
    assert module.random.rand is np.random.rand
    assert star("jupyspike")["numpy"] is module
    names = star("jupyspike.numpy_")
    assert names["arange"] is functions.arange
    assert names["array"] is np.array


@pytest.mark.parametrize(
    ("module", "some", "kind"),
    [
        ("allunits", "Ynewton", Unit),
        ("stdunits", "mV", Unit),
        ("constants", "zero_celsius", Quantity),
    ],
)
def test_units_come_in_modules(module, some, kind):
    loaded = importlib.import_module(f"jupyspike.units.{module}")
    names = star(loaded.__name__)
    assert some in dir(loaded)
    assert isinstance(getattr(loaded, some), kind)
    assert all(isinstance(thing, kind) for thing in names.values())
    assert getattr(jupyspike.units, module) is loaded


def test_units_are_attributes_of_their_package():
    assert jupyspike.units.mV is star("jupyspike.units")["mV"] is mV
    with pytest.raises(AttributeError, match="did you mean 'mvolt'"):
        jupyspike.units.mvlt  # noqa: B018


class TestSumAnyAll:
    array, names = np.array([[0, 1], [2, 3]]), pylab.names()

    def test_of_arrays_they_are_numpys(self):
        assert self.names["sum"](self.array) == self.names["sum"](self.array.tolist()) == 6
        assert list(self.names["sum"](self.array, 0)) == [2, 4]
        assert self.names["any"](self.array > 2)
        assert not self.names["all"](self.array > 2)
        assert list(self.names["all"](self.array > 0, axis=1)) == [False, True]

    def test_of_quantities_they_know_the_units(self):
        assert self.names["sum"]([1 * mV, 2 * mV]) == self.names["sum"]([1, 2] * mV) == 3 * mV
        assert self.names["any"]([0 * mV, 2 * mV])
        with pytest.raises(DimensionMismatchError):
            self.names["sum"]([1 * mV, 2 * ms])

    def test_of_all_else_they_are_pythons(self):
        assert self.names["sum"](n for n in range(4)) == self.names["sum"]({1, 2, 3}) == 6
        assert self.names["sum"]([[1], [2, 3]], []) == [1, 2, 3]
        assert not self.names["any"](n > 4 for n in range(4))
        assert not self.names["all"](n > 2 for n in range(4))
        assert self.names["all"](["a", "b"]) is True
        assert self.names["any"]([[], [1, 2]]) is True


class TestDeferred:
    def test_a_function_has_its_name_signature_and_text(self):
        import fractions
        from inspect import getdoc, signature

        deferred = Deferred("fractions", "Fraction")
        assert deferred.__name__ == deferred.__qualname__ == "Fraction"
        assert deferred.__doc__ == getdoc(fractions.Fraction)
        assert signature(deferred) == signature(fractions.Fraction)
        assert deferred.from_float(0.5) == deferred(1, 2)
        assert "from_float" in dir(deferred)

    def test_a_class_can_be_subclassed(self):
        deferred = Deferred("fractions", "Fraction")

        class Third(deferred):
            pass

        assert isinstance(Third(1, 3), deferred)
        assert issubclass(Third, deferred)
        assert not isinstance(1.0, deferred)

    def test_a_mapping_is_changed_where_it_is(self):
        import mimetypes

        mapping = DeferredMapping("mimetypes", "common_types")
        mapping[".jupyspike"] = "text/model"
        assert mimetypes.common_types[".jupyspike"] == "text/model"
        assert len(mapping) == len(mimetypes.common_types)
        del mapping[".jupyspike"]
        assert ".jupyspike" not in mapping

    @pytest.mark.parametrize("deferred", [Deferred("no_such_module", "f"), DeferredModule("no_such_module")])
    def test_it_says_what_to_install(self, deferred):
        with pytest.raises(ImportError, match="no_such_module is not installed") as error:
            deferred.anything  # noqa: B018
        assert "pip install no_such_module" in str(error.value)

    def test_it_says_that_a_version_is_too_old(self):
        with pytest.raises(ImportError, match="installed version of fractions has no Whole"):
            Deferred("fractions", "Whole")()

    @pytest.mark.parametrize("deferred", [Deferred("no_such", "f"), DeferredModule("no_such")])
    def test_tools_that_look_at_it_load_nothing(self, deferred):
        assert np.asarray(deferred).dtype == object
        assert not hasattr(deferred, "__wrapped__")
        assert "no_such" in repr(deferred)
        assert type(pickle.loads(pickle.dumps(deferred))) is type(deferred)


class TestNamesInEquations:
    MODEL = "dv/dt = -gamma*v/ms : 1"

    def test_a_function_of_pylab_may_become_a_number_before_the_run(self):
        gamma = jupyspike.gamma
        group = NeuronGroup(1, self.MODEL, name="decaying")
        gamma = 3  # noqa: F841
        group.v = 1
        Network(group).run(1 * ms)
        assert np.isclose(group.v[0], np.exp(-3))

    def test_a_function_of_pylab_may_become_one_with_units_before_the_run(self, monkeypatch):
        monkeypatch.setattr(prefs.codegen, "target", "numpy")
        step = jupyspike.step
        group = NeuronGroup(1, "dv/dt = -step(v)/ms : 1", method="rk2", name="decaying")
        step = check_units(x=1, result=1)(lambda x: 3 * x)  # noqa: F841
        group.v = 1
        Network(group).run(1 * ms)
        assert np.isclose(group.v[0], np.exp(-3), rtol=0.1)

    @pytest.mark.parametrize("thing", [jupyspike.gamma, jupyspike.plot])
    def test_a_function_without_units_is_an_error_at_the_run(self, thing):
        group = NeuronGroup(1, "dv/dt = -gamma(v)/ms : 1", name="decaying")
        with pytest.raises(EquationError, match="that equations cannot call"):
            Network(group).run(1 * ms, namespace={"gamma": thing})

    @pytest.mark.parametrize("thing", [jupyspike.gamma, jupyspike.plot, jupyspike.style, jupyspike.rcParams])
    def test_at_the_run_it_is_an_error(self, thing):
        group = NeuronGroup(1, self.MODEL, name="decaying")
        with pytest.raises(EquationError, match=r"'gamma' is a .*, not a number"):
            Network(group).run(1 * ms, namespace={"gamma": thing})


def test_without_matplotlib_the_names_say_what_to_install():
    script = """
import sys
class NotInstalled:
    def find_spec(self, name, path, target=None):
        if name == 'matplotlib':
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, NotInstalled())
from jupyspike import *
for use in (lambda: plot([1, 2]), lambda: plt.figure, lambda: rcParams['font.size']):
    try:
        use()
    except ImportError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == 3 * "matplotlib is not installed\n    try: pip install matplotlib\n"
    assert done.stderr == ""


def test_matplotlib_is_loaded_by_the_first_plot_and_then_knows_quantities():
    script = """
import sys
from jupyspike import *
G = NeuronGroup(2, 'dv/dt = -v/(10*ms) : volt', method='exact')
prefs.codegen.target = 'numpy'
run(1*ms)
assert not [name for name in sys.modules if name.startswith('matplotlib')]
rcParams['backend'] = 'agg'
lines = plot([0, 1]*second, [0, 2]*mV)
assert gca().get_ylabel() == r'$\\mathrm{V}$'
print(sys.modules['matplotlib'].__name__)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("matplotlib\n", "")
