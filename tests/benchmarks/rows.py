"""What engines are compared at: tasks of the programs ``run_engine.py`` and ``run_nest.py``, and rows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Engine:
    """A way to simulate: whose program runs, in which library, with which variables of the environment."""

    name: str
    library: str
    program: str = "run_engine.py"
    settings: Mapping[str, str] = field(default_factory=dict)


def with_threads(name: str, library: str, program: str = "run_engine.py", **settings: str) -> tuple[Engine, Engine]:
    one, two = ({**settings, "BENCHMARK_THREADS": str(n)} for n in (1, 2))
    return Engine(f"{name}, 1 thread", library, program, one), Engine(f"{name}, 2 threads", library, program, two)


PLAIN_LOOP = Engine("a plain loop", "jupyspike", "plain_loop.py")
AS_MANY = Engine("jupyspike, as many as pay", "jupyspike", settings={"BENCHMARK_THREADS": "0"})
ENGINES = (
    *with_threads("jupyspike", "jupyspike"),
    AS_MANY,
    Engine("brian2, cython", "brian2"),
    *with_threads("brian2, standalone", "brian2", BENCHMARK_DEVICE="cpp_standalone"),
    *with_threads("NEST", "nest", "run_nest.py"),
    PLAIN_LOOP,
)
OURS = ("jupyspike, 1 thread", "jupyspike, 2 threads", AS_MANY.name)
TWO_THREADS = ("jupyspike, 2 threads", AS_MANY.name, "brian2, standalone, 2 threads", "NEST, 2 threads")
LOOP = " its loop alone"  # of a standalone program, which is started, reads, simulates and writes
Answers = dict[str, list[float]]  # samples, for each measure
Table = dict[str, dict[str, list[float]]]  # samples, for each title of a row and each engine


@dataclass(frozen=True)
class Row:
    """A line of the table, from what the processes of a task measured.

    Parameters
    ----------
    measure : str
        Which of the measures; "process" is the wall time of the whole process, with the start of Python.
    minus, over : str
        Measures whose median is taken off, or is what is divided by.
    at_most : float
        What the best of ``who`` is to reach: so much, or so many times what the engine ``of`` has in the same row.
    """

    title: str
    measure: str = "run"
    unit: str = "s"
    at_most: float | None = None
    of: str = ""
    minus: str = ""
    over: str = ""
    who: tuple[str, ...] = OURS

    def samples(self, answers: Answers) -> list[float]:
        taken_off = median(answers[self.minus]) if self.minus in answers else 0.0
        divisor = median(answers[self.over]) if self.over in answers else 1.0
        return [(value - taken_off) / divisor for value in answers.get(self.measure, [])]

    def target(self, samples: Mapping[str, list[float]]) -> float | None:
        """What jupyspike is to reach, where that is known."""
        if self.at_most is None or not self.of:
            return self.at_most
        return self.at_most * median(samples[self.of]) if samples.get(self.of) else None


@dataclass(frozen=True)
class Task:
    """What new processes of the engines are told to do, and the rows that come from it.

    Parameters
    ----------
    without : tuple of str
        Engines that cannot do it, or would take minutes.
    processes : int
        How many processes of each engine; those that take long are fewer.
    warm : bool
        Whether they find the programs that an earlier process built; else each finds an empty cache.
    """

    arguments: tuple[str, ...]
    rows: tuple[Row, ...]
    without: tuple[str, ...] = (*TWO_THREADS, PLAIN_LOOP.name)
    processes: int = 1
    warm: bool = False

    @property
    def title(self) -> str:
        return self.rows[0].title


def speed(
    title: str, arguments: tuple[str, ...], at_most: float, two_threads: float = 1.05, without: tuple[str, ...] = ()
) -> Task:
    """A second of a network: beside a standalone program of one thread; two threads, or those chosen, beside one."""
    beside_one = AS_MANY.name if two_threads > 1 else OURS[1]
    rows = (
        Row(f"{title}: 1 s at 0.1 ms", at_most=at_most, of="brian2, standalone, 1 thread", who=OURS[:1]),
        Row(f"- {title}: {beside_one.removeprefix('jupyspike, ')}", at_most=two_threads, of=OURS[0], who=(beside_one,)),
    )
    return Task(("speed", *arguments), rows, (*without, PLAIN_LOOP.name))


def whole(title: str, at_most: float) -> Row:
    return Row(title, "process", "s", at_most)


def synapses(title: str, kind: str, held: float, *rows: Row) -> Task:
    memory = Row(f"10 million synapses, {title}: memory for each", "held", "B", held)
    peak = Row(f"- {title}: peak while they are made", "peak", "B", 1.5 * held)
    return Task(("synapses", kind, "10000"), (memory, peak, *rows))


NEST = ("NEST, 1 thread", "NEST, 2 threads")
SIZES = ("4000", "8000", "16000", "32000", "64000")
PARTS = (("neurons", "a step of a neuron"), ("synapses", "a synaptic event"))


def of_size(title: str, size: str) -> str:
    return f"CUBA with 1,000 synapses a neuron: {title}, {int(size):,} neurons"


def growth() -> Task:
    rows: list[Row] = []
    for part, title in PARTS:
        rows += (Row(of_size(title, size), f"{part} {size}", "ns") for size in SIZES)
        last, first = f"{part} {SIZES[-1]}", f"{part} {SIZES[0]}"
        rows.append(Row(f"- {title}: the largest beside the smallest", last, "x", 1.3, PLAIN_LOOP.name, over=first))
    return Task(("growth", *SIZES), tuple(rows), (*TWO_THREADS[1:], *NEST))


CYTHON = "brian2, cython"
TASKS = (
    speed("CUBA, 4,000 neurons", ("cuba", "5"), 1 / 3),
    speed("COBAHH, 4,000 neurons", ("cobahh", "5"), 1 / 5, 1 / 1.7),
    speed("STDP, 100,000 synapses", ("stdp", "5"), 0.4, without=NEST),
    speed("CUBA, 16,000 neurons", ("cuba", "5", "16000", "1000"), 0.45, without=(CYTHON,)),
    speed("CUBA, 64,000 neurons", ("cuba", "5", "64000", "1000"), 0.45, 1 / 1.7, (CYTHON, *NEST)),
    Task(("first_step", "cuba"), (whole("CUBA, empty cache: new process to first step", 1.0),), processes=3),
    Task(("first_step", "cobahh"), (whole("COBAHH, empty cache: new process to first step", 1.5),), processes=3),
    Task(
        ("first_step", "leaky"), (whole("100 leaky neurons: new process to first step", 0.46),), processes=5, warm=True
    ),
    Task(
        ("sweep", "20"),
        (
            whole("100 Hodgkin-Huxley neurons: new process to the end of 20 runs, each with another current", 1.0),
            Row("- each of these runs of 100 ms", at_most=0.005),
        ),
        processes=5,
        warm=True,
    ),
    synapses("equal weights", "equal", 6.0, Row("- equal weights: connecting at random", "connect", "s", 0.4)),
    synapses("own weights", "weights", 14.0),
    synapses("own weights and delays", "delays", 17.0),
    Task(
        ("recording", "5"),
        (Row("CUBA: what recording spikes and 100 v adds to 1 s", "recorded", "s", 0.010, minus="plain"),),
    ),
    growth(),
)
