"""Embedded Runge-Kutta methods, each a table of numbers.

Stage s evaluates k_s = f(t + c_s h, x + h sum_r a_sr k_r); the step adds h sum_s b_s k_s, and h sum_s e_s k_s estimates
its error (Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, chapter II.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Tableau:
    """The numbers of a method; its step has the given order, the estimate of the error falls as h**error_order."""

    name: str
    order: int
    error_order: int
    nodes: tuple[float, ...]
    stages: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    errors: tuple[float, ...]


def numbers(text: str) -> tuple[Fraction, ...]:
    """The fractions of a text, separated by white space."""
    return tuple(Fraction(word) for word in text.split())


def embedded(name: str, order: int, error_order: int, stages: str, weights: str, errors: str) -> Tableau:
    """A method from the text of its coefficients, one stage a line; the nodes are the sums of the lines."""
    return _tableau(name, order, error_order, [numbers(line) for line in stages.split("\n")[1:-1]], weights, errors)


def _tableau(
    name: str, order: int, error_order: int, stages: list[tuple[Fraction, ...]], weights: str, errors: str
) -> Tableau:
    rows = [(), *stages]
    size = len(rows)

    def padded(row: tuple[Fraction, ...]) -> tuple[float, ...]:
        return tuple(float(a) for a in row) + (0.0,) * (size - len(row))

    nodes = tuple(float(sum(row)) for row in rows)
    table = tuple(padded(row) for row in rows)
    return Tableau(name, order, error_order, nodes, table, padded(numbers(weights)), padded(numbers(errors)))


def difference(weights: str, others: str) -> str:
    """The weights of the difference between two embedded results."""
    pairs = zip(numbers(weights), numbers(others), strict=True)
    return " ".join(str(b - c) for b, c in pairs)


# Kutta's method of order 3 with the midpoint method inside.
RK23 = embedded("gsl_rk2", 3, 3, """
1/2
-1 2
""", "1/6 2/3 1/6", "1/6 -1/3 1/6")  # fmt: skip

# The classical method twice over half a step; a whole step beside it tells the error (Richardson's extrapolation).
RK4_TWICE = embedded("gsl_rk4", 4, 5, """
1/2
0 1/2
0 0 1
1/4
0 0 0 0 1/4
0 0 0 0 0 1/2
1/12 0 0 0 1/6 1/6 1/12
1/12 0 0 0 1/6 1/6 1/12 1/4
1/12 0 0 0 1/6 1/6 1/12 0 1/4
1/12 0 0 0 1/6 1/6 1/12 0 0 1/2
""", "1/12 0 0 0 1/6 1/6 1/12 1/12 1/6 1/6 1/12",
    "-1/180 -1/45 -1/45 -1/90 1/90 1/90 1/180 1/180 1/90 1/90 1/180")  # fmt: skip

# E. Fehlberg, NASA Technical Report R-315, 1969; the result of order 5 is kept.
_FEHLBERG_5 = "16/135 0 6656/12825 28561/56430 -9/50 2/55"
FEHLBERG_45 = embedded("gsl_rkf45", 5, 5, """
1/4
3/32 9/32
1932/2197 -7200/2197 7296/2197
439/216 -8 3680/513 -845/4104
-8/27 2 -3544/2565 1859/4104 -11/40
""", _FEHLBERG_5, difference(_FEHLBERG_5, "25/216 0 1408/2565 2197/4104 -1/5 0"))  # fmt: skip

# J. R. Cash and A. H. Karp, ACM Transactions on Mathematical Software 16, 1990.
_CASH_KARP_5 = "37/378 0 250/621 125/594 0 512/1771"
CASH_KARP = embedded("gsl_rkck", 5, 5, """
1/5
3/40 9/40
3/10 -9/10 6/5
-11/54 5/2 -70/27 35/27
1631/55296 175/512 575/13824 44275/110592 253/4096
""", _CASH_KARP_5, difference(_CASH_KARP_5, "2825/27648 0 18575/48384 13525/55296 277/14336 1/4"))  # fmt: skip

# RK8(7)13M: P. J. Prince and J. R. Dormand, Journal of Computational and Applied Mathematics 7, 1981.
_PRINCE_DORMAND_8 = """
14005451/335480064 0 0 0 0 -59238493/1068277825 181606767/758867731 561292985/797845732 -1041891430/1371343529
760417239/1151165299 118820643/751138087 -528747749/2220607170 1/4
"""
_PRINCE_DORMAND_7 = """
13451932/455176623 0 0 0 0 -808719846/976000145 1757004468/5645159321 656045339/265891186 -3867574721/1518517206
465885868/322736535 53011238/667516719 2/45 0
"""
PRINCE_DORMAND_87 = embedded("gsl_rk8pd", 8, 8, """
1/18
1/48 1/16
1/32 0 3/32
5/16 0 -75/64 75/64
3/80 0 0 3/16 3/20
29443841/614563906 0 0 77736538/692538347 -28693883/1125000000 23124283/1800000000
16016141/946692911 0 0 61564180/158732637 22789713/633445777 545815736/2771057229 -180193667/1043307555
39632708/573591083 0 0 -433636366/683701615 -421739975/2616292301 100302831/723423059 790204164/839813087 \
800635310/3783071287
246121993/1340847787 0 0 -37695042795/15268766246 -309121744/1061227803 -12992083/490766935 6005943493/2108947869 \
393006217/1396673457 123872331/1001029789
-1028468189/846180014 0 0 8478235783/508512852 1311729495/1432422823 -10304129995/1701304382 \
-48777925059/3047939560 15336726248/1032824649 -45442868181/3398467696 3065993473/597172653
185892177/718116043 0 0 -3185094517/667107341 -477755414/1098053517 -703635378/230739211 5731566787/1027545527 \
5232866602/850066563 -4093664535/808688257 3962137247/1805957418 65686358/487910083
403863854/491063109 0 0 -5068492393/434740067 -411421997/543043805 652783627/914296604 11173962825/925320556 \
-13158990841/6184727034 3936647629/1978049680 -160528059/685178525 248638103/1413531060 0
""", _PRINCE_DORMAND_8, difference(_PRINCE_DORMAND_8, _PRINCE_DORMAND_7))  # fmt: skip
