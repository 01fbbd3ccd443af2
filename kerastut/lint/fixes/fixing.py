"""Applies fixes until nothing is left to fix."""

import ast
import dataclasses
from bisect import bisect, insort
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..check import Selection, check_document
from ..documents import parse_document
from ..documents.document import Document
from ..documents.text import Text
from ..finding import Edit, Finding, Fix

_TRIES = 500  # texts that are made of a file's text
# Characters of code that these may have together, so that large files do not take ages; and as how
# many characters around it, such as the outputs of a notebook, one of code counts.
_WORK = 3_000_000
_AROUND = 20


def fix_text(
    text: Text,
    filename: str,
    selection: Selection,
    unsafe: bool,
    checked: tuple[Document, list[Finding]] | None = None,
) -> tuple[str, int]:
    """Returns a file's text after all fixes of the selected rules, and how many were made.

    Args:
        text: Of the file.
        filename: Whose suffix tells what it is.
        selection: The rules.
        unsafe: Whether fixes that may change the meaning are made as well.
        checked: What was read and found in the text, where that has been done.
    """
    fixed = 0
    suffix = Path(filename).suffix.lower()
    document = checked[0] if checked else parse_document(text, filename, suffix)
    found = checked[1] if checked else check_document(document, selection)
    code = sum(len(line) for chunk in document.chunks for line in chunk.lines)
    size = code + len(text.content) // _AROUND + 1
    tries = iter(range(max(1, min(_TRIES, _WORK // size))))

    def mend(attempt: list[Fix]) -> bool:
        """Makes some fixes, and tells whether the text is the better for them."""
        nonlocal text, document, found
        edits = list(dict.fromkeys(edit for fix in attempt for edit in fix.edits))
        new = dataclasses.replace(text, content=document.edited(edits))
        if new.content == text.content:
            return False
        after = parse_document(new, filename, suffix)
        after.origin = document.origin or document.text
        fewer = _problems(document) - _problems(after)
        if fewer < 0:
            return False
        left = check_document(after, selection)
        # What could be read only now has findings of its own.
        if not unsafe and not fewer and _codes(left) - _codes(found):
            return False
        text, document, found = new, after, left
        return True

    while True:
        fixes = [one.fix for one in found if one.fix is not None]
        chosen = _compatible([fix for fix in fixes if unsafe or fix.applicability == "safe"])
        attempts = zip(_halved(chosen) if chosen else (), tries, strict=False)
        made = next((len(attempt) for attempt, _ in attempts if mend(attempt)), 0)
        if not made:
            return text.content, fixed
        fixed += made


def _codes(findings: list[Finding]) -> Counter[str]:
    return Counter(one.rule.code for one in findings if one.rule.severity != "note")


def _halved(fixes: list[Fix]) -> Iterator[list[Fix]]:
    """Yields the fixes, their halves, the halves of these and so on."""
    waiting = [fixes]
    for some in waiting:
        yield some
        if len(some) > 1:
            waiting += [some[: len(some) // 2], some[len(some) // 2 :]]


def _problems(document: Document) -> int:
    """Counts what Python cannot read: blocks, and calls that name an argument twice."""
    trees = [chunk.tree for chunk in document.chunks if chunk.tree is not None]
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    words = ([keyword.arg for keyword in call.keywords if keyword.arg] for call in calls)
    twice = sum(len(given) - len(set(given)) for given in words)
    return twice + sum(chunk.problem is not None for chunk in document.chunks)


def _compatible(fixes: list[Fix]) -> list[Fix]:
    """Returns the fixes that do not touch each other's places, the first ones first."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_clashes(edit, taken) for edit in fix.edits):
            chosen.append(fix)
            for edit in fix.edits:
                insort(taken, edit, key=lambda one: one.span)
    return chosen


def _clashes(edit: Edit, taken: list[Edit]) -> bool:
    """Tells whether an edit touches others, which are in order and apart: only its neighbours."""
    place = bisect(taken, edit.span, key=lambda one: one.span)
    near = [one for one in taken[max(place - 1, 0) : place + 1] if one != edit]
    pairs = [sorted((edit.span, other.span)) for other in near]
    return any(second[:2] < first[2:] for first, second in pairs)
