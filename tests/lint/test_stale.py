"""Stale and faulty code of our own: each line's comment says what is to be found there."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.rules.rule import load_rules

STALE = Path(__file__).parent / "stale"
DOCUMENTS = sorted(path.name for path in STALE.glob("*.md") if not re.match(r"t\d", path.name))


def expected(text: str) -> Counter[tuple[int, str]]:
    """Returns the codes in the comments of each line."""
    return Counter(
        (row, code)
        for row, line in enumerate(text.splitlines(), 1)
        for code in re.findall(r"KT\d{3}", line.partition("  # ")[2])
    )


def found(text: str, *select: str) -> Counter[tuple[int, str]]:
    document = parse_document(Text(text), "stale.md", ".md")
    findings = check_document(document, Selection(select))
    return Counter((finding.location.row, finding.rule.code) for finding in findings)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_the_comments_say_is_found_and_nothing_else(name: str) -> None:
    text = (STALE / name).read_text(encoding="utf-8")
    assert found(text) == expected(text)


def test_the_documents_show_most_rules() -> None:
    shown = {code for name in DOCUMENTS for _, code in expected((STALE / name).read_text("utf-8"))}
    serious = {code for code, rule in load_rules().items() if rule.severity != "note"}
    assert shown <= serious
    assert len(shown) >= 70
