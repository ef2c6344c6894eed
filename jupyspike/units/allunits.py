"""Every unit with every prefix, from yocto to yotta, for ``from jupyspike.units.allunits import *``."""

from jupyspike_engine.units.allunits import __all__ as __all__
from jupyspike_engine.units.allunits import __dir__ as __dir__
from jupyspike_engine.units.allunits import __getattr__ as __getattr__
