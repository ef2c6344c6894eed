"""A plan as one small C++ translation unit behind the interface of ``native/jupyspike_program.h``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...diagnostics import BuildError, Span
from ...plan.nodes import (
    Call,
    Detect,
    Domain,
    Draw,
    Element,
    Exponentiate,
    Expression,
    Index,
    Inject,
    Lookup,
    Operation,
    Parameter,
    Plan,
    Propagate,
    React,
    RecordEvents,
    RecordRate,
    RecordState,
    Solve,
    Statement,
    Store,
    Sum,
    Update,
    expressions_of,
    reaches_out,
    statements_of,
    walk,
)  # fmt: skip
from . import solving
from .expressions import C_TYPES, STORED_TYPES, identifier, statement_line, written

Acting = Update | Sum | Detect | Inject | React | Propagate | RecordEvents | RecordState | RecordRate


@dataclass
class Source:
    """Lines of C++, and for some of them the place in the user's text that they come from."""

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


def cpp_source(plan: Plan) -> Source:
    """The source of the program of a plan."""
    source = Source()
    source.add('#include "jupyspike_step.h"')
    emitter = _Emitter(plan, source)
    statements = [s for operation in plan.operations for s in getattr(operation, "statements", ())]
    for line in solving.prelude(statements):
        source.add(line)
    emitter.functions()
    for number, operation in enumerate(plan.operations):
        if not isinstance(operation, Call):
            source.add("")
            emitter.operation(number, operation)
    source.add("")
    emitter.advance()
    return source


