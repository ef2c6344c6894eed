"""Some of the synapses of an object."""

from __future__ import annotations

from ..selection import Selection


class SynapticSubgroup(Selection):
    """Some synapses, as ``S[0]``, ``S[i, :]`` or ``S['w > 0']``; what monitors can record, and variables to be read.

    Attributes
    ----------
    indices : array of int
        Their numbers, in the order in which the synapses were made.

    Examples
    --------
    >>> G = NeuronGroup(3, 'x : 1')
    >>> S = Synapses(G, G, 'w : 1')
    >>> S.connect('i != j')
    >>> S.w = '10*i + j'
    >>> S[1, :].w[:]
    array([10., 12.])
    """

    elements = "synapses"

    def __dir__(self) -> list[str]:
        """Attributes, with the variables of the synapses."""
        return sorted({*super().__dir__(), "i", "j"})
