"""Functions of the user's that equations and code may call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, repeat
from typing import Any

import numpy as np

from ..diagnostics import ArgumentError, ArgumentTypeError, DimensionMismatchError, nearest
from ..language.functions import Type, Wanted
from ..plan.functions import CodeFunction
from ..units import DIMENSIONLESS, Dimension, Unit, bare, dimension_of, get_unit, quantity

TARGETS = ("numpy", "cpp", "cython")
TYPES: dict[str, Type] = {"integer": "integer", "float": "real", "boolean": "boolean"}
BUILD_OPTIONS = (
    "headers", "sources", "define_macros", "libraries", "include_dirs", "library_dirs", "runtime_library_dirs",
)  # fmt: skip


_numbers = count(1)  # for functions without a name


@dataclass(frozen=True)
class Implementation:
    """How a target computes a function: its text, arrays it reads, functions it calls, what building it needs."""

    code: Any
    namespace: Any = None
    dependencies: Mapping[str, Function] | None = None
    name: str | None = None
    discard_units: bool | None = None
    build: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Implementations(dict[str, Implementation]):
    """The implementations of a function by target: numpy, cpp, cython."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self._function = function

    def add_implementation(
        self,
        target: Any,
        code: Any,
        namespace: Mapping[str, Any] | None = None,
        dependencies: Mapping[str, Function] | None = None,
        name: str | None = None,
        **compiler_kwds: Any,
    ) -> None:
        """Say how a target computes the function.

        Parameters
        ----------
        target : 'cpp', 'cython' or 'numpy'
        code : str or callable
            Text that defines the function, None if it is part of a header or the language; a callable for numpy.
        namespace : dict, optional
            Arrays that the text reads; in C++ they have the prefix ``_namespace``.
        dependencies : dict, optional
            Other functions that the text calls.
        name : str, optional
            The function's name in the text.
        **compiler_kwds
            headers, sources, define_macros, libraries, include_dirs, library_dirs, runtime_library_dirs.

        Raises
        ------
        ArgumentError
            There is no such target or option.
        """
        target = _target(target)
        for option in compiler_kwds:
            if option not in BUILD_OPTIONS:
                raise ArgumentError(f"'{option}' is not an option", hint=nearest(option, BUILD_OPTIONS))
        build = {
            option: tuple(value) if isinstance(value, (list, tuple)) else (value,)
            for option, value in compiler_kwds.items()
        }
        if isinstance(code, Mapping):  # blocks of code by name: macros first, then what defines functions
            code = "\n".join(code[name] for name in sorted(code, key=lambda name: name != "hashdefine_code"))
        self[target] = Implementation(code, namespace, dependencies, name, None, build)
        self._function.forget()

    def add_numpy_implementation(
        self,
        wrapped_func: Callable[..., Any],
        dependencies: Mapping[str, Function] | None = None,
        discard_units: bool | None = None,
    ) -> None:
        """Have numpy compute the function by a Python function; ``discard_units`` gives it plain arrays."""
        self["numpy"] = Implementation(wrapped_func, None, dependencies, None, discard_units)
        self._function.forget()

    def add_dynamic_implementation(
        self,
        target: Any,
        code: Callable[[Any], str],
        namespace: Callable[[Any], Mapping[str, Any]] | None = None,
        dependencies: Mapping[str, Function] | None = None,
        name: str | None = None,
        **compiler_kwds: Any,
    ) -> None:
        """As `add_implementation`, with functions that give text and arrays when they are needed.

        They are called with None: a text serves all groups.
        """
        self.add_implementation(target, code, None, dependencies, name, **compiler_kwds)
        self[_target(target)] = Implementation(code, namespace, dependencies, name, None, self[_target(target)].build)


def _target(target: Any) -> str:
    name = getattr(target, "class_name", target)
    if name not in TARGETS:
        raise ArgumentError(f"{target!r} is not a target", hint=f"targets are: {', '.join(TARGETS)}")
    return str(name)