class _Emitter:
    def __init__(self, plan: Plan, source: Source) -> None:
        self.plan, self.source = plan, source
        self.arrays = {array.name: number for number, array in enumerate(plan.arrays)}
        self.array_types = {array.name: STORED_TYPES[array.storage] for array in plan.arrays}
        self.parameters = {name: number for number, name in enumerate(plan.parameters)}
        self.domains: dict[str, tuple[int, Domain]] = {d.name: (k, d) for k, d in enumerate(plan.domains)}
        self.events = {event.name: number for number, event in enumerate(plan.events)}
        self.pathways = {pathway.name: (number, pathway) for number, pathway in enumerate(plan.pathways)}
        self.recorders = {recorder.name: number for number, recorder in enumerate(plan.recorders)}
        # Names that the text of functions has for tables.
        self.tables = {name: table for function in plan.functions for name, table in function.tables.items()}

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

    def operation(self, number: int, operation: Acting) -> None:
        with self.source.block(f"static void {type(operation).__name__.lower()}_{number}(const jsp_memory *m)"):
            self._declarations(operation)
            if isinstance(operation, (Update, Sum, Detect, React, Propagate)):
                self._statements(operation.scalars)
            emit = {
                Update: self._update, Sum: self._sum, Detect: self._detect, Inject: self._inject, React: self._react,
                Propagate: self._propagate, RecordEvents: self._record, RecordState: self._record,
                RecordRate: self._record_rate,
            }  # fmt: skip
            emit[type(operation)](operation)  # type: ignore[operator]  # each takes its own kind of operation

    def _declarations(self, operation: Acting) -> None:
        add = self.source.add
        add(f"const jsp_clock *clock = &m->clocks[{operation.clock}];")
        add("const int64_t step = clock->step;")
        add("const double dt = clock->dt, t = jsp_time(clock);")
        add(f"const jsp_domain *domain = &m->domains[{self.domains[operation.domain][0]}];")
        nodes = [node for root in expressions_of(operation) for node in walk(root)]
        if any(isinstance(node, Draw) for node in nodes):
            add("const uint64_t seed = m->seed;")
            add("const uint32_t stream = domain->stream;")
        for name in dict.fromkeys(node.name for node in nodes if isinstance(node, Parameter)):
            kind = next(n.type for n in nodes if isinstance(n, Parameter) and n.name == name)
            c_type = C_TYPES[kind]
            add(f"const {c_type} p_{name} = ({c_type})m->parameters[{self.parameters[name]}];")
        for name in dict.fromkeys(self._arrays_of(operation, nodes)):
            c_type = self.array_types[name]
            add(f"{c_type} *JSP_RESTRICT {identifier(name)} = ({c_type} *)m->arrays[{self.arrays[name]}];")
        add("(void)t, (void)dt, (void)step, (void)domain;")

    @staticmethod
    def _arrays_of(operation: Operation, nodes: list[Expression]) -> list[str]:
        names = [operation.array] if isinstance(operation, Sum) else []
        for node in nodes:
            if isinstance(node, Element):
                names.append(node.array)
            if isinstance(node, (Element, Index)):
                names += node.via
            if isinstance(node, Lookup):
                names.append(node.table)
        for statement in statements_of(operation):
            if isinstance(statement, Store):
                names.append(statement.array)
            elif isinstance(statement, Solve):
                names += statement.written
        return names

    def _statements(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, (Solve, Exponentiate)):
                for line, place in solving.lines(statement):
                    self.source.add(line, place)
            else:
                self.source.add(*statement_line(statement))

    def _ends(self, domain: str) -> None:
        """For synapses: the neurons at the two ends of synapse i."""
        if self.domains[domain][1].pre is not None:
            self.source.add("const int64_t pre = domain->pre[i], post = domain->post[i];")
            self.source.add("(void)pre, (void)post;")

    def _number(self, parameter: str) -> str:
        """A parameter that is a number of elements."""
        return f"(int64_t)m->parameters[{self.parameters[parameter]}]"

    def _update(self, operation: Update) -> None:
        first, end = "0", "domain->size"
        if operation.part is not None:
            self.source.add(f"const int64_t first = {self._number(operation.part[0])};")
            self.source.add(f"const int64_t end = first + {self._number(operation.part[1])};")
            first, end = "first", "end"
        if not reaches_out(operation):
            self.source.add("JSP_INDEPENDENT")
        with self.source.block(f"for (int64_t i = {first}; i < {end}; ++i)"):
            self._ends(operation.domain)
            self._statements(operation.statements)

    def _sum(self, operation: Sum) -> None:
        add, block = self.source.add, self.source.block
        array = identifier(operation.array)
        add(f"const int64_t first = {self._number(operation.part[0])};")
        add(f"const int64_t end = first + {self._number(operation.part[1])};")
        add(f"for (int64_t k = first; k < end; ++k) {array}[k] = 0;")
        with block("for (int64_t i = 0; i < domain->size; ++i)"):
            self._ends(operation.domain)
            add(f"{array}[{operation.place}] += {written(operation.value)};")

    def _inject(self, operation: Inject) -> None:
        self.source.add(f"jsp_inject(&m->events[{self.events[operation.event]}], step);")

    def _detect(self, operation: Detect) -> None:
        add, block = self.source.add, self.source.block
        add(f"jsp_events *events = &m->events[{self.events[operation.event]}];")
        add("const int64_t slot = step % events->depth;")
        add("int64_t head = events->head;")
        add("events->begin[slot] = head;")
        with block("for (int64_t base = 0; base < domain->size; base += JSP_BLOCK)"):
            add("unsigned char meets[JSP_BLOCK];")
            add("const int64_t size = domain->size - base < JSP_BLOCK ? domain->size - base : JSP_BLOCK;")
            with block("for (int64_t k = 0; k < size; ++k)"):
                add("const int64_t i = base + k;")
                self._ends(operation.domain)
                add(f"meets[k] = {written(operation.condition)};")
            add("head = jsp_collect(meets, size, base, events->elements, head);")
        add("events->end[slot] = events->head = head;")
        if operation.statements:
            with block("for (int64_t k = events->begin[slot]; k < head; ++k)"):
                add("const int64_t i = events->elements[k];")
                self._statements(operation.statements)

    def _each_event(self, event: str, when: str) -> None:
        self.source.add(f"const jsp_events *events = &m->events[{self.events[event]}];")
        self.source.add(f"const int64_t slot = ({when}) % events->depth;")

    def _react(self, operation: React) -> None:
        self._each_event(operation.event, "step")
        with self.source.block("for (int64_t k = events->begin[slot]; k < events->end[slot]; ++k)"):
            self.source.add("const int64_t i = events->elements[k];")
            self._statements(operation.statements)

    def _propagate(self, operation: Propagate) -> None:
        number, pathway = self.pathways[operation.pathway]
        events = self.events[pathway.event]
        self.source.add(f"jsp_reach reach = jsp_reached(&m->pathways[{number}], &m->events[{events}], step);")
        with (
            self.source.block("while (jsp_next_row(&reach))"),
            self.source.block("for (int64_t position = reach.begin; position < reach.end; ++position)"),
        ):
            self.source.add("const int64_t i = reach.synapses ? reach.synapses[position] : position;")
            self._ends(operation.domain)
            self._statements(operation.statements)

    def _record(self, operation: RecordEvents | RecordState) -> None:
        add, block = self.source.add, self.source.block
        add(f"jsp_recorder *recorder = &m->recorders[{self.recorders[operation.recorder]}];")
        if isinstance(operation, RecordEvents):
            self._each_event(operation.event, "step")
            with block("for (int64_t k = events->begin[slot]; k < events->end[slot]; ++k)"):
                add("const int64_t i = events->elements[k], row = i - recorder->first;")
                add("if (row < 0 || row >= recorder->size) continue;")
                add("++recorder->totals[row];")
                add("if (!recorder->times) continue;")
                add("recorder->times[recorder->count] = t;")
                add("recorder->indices[recorder->count] = (int32_t)row;")
                for column, value in enumerate(operation.values):
                    add(f"recorder->columns[{column}][recorder->count] = (double)({written(value)});")
                add("++recorder->count;")
            return
        add("recorder->times[recorder->count] = t;")
        with block("for (int64_t k = 0; k < recorder->size; ++k)"):
            add("const int64_t i = recorder->elements[k];")
            self._ends(operation.domain)
            for column, value in enumerate(operation.values):
                at = "[recorder->count * recorder->size + k]"
                add(f"recorder->columns[{column}]{at} = (double)({written(value)});")
        add("++recorder->count;")

    def _record_rate(self, operation: RecordRate) -> None:
        add, block = self.source.add, self.source.block
        add(f"jsp_recorder *recorder = &m->recorders[{self.recorders[operation.recorder]}];")
        self._each_event(operation.event, "step")
        add("int64_t happened = 0;")
        with block("for (int64_t k = events->begin[slot]; k < events->end[slot]; ++k)"):
            add("const int64_t row = events->elements[k] - recorder->first;")
            add("happened += row >= 0 && row < recorder->size;")
        add("recorder->times[recorder->count] = t;")
        add("recorder->columns[0][recorder->count++] = (double)happened;")

    def advance(self) -> None:
        add, block = self.source.add, self.source.block
        add("JSP_EXPORT uint32_t jupyspike_interface(void) { return JUPYSPIKE_INTERFACE; }")
        add("")
        with block("static inline int32_t borders(jsp_memory *m, uint64_t due)"):
            add("if (m->stop) return JSP_STOPPED;")
            add("if (!due) return JSP_DONE;")
            for operation in self.plan.operations:
                if isinstance(operation, (Detect, Inject)):
                    clock, event = operation.clock, self.events[operation.event]
                    size = f"m->domains[{self.domains[operation.domain][0]}].size"
                    room = f"jsp_make_room(&m->events[{event}], m->clocks[{clock}].step, {size})"
                    add(f"if ((due >> {clock} & 1) && !{room}) return JSP_FULL;")
            for number, recorder in enumerate(self.plan.recorders):
                add(f"if (!jsp_has_row(&m->recorders[{number}], {int(recorder.kind == 'events')})) return JSP_FULL;")
            add("return JSP_BUDGET;")
        add("")
        with block("JSP_EXPORT int32_t jupyspike_advance(jsp_memory *m, int64_t budget)"):
            for name, table in self.tables.items():
                add(f"{name} = ({self.array_types[table]} *)m->arrays[{self.arrays[table]}];")
            with block("for (; budget > 0; --budget)"):
                add(f"const uint64_t due = jsp_due(m->clocks, {self.plan.clocks});")
                with block("if (m->position == 0)"):
                    add("const int32_t status = borders(m, due);")
                    add("if (status != JSP_BUDGET) return status;")
                for number, operation in enumerate(self.plan.operations):
                    self._call_in_step(number, operation)
                add("m->position = 0;")
                for clock in range(self.plan.clocks):
                    add(f"m->clocks[{clock}].step += due >> {clock} & 1;")
            add("return JSP_BUDGET;")

    def _call_in_step(self, number: int, operation: Operation) -> None:
        resumable = any(isinstance(o, Call) for o in self.plan.operations)
        turn = f"(due >> {operation.clock} & 1)" + (f" && m->position <= {number}" if resumable else "")
        if isinstance(operation, Call):
            self.source.add(f"if ({turn}) {{ m->position = {number}; return JSP_CALL; }}")
        else:
            self.source.add(f"if ({turn}) JSP_TIMED({number}, {type(operation).__name__.lower()}_{number}(m));")
