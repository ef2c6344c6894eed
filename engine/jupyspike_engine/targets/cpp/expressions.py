"""The plan's expressions in C++."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...language.functions import Type
from ...plan.nodes import (
    Apply,
    Constant,
    Draw,
    Element,
    Expression,
    Index,
    Invoke,
    Local,
    Lookup,
    Parameter,
    Place,
    Time,
)  # fmt: skip

C_TYPES: dict[Type, str] = {"real": "double", "integer": "int64_t", "boolean": "bool"}
STORED_TYPES = {
    "float64": "double", "float32": "float", "int32": "int32_t", "int64": "int64_t", "uint8": "uint8_t",
    "int16": "int16_t", "int8": "int8_t", "uint16": "uint16_t", "uint32": "uint32_t", "bool": "bool",
}  # fmt: skip
INDEX: dict[Place, str] = {"own": "i", "pre": "pre", "post": "post", "one": "0"}

FORMATS: dict[str, str] = {
    "add": "({} + {})",
    "subtract": "({} - {})",
    "multiply": "({} * {})",
    "divide": "((double){} / (double){})",
    "floor_divide": "jsp_floor_divide({}, {})",
    "modulo": "jsp_modulo({}, {})",
    "power": "pow((double){}, (double){})",
    "square": "jsp_square((double){})",
    "cube": "jsp_cube((double){})",
    "fourth_power": "jsp_fourth_power((double){})",
    "negative": "(-{})",
    "equal": "({} == {})",
    "not_equal": "({} != {})",
    "less": "({} < {})",
    "less_equal": "({} <= {})",
    "greater": "({} > {})",
    "greater_equal": "({} >= {})",
    "and": "({} & {})",  # no short cut, so that loops over elements have no branches
    "or": "({} | {})",
    "not": "(!{})",
    "select": "({} ? {} : {})",
    "real": "(double){}",
    "abs": "fabs({})",
    "sign": "jsp_sign((double){})",
    "floor": "jsp_integer(floor((double){}))",
    "ceil": "jsp_integer(ceil((double){}))",
    "int": "jsp_integer({})",
    "clip": "jsp_clip({}, {}, {})",
    "timestep": "jsp_timestep({}, {})",
    "exp": "jsp_exponential((double){})",
    "expm1": "jsp_expm1((double){})",
    "exprel": "jsp_exprel({})",
    "bernoulli": "jsp_bernoulli((double){})",
    "log": "jsp_logarithm((double){})",
    "tanh": "jsp_tanh((double){})",
    "arcsin": "asin({})",
    "arccos": "acos({})",
    "arctan": "atan({})",
    **{name: name + "((double){})" for name in ("log10", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh")},
}
INTEGER_FORMATS = {
    "floor_divide": "jsp_floor_divide_int({}, {})",
    "modulo": "jsp_modulo_int({}, {})",
    "abs": "({0} < 0 ? -{0} : {0})",
    "clip": "jsp_clip_int({}, {}, {})",
}


def identifier(name: str) -> str:
    return name.replace(".", "_")


class Language:
    """How expressions are written in C++; other languages of its family say what differs."""

    types: Mapping[Type, str] = C_TYPES
    formats: Mapping[str, str] = FORMATS
    integer_formats: Mapping[str, str] = INTEGER_FORMATS
    truths = ("false", "true")

    def __init__(self, strides: Mapping[str, int] = MappingProxyType({})) -> None:
        self.strides = strides  # of arrays whose values do not lie next to each other

    def at(self, array: str, index: str) -> str:
        """A value of an array."""
        stride = self.strides.get(array, 1)
        return f"{identifier(array)}[{index if stride == 1 else f'{stride} * {index}'}]"

    def cast(self, type_: str, value: str) -> str:
        return f"({type_}){value}"

    def written(self, expression: Expression) -> str:
        """An expression as text."""
        if isinstance(expression, Apply):
            return self._applied(expression)
        if isinstance(expression, Element):
            loaded = self.at(expression.array, _index(expression))
            return self.cast("int64_t", loaded) if expression.type == "integer" else loaded
        if isinstance(expression, Local):
            return f"l_{expression.name}"
        if isinstance(expression, Constant):
            return self._constant(expression)
        if isinstance(expression, Parameter):
            return f"p_{expression.name}"
        if isinstance(expression, Index):
            return self.cast("int64_t", _index(expression))
        if isinstance(expression, Draw):
            return self._drawn(expression)
        if isinstance(expression, Lookup):
            found = f"{identifier(expression.table)}[{self.written(expression.position)}]"
            return self.cast(self.types[expression.type], found)
        if isinstance(expression, Invoke):
            return self.invoked(expression)
        return _time(expression)

    def _drawn(self, draw: Draw) -> str:
        counter = f"{self.cast('uint32_t', INDEX[draw.place])}, {self.cast('uint64_t', 'step')}"
        arguments = [f"seed, stream, {counter}, {draw.number}", *map(self.written, draw.arguments)]
        if draw.law is None:
            return f"jsp_{draw.distribution}({', '.join(arguments)})"
        return f"jsp_{draw.distribution}_drawn({', '.join(arguments)}, l_{draw.law})"

    def invoked(self, call: Invoke) -> str:
        return f"{call.function}({', '.join(map(self.written, call.arguments))})"

    def _constant(self, constant: Constant) -> str:
        value = constant.value
        if constant.type == "boolean":
            return self.truths[bool(value)]
        if constant.type == "integer":
            return self.cast("int64_t", f"{value:d}")
        if value in (float("inf"), float("-inf")):
            return "INFINITY" if value > 0 else "-INFINITY"
        return "NAN" if value != value else repr(float(value))

    def _applied(self, expression: Apply) -> str:
        arguments = [self.written(argument) for argument in expression.arguments]
        operation = expression.operation
        if operation == "int" and expression.arguments[0].type != "real":
            return self.cast("int64_t", f"({arguments[0]})")
        if expression.type == "integer" and operation in self.integer_formats:
            return self.integer_formats[operation].format(*arguments)
        return self.formats[operation].format(*arguments)


CPP = Language()


def _index(node: Element | Index) -> str:
    index = INDEX[node.place]
    for array in node.via:
        index = f"{identifier(array)}[{index}]"
    return index


def _time(time: Time) -> str:
    if time.clock is None:
        return time.quantity
    clock = f"m->clocks[{time.clock}]"
    return f"jsp_time(&{clock})" if time.quantity == "t" else f"{clock}.{time.quantity}"
