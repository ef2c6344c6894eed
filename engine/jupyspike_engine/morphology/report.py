"""What was found and done when a shape was read."""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Span


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that was not right and what was made of it.

    Attributes
    ----------
    line : int or None
        In the file, counted from 1; None if it is about the whole.
    """

    line: int | None
    found: str
    done: str

    def __str__(self) -> str:
        return f"{'' if self.line is None else f'line {self.line}: '}{self.found}; done: {self.done}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a tree was read from, and what was repaired on the way.

    What cannot be repaired is an error, which names the lines too.

    Attributes
    ----------
    source : str
        The name of the file.
    points, sections : int
        How many there are.
    repairs : tuple of Repair

    Examples
    --------
    >>> points = [(1, 'soma', 0, 0, 0, 30, -1), (3, 'axon', 0, 0, 90, 2, 2), (2, 'axon', 0, 0, 15, 2, 1)]
    >>> print(Morphology.from_points(points).report)
    points: 3 points, 2 sections; 1 repair
        line 2: the point 3 comes before its parent 2; done: sorted
    """

    source: str
    points: int
    sections: int
    repairs: tuple[Repair, ...]

    def __str__(self) -> str:
        count = len(self.repairs)
        many = f"{count} repairs" if count != 1 else "1 repair"
        head = (
            f"{self.source}: {self.points} points, {self.sections} sections; {many if count else 'nothing to repair'}"
        )
        return "\n".join([head, *(f"    {repair}" for repair in self.repairs)])


class Repairs:
    """Collects repairs; what is done in the same way to many lines is told once."""

    MOST = 5  # lines of the same kind that are told of one by one

    def __init__(self) -> None:
        self._kinds: dict[str, list[Repair]] = {}

    def add(self, kind: str, place: Span | int | None, found: str, done: str) -> None:
        """Note one; ``kind`` tells which belong together."""
        line = place.line if isinstance(place, Span) else place
        self._kinds.setdefault(kind, []).append(Repair(line, found, done))

    def all(self) -> tuple[Repair, ...]:
        """In the order of their lines, those of one kind shortened."""
        told: list[Repair] = []
        for repairs in self._kinds.values():
            told += repairs[: self.MOST]
            if len(rest := repairs[self.MOST :]):
                told.append(Repair(rest[0].line, f"the same in {len(rest)} lines from here on", rest[0].done))
        return tuple(sorted(told, key=lambda repair: repair.line or 0))
