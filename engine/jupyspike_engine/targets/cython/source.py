"""A plan as one Cython module, whose steps run without the interpreter's lock.

It is what the C++ program is, printed in the other language. Functions of the user's that have neither a text in Cython
nor one in C++ are called as objects of the interpreter, which the module is given when it advances a memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...diagnostics import InternalError, Span
from ...plan.nodes import Exponentiate, Function, Invoke, Operation, Plan, Solve, Statement, Update
from ...plan.sharing import Division
from ...plan.traversal import expressions_of, statements_of, walk
from ..cpp.emitter import Acting, Emitter
from ..cpp.solving import prelude
from ..cpp.text import Source
from . import solving
from .expressions import CythonLanguage, ways_of

MODULE = "jupyspike_program"
"""The name of every module, whatever file it is in."""


@dataclass
class CythonSource(Source):
    """Lines of Cython: variables are declared before the first line of a function, and all access is by a dot."""

    _declared: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.add(head + ":")
        before = len(self.lines)
        self.depth += 1
        yield
        if len(self.lines) == before:
            self.add("pass")
        self.depth -= 1

    @contextmanager
    def function(self, result: str, name: str, arguments: str, python: bool = False) -> Iterator[None]:
        if python:  # the result tells of an exception
            manner, result = "except -1 with gil", "int" if result == "void" else result
        else:
            manner = "noexcept nogil"
        with self.declaring(f"cdef {result} {name}({arguments}) {manner}"):
            yield
            if python and result == "int":
                self.add("return 0")

    @contextmanager
    def declaring(self, head: str) -> Iterator[None]:
        """A block that begins with the declarations of its variables."""
        self._declared = {}
        with self.block(head):
            start = len(self.lines)
            yield
        lines = [f"    cdef {declaration}" for declaration in self._declared.values()]
        self.lines[start:start] = lines
        self.places = {n + len(lines) * (n > start): place for n, place in self.places.items()}

    def _declare(self, name: str, declaration: str) -> None:
        if self._declared.setdefault(name, declaration) != declaration:
            raise InternalError(f"'{name}' is declared as '{self._declared[name]}' and as '{declaration}'")

    def declare(self, type_: str, name: str, value: str, place: Span | None = None) -> None:
        self._declare(name, f"{type_} {name}")
        self.do(f"{name} = {value}", place)

    def variable(self, type_: str, name: str, value: str) -> None:
        self.declare(type_, name, value)

    def fresh(self, type_: str, name: str) -> None:
        """A variable without a value."""
        self._declare(name, f"{type_} {name}")

    def array(self, type_: str, name: str, size: str) -> None:
        self._declare(name, f"{type_}[{size}] {name}")

    def pointer(self, type_: str, name: str, value: str) -> None:
        self.declare(f"{type_}_array", name, f"<{type_}_array>{value}")

    def unused(self, *names: str) -> None:
        pass

    def do(self, statement: str, place: Span | None = None) -> None:
        self.add(statement.replace("->", "."), place)

    @contextmanager
    def loop(self, index: str, first: str, end: str, independent: bool = False) -> Iterator[None]:
        self._declare(index, f"int64_t {index}")
        with self.block(f"for {index} in range({first}, {end})".replace("->", ".")):
            yield

    @contextmanager
    def repeat(self, condition: str) -> Iterator[None]:
        with self.block(f"while {condition}".replace("->", ".")):
            yield

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        with self.block(f"if {condition}".replace("->", ".")):
            yield

    @contextmanager
    def verbatim(self) -> Iterator[None]:
        """C++ that the module includes as it is, within the declarations of what it defines."""
        with self.block("cdef extern from *"):
            yield


def cython_source(plan: Plan) -> CythonSource:
    """The module of the program of a plan."""
    source = CythonSource()
    source.add("from jupyspike_step cimport *")
    CythonEmitter(plan, source).program()
    return source


def python_functions(plan: Plan) -> tuple[Function, ...]:
    """The functions that the module of a plan is given as objects, in their order."""
    ways = ways_of(plan.functions)
    return tuple(function for function in plan.functions if ways[function.name] == "python")


class CythonEmitter(Emitter):
    def __init__(self, plan: Plan, source: CythonSource) -> None:
        super().__init__(plan, source)
        self.source: CythonSource = source
        self.ways = ways_of(plan.functions)
        self.language: CythonLanguage = CythonLanguage(self.strides, self.ways)
        self.python = python_functions(plan)
        self.solves: dict[int, str] = {}  # the functions of the statements that integrate

    def prelude(self, statements: list[Statement], headers: list[str]) -> None:
        for header in headers:
            self.source.add(f"from {header.removesuffix('.h')} cimport *")
        lines = list(prelude(statements))
        if not lines and not self.plan.functions:
            return
        add = self.source.add
        in_cpp = [function for function in self.plan.functions if self.ways[function.name] == "cpp"]
        add("")
        with self.source.verbatim():
            add('"""')
            for line in lines:
                add(line)
            for name, table in self.tables.items():
                add(f"static thread_local {self.array_types[table]} *{name};")
            for function in self.python:
                add(f"static thread_local PyObject *python_{function.name};")
            for function in in_cpp:
                for line in function.code["cpp"].strip("\n").splitlines():
                    add(line.rstrip().replace("\\", "\\\\").replace('"', '\\"'))
            add('"""')
            for declaration in solving.declarations(statements):
                add(declaration)
            for name, table in self.tables.items():
                add(f"{self.array_types[table]} *{name}")
            for function in self.python:
                add(f"PyObject *python_{function.name}")
            for function in in_cpp:
                add(f"{self.language.types[function.type]} {function.name}(...) nogil")
            add("pass")

    def functions(self) -> None:
        for function in self.plan.functions:
            if self.ways[function.name] == "cython":
                self.source.add("")
                for line in function.code["cython"].strip("\n").splitlines():
                    self.source.add(line.rstrip())
            elif self.ways[function.name] == "python":
                self.source.add("")
                with self.source.block(f"def {function.name}(*arguments)"):
                    self.source.add(f"return (<object> python_{function.name})(*arguments)")

    def calls_python(self, operation: Operation) -> bool:
        nodes = (node for root in expressions_of(operation) for node in walk(root))
        return any(isinstance(node, Invoke) and self.ways[node.function] != "cpp" for node in nodes)

    def operation(self, number: int, operation: Acting, division: Division) -> None:
        solves = [s for s in statements_of(operation) if isinstance(s, Solve)]
        for statement in solves:
            assert isinstance(operation, Update)  # no other integrates
            self.solves[id(statement)] = solving.name(number, len(self.solves))
            solving.rates(self, self.solves[id(statement)], operation, statement)
            self.source.add("")
        super().operation(number, operation, division)

    def special(self, statement: Solve | Exponentiate) -> None:
        if isinstance(statement, Exponentiate):
            solving.exponentiate(self, statement)
        else:
            solving.solve(self, self.solves[id(statement)], statement)

    @contextmanager
    def entry(self) -> Iterator[None]:
        arguments = "jsp_memory *m, int64_t budget, const jsp_worker *w"
        with self.source.declaring(f"cdef int32_t advanced({arguments}) except -1 nogil"):
            for name, table in self.tables.items():
                self.source.add(f"global {name}")
                self.source.add(f"{name} = <{self.array_types[table]} *>m.arrays[{self.arrays[table]}]")
            yield
        self.source.add("")
        with self.source.block("def jupyspike_interface()"):
            self.source.add("return JUPYSPIKE_INTERFACE")
        self.source.add("")
        with self.source.block("def jupyspike_advance(uintptr_t memory, int64_t budget, functions)"):
            self.source.add("cdef int32_t status")
            self.source.add("cdef jsp_team team")
            self.source.add("cdef jsp_worker worker")
            self.source.add("team.size = 1")  # what calls Python cannot be shared among threads
            for number, function in enumerate(self.python):
                self.source.add(f"global python_{function.name}")
                self.source.add(f"python_{function.name} = <PyObject *>functions[{number}]")
            with self.source.block("with nogil"):
                self.source.add("worker = jsp_member(&team, 0, (<jsp_memory *>memory).parts)")
                self.source.add("status = advanced(<jsp_memory *>memory, budget, &worker)")
            self.source.add("return status")
