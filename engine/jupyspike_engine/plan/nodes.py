"""The plan: what one time step of a network does, as typed data.

Grammar::

    Plan       = domains, arrays, parameters, events, pathways, recorders, propagators, operations, functions
    Operation  = Update | Eliminate | Sum | Detect | Inject | React | Propagate | RecordEvents | RecordState
                 | RecordRate | Call
    Statement  = Let | Store | Law | Exponentiate | Solve
    Expression = Constant | Parameter | Element | Index | Time | Local | Draw | Apply | Lookup | Invoke

Shapes are in the plan, values are not: sizes, parameters, time steps, delays and seeds are given to the program that is
made from it. Every target reads this and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from ..diagnostics import Span
from ..language.functions import Type
from ..numerics.tableau import Tableau

# The element itself, the two ends of a synapse, or the one value that all elements share.
Place = Literal["own", "pre", "post", "one"]
Distribution = Literal["uniform", "normal", "poisson", "binomial"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that is part of the program."""

    value: float | int | bool
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number given to the program, the same for all elements."""

    name: str
    type: Type = "real"


@dataclass(frozen=True, slots=True)
class Element:
    """The value of an array at the element, or at an end of the synapse.

    ``via`` are arrays of indices on the way: the value is array[... second[first[place]]].
    """

    array: str
    place: Place
    type: Type
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """The number of the element, or of the neuron at an end of the synapse; ``via`` as for `Element`."""

    place: Place
    via: tuple[str, ...] = ()
    type: Type = "integer"


@dataclass(frozen=True, slots=True)
class Time:
    """Time, time step or number of steps of the clock of the operation, or of another clock."""

    quantity: Literal["t", "dt", "step"]
    clock: int | None = None

    @property
    def type(self) -> Type:
        return "integer" if self.quantity == "step" else "real"


@dataclass(frozen=True, slots=True)
class Local:
    """A value computed before in the same operation."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Draw:
    """A random number of the element in this step; ``number`` tells the draws of one domain apart.

    ``arguments`` are those of the distribution: the mean (poisson), or number of trials and probability (binomial).
    Where all elements have the same, ``law`` may name them instead; see `Law`.
    """

    distribution: Distribution
    number: int
    arguments: tuple[Expression, ...] = ()
    type: Type = "real"
    place: Place = "own"
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation applied to arguments; see `plan.operations`."""

    operation: str
    arguments: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Lookup:
    """The value of a table (an array without domain) at a position."""

    table: str
    position: Expression
    type: Type = "real"


@dataclass(frozen=True, slots=True)
class Invoke:
    """A function of the user's applied to arguments; see `Function`."""

    function: str
    arguments: tuple[Expression, ...]
    type: Type


Expression = Constant | Parameter | Element | Index | Time | Local | Draw | Apply | Lookup | Invoke


@dataclass(frozen=True, slots=True)
class Let:
    """Gives a name to a value for the rest of the operation."""

    name: str
    value: Expression
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Store:
    """Writes a value into an array at the element or at an end of the synapse."""

    array: str
    place: Place
    value: Expression
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Law:
    """Names a distribution with its arguments, so that what they decide is computed once for all that draw from it."""

    name: str
    distribution: Distribution
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Exponentiate:
    """Names the entries of exp(M) of a small matrix M; entries and names go row by row."""

    names: tuple[str, ...]
    entries: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Solve:
    """Integrates arrays of the element over one time step, in steps of its own.

    The error of each step stays below the tolerances (see numerics.adaptive.solve). ``body`` gives the rates of change,
    named ``rates`` in the order of the arrays, from `Local` values: ``solve_t`` and the ``states``. Where the bounds
    could not be kept, the end of the time step is written into ``unfinished``, and the run stops after that step.
    """

    tableau: Tableau
    arrays: tuple[str, ...]
    states: tuple[str, ...]
    body: tuple[Let, ...]
    rates: tuple[str, ...]
    tolerances: tuple[Expression, ...]
    most: Expression
    adaptable: bool
    unfinished: str
    last: str | None = None
    failed: str | None = None
    count: str | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """All arrays that it writes."""
        return (*self.arrays, self.unfinished, *(a for a in (self.last, self.failed, self.count) if a is not None))


Statement = Let | Store | Law | Exponentiate | Solve


@dataclass(frozen=True, slots=True)
class Domain:
    """A set of elements: the neurons of a group, or synapses between two such sets."""

    name: str
    pre: str | None = None
    post: str | None = None


STORAGE: dict[Type, str] = {"real": "float64", "integer": "int32", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class Array:
    """A variable of all elements of a domain, one value for all (``shared``), or a table (without domain).

    ``storage`` is the numpy type of its values in memory, that which is usual for their type if it is not given.
    ``beside`` names the arrays, this one among them, whose values lie side by side in memory, element by element.
    """

    name: str
    domain: str | None
    type: Type
    storage: str = ""
    shared: bool = False
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "storage", self.storage or STORAGE[self.type])

    @property
    def stride(self) -> int:
        """How many values lie from one of its own to the next."""
        return max(1, len(self.beside))


