"""Reactions among the lines of equations, and the rates of change that they stand for.

::

    Ca + B <-> CaB : k_on, k_off                   mass action, there and back
    2*Ca + B -> Ca2B : k                           whole numbers of each
    S -> P : michaelis_menten(V_max, K_m)          saturating, for a single reactant
    S + ATP -> P + ADP : rate(v*S*ATP/(K + ATP))   a rate law of one's own
    0 -> Ca : J_leak                               from nothing, or to nothing
    J_bind = Ca + B <-> CaB : k_on, k_off          with a name for the net rate

Each species is a variable of the same equations, with a concentration (or an amount, a fraction) as its unit. One
that is a parameter changes by its reactions alone, one with a differential equation by both. What is computed otherwise
- a subexpression, a linked variable, a parameter with the flag (constant) - takes part and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..diagnostics import Span, UserError
from ..units import SECOND, Dimension
from .definition import Definition
from .expressions import check_brackets, parse_expression, trimmed
from .names import check_name
from .species import with_shape
from .splitting import split_at_commas, without_comments
from .syntax import Call, Expression, Name, Number, Operator, substitute, text, walk
from .syntax_errors import syntax_error
from .values import Value

_ARROW = re.compile(r"<->|->")
_ANY_ARROW = re.compile(r"<?[-=~]*->|<=+>|[→⇌⇄↔⟶]")
_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")
_TERM = re.compile(r"(?:(?P<count>\d+)\s*\*?\s*)?(?P<name>[^\W\d]\w*)", re.ASCII)
EXAMPLE = "Ca + B <-> CaB : k_on, k_off"
LAWS = {"rate": ("its rate",), "michaelis_menten": ("the highest rate", "the concentration of half that rate")}


@dataclass(frozen=True, slots=True)
class Term:
    """A species on one side of a reaction, and how many of it."""

    count: int
    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction, with what is written for its rate in each direction.

    Attributes
    ----------
    laws : tuple of Expression
        The forward one and, if the reaction is reversible, that of the way back.
    name : str
        Of the net rate; may be empty.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    laws: tuple[Expression, ...]
    name: str
    span: Span = field(compare=False)
    name_span: Span = field(compare=False)
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def directions(self) -> tuple[tuple[tuple[Term, ...], Expression], ...]:
        """The reactants and what is written for the rate, forward and back."""
        return tuple(zip((self.left, self.right), self.laws, strict=False))

    @property
    def rate(self) -> Expression:
        """How often it happens in a second, those back taken away."""
        rates = [rate_of(reactants, law) for reactants, law in self.directions]
        return rates[0] if len(rates) == 1 else Operator("-", tuple(rates))

    @property
    def species(self) -> dict[str, int]:
        """How many of each species one reaction makes, in the order of the text."""
        made: dict[str, int] = {}
        for sign, side in ((-1, self.left), (1, self.right)):
            for term in side:
                made[term.name] = made.get(term.name, 0) + sign * term.count
        return made

    def renamed(self, names: Mapping[str, str], change: Callable[[Expression], Expression]) -> Reaction:
        """With other names of species, and changed laws."""
        sides = (tuple(replace(t, name=names.get(t.name, t.name)) for t in side) for side in (self.left, self.right))
        left, right = sides
        laws = tuple(change(law) for law in self.laws)
        return replace(self, left=left, right=right, laws=laws)

    def __str__(self) -> str:
        written = {name: value.written for name, value in self.values}
        sides = (_side_text(self.left), _side_text(self.right))
        laws = ", ".join(text(substitute(law, written)) for law in self.laws)
        head = f"{self.name} = " if self.name else ""
        return f"{head}{(' <-> ' if len(self.laws) == 2 else ' -> ').join(sides)} : {laws}"


def is_reaction(clean: str) -> bool:
    """Whether a line (without comments) is that of a reaction, well written or not."""
    head = clean.split(":", 1)[0]
    return _ANY_ARROW.search(head) is not None


def rate_of(reactants: tuple[Term, ...], law: Expression) -> Expression:
    """The rate of one direction of a reaction; see the module's text for what a law may be."""
    if isinstance(law, Call) and law.function == "rate":
        return law.arguments[0]
    if isinstance(law, Call) and law.function == "michaelis_menten":
        most, half = law.arguments
        reactant = Name(reactants[0].name)
        return Operator("/", (Operator("*", (most, reactant)), Operator("+", (half, reactant))))
    rate = law
    for term in reactants:
        power: Expression = Name(term.name)
        if term.count > 1:
            power = Operator("**", (power, Number(term.count)))
        rate = Operator("*", (rate, power))
    return rate


