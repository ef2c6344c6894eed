"""The library that a program measures, by its public names: jupyspike, or brian2 with a cache of its own."""
# ruff: noqa: F403, F405

import os

if os.environ["BENCHMARK_LIBRARY"] == "brian2":
    from brian2 import *

    prefs.codegen.target = os.environ.get("BENCHMARK_TARGET", "cython")
    prefs.codegen.runtime.cython.cache_dir = os.environ["BENCHMARK_PROGRAMS"]
else:
    from jupyspike import *

    prefs.codegen.target = os.environ.get("BENCHMARK_TARGET", "cpp")