class Function:
    """A function that equations and code may call.

    Parameters
    ----------
    pyfunc : callable
        The function itself, on quantities; what numpy runs if nothing else is said.
    sympy_func : optional
        Accepted for scripts that give it; not needed.
    arg_units : sequence, optional
        The unit of each argument, 1 for a plain number, `bool`, None for any, or the name of another argument.
    arg_names : sequence of str, optional
        Names of the arguments.
    return_unit : unit or callable, optional
        The unit of the result, or a function from the units of the arguments to it.
    arg_types, return_type : optional
        'integer', 'float', 'boolean', 'any'; the result may be 'highest' of its arguments.
    stateless : bool
        Whether the result depends on the arguments alone.
    auto_vectorise : bool
        Whether it is also given the numbers of the elements, as ``_vectorisation_idx``.

    Raises
    ------
    ArgumentError
        The units are not known.

    Examples
    --------
    >>> double = Function(lambda x: 2*x, arg_units=[1], return_unit=1)
    >>> G = NeuronGroup(2, 'v : 1')
    >>> G.v = 'double(i)'
    >>> G.v[:]
    array([0., 2.])
    """

    def __init__(
        self,
        pyfunc: Callable[..., Any],
        sympy_func: Any = None,
        arg_units: Sequence[Any] | None = None,
        arg_names: Sequence[str] | None = None,
        return_unit: Any = None,
        arg_types: Sequence[str] | None = None,
        return_type: str | None = None,
        stateless: bool = True,
        auto_vectorise: bool = False,
    ) -> None:
        if isinstance(pyfunc, Function):
            raise ArgumentTypeError("this is a Function already", found=repr(pyfunc))
        self.pyfunc, self.sympy_func = pyfunc, sympy_func
        name = getattr(pyfunc, "__name__", "")
        self._named = name.isidentifier()
        self.name = name if self._named else f"function_{next(_numbers)}"
        rules = getattr(pyfunc, "unit_rules", None)
        self._arg_names = tuple(arg_names) if arg_names is not None else _argument_names(pyfunc, auto_vectorise)
        if arg_units is None and rules is not None:
            arg_units = [rules.arguments.get(name) for name in self._arg_names or ()]
        self._arg_units = None if arg_units is None else tuple(arg_units)
        self._return_unit = rules.result if return_unit is None and rules is not None else return_unit
        declared = getattr(pyfunc, "declared_types", None)
        self._arg_types = tuple(arg_types) if arg_types is not None else declared[0] if declared else None
        self._return_type = return_type or (declared[1] if declared else None)
        self.stateless = stateless
        self.auto_vectorise = auto_vectorise
        self.implementations = Implementations(self)
        self._external: CodeFunction | None = None

    def forget(self) -> None:
        """Take new implementations into account."""
        self._external = None

    def __call__(self, *arguments: Any) -> Any:
        return self.pyfunc(*arguments)

    @property
    def external_function(self) -> CodeFunction:
        """The function as the plan has it."""
        if self._external is None:
            self._external = self._made()
        return self._external

    def _made(self) -> CodeFunction:
        if self._arg_units is None or self._return_unit is None:
            raise ArgumentError(
                f"the units of the function '{self.name}' are not known",
                hint="declare them: @check_units(x=volt, result=1), or Function(..., arg_units=[volt], return_unit=1)",
            )
        code: dict[str, str] = {}
        tables: dict[str, np.ndarray[Any, Any]] = {}
        dependencies: dict[str, CodeFunction] = {}
        build: dict[str, tuple[str, ...]] = {}
        name = self.name
        for target, implementation in self.implementations.items():
            name = implementation.name or name
            dependencies |= {key: other.external_function for key, other in (implementation.dependencies or {}).items()}
            if target == "numpy":
                continue
            if implementation.name is None and not self._named:
                raise ArgumentError(
                    f"a function without a name has a text for {target}", hint="name='...' says what it is called there"
                )
            text, namespace = implementation.code, implementation.namespace
            code[target] = (text(None) if callable(text) else text) or ""
            namespace = namespace(None) if callable(namespace) else namespace or {}
            tables |= {f"_namespace{key}": np.ascontiguousarray(bare(value)[0]) for key, value in namespace.items()}
            build |= implementation.build
        types = tuple(TYPES.get(kind, "real") for kind in self._arg_types or ())
        return CodeFunction(
            name, tuple(map(self._wanted, self._arg_units, self._arg_types or repeat("any"))),
            self._result_dimension, self._type(),
            self.stateless, False, code, self._python(), tables, dependencies, types, self.auto_vectorise, build,
        )  # fmt: skip

    def _wanted(self, unit: Any, type_: str) -> Wanted:
        if unit is bool or type_ == "boolean":
            return "boolean"
        if type_ == "integer":
            return "integer"
        if unit is None:
            return None
        if isinstance(unit, str):
            names = list(self._arg_names or ())
            if unit not in names:
                raise ArgumentError(f"'{unit}' is not an argument of '{self.name}'", hint=nearest(unit, names))
            return names.index(unit)
        return dimension_of(unit)

    def _result_dimension(self, dimensions: Sequence[Dimension]) -> Dimension:
        unit = self._return_unit
        if unit is bool:
            return DIMENSIONLESS
        if callable(unit) and not isinstance(unit, (Unit, np.ndarray)):
            unit = unit(*(get_unit(dimension) for dimension in dimensions))
        return dimension_of(unit)

    def _type(self) -> Any:
        if self._return_unit is bool:
            return "boolean"
        return "highest" if self._return_type == "highest" else TYPES.get(self._return_type or "float", "real")

    def _python(self) -> Callable[..., object]:
        implementation = self.implementations.get("numpy")
        given = implementation.code if implementation is not None else None
        function = given if callable(given) else self.pyfunc
        discard = bool(implementation is not None and implementation.discard_units)
        if discard and hasattr(function, "unit_rules"):  # what checks units refuses plain arrays
            function = inspect.unwrap(function)
        units = self._arg_units or ()

        def on_plain_arrays(evaluation: Any, *arguments: Any) -> Any:
            if not discard:
                dimensions = [unit_of(unit) for unit in units] + [DIMENSIONLESS] * (len(arguments) - len(units))
                arguments = tuple(
                    argument if dimension.is_dimensionless else quantity(argument, dimension)
                    for argument, dimension in zip(arguments, dimensions, strict=True)
                )
            value, dimension = bare(function(*arguments))
            if not discard and dimension != (wanted := self._result_dimension(_dimensions(arguments[: len(units)]))):
                raise DimensionMismatchError(
                    f"the function '{self.name}' returned another unit than it declares", kind="unit",
                    found=str(dimension), expected=str(wanted),
                )  # fmt: skip
            return value

        return on_plain_arrays

    def __repr__(self) -> str:
        return f"<Function {self.name!r}>"


