"""Imports go only downwards, and loading the package is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE, NOTEBOOK = ROOT / "engine" / "jupyspike_engine", ROOT / "jupyspike"

# Each layer may import from those before it.
LAYERS = (
    "diagnostics", "calls", "frames", "units", "preferences", "logs", "language", "numerics", "plan", "native",
    "targets", "build", "simulation", "morphology", "compiler", "objects",
)  # fmt: skip
HEAVY = ("sympy", "scipy", "bokeh", "ipywidgets", "IPython", "matplotlib", "pandas")
# The engine makes a data frame where a user asks for one; nothing else of these.
FOREIGN = ({*HEAVY} - {"pandas"}) | {"jupyter_bokeh", "ipykernel", "traitlets", "comm", "jupyspike"}
FILES = sorted(ENGINE.rglob("*.py"))


def package_of(path: Path) -> list[str]:
    parts = list(path.relative_to(ENGINE.parent).with_suffix("").parts)
    return parts[:-1]


def imports(path: Path):
    """The full names of what a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package_of(path)[: len(package_of(path)) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "jupyspike_engine" and len(parts) > 1 else None


def test_every_part_of_the_engine_has_a_layer():
    found = {path.relative_to(ENGINE).parts[0].removesuffix(".py") for path in FILES} - {"__init__"}
    assert found == set(LAYERS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_a_file_imports_only_from_layers_before_its_own(path):
    own = path.relative_to(ENGINE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for name in imports(path):
        other = layer_of(name)
        assert other is None or LAYERS.index(other) <= LAYERS.index(own), f"{own} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_the_engine_needs_nothing_of_the_notebook(path):
    assert not {name.split(".")[0] for name in imports(path)} & FOREIGN


def loaded_by(statement: str) -> set[str]:
    """The modules that a new Python process has loaded after a statement."""
    script = f"import sys; {statement}; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    environment = {"PYTHONPATH": f"{ROOT / 'engine'}:{ROOT}", "PATH": ""}
    return set(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize(
    "statement", ["import jupyspike", "from jupyspike import *", "import jupyspike_engine.compiler"]
)
def test_importing_loads_nothing_heavy(statement):
    loaded = loaded_by(statement)
    assert "jupyspike_engine.compiler" in loaded
    assert not {name for name in loaded if name.split(".")[0] in HEAVY}


def test_the_engine_is_importable_alone():
    loaded = loaded_by("import jupyspike_engine.objects.running.network")
    assert not {name for name in loaded if name.split(".")[0] == "jupyspike"}


def test_a_simulation_loads_nothing_heavy_either():
    statement = (
        "from jupyspike import *; prefs.codegen.target = 'numpy'; "
        "G = NeuronGroup(2, 'dv/dt = (u - v)/(10*ms) : 1\\ndu/dt = -u/ms : 1', threshold='v > 1', reset='v = 0'); "
        "S = Synapses(G, G, on_pre='v += rand()'); S.connect(p=0.5); M = StateMonitor(G, 'v', record=True); run(1*ms)"
    )
    assert not {name for name in loaded_by(statement) if name.split(".")[0] in HEAVY}
