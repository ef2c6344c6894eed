"""The plan's expressions and statements in C++."""

from __future__ import annotations

from ...diagnostics import Span
from ...language.functions import Type
from ...plan.nodes import (
    Apply,
    Constant,
    Draw,
    Element,
    Expression,
    Index,
    Invoke,
    Let,
    Local,
    Lookup,
    Parameter,
    Place,
    Store,
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
    "exprel": "jsp_exprel({})",
    "arcsin": "asin({})",
    "arccos": "acos({})",
    "arctan": "atan({})",
    **{
        name: name + "((double){})"
        for name in ("exp", "log", "log10", "expm1", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")
    },
}
INTEGER_FORMATS = {
    "floor_divide": "jsp_floor_divide_int({}, {})",
    "modulo": "jsp_modulo_int({}, {})",
    "abs": "({0} < 0 ? -{0} : {0})",
    "clip": "jsp_clip_int({}, {}, {})",
}


def identifier(name: str) -> str:
    return name.replace(".", "_")


def written(expression: Expression) -> str:
    """An expression in C++."""
    if isinstance(expression, Apply):
        return _applied(expression)
    if isinstance(expression, Element):
        loaded = f"{identifier(expression.array)}[{_index(expression)}]"
        return f"(int64_t){loaded}" if expression.type == "integer" else loaded
    if isinstance(expression, Local):
        return f"l_{expression.name}"
    if isinstance(expression, Constant):
        return _constant(expression)
    if isinstance(expression, Parameter):
        return f"p_{expression.name}"
    if isinstance(expression, Index):
        return f"(int64_t){_index(expression)}"
    if isinstance(expression, Draw):
        counter = f"seed, stream, (uint32_t){INDEX[expression.place]}, (uint64_t)step, {expression.number}u"
        return f"jsp_{expression.distribution}({', '.join([counter, *map(written, expression.arguments)])})"
    if isinstance(expression, Lookup):
        return f"({C_TYPES[expression.type]}){identifier(expression.table)}[{written(expression.position)}]"
    if isinstance(expression, Invoke):
        return f"{expression.function}({', '.join(written(argument) for argument in expression.arguments)})"
    return _time(expression)


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


def _constant(constant: Constant) -> str:
    value = constant.value
    if constant.type == "boolean":
        return "true" if value else "false"
    if constant.type == "integer":
        return f"(int64_t){value:d}"
    if value in (float("inf"), float("-inf")):
        return "INFINITY" if value > 0 else "-INFINITY"
    return "NAN" if value != value else repr(float(value))


def _applied(expression: Apply) -> str:
    arguments = [written(argument) for argument in expression.arguments]
    operation = expression.operation
    if operation == "int" and expression.arguments[0].type != "real":
        return f"(int64_t)({arguments[0]})"
    if expression.type == "integer" and operation in INTEGER_FORMATS:
        return INTEGER_FORMATS[operation].format(*arguments)
    return FORMATS[operation].format(*arguments)


def statement_line(statement: Let | Store) -> tuple[str, Span | None]:
    """A statement in C++, and the place of the user's text that it comes from."""
    value = written(statement.value)
    if isinstance(statement, Let):
        return f"const {C_TYPES[statement.value.type]} l_{statement.name} = {value};", statement.span
    return f"{identifier(statement.array)}[{INDEX[statement.place]}] = {value};", statement.span
