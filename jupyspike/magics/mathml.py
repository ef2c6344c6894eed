"""Equations as MathML, which browsers draw without any library."""

from __future__ import annotations

from html import escape

from jupyspike_engine.language.equations import Definition
from jupyspike_engine.language.syntax import PRECEDENCE, Call, Expression, Name, Number, Operator
from jupyspike_engine.language.syntax import text as written

_GREEK = {
    name: chr(code)
    for code, name in enumerate(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
            "final_sigma",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
        ],
        start=0x3B1,
    )
}
_SIGNS = {
    "*": "&#8290;", "-": "&#8722;", "<=": "&#8804;", ">=": "&#8805;", "==": "=", "!=": "&#8800;", "<": "&lt;",
    ">": "&gt;", "and": "&#8743;", "or": "&#8744;",
}  # fmt: skip


def definition(line: Definition) -> str:
    """A line of the equations as a ``<math>`` element, without its unit."""
    left = _name(line.name)
    if line.role == "differential equation":
        left = f"<mfrac><mrow><mi>d</mi>{left}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>"
    right = "" if line.expression is None else f"<mo>=</mo>{expression(line.expression)}"
    return f'<math display="inline"><mrow>{left}{right}</mrow></math>'


def formula(tree: Expression) -> str:
    """An expression as a ``<math>`` element."""
    return f'<math display="inline"><mrow>{expression(tree)}</mrow></math>'


def expression(tree: Expression, above: int = 0) -> str:
    """An expression as MathML, with no more brackets than it needs."""
    if isinstance(tree, Number):
        return f"<mn>{escape(written(tree))}</mn>"
    if isinstance(tree, Name):
        return _name(tree.id)
    if isinstance(tree, Call):
        return _call(tree)
    if len(tree.operands) == 1:
        own = PRECEDENCE["not" if tree.symbol == "not" else "negative"]
        sign = "&#172;" if tree.symbol == "not" else _SIGNS["-"]
        return _bracketed(f"<mo>{sign}</mo>{expression(tree.operands[0], own)}", own < above)
    return _binary(tree, above)


def _binary(tree: Operator, above: int) -> str:
    symbol, (left, right) = tree.symbol, tree.operands
    if symbol == "/":
        return f"<mfrac><mrow>{expression(left)}</mrow><mrow>{expression(right)}</mrow></mfrac>"
    own = PRECEDENCE[symbol]
    if symbol == "**":
        base = f"<mrow>{expression(left, own + 1)}</mrow>"
        return f"<msup>{base}<mrow>{expression(right)}</mrow></msup>"
    sign = _SIGNS.get(symbol, escape(symbol))
    joined = f"{expression(left, own)}<mo>{sign}</mo>{expression(right, own + 1)}"
    return _bracketed(joined, own < above)


def _bracketed(inner: str, needed: bool) -> str:
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>" if needed else inner


def _call(tree: Call) -> str:
    if tree.function == "sqrt":
        return f"<msqrt>{expression(tree.arguments[0])}</msqrt>"
    if tree.function == "exp":
        return f"<msup><mi>e</mi><mrow>{expression(tree.arguments[0])}</mrow></msup>"
    arguments = "<mo>,</mo>".join(expression(argument) for argument in tree.arguments)
    return f"<mi>{escape(tree.function)}</mi><mo>&#8289;</mo>{_bracketed(arguments, True)}"


def _name(name: str) -> str:
    """A name, with Greek letters and with what follows the first underscore, or a Greek letter, as an index."""
    if name in ("xi", *_GREEK):
        return f"<mi>{_GREEK[name]}</mi>"
    stem, _, index = name.partition("_")
    if not index:
        for greek in sorted(_GREEK, key=len, reverse=True):
            if len(greek) > 2 and name.startswith(greek):
                stem, index = greek, name[len(greek) :]
                break
        else:
            if len(name) > 1 and name[1:].isdigit():
                stem, index = name[0], name[1:]
    head = f"<mi>{_GREEK.get(stem, escape(stem))}</mi>"
    return head if not index else f"<msub>{head}<mrow><mtext>{escape(index.replace('_', ' '))}</mtext></mrow></msub>"
