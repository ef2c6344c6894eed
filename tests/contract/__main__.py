"""``python tests/contract`` says what does not hold; with ``--write`` it writes ``notebooks/compatibility.md``."""

from __future__ import annotations

import argparse
from traceback import extract_tb

from proofs import TARGET_NAMES, Page, Proof, sections
from table import FILE, Works, written

from jupyspike import prefs


def where_it_holds(section: Page, proof: Proof, targets: list[str]) -> set[str]:
    """The targets where a proof succeeds; says what happens on the others."""
    outcomes = {target: proof.outcome(target) for target in targets}
    for error in {id(error): error for error in outcomes.values() if error is not None}.values():
        where = ", ".join(target for target, other in outcomes.items() if other is error)
        print(f"{section.title}: {proof.name} ({where}): {described(error)}")
    return {target for target, error in outcomes.items() if error is None}


def described(error: BaseException) -> str:
    """The error, and the line of the proof that it comes from."""
    line = next(frame for frame in reversed(extract_tb(error.__traceback__)) if "section_" in frame.filename)
    return f"{type(error).__name__}: {error}\n    line {line.lineno}: {line.line}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/contract", description=__doc__)
    parser.add_argument("section", nargs="*", help="numbers of sections, all of them by default")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    parser.add_argument("--target", action="append", choices=TARGET_NAMES, help="only this one")
    wanted = parser.parse_args()
    if wanted.write and (wanted.section or wanted.target):
        parser.error("--write needs all sections and targets")
    prefs.logging.console_log_level = "ERROR"
    chosen = [s for s in sections() if not wanted.section or s.title.split(".")[0] in wanted.section]
    works: Works = {}
    for section in chosen:
        for proof in section.proofs:
            holds = where_it_holds(section, proof, wanted.target or TARGET_NAMES)
            works |= {(section.title, item.text): holds for item in proof.items}
    if wanted.write:
        FILE.write_text(written(sections(), works), encoding="utf-8")


main()