@dataclass(frozen=True)
class Function:
    """A function of the user's: how each target computes it.

    Attributes
    ----------
    code : mapping
        Text for targets that compile.
    tables : mapping
        Arrays without domain that the text reads, by the name it has for them.
    dependencies : tuple of str
        Functions that must come before.
    build : mapping
        What compiling the text needs: headers, sources, define_macros, libraries and directories.
    """

    name: str
    arguments: tuple[Type, ...]
    type: Type
    code: Mapping[str, str]
    python: Callable[..., object] | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    dependencies: tuple[str, ...] = ()
    build: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to single elements of a domain, such as a spike, at a tick of a clock."""

    name: str
    domain: str
    clock: int = 0


@dataclass(frozen=True, slots=True)
class Pathway:
    """The way from the elements that had an event to their synapses: rows of synapses, one for each source."""

    name: str
    synapses: str
    event: str
    side: Literal["pre", "post"]


@dataclass(frozen=True, slots=True)
class Recorder:
    """A place for recordings; ``columns`` are the types of the values it takes each time."""

    name: str
    kind: Literal["events", "state", "rate"]
    columns: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Propagator:
    """Numbers exp(A dt) and their integral, computed outside the step (see numerics.system.Propagator).

    ``domain`` is None if they are parameters, else they are arrays of that domain.
    """

    entries: tuple[tuple[Expression | None, ...], ...]
    exponential: tuple[tuple[int, int, str], ...]
    integral: tuple[tuple[int, int, str], ...]
    clock: int
    domain: str | None


@dataclass(frozen=True, slots=True)
class Update:
    """Statements for every element of a domain; ``scalars`` are run once before.

    ``part`` are parameters with the first and the number of elements, where it is not for all. ``watched`` are arrays
    of the domain, written here: a value in them that is not finite is told to the host.
    """

    clock: int
    domain: str
    statements: tuple[Statement, ...]
    scalars: tuple[Statement, ...] = ()
    part: tuple[str, str] | None = None
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forest:
    """The trees that the elements of a domain make, as arrays: ``native/jupyspike_tree.h`` says what they are."""

    rows: str
    parents: str
    couplings: str
    shapes: str
    lanes: str
    packs: str
    edges: str
    work: str

    @property
    def arrays(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True, slots=True)
class Eliminate:
    """Solves linear systems on trees: d[k] x[k] + sum over neighbours j of g[k, j] (x[k] - x[j]) = r[k].

    ``diagonal`` and ``right`` have d and r of the elements (those of branching points are zero), and room for the
    branching points behind; both are used up, and ``right`` then has x. The g are the couplings times ``scale``.
    """

    clock: int
    domain: str
    forest: Forest
    diagonal: str
    right: str
    scale: Expression


@dataclass(frozen=True, slots=True)
class Sum:
    """Adds up a value over all synapses, in an array at one of their ends, which starts from zero.

    ``part`` are parameters with the first and the number of elements at that end.
    """

    clock: int
    domain: str
    array: str
    place: Place
    value: Expression
    part: tuple[str, str]
    scalars: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Detect:
    """Finds the elements that meet a condition, in the order of their indices, and runs statements for them.

    ``part`` are parameters with the first and the number of elements, where it is not for all.
    """

    clock: int
    domain: str
    event: str
    condition: Expression
    statements: tuple[Statement, ...] = ()
    scalars: tuple[Statement, ...] = ()
    part: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Inject:
    """Takes the events of this step from a list that was given with the program: see `targets.interface.Given`."""

    clock: int
    domain: str
    event: str


@dataclass(frozen=True, slots=True)
class React:
    """Statements for the elements that have an event in this step."""

    clock: int
    domain: str
    event: str
    statements: tuple[Statement, ...]
    scalars: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Propagate:
    """Statements for the synapses of a pathway whose event arrives in this step, by source and then by target."""

    clock: int
    domain: str
    pathway: str
    statements: tuple[Statement, ...]
    scalars: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordEvents:
    """Writes down time, element and values for each element that has an event in this step."""

    clock: int
    domain: str
    event: str
    recorder: str
    values: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordState:
    """Writes down time and values of chosen elements."""

    clock: int
    domain: str
    recorder: str
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RecordRate:
    """Writes down time and number of the elements that have an event in this step."""

    clock: int
    domain: str
    event: str
    recorder: str


@dataclass(frozen=True, slots=True)
class Call:
    """Returns to the host, which does what only it can do, and then goes on with the next operation."""

    clock: int
    name: str


Operation = (
    Update | Eliminate | Sum | Detect | Inject | React | Propagate | RecordEvents | RecordState | RecordRate | Call
)


@dataclass(frozen=True)
class Plan:
    """A whole network."""

    clocks: int
    domains: tuple[Domain, ...]
    arrays: tuple[Array, ...]
    parameters: tuple[str, ...]
    events: tuple[Event, ...]
    pathways: tuple[Pathway, ...]
    recorders: tuple[Recorder, ...]
    propagators: tuple[Propagator, ...]
    operations: tuple[Operation, ...]
    functions: tuple[Function, ...] = ()


def printed(plan: Plan) -> str:
    """A stable text of a plan, for people and for comparing."""
    lines = []
    for item in fields(plan):
        value = getattr(plan, item.name)
        lines.append(f"{item.name}: {value}" if isinstance(value, int) else f"{item.name}:")
        if not isinstance(value, int):
            lines += [f"  {entry}" for entry in value]
    return "\n".join(lines)
