"""Physical constants, for ``from jupyspike.units.constants import *``."""

from jupyspike_engine.units.constants import *  # noqa: F403
from jupyspike_engine.units.constants import __all__ as __all__
