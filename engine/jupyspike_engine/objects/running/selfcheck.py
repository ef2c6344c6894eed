"""A short check that networks run here: a neuron whose solution is known, on every target."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...compiler import TARGETS
from ...diagnostics import ArgumentTypeError, UserError
from ...preferences import prefs
from ...units import ms
from ..monitors.eventmonitor import SpikeMonitor
from ..neurongroup import NeuronGroup
from .network import Network


def test(codegen_targets: str | Iterable[str] | None = None, **options: Any) -> bool:
    """Run a tiny network on each target and tell how it went.

    Parameters
    ----------
    codegen_targets : str or list of str, optional
        The targets; all by default.
    **options
        Those of the older API are accepted, such as ``long_tests``; the whole set of tests is in the repository.

    Returns
    -------
    bool
        Whether all went well.

    Examples
    --------
    >>> test('numpy')
    numpy: spikes and values are those of the analytical solution
    True
    """
    unknown = sorted(set(options) - _OLDER_OPTIONS)
    if unknown:
        raise ArgumentTypeError(f"test has no option '{unknown[0]}'")
    targets = [codegen_targets] if isinstance(codegen_targets, str) else list(codegen_targets or TARGETS)
    well = True
    before = prefs.codegen.target
    try:
        for target in targets:
            problem = _problem_on(target)
            well = well and not problem
            print(f"{target}: {problem or 'spikes and values are those of the analytical solution'}")
    finally:
        prefs.codegen.target = before
    return well


test.__test__ = False  # type: ignore[attr-defined]  # for pytest, where it is imported with a star

_OLDER_OPTIONS = {
    "long_tests", "test_codegen_independent", "test_standalone", "test_openmp", "test_in_parallel", "reset_preferences",
    "fail_for_not_implemented", "test_GSL", "build_options", "extra_test_dirs", "sphinx_dir", "float_dtype",
    "additional_args",
}  # fmt: skip


def _problem_on(target: str) -> str:
    """What goes wrong with ``dv/dt = (2 - v)/tau``, which fires every tau ln 2 and then has to start at zero."""
    try:
        prefs.codegen.target = target
        model = "dv/dt = (2 - v)/(10*ms) : 1"
        group = NeuronGroup(2, model, method="exact", threshold="v > 1", reset="v = 0", name="selfcheck*")
        spikes = SpikeMonitor(group, name="selfcheck_spikes*")
        Network(group, spikes).run(20 * ms, namespace={})
    except UserError as error:
        return str(error)
    period = math.ceil(math.log(2) * 100)  # steps of 0.1 ms
    expected = [(k * period - 1) for k in (1, 2) for _ in range(2)]
    found = np.round(spikes.t_ / group.clock.dt_).astype(int).tolist()
    if found != expected:
        return f"spikes in the steps {found} in place of {expected}"
    value, right = float(group.v_[0]), 2 * (1 - math.exp(-(200 - 2 * period) / 100))
    return "" if math.isclose(value, right, rel_tol=1e-12) else f"v is {value} in place of {right}"
