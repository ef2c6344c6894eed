"""How expressions in Cython differ from those in C++."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from ...plan.nodes import Function, Invoke
from ..cpp.expressions import C_TYPES, FORMATS, INTEGER_FORMATS, Language

Way = Literal["cython", "cpp", "python"]

_FORMATS = {name: text.replace("(double)", "<double>") for name, text in FORMATS.items()} | {
    "not": "(not {})",
    "select": "({1} if {0} else {2})",
}
_INTEGER_FORMATS = INTEGER_FORMATS | {"abs": "(-{0} if {0} < 0 else {0})"}


class CythonLanguage(Language):
    """Expressions in Cython."""

    types = C_TYPES | {"boolean": "bint"}
    formats = _FORMATS
    integer_formats = _INTEGER_FORMATS
    truths = ("0", "1")

    def __init__(self, strides: Mapping[str, int], ways: Mapping[str, Way]) -> None:
        super().__init__(strides)
        self.ways = ways

    def cast(self, type_: str, value: str) -> str:
        return f"<{type_}>{value}"

    def invoked(self, call: Invoke) -> str:
        value = f"{call.function}({', '.join(map(self.written, call.arguments))})"
        if call.type == "integer" and self.ways[call.function] == "python":
            value = f"int({value})"
        return self.cast(self.types[call.type], value)


def ways_of(functions: Iterable[Function]) -> dict[str, Way]:
    """How a module has each function: from its text in Cython or C++, else as an object of the interpreter."""
    ways: dict[str, Way] = {}
    for function in functions:  # each after those that it calls
        if "cython" in function.code:
            ways[function.name] = "cython"
        elif "cpp" in function.code and all(ways[name] == "cpp" for name in function.dependencies):
            ways[function.name] = "cpp"
        else:
            ways[function.name] = "python"
    return ways
