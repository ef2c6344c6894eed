"""The package is light."""

import subprocess
import sys


def test_importing_the_package_loads_no_other_package_than_numpy():
    script = (
        "import sys, numpy; before = set(sys.modules); import jupyspike_engine.units; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names) - {'numpy', 'jupyspike_engine'}))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
