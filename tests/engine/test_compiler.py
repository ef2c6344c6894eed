"""The driver: from a network to a program on a target."""

import ctypes
import gc
import hashlib
import os
import shutil
import warnings

import numpy as np
import pytest

from jupyspike import ArgumentError, BuildError, Network, NeuronGroup, ms, prefs
from jupyspike_engine import compiler
from jupyspike_engine.build import compilers
from jupyspike_engine.build.builder import build
from jupyspike_engine.build.cache import program_cache
from jupyspike_engine.plan.nodes import Update
from jupyspike_engine.simulation.cython_program import CythonProgram
from jupyspike_engine.simulation.native_program import NativeProgram
from jupyspike_engine.targets.numpy.program import NumpyProgram

pytestmark = pytest.mark.every_target


def network():
    group = NeuronGroup(2, "dv/dt = (1 - v)/(10*ms) : 1", name="group_to_compile")
    return Network(group), group


def test_each_stage_hands_on_to_the_next(target):
    net, group = network()
    net.run(10 * ms)
    compiled = net.last.compiled
    assert compiled.target == target
    assert type(compiled.program) is {"cpp": NativeProgram, "cython": CythonProgram, "numpy": NumpyProgram}[target]
    assert compiled.plan.operations != compiled.lowered.plan.operations or compiled.plan == compiled.lowered.plan
    assert [type(operation) for operation in compiled.plan.operations] == [Update]
    assert compiled.lowered.domains == {"group_to_compile": "g0"}
    np.testing.assert_allclose(group.v[:], 1 - np.exp(-1), rtol=1e-12)


def test_a_program_says_where_it_came_from():
    net, _ = network()
    net.run(1 * ms)
    assert net.last.compiled.program.origin == "interpreted by numpy"
    prefs.codegen.target = "cpp"
    net.run(1 * ms)
    net.run(1 * ms)
    assert net.last.compiled.program.origin == "from the cache"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps libraries loaded")
def test_a_program_is_unloaded_with_the_last_network_that_has_it(monkeypatch, tmp_path):
    """Each change of the equations makes another one."""
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path))
    prefs.codegen.target = "cpp"

    def run_two():
        first, second = (network()[0] for _ in range(2))
        first.run(1 * ms)
        second.run(1 * ms)
        (program,) = tmp_path.glob("*.so")
        return program

    program = run_two()
    gc.collect()
    with pytest.raises(OSError):  # with this mode nothing is loaded
        ctypes.CDLL(str(program), mode=os.RTLD_NOLOAD)


def test_auto_is_cpp_where_there_is_a_compiler():
    prefs.codegen.target = "auto"
    net, _ = network()
    net.run(1 * ms)
    assert net.last.compiled.target == "cpp"


def test_without_a_compiler_auto_is_numpy_and_says_so(monkeypatch):
    monkeypatch.setattr(compiler, "find_compiler", lambda: None)
    prefs.codegen.target = "auto"
    net, group = network()
    with pytest.warns(UserWarning, match="No C\\+\\+ compiler was found.*jupyspike doctor"):
        net.run(10 * ms)
    assert net.last.compiled.target == "numpy"
    np.testing.assert_allclose(group.v[:], 1 - np.exp(-1), rtol=1e-12)


def test_without_a_compiler_cpp_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compilers, "_candidates", lambda: iter(()))
    prefs.codegen.target = "cpp"
    net, group = network()
    with pytest.raises(BuildError, match="there is no C\\+\\+ compiler on this machine"):
        net.run(1 * ms)
    assert group.v[0] == 0
    prefs.codegen.target = "numpy"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net.run(1 * ms)


def test_there_is_no_other_target():
    with pytest.raises(ArgumentError) as caught:
        prefs.codegen.target = "cpu"
    assert "codegen.target cannot be 'cpu'" in str(caught.value) and "did you mean 'cpp'" in str(caught.value)
    with pytest.raises(ArgumentError, match="there is no preference codegen\\.targets"):
        prefs.codegen.targets = "cpp"
    with pytest.raises(ArgumentError, match="'c' is not a target"):
        compiler.resolve_target("c", None)


# programs of the cache that are not what they should be


def planted(directory, monkeypatch, content: bytes | None) -> None:
    """Go on with a copy of the cache, in which a program has another content, and the checksum of that."""
    (program,) = (path for path in program_cache().directory.glob("*.so") if b"jupyspike_advance" in path.read_bytes())
    shutil.copytree(program.parent, directory)  # the system takes what it has loaded from a path for what is there
    if content is not None:
        (directory / program.name).write_bytes(content)
        source = directory / program.with_suffix(".cpp").name
        text, mark, _ = source.read_bytes().rpartition(b"// checksum of the program beside this file: ")
        source.write_bytes(text + mark + hashlib.sha256(content).hexdigest().encode() + b"\n")
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(directory))


@pytest.mark.parametrize("content", ["no program", "half of one", "another interface", "without functions"])
@pytest.mark.parametrize("target", ["cpp"], indirect=True)
def test_what_is_no_program_of_ours_is_built_again(target, content, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYSPIKE_CACHE_DIR", str(tmp_path / "first"))
    net, group = network()
    net.run(1 * ms)
    (program,) = (tmp_path / "first").glob("*.so")
    visible = 'extern "C" __attribute__((visibility("default"))) int'
    others = {
        "no program": b"text", "half of one": program.read_bytes()[:5000],
        "another interface": build(f"{visible} jupyspike_interface() {{ return 2; }} {visible} jupyspike_advance;"),
        "without functions": build(f"{visible} answer;"),
    }  # fmt: skip
    other = others[content]
    planted(tmp_path / "second", monkeypatch, other if isinstance(other, bytes) else other.path.read_bytes())
    again = Network(group)
    again.run(1 * ms)
    assert again.last.compiled.program.origin.startswith("built in")
    planted(tmp_path / "third", monkeypatch, None)
    whole = Network(group)
    whole.run(1 * ms)
    assert whole.last.compiled.program.origin == "from the cache"
