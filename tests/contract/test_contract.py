"""The table of what works is true: no more and no less than it says."""

from __future__ import annotations

import pytest
from proofs import TARGET_NAMES, Page, Proof, sections
from table import FILE, read, written

SECTIONS = sections()
CLAIMS = read(FILE.read_text(encoding="utf-8"))
PROOFS = [
    pytest.param(section, proof, target, id=f"{section.title.split()[0]}{proof.name}-{target}")
    for section in SECTIONS
    for proof in section.proofs
    for target in TARGET_NAMES
]


@pytest.mark.parametrize(("section", "proof", "target"), PROOFS)
def test_the_table_says_what_happens(section: Page, proof: Proof, target: str):
    claimed = {target in CLAIMS[section.title, item.text] for item in proof.items}
    error = proof.outcome(target)
    if error is not None and claimed != {False}:
        raise error
    assert claimed == {error is None}, "this works now: make table"


def test_the_table_has_exactly_these_lines():
    assert FILE.read_text(encoding="utf-8") == written(SECTIONS, CLAIMS), "make table"


def test_each_fact_is_there_once():
    for section in SECTIONS:
        texts = [item.text for item in section.items]
        assert sorted(set(texts)) == sorted(texts)
