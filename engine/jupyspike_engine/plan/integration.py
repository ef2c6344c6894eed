"""The step of an integrator as statements of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..language import syntax
from ..language.equations import Equations
from ..language.functions import Type
from ..numerics import system
from ..numerics.adaptive import UNFINISHED
from ..numerics.system import UpdateRule
from .binding import Binding
from .draft import Draft
from .nodes import Array, Element, Exponentiate, Let, Local, Parameter, Propagator, Solve, Statement, Store


def step_of(rule: UpdateRule, draft: Draft, binding: Binding, clock: int, equations: Equations) -> list[Statement]:
    """The statements of an integration step: temporaries, new values, and then all are written."""
    for propagator in rule.propagators:
        _propagator(propagator, draft, binding, clock)
    if rule.solve is not None:
        return [_solve(rule.solve, draft, binding)]
    statements: list[Statement] = [_exponential(binding, e) for e in rule.exponentials]
    statements += temporaries(binding, rule.temporaries)
    new = [
        (name, binding.lower(tree), equations[name].span if name in equations else None)
        for name, tree in rule.values.items()
    ]
    statements += [Let(f"new_{name}", value, span) for name, value, span in new]
    statements += [
        Store(f"{binding.domain}.{name}", "own", Local(f"new_{name}", value.type), span) for name, value, span in new
    ]
    binding.locals.clear()
    return statements


def temporaries(binding: Binding, trees: Iterable[tuple[str, syntax.Expression]]) -> list[Statement]:
    """Values with names, which the binding then knows."""
    statements: list[Statement] = []
    for name, tree in trees:
        value = binding.lower(tree)
        statements.append(Let(name.lstrip("_"), value, tree.span))
        binding.locals[name] = Local(name.lstrip("_"), value.type)
    return statements


def before_writing(statements: list[Statement], more: list[Statement]) -> list[Statement]:
    """Statements among which more are put before anything is written: what is only computed can then be shared.

    Where there is a `Solve`, which writes by itself, they come behind.
    """
    at = next((k for k, s in enumerate(statements) if not isinstance(s, Let)), len(statements))
    if any(isinstance(s, Solve) for s in (*statements, *more)):
        at = len(statements)
    return [*statements[:at], *more, *statements[at:]]


def integrated(domain: str, rule: UpdateRule | None) -> tuple[str, ...]:
    """The arrays of the variables that a rule gives new values."""
    if rule is None:
        return ()
    return tuple(f"{domain}.{name}" for name in (rule.values if rule.solve is None else rule.solve.rates))


def _exponential(binding: Binding, exponential: system.Exponential) -> Exponentiate:
    entries = tuple(binding.lower(entry) for entry in exponential.entries)
    plain = tuple(name.lstrip("_") for name in exponential.names)
    binding.locals |= {name: Local(short, "real") for name, short in zip(exponential.names, plain, strict=True)}
    return Exponentiate(plain, entries)


def _solve(solve: system.Solve, draft: Draft, binding: Binding) -> Solve:
    """Integration in steps of its own; what it keeps between time steps may be a variable of the object."""
    domain, variables = binding.domain, list(solve.rates)

    def kept(name: str, type_: Type = "integer") -> str:
        draft.declare(Array(f"{domain}.{name}", domain, type_))
        return f"{domain}.{name}"

    unfinished = kept(UNFINISHED, "real")
    last = None if solve.last is None else kept(solve.last, "real")
    failed, count = (None if name is None else kept(name) for name in (solve.failed, solve.count))
    binding.locals = {name: Local(f"state_{name}", "real") for name in variables}
    binding.locals["t"] = Local("solve_t", "real")
    body = tuple(Let(f"rate_{name}", binding.lower(rate), rate.span) for name, rate in solve.rates.items())
    binding.locals = {}
    return Solve(
        solve.tableau,
        tuple(f"{domain}.{name}" for name in variables),
        tuple(f"state_{name}" for name in variables),
        body,
        tuple(f"rate_{name}" for name in variables),
        tuple(binding.lower(syntax.Name(solve.tolerances[name])) for name in variables),
        binding.lower(syntax.Name(solve.most)),
        solve.adaptable,
        unfinished,
        last,
        failed,
        count,
    )


def _propagator(propagator: system.Propagator, draft: Draft, binding: Binding, clock: int) -> None:
    domain = binding.domain
    entries = tuple(tuple(None if e is None else binding.lower(e) for e in row) for row in propagator.entries)

    def declared(names: Mapping[tuple[int, int], str]) -> tuple[tuple[int, int, str], ...]:
        named = []
        for (row, column), name in names.items():
            full = f"{domain}.{name.lstrip('_')}" if propagator.elementwise else f"{domain}{name}"
            named.append((row, column, full))
            if propagator.elementwise:
                draft.declare(Array(full, domain, "real"))
                binding.locals[name] = Element(full, "own", "real")
            else:
                binding.locals[name] = Parameter(full)
        return tuple(named)

    exponential, integral = declared(propagator.exponential), declared(propagator.integral)
    draft.propagators.append(
        Propagator(entries, exponential, integral, clock, domain if propagator.elementwise else None)
    )
