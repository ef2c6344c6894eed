"""The usual shorthands, such as mV, nS and ms, for ``from jupyspike.units.stdunits import *``."""

from jupyspike_engine.units.stdunits import __all__ as __all__
from jupyspike_engine.units.stdunits import __dir__ as __dir__
from jupyspike_engine.units.stdunits import __getattr__ as __getattr__