def function_of(checked: Any) -> Function:
    """A Python function whose units are declared as one that equations may call, always the same one."""
    made: Function | None = inspect.getattr_static(checked, "as_function", None)
    if made is None:
        made = checked.as_function = Function(checked)
    return made


def unit_of(rule: Any) -> Dimension:
    """The unit that an argument is given with; truth values and what may be anything are plain numbers."""
    return DIMENSIONLESS if rule is None or rule is bool or isinstance(rule, str) else dimension_of(rule)


def _dimensions(values: Sequence[Any]) -> list[Dimension]:
    return [dimension_of(value) for value in values]


def _argument_names(function: Callable[..., Any], auto_vectorise: bool) -> tuple[str, ...] | None:
    try:
        names = tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a function of a compiled module need not say
        return None
    return tuple(name for name in names if not (auto_vectorise and name == "_vectorisation_idx"))


def implementation(
    target: Any,
    code: Any = None,
    namespace: Mapping[str, Any] | None = None,
    dependencies: Mapping[str, Function] | None = None,
    discard_units: bool | None = None,
    name: str | None = None,
    **compiler_kwds: Any,
) -> Callable[[Any], Function]:
    """Decorator: give a function code for a target.

    Parameters
    ----------
    target : 'cpp', 'cython' or 'numpy'
    code : str, optional
        Text that defines the function; for numpy the decorated function itself serves.
    namespace, dependencies, name, **compiler_kwds
        See `Implementations.add_implementation`.
    discard_units : bool, optional
        For numpy: whether the function is given plain arrays.

    Examples
    --------
    >>> @implementation('cpp', 'double clipped(double x) { return x > 1 ? 1 : x; }')
    ... @check_units(x=1, result=1)
    ... def clipped(x):
    ...     return np.clip(x, None, 1)
    >>> G = NeuronGroup(3, 'v : 1')
    >>> G.v = 'clipped(i)'
    >>> G.v[:]
    array([0., 1., 1.])
    """

    def decorate(function: Any) -> Function:
        made = function if isinstance(function, Function) else Function(function)
        if _target(target) == "numpy":
            made.implementations.add_numpy_implementation(code or made.pyfunc, dependencies, discard_units)
        else:
            if code is None:
                raise ArgumentError(f"an implementation for {target} needs code", hint="@implementation('cpp', '...')")
            made.implementations.add_implementation(target, code, namespace, dependencies, name, **compiler_kwds)
        return made

    return decorate


def declare_types(**types: str) -> Callable[[Any], Any]:
    """Decorator: say which types a function takes and gives.

    Parameters
    ----------
    **types
        For each argument 'integer', 'float', 'boolean' or 'any'; ``result`` may also be 'highest'.

    Raises
    ------
    ArgumentError
        There is no such type or argument.

    Examples
    --------
    >>> @declare_types(k='integer', result='integer')
    ... @check_units(k=1, result=1)
    ... def next_one(k):
    ...     return k + 1
    """
    result = types.pop("result", "float")
    for name, kind in types.items():
        if kind not in (*TYPES, "any"):
            raise ArgumentError(f"'{kind}' is not a type (of '{name}')", hint=nearest(kind, (*TYPES, "any")))
    if result not in (*TYPES, "highest"):
        raise ArgumentError(f"'{result}' is not a type of a result", hint=nearest(result, (*TYPES, "highest")))

    def decorate(function: Any) -> Any:
        names = _argument_names(getattr(function, "pyfunc", function), False) or ()
        for name in types:
            if names and name not in names:
                raise ArgumentError(f"'{name}' is not an argument of the function", hint=nearest(name, names))
        declared = tuple(types.get(name, "any") for name in names), result
        if isinstance(function, Function):
            function._arg_types, function._return_type = declared
            function.forget()
        else:
            function.declared_types = declared
        return function

    return decorate