def parse_reaction(line: Span) -> Reaction:
    """Parse a line with an arrow.

    Raises
    ------
    EquationError
        With the place of what is wrong in it.
    """
    check_brackets(line)
    clean = without_comments(line.text).replace("\n", " ")

    def part(start: int, end: int) -> Span:
        return Span(line.source, line.start + start, line.start + end)

    found = _ANY_ARROW.search(clean)
    assert found is not None
    if _ARROW.fullmatch(found[0]) is None:
        hint = "<-> for a reaction that goes both ways, -> for one way"
        raise syntax_error(f"'{found[0]}' is not the arrow of a reaction", part(*found.span()), hint=hint)
    reversible = found[0] == "<->"
    named = _NAMED.match(clean)
    colon = clean.find(":")
    if colon < 0:
        raise syntax_error("the rate of the reaction is missing", trimmed(line), expected=f"as in  {EXAMPLE}")
    left = _side(part(named.end() if named else 0, found.start()), part(*found.span()))
    right = _side(part(found.end(), colon), part(*found.span()))
    if not left and not right:
        raise syntax_error("a reaction needs a species", trimmed(part(0, colon)), expected=f"as in  {EXAMPLE}")
    spans = _rates(part(colon + 1, len(clean)), reversible)
    laws = tuple(_law(span, side) for span, side in zip(spans, (left, right), strict=False))
    name_span = part(*named.span(1)) if named else trimmed(line)
    if named:
        check_name(named[1], name_span)
    return Reaction(left, right, laws, named[1] if named else "", trimmed(line), name_span)


def _rates(span: Span, reversible: bool) -> list[Span]:
    spans = [trimmed(part) for part in split_at_commas(span)]
    wanted = "two rates, forward and back: k_on, k_off" if reversible else "one rate"
    if not spans[0].text or len(spans) != 1 + reversible:
        place = trimmed(span) if span.text.strip() else span
        arrow = "a reaction with '<->' has" if reversible else "a reaction with '->' has"
        hint = "" if reversible else "<-> if it goes both ways"
        count = len(spans) if span.text.strip() else "none"
        raise syntax_error(f"{arrow} {wanted}", place, found=f"{count}", hint=hint)
    return spans


def _side(span: Span, arrow: Span) -> tuple[Term, ...]:
    """The species of one side; ``0`` stands for none."""
    if span.text.strip() == "0":
        return ()
    terms: dict[str, Term] = {}
    offset = span.start
    for piece in span.text.split("+"):
        here, offset = trimmed(Span(span.source, offset, offset + len(piece))), offset + len(piece) + 1
        match = _TERM.fullmatch(here.text)
        if match is None or match["count"] == "0":
            raise _no_species(here, arrow)
        name = Span(here.source, here.start + match.start("name"), here.end)
        before = terms.get(match["name"])
        count = int(match["count"] or 1) + (before.count if before is not None else 0)
        terms[match["name"]] = Term(count, match["name"], name)
    return tuple(terms.values())


