"""A plan as one small C++ translation unit behind the interface of ``native/jupyspike_program.h``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...diagnostics import BuildError
from ...plan.nodes import (
    Array,
    Exponentiate,
    Let,
    Plan,
    Propagate,
    Solve,
    Statement,
    Store,
)  # fmt: skip
from ...plan.sharing import Division
from . import solving
from .blocks import Blocks, in_blocks, local_of
from .emitter import Emitter
from .expressions import STORED_TYPES, identifier
from .text import Source


def cpp_source(plan: Plan) -> Source:
    """The source of the program of a plan."""
    source = Source()
    source.add('#include "jupyspike_step.h"')
    CppEmitter(plan, source).program()
    return source


class CppEmitter(Emitter):
    """Prints a plan in C++: what only programs in C++ have."""

    def prelude(self, statements: list[Statement], headers: list[str]) -> None:
        for line in (*(f'#include "{header}"' for header in headers), *solving.prelude(statements)):
            self.source.add(line)

    def functions(self) -> None:
        """The functions that users brought along, each after those that it calls, and pointers to their arrays.

        The pointers are set when a step begins: a program that runs in two threads has two of each.
        """
        for name, table in self.tables.items():
            self.source.add("")
            self.source.add(f"static thread_local {self.array_types[table]} *{name};")
        for function in self.plan.functions:
            if "cpp" not in function.code:
                raise BuildError(
                    f"the function '{function.name}' has no C++ implementation", kind="build",
                    hint="give it one with @implementation('cpp', ...), or choose another prefs.codegen.target",
                )  # fmt: skip
            self.source.add("")
            for line in function.code["cpp"].strip("\n").splitlines():
                self.source.add(line.rstrip())

    def _propagate(self, operation: Propagate, division: Division) -> None:
        blocks = in_blocks(operation, {array.name: array for array in self.plan.arrays})
        if blocks is None:
            super()._propagate(operation, division)
            return
        source, base = self.source, "&reach, base, size"
        with self._each_row(operation, division):
            source.variable("int64_t", "base", "reach.begin")
            with source.repeat("base < reach.end"):
                source.declare("int64_t", "size", "jsp_block_size(&reach, base)")
                source.array("int32_t", "numbers", "JSP_ROW_BLOCK")
                source.do(f"jsp_numbers(numbers, {base})")
                for end in blocks.ends:
                    source.array("int32_t", f"block_{end}", "JSP_ROW_BLOCK")
                    source.do(f"jsp_take<1, 1>(block_{end}, domain->{end}, {base})")
                for group in blocks.staged:
                    block, values, form = _staged(group)
                    source.array(STORED_TYPES[group[0].storage], block, f"{len(group)} * JSP_ROW_BLOCK")
                    source.do(f"jsp_take{form}({block}, {values}, {base})")
                for name, _ in blocks.added:
                    source.array("double", f"block_{name}", "JSP_ROW_BLOCK")
                self._block_once_or_merged(blocks)
                for group in blocks.staged:
                    if group[0].name in blocks.written:
                        block, values, form = _staged(group)
                        source.do(f"jsp_put{form}({block}, {values}, {base})")
                for name, store in blocks.added:
                    with source.loop("k", "0", "size"):
                        source.declare("int64_t", store.place, f"block_{store.place}[k]")
                        source.declare("double", f"l_{name}", f"block_{name}[k]")
                        self.statements((store,))
                source.do("base += size")

    def _block_once_or_merged(self, blocks: Blocks) -> None:
        if not blocks.twins:
            self._block(blocks, blocks.statements)
            return
        with self.source.when(" && ".join(f"l_{name} == l_{other}" for name, other in blocks.twins.items())):
            self._block(blocks, blocks.merged)
        with self.source.otherwise():
            self._block(blocks, blocks.statements)

    def _block(self, blocks: Blocks, statements: tuple[Let | Store, ...]) -> None:
        """The statements for the synapses of a block, which are independent of each other."""
        source = self.source
        places = {
            array.name: f"{_staged(group)[0]}[{f'{len(group)} * k + {place}' if len(group) > 1 else 'k'}]"
            for group in blocks.staged
            for place, array in enumerate(group)
        }
        with source.loop("k", "0", "jsp_filled(size)", independent=True):
            source.declare("int64_t", "i", "numbers[k]")
            for end in blocks.ends:
                source.declare("int64_t", end, f"block_{end}[k]")
            source.unused("i", *blocks.ends)
            for array in blocks.own:
                source.variable(STORED_TYPES[array.storage], f"l_{local_of(array.name)}", places[array.name])
            for statement in statements:
                value = self.language.written(statement.value)
                if isinstance(statement, Let):
                    type_ = self.language.types[statement.value.type]
                    source.declare(type_, f"l_{statement.name}", value, statement.span)
                else:
                    source.do(f"l_{local_of(statement.array)} = {value}", statement.span)
            for array in blocks.own:
                if array.name in blocks.written:
                    source.do(f"{places[array.name]} = l_{local_of(array.name)}")
            for name, _ in blocks.added:
                source.do(f"block_{name}[k] = l_{name}")

    def special(self, statement: Solve | Exponentiate) -> None:
        for line, place in solving.lines(statement):
            self.source.add(line, place)

    @contextmanager
    def entry(self) -> Iterator[None]:
        self.source.add("JSP_EXPORT uint32_t jupyspike_interface(void) { return JUPYSPIKE_INTERFACE; }")
        self.source.add("")
        arguments = "jsp_memory *m, int64_t budget, const jsp_worker *w"
        with self.source.block(f"JSP_EXPORT int32_t jupyspike_advance({arguments})"):
            for name, table in self.tables.items():
                self.source.add(f"{name} = ({self.array_types[table]} *)m->arrays[{self.arrays[table]}];")
            yield


def _staged(group: tuple[Array, ...]) -> tuple[str, str, str]:
    """For arrays of a block that are taken as a whole: the name of the block, of the values, and how these lie."""
    first = identifier(group[0].name)
    return f"block_{first}", first, f"<{group[0].stride}, {len(group)}>"
