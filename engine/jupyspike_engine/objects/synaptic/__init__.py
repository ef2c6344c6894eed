"""Synapses: which neurons they join, where they are stored, and what happens when a spike arrives."""
