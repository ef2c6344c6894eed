"""Measures of spike trains and signals, on plain arrays in SI base units."""
