"""The compiled bridge, if this installation has it."""

from __future__ import annotations

import os
from types import ModuleType

bridge: ModuleType | None = None
problem = ""
if os.environ.get("JUPYSPIKE_NO_BRIDGE"):
    problem = "switched off by JUPYSPIKE_NO_BRIDGE"
else:
    try:
        from . import bridge as _bridge  # type: ignore[attr-defined,unused-ignore]  # compiled when installed

        if _bridge.INTERFACE != 4:
            problem = f"it was compiled for interface {_bridge.INTERFACE}, this is interface 4: install jupyspike again"
        else:
            bridge = _bridge
    except ImportError as error:
        problem = str(error)
