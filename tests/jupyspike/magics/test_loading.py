"""In a notebook, importing jupyspike is enough: the cells are there, and live runs know the cells from then on."""

from __future__ import annotations

import subprocess
import sys

NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
for cell in (
    "from jupyspike import *\\nfrom jupyspike.widgets import *\\nprefs.codegen.target = 'numpy'",
    "G = NeuronGroup(2, 'dv/dt = 1/ms : 1', threshold='v > 3', reset='v = 0', method='euler')",
    "panel = live_panel(10*ms, Raster(G), speed=None)",
    "%load_ext jupyspike",
    "%%neurons exc\\nx : 1",
    "script = panel.script()",
):
    shell.run_cell(cell).raise_error()
script = shell.user_ns["script"]
assert "G = NeuronGroup(2" in script and "live_panel(" in script, script
assert "from jupyspike.widgets import *" in script, script
"""

PROGRAM = """
import sys
import IPython
import jupyspike
assert "jupyspike.magics" not in sys.modules
"""


def run(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_star_import_alone_brings_cells_and_scripts():
    run(NOTEBOOK)


def test_a_program_has_no_cells():
    run(PROGRAM)