def _no_species(here: Span, arrow: Span) -> UserError:
    if not here.text:
        return syntax_error("a species is missing", arrow, expected="a variable, or 0 for nothing, as in  Ca -> 0 : k")
    if re.match(r"\d*\.\d", here.text):
        hint = "multiply all numbers, as in  2*A + B -> 2*C"
        return syntax_error("a reaction takes whole numbers of its species", here, found=f"'{here.text}'", hint=hint)
    return syntax_error(
        "this is not a species", here, found=f"'{here.text}'", expected="a variable such as Ca, or 2*Ca"
    )


def _law(span: Span, reactants: tuple[Term, ...]) -> Expression:
    """What is written for the rate of a direction, checked as far as it can be without units."""
    law = parse_expression(span)
    within = next((n for n in walk(law) if n is not law and isinstance(n, Call) and n.function in LAWS), None)
    if within is not None:
        hint = "what it is multiplied by goes into its brackets; a sum of rates is a reaction for each"
        raise syntax_error(f"{within.function}() is the whole rate of a reaction", within.span or span, hint=hint)
    if not isinstance(law, Call) or law.function not in LAWS:
        return law
    wanted = LAWS[law.function]
    if len(law.arguments) != len(wanted):
        found = str(len(law.arguments) or "none")
        raise syntax_error(f"{law.function}() of a reaction takes {' and '.join(wanted)}", span, found=found)
    if law.function == "michaelis_menten" and (len(reactants) != 1 or reactants[0].count > 1):
        found = str(sum(term.count for term in reactants) or "none")
        raise syntax_error(
            "michaelis_menten() is for a reaction of a single molecule", span, found=found,
            hint="write the rate law out: rate(V_max*S/(K_m + S)*ATP/(K_ATP + ATP))",
        )  # fmt: skip
    return law


def _side_text(side: tuple[Term, ...]) -> str:
    terms = (f"{term.count}*{term.name}" if term.count > 1 else term.name for term in side)
    return " + ".join(terms) or "0"


def is_changed(line: Definition) -> bool:
    """Whether reactions change a variable."""
    if line.role == "subexpression" or line.value_type != "real":
        return False
    return not {"constant", "linked", "shared"} & set(line.flags)


def definitions_of(lines: Iterable[Definition | Reaction]) -> dict[str, Definition]:
    """What lines define, by name: the terms that come from reactions are added to the equations of their species.

    Species that diffuse, have shells or enter through the membrane get their terms as well; see `language.species`.
    """
    lines = tuple(lines)
    defined = {line.name: line for line in lines if not isinstance(line, Reaction)}
    found: dict[str, Definition] = {}
    for line in lines:
        if not isinstance(line, Reaction):
            found[line.name] = _with_terms(
                line, [r for r in lines if isinstance(r, Reaction) and line.name in r.species]
            )
        elif line.name and (dimension := dimension_of_species(line, defined)) is not None:
            rate = dimension / SECOND
            places = (line.span, line.name_span)
            found[line.name] = Definition(
                "subexpression", line.name, line.rate, rate, "real", (), str(rate), *places, line.values
            )
    return with_shape(found)


def dimension_of_species(reaction: Reaction, defined: dict[str, Definition]) -> Dimension | None:
    """The dimension of the species of a reaction; None if none of them is defined."""
    return next((defined[name].dimension for name in reaction.species if name in defined), None)


def _with_terms(line: Definition, reactions: list[Reaction]) -> Definition:
    if not reactions or not is_changed(line):
        return line
    total = line.expression
    values = dict(line.values)
    for reaction in reactions:
        made = reaction.species[line.name]
        if made == 0:
            continue
        rate: Expression = Name(reaction.name) if reaction.name else reaction.rate
        values |= {} if reaction.name else dict(reaction.values)
        term = rate if abs(made) == 1 else Operator("*", (Number(abs(made)), rate))
        if total is None:
            total = term if made > 0 else Operator("-", (term,))
        else:
            total = Operator("+" if made > 0 else "-", (total, term))
    if total is None:
        return line
    return replace(line, role="differential equation", expression=total, values=tuple(values.items()))
