"""Preferences: ``prefs.codegen.target = 'numpy'``, checked when they are set, and kept in files if the user wants."""

from .preference import BrianPreference, PreferenceError, UnknownPreferenceError
from .rows import SECTIONS
from .store import Preferences

prefs = Preferences(SECTIONS)
brian_prefs = prefs

__all__ = ["BrianPreference", "PreferenceError", "Preferences", "UnknownPreferenceError", "brian_prefs", "prefs"]
