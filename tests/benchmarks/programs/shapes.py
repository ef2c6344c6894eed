"""The cables of the Rallpacks, and a branched cell: for all simulators, in micrometres and SI units.

Rallpacks 1 to 3 are those of Bhalla, Bilitch and Bower, Trends in Neurosciences 15, 1992: a passive cable, a passive
binary tree and an axon, of 1,000, 1,023 and 1,000 compartments, for 250 ms in steps of 0.05 ms.
"""

from dataclasses import dataclass

RESISTIVITY, RESISTANCE, CAPACITY = 1.0, 4.0, 0.01  # ohm m, ohm m2, F/m2
REST, SODIUM, POTASSIUM = -65.0, 50.0, -77.0  # mV
CURRENT = 0.1  # nA, into one end


@dataclass(frozen=True)
class Shape:
    """Cylinders, each after that at whose end it begins: parents (-1 for the first), lengths and diameters."""

    parents: tuple[int, ...]
    lengths: tuple[float, ...]
    diameters: tuple[float, ...]
    pieces: int  # compartments of each

    @property
    def compartments(self) -> int:
        return len(self.parents) * self.pieces


def cable() -> Shape:
    return Shape((-1,), (1000.0,), (1.0,), 1000)


def binary(levels: int, length: float, diameter: float, pieces: int, ratio: float = 2 ** (-2 / 3)) -> Shape:
    """Each branch has two that are as long against their space constant; by default Rall's 3/2 law holds."""
    parents, depths = [-1], [0]
    for branch in range(2 ** (levels - 1) - 1):
        parents += [branch] * 2
        depths += [depths[branch] + 1] * 2
    lengths = tuple(length * ratio ** (depth / 2) for depth in depths)
    return Shape(tuple(parents), lengths, tuple(diameter * ratio**depth for depth in depths), pieces)


SHAPES = {
    "rallpack1": cable(),
    "rallpack2": binary(10, 32.0, 16.0, 1),
    "rallpack3": cable(),
    "network": binary(5, 100.0, 4.0, 3),
}
DURATION = {"rallpack1": 250.0, "rallpack2": 250.0, "rallpack3": 250.0, "network": 20.0}  # ms
STEP = {"rallpack1": 0.05, "rallpack2": 0.05, "rallpack3": 0.05, "network": 0.025}  # ms
CELLS, SYNAPSES, DELAY, WEIGHT, TAU = 1000, 10, 1.0, 1.0, 2.0  # of the network; ms, nS, ms
ACTIVE = {"rallpack3", "network"}


def synapse(cell: int, number: int, shape: Shape) -> tuple[int, int, int]:
    """The source, and the branch and the compartment of it where a synapse is."""
    k = SYNAPSES * cell + number
    return (cell + 1 + 97 * k) % CELLS, 31 * k % len(shape.parents), 7 * k % shape.pieces


def cost(name: str, seconds: float) -> float:
    """Nanoseconds for a compartment and a step."""
    cells = CELLS if name == "network" else 1
    return 1e9 * seconds / (cells * SHAPES[name].compartments * round(DURATION[name] / STEP[name]))
