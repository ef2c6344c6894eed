"""The import in a new process, and which large packages came with it."""

import importlib
import os
import sys

from measured import Measures, seconds

HEAVY = ("sympy", "scipy", "bokeh", "ipywidgets", "IPython", "matplotlib", "cython", "Cython")

measures = Measures()
numpy_alone = seconds(lambda: importlib.import_module("numpy"))
own = seconds(lambda: importlib.import_module(os.environ["BENCHMARK_LIBRARY"]))
measures.add("import, with numpy", numpy_alone + own)
measures.add("numpy's part of it", numpy_alone)
measures.add("heavy packages imported", ", ".join(name for name in HEAVY if name in sys.modules) or "none", "")
measures.hand_over()
