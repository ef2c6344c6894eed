"""The text of a program, and how constructs of C++ are written in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...diagnostics import Span


@dataclass
class Source:
    """Lines of C++, and for some of them the place in the user's text that they come from.

    What languages of the family write in another way is a method; all that a method is given is written as in C.
    """

    lines: list[str] = field(default_factory=list)
    places: dict[int, Span] = field(default_factory=dict)
    depth: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def add(self, line: str, place: Span | None = None) -> None:
        self.lines.append("    " * self.depth + line if line else "")
        if place is not None:
            self.places[len(self.lines)] = place

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head + " {")
        self.depth += 1
        yield
        self.depth -= 1
        self.add("}")

    @contextmanager
    def function(self, result: str, name: str, arguments: str, python: bool = False) -> Iterator[None]:
        """The body of a function; ``python`` if it may call functions of the interpreter."""
        with self.block(f"static {result} {name}({arguments})"):
            yield

    def declare(self, type_: str, name: str, value: str, place: Span | None = None) -> None:
        """A value, or a pointer, that does not change."""
        const = "" if type_.endswith("*") else "const "
        self.add(f"{const}{type_} {name} = {value};", place)

    def variable(self, type_: str, name: str, value: str) -> None:
        self.add(f"{type_} {name} = {value};")

    def array(self, type_: str, name: str, size: str) -> None:
        self.add(f"{type_} {name}[{size}];")

    def pointer(self, type_: str, name: str, value: str) -> None:
        """A pointer to values that no other name stands for."""
        self.add(f"{type_} *JSP_RESTRICT {name} = ({type_} *){value};")

    def unused(self, *names: str) -> None:
        """Names that need not be used."""
        self.add(", ".join(f"(void){name}" for name in names) + ";")

    def do(self, statement: str, place: Span | None = None) -> None:
        self.add(statement + ";", place)

    @contextmanager
    def loop(self, index: str, first: str, end: str, independent: bool = False) -> Iterator[None]:
        """A loop over whole numbers; ``independent`` if its passes may be done in any order."""
        if independent:
            self.add("JSP_INDEPENDENT")
        with self.block(f"for (int64_t {index} = {first}; {index} < {end}; ++{index})"):
            yield

    @contextmanager
    def repeat(self, condition: str) -> Iterator[None]:
        with self.block(f"while ({condition})"):
            yield

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        with self.block(f"if ({condition})"):
            yield

    @contextmanager
    def otherwise(self) -> Iterator[None]:
        """What is done where the condition of `when`, just before, does not hold."""
        with self.block("else"):
            yield
