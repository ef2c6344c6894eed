"""Neurons with a shape, and their parts."""
