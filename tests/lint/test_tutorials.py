"""Held to account: what the records of the tutorials say a static reader sees is found.

The tutorials' own text is not in this project. The documents in `stale/` have the same faults in
the same blocks, in other words and other code.
"""

import re
from pathlib import Path

import pytest

from kerastut.corrections.catalogue import Fault, load_blocks, load_faults
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.finding import Finding

STALE = Path(__file__).parent / "stale"
TUTORIALS = ("T0", "T1", "T2", "T3", "T4")
FAULTS = [fault for fault in load_faults() if fault.rule]
# What the records say of a block under another rule's name.
ALSO = {
    ("T0-B04", "KT603"),  # T0-06: no evaluate
    ("T0-B11", "KT608"),  # T0-23: the same as the block of the convolutional network
    ("T1-B01", "KT610"),  # T1-02: no model of section 3 is ever compiled
    ("T1-B02", "KT610"),
    ("T1-B05", "KT610"),
    ("T4-B01", "KT601"),  # T4-06: unseeded
}
# What no record speaks of.
UNSUPPORTED = {("T2-B01", "KT601"), ("T2-B01", "KT605"), ("T2-B02", "KT610")}


def text_of(tutorial: str) -> str:
    return (STALE / f"{tutorial.lower()}.md").read_text(encoding="utf-8")


def places(tutorial: str) -> list[tuple[int, str]]:
    """Returns the line of each block's mark with the block's id."""
    lines = text_of(tutorial).splitlines()
    marks = [
        (row, re.fullmatch(r"<!-- (T\d-B\d\d) -->", line)) for row, line in enumerate(lines, 1)
    ]
    return [(row, mark[1]) for row, mark in marks if mark]


def findings(tutorial: str, *select: str) -> list[Finding]:
    document = parse_document(Text(text_of(tutorial)), f"{tutorial.lower()}.md", ".md")
    return check_document(document, Selection(select))


def found(tutorial: str) -> set[tuple[str, str]]:
    """Returns the findings as pairs of block and code."""
    return {
        (max(mark for mark in places(tutorial) if mark[0] <= one.location.row)[1], one.rule.code)
        for one in findings(tutorial, "ALL")
    }


def test_the_documents_have_all_blocks() -> None:
    marks = [block for tutorial in TUTORIALS for _, block in places(tutorial)]
    assert marks == [block.id for block in load_blocks()]


def test_enough_is_seen() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.id for fault in FAULTS])
def test_a_fault_with_a_rule_is_found_in_its_blocks(fault: Fault) -> None:
    codes = found(fault.id[:2])
    blocks = fault.blocks or [block.id for block in load_blocks() if block.id[:2] == fault.id[:2]]
    assert any((block, fault.rule) in codes for block in blocks)


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_nothing_else_is_found(tutorial: str) -> None:
    known = {(block, fault.rule) for fault in FAULTS for block in fault.blocks}
    others = found(tutorial) - known - ALSO
    assert others <= UNSUPPORTED


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_without_the_notes_every_finding_is_in_the_records(tutorial: str) -> None:
    known = {(block, fault.rule) for fault in FAULTS for block in fault.blocks}
    shown = {one.rule.code for one in findings(tutorial)}
    assert shown
    assert {pair for pair in found(tutorial) if pair[1] in shown} <= known
