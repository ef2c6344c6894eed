"""Programs of the family of C++: the functions of a plan's operations, and the loop over the steps that calls them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from ...plan.nodes import (
    Call,
    Detect,
    Domain,
    Draw,
    Element,
    Eliminate,
    Exponentiate,
    Expression,
    Index,
    Inject,
    Invoke,
    Law,
    Let,
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
)
from ...plan.sharing import ALONE, Division, shared
from ...plan.traversal import ends_of, expressions_of, reaches_out, statements_of, walk
from .blocks import takes_time
from .expressions import INDEX, STORED_TYPES, Language, identifier
from .text import Source
from .widths import by_width, narrow_stores

Acting = Update | Eliminate | Sum | Detect | Inject | React | Propagate | RecordEvents | RecordState | RecordRate


class Emitter:
    """Prints a plan: what the programs of all languages of the family have in common."""

    def __init__(self, plan: Plan, source: Source) -> None:
        self.plan, self.source = plan, source
        self.sharing = shared(plan)
        self.arrays = {array.name: number for number, array in enumerate(plan.arrays)}
        self.array_types = {array.name: STORED_TYPES[array.storage] for array in plan.arrays}
        self.strides = {array.name: array.stride for array in plan.arrays}
        self.language = Language(self.strides)
        self.parameters = {name: number for number, name in enumerate(plan.parameters)}
        self.domains: dict[str, tuple[int, Domain]] = {d.name: (k, d) for k, d in enumerate(plan.domains)}
        self.events = {event.name: number for number, event in enumerate(plan.events)}
        self.pathways = {pathway.name: (number, pathway) for number, pathway in enumerate(plan.pathways)}
        self.recorders = {recorder.name: number for number, recorder in enumerate(plan.recorders)}
        # Names that the text of functions has for tables.
        self.tables = {name: table for function in plan.functions for name, table in function.tables.items()}

    def program(self) -> None:
        """The whole program."""
        headers = ["jupyspike_tree.h"] if any(isinstance(o, Eliminate) for o in self.plan.operations) else []
        self.prelude([s for operation in self.plan.operations for s in statements_of(operation)], headers)
        self.functions()
        for number, (operation, division) in enumerate(zip(self.plan.operations, self.sharing.divisions, strict=True)):
            if not isinstance(operation, Call):
                self.source.add("")
                self.operation(number, operation, division)
        self.source.add("")
        self.advance()

    def prelude(self, statements: list[Statement], headers: list[str]) -> None:
        """What statements and operations need before the functions of the program."""
        raise NotImplementedError

    def functions(self) -> None:
        """The functions that users brought along, each after those that it calls."""
        raise NotImplementedError

    def special(self, statement: Solve | Exponentiate) -> None:
        """A statement that calls a template."""
        raise NotImplementedError

    def entry(self) -> AbstractContextManager[None]:
        """The body of what advances a memory `m` by `budget` steps, for the worker `w`."""
        raise NotImplementedError

    def calls_python(self, operation: Operation) -> bool:
        """Whether an operation calls functions of the interpreter."""
        return False

    def operation(self, number: int, operation: Acting, division: Division) -> None:
        python = self.calls_python(operation)
        arguments = "const jsp_memory *m, const jsp_worker *w"
        with self.source.function("void", _name(number, operation), arguments, python):
            self.declarations(operation)
            if isinstance(operation, (Update, Sum, Detect, React, Propagate)):
                self.statements(operation.scalars)
            if isinstance(operation, (Update, Eliminate, Detect, React, Propagate)):
                divided = {
                    Update: self._update, Eliminate: self._eliminate, Detect: self._detect, React: self._react,
                    Propagate: self._propagate,
                }  # fmt: skip
                divided[type(operation)](operation, division)  # type: ignore[operator]  # each takes its own kind
                return
            alone = {
                Sum: self._sum, Inject: self._inject, RecordEvents: self._record_events,
                RecordState: self._record_state, RecordRate: self._record_rate,
            }  # fmt: skip
            alone[type(operation)](operation)  # type: ignore[operator]  # each takes its own kind

    def declarations(self, operation: Acting) -> None:
        source = self.source
        source.declare("const jsp_clock *", "clock", f"&m->clocks[{operation.clock}]")
        source.declare("int64_t", "step", "clock->step")
        source.declare("double", "dt", "clock->dt")
        source.declare("double", "t", "jsp_time(clock)")
        source.declare("const jsp_domain *", "domain", f"&m->domains[{self.domains[operation.domain][0]}]")
        nodes = [node for root in expressions_of(operation) for node in walk(root)]
        if any(isinstance(node, Draw) for node in nodes):
            source.declare("uint64_t", "seed", "m->seed")
            source.declare("uint32_t", "stream", "domain->stream")
        for name in dict.fromkeys(node.name for node in nodes if isinstance(node, Parameter)):
            kind = next(n.type for n in nodes if isinstance(n, Parameter) and n.name == name)
            type_ = self.language.types[kind]
            value = self.language.cast(type_, f"m->parameters[{self.parameters[name]}]")
            source.declare(type_, f"p_{name}", value)
        for name in dict.fromkeys(self._arrays_of(operation, nodes)):
            source.pointer(self.array_types[name], identifier(name), f"m->arrays[{self.arrays[name]}]")
        source.unused("t", "dt", "step", "domain", "w")

    @staticmethod
    def _arrays_of(operation: Operation, nodes: list[Expression]) -> list[str]:
        names = [operation.array] if isinstance(operation, Sum) else []
        if isinstance(operation, Eliminate):
            names += [*operation.forest.arrays, operation.diagonal, operation.right]
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

    def statements(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, (Solve, Exponentiate)):
                self.special(statement)
                continue
            if isinstance(statement, Law):
                arguments = ", ".join(map(self.language.written, statement.arguments))
                law = f"jsp_{statement.distribution}_law({arguments})"
                self.source.declare("jsp_law", f"l_{statement.name}", law)
                continue
            if isinstance(statement, Let):
                type_ = self.language.types[statement.value.type]
                value = self.language.written(statement.value)
                self.source.declare(type_, f"l_{statement.name}", value, statement.span)
            else:
                target = self.language.at(statement.array, INDEX[statement.place])
                self.source.do(f"{target} = {self._stored(statement.array, statement.value)}", statement.span)

    def _stored(self, array: str, value: Expression) -> str:
        """A value as an array holds it: what the language calls an integer may be real in the plan."""
        written, type_ = self.language.written(value), self.array_types[array]
        whole = value.type == "real" and type_ not in ("double", "float")
        return self.language.cast(type_, f"({written})") if whole else written

    def ends(self, operation: Acting) -> None:
        """For synapses: the neurons at those ends of synapse i that are needed."""
        used = sorted(ends_of(operation) & {"pre", "post"})
        for end in used:
            self.source.declare("int64_t", end, f"domain->{end}[i]")
        self.source.unused("i", *used)

    def _part(self, part: tuple[str, str]) -> None:
        """First and end of the elements that two parameters give."""
        first, size = (self.language.cast("int64_t", f"m->parameters[{self.parameters[name]}]") for name in part)
        self.source.declare("int64_t", "first", first)
        self.source.declare("int64_t", "end", f"first + {size}")

    def _within(self, part: tuple[str, str] | None, first: str, end: str) -> tuple[str, str]:
        """First and end of those elements that belong to a part, if there is one."""
        if part is None:
            return first, end
        self._part(part)
        return f"jsp_clip_int(first, {first}, {end})", f"jsp_clip_int(end, {first}, {end})"

    def _own(self, division: Division) -> tuple[str, str]:
        """First and end of the elements that are done: those of the worker, or all."""
        if division == ALONE:
            return "0", "domain->size"
        self.source.declare("int64_t", "own", "jsp_first(domain, w)")
        self.source.declare("int64_t", "own_end", "jsp_end(domain, w)")
        return "own", "own_end"

    def _update(self, operation: Update, division: Division) -> None:
        first, end = self._within(operation.part, *self._own(division))
        if operation.watched:
            # With a value of 4 bytes in a loop, compilers do two vectors of numbers at once, which hides how long
            # functions take. (With fewer bytes they do more, and take seconds for it.)
            slow = any(takes_time(node) for root in expressions_of(operation) for node in walk(root))
            self.source.variable("int32_t" if slow else "int64_t", "bad", "0")
        narrow = narrow_stores(operation, {array.name: array for array in self.plan.arrays})
        if not narrow:
            self._each_updated(operation, first, end, operation.statements)
        else:
            self.source.variable("int64_t", "base", first)
            with self.source.repeat(f"base < {end}"):
                self.source.declare("int64_t", "stop", f"jsp_clip_int({end}, base, base + JSP_BLOCK)")
                for store in narrow.values():
                    with self.source.loop("i", "base", "stop", independent=True):
                        self.ends(operation)
                        self.statements((store,))
                kept = tuple(s for s in operation.statements if not (isinstance(s, Store) and s.array in narrow))
                self._each_updated(operation, "base", "stop", kept)
                self.source.do("base = stop")
        if operation.watched:
            with self.source.when("bad != 0"):
                self.source.do("jsp_tell_not_finite(m, t)")

    def _each_updated(self, operation: Update, first: str, end: str, statements: tuple[Statement, ...]) -> None:
        with self.source.loop("i", first, end, independent=not reaches_out(operation)):
            self.ends(operation)
            self.statements(statements)
            if operation.watched:  # the difference of a value to itself is 0, if it is finite
                values = [self.language.cast("double", self.language.at(array, "i")) for array in operation.watched]
                differences = " + ".join(f"({value} - {value})" for value in values)
                self.source.do(f"bad |= jsp_not_finite({differences})")

    def _eliminate(self, operation: Eliminate, division: Division) -> None:
        names = (*operation.forest.arrays, operation.diagonal, operation.right)
        arrays = ", ".join(map(identifier, names))
        scale = self.language.cast("double", self.language.written(operation.scale))
        parts = "0, 1, 1" if division == ALONE else "w->first, w->last, m->parts"
        self.source.do(f"jsp_eliminate({arrays}, {scale}, domain->size, {parts})")

    def _sum(self, operation: Sum) -> None:
        array = identifier(operation.array)
        self._part(operation.part)
        with self.source.loop("k", "first", "end"):
            self.source.do(f"{array}[k] = 0")
        with self.source.loop("i", "0", "domain->size"):
            self.ends(operation)
            self.source.do(f"{array}[{operation.place}] += {self._stored(operation.array, operation.value)}")

    def _inject(self, operation: Inject) -> None:
        self.source.do(f"jsp_inject(&m->events[{self.events[operation.event]}], step)")

    def _detect(self, operation: Detect, division: Division) -> None:
        """Each worker puts what it finds behind the last events, at the place of the first element that it owns."""
        source = self.source
        source.declare("jsp_events *", "events", f"&m->events[{self.events[operation.event]}]")
        first, end = self._own(division)
        source.declare("int64_t", "begin", f"events->head + {first}")
        first, end = self._within(operation.part, first, end)
        source.variable("int64_t", "head", "begin")
        source.variable("int64_t", "base", first)
        with source.repeat(f"base < {end}"):
            source.array("unsigned char", "meets", "JSP_BLOCK + 8")
            source.declare("int64_t", "stop", f"jsp_clip_int({end}, base, base + JSP_BLOCK)")
            whole = _worth_whole_vectors(operation.condition)
            source.declare("int64_t", "start", f"jsp_start_of_vectors({first}, base, stop)" if whole else "base")
            for number, condition in enumerate(by_width(operation.condition)):
                with source.loop("k", "0", "stop - start"):
                    source.declare("int64_t", "i", "start + k")
                    self.ends(operation)
                    known = "meets[k] & " if number else ""
                    source.do(f"meets[k] = {known}{self.language.written(condition)}")
            source.do("head = jsp_collect(meets + (base - start), stop - base, base, events->elements, head)")
            source.do("base = stop")
        if operation.statements:
            with source.loop("k", "begin", "head"):
                source.declare("int64_t", "i", "events->elements[k]")
                source.unused("i")
                self.statements(operation.statements)
        if division == ALONE:
            source.declare("int64_t", "slot", "step % events->depth")
            source.do("events->begin[slot] = begin")
            source.do("events->end[slot] = head")
            source.do("events->head = head")
            return
        source.do("events->found[w->index] = head - begin")
        source.do("jsp_wait(w)")
        with source.when("w->index == 0"):
            source.do("jsp_gather(events, domain, m, w->team, step)")

    @contextmanager
    def _each_event(self, event: str, division: Division = ALONE) -> Iterator[None]:
        """The body is run for the elements `i` that have an event in this step, all or those of the worker."""
        source = self.source
        source.declare("const jsp_events *", "events", f"&m->events[{self.events[event]}]")
        source.declare("int64_t", "slot", "step % events->depth")
        bounds = "events->begin[slot]", "events->end[slot]"
        if division != ALONE:
            own = self._own(division)
            found = (f"jsp_first_event(events->elements, {bounds[0]}, {bounds[1]}, {limit})" for limit in own)
            for name, value in zip(("found", "found_end"), found, strict=True):
                source.declare("int64_t", name, value)
            bounds = "found", "found_end"
        with source.loop("k", *bounds):
            source.declare("int64_t", "i", "events->elements[k]")
            source.unused("i")
            yield

    def _react(self, operation: React, division: Division) -> None:
        with self._each_event(operation.event, division):
            self.statements(operation.statements)

    def _propagate(self, operation: Propagate, division: Division) -> None:
        """The synapses of each row that is reached, one after the other."""
        with self._each_row(operation, division), self.source.loop("position", "reach.begin", "reach.end"):
            self.source.declare("int64_t", "i", "jsp_synapse(&reach, position)")
            self.ends(operation)
            self.statements(operation.statements)

    @contextmanager
    def _each_row(self, operation: Propagate, division: Division) -> Iterator[None]:
        """The body is run for each row of synapses that is reached in this step."""
        number, pathway = self.pathways[operation.pathway]
        arguments = f"&m->pathways[{number}], &m->events[{self.events[pathway.event]}], step"
        reached = f"jsp_reached({arguments})" if division == ALONE else f"jsp_reached_by({arguments}, m, w)"
        self.source.variable("jsp_reach", "reach", reached)
        with self.source.repeat("jsp_next_row(&reach)"):
            yield

    def _recorder(self, operation: RecordEvents | RecordState) -> None:
        number = self.recorders[operation.recorder]
        self.source.declare("jsp_recorder *", "recorder", f"&m->recorders[{number}]")

    def _values(self, values: tuple[Expression, ...], row: str) -> None:
        for column, value in enumerate(values):
            written = self.language.cast("double", f"({self.language.written(value)})")
            self.source.do(f"recorder->columns[{column}][{row}] = {written}")

    def _record_events(self, operation: RecordEvents) -> None:
        self._recorder(operation)
        with self._each_event(operation.event), self.source.when("jsp_recorded(recorder, i, t)"):
            self._values(operation.values, "recorder->count")
            self.source.do("recorder->count += 1")

    def _record_state(self, operation: RecordState) -> None:
        self._recorder(operation)
        self.source.do("recorder->times[recorder->count] = t")
        with self.source.loop("k", "0", "recorder->size"):
            self.source.declare("int64_t", "i", "recorder->elements[k]")
            self.ends(operation)
            self._values(operation.values, "recorder->count * recorder->size + k")
        self.source.do("recorder->count += 1")

    def _record_rate(self, operation: RecordRate) -> None:
        recorder, events = self.recorders[operation.recorder], self.events[operation.event]
        self.source.do(f"jsp_record_rate(&m->recorders[{recorder}], &m->events[{events}], step, t)")

    def advance(self) -> None:
        """The loop over the steps, after the function that says whether a further one can be made."""
        source = self.source
        with source.function("int32_t", "borders", "jsp_memory *m, uint64_t due"):
            self._look_for_not_finite()
            for stops, status in (("m->stop", "JSP_STOPPED"), ("due == 0", "JSP_DONE")):
                self._return(status, stops)
            for operation in self.plan.operations:
                if isinstance(operation, (Detect, Inject)):
                    clock, event = operation.clock, self.events[operation.event]
                    size = f"m->domains[{self.domains[operation.domain][0]}].size"
                    room = f"jsp_make_room(&m->events[{event}], m->clocks[{clock}].step, {size})"
                    self._return("JSP_FULL", f"due >> {clock} & 1", f"{room} == 0")
            for number, recorder in enumerate(self.plan.recorders):
                per_element = int(recorder.kind == "events")
                self._return("JSP_FULL", f"jsp_has_row(&m->recorders[{number}], {per_element}) == 0")
            source.do("return JSP_BUDGET")
        source.add("")
        wait = f"jsp_wait_in_step(m, w, {len(self.plan.operations)})"
        with self.entry():
            with source.repeat("budget > 0"):
                with source.when("w->index == 0"):
                    source.do("w->team->status = JSP_BUDGET")
                    with source.when("m->position == 0"):
                        source.do(f"w->team->status = borders(m, jsp_due(m->clocks, {self.plan.clocks}))")
                source.do(wait)
                self._return("w->team->status", "w->team->status != JSP_BUDGET")
                source.declare("uint64_t", "due", f"jsp_due(m->clocks, {self.plan.clocks})")
                for number, operation in enumerate(self.plan.operations):
                    if self.sharing.waits[number]:
                        source.do(wait)
                    self._call_in_step(number, operation)
                source.do(wait)
                with source.when("w->index == 0"):
                    source.do("m->position = 0")
                    for clock in range(self.plan.clocks):
                        source.do(f"m->clocks[{clock}].step += due >> {clock} & 1")
                source.do("budget -= 1")
            source.do("return JSP_BUDGET")

    def _look_for_not_finite(self) -> None:
        """If a step gave a value that is not finite, look whether there still is one: a reset may have replaced it."""
        watched = [(o.domain, array) for o in self.plan.operations if isinstance(o, Update) for array in o.watched]
        if not watched:
            return
        with self.source.when("jsp_told_not_finite(m)"):
            for domain, array in watched:
                size = f"m->domains[{self.domains[domain][0]}].size"
                width = 4 if self.array_types[array] == "float" else 8
                some = f"jsp_some_not_finite(m->arrays[{self.arrays[array]}], {size}, {self.strides[array]}, {width})"
                self._return("JSP_NOT_FINITE", some)
            self.source.do("jsp_forget_not_finite(m)")

    def _return(self, status: str, *conditions: str) -> None:
        """Return a status if all conditions hold."""
        with ExitStack() as blocks:
            for condition in conditions:
                blocks.enter_context(self.source.when(condition))
            self.source.do(f"return {status}")

    def _call_in_step(self, number: int, operation: Operation) -> None:
        resumable = any(isinstance(o, Call) for o in self.plan.operations)
        with ExitStack() as blocks:
            blocks.enter_context(self.source.when(f"due >> {operation.clock} & 1"))
            if resumable:
                blocks.enter_context(self.source.when(f"m->position <= {number}"))
            if isinstance(operation, Call):
                with self.source.when("w->index == 0"):
                    self.source.do(f"m->position = {number}")
                self.source.do("return JSP_CALL")
                return
            if self.sharing.divisions[number] == ALONE:
                blocks.enter_context(self.source.when("w->index == 0"))
            self.source.declare("double", "began", "jsp_began(m, w)")
            self.source.do(f"{_name(number, operation)}(m, w)")
            self.source.do(f"jsp_spent(m, w, {number}, began)")


def _worth_whole_vectors(condition: Expression) -> bool:
    """Whether elements before a block are looked at again, so that vectors are whole: the last ones would take long."""
    nodes = list(walk(condition))
    return any(takes_time(node) for node in nodes) and not any(isinstance(node, Invoke) for node in nodes)


def _name(number: int, operation: Operation) -> str:
    return f"{type(operation).__name__.lower()}_{number}"
