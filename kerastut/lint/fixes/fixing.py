"""Applies fixes until nothing is left to fix."""

import dataclasses
from bisect import bisect, insort
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..check import Selection, check_document
from ..documents import parse_document
from ..documents.document import Document
from ..documents.text import Text
from ..finding import Edit, Fix, Span

_PASSES = 50
_ATTEMPTS = 63  # of a pass, where the fixes do not go together: down to the half of a half ...


def fix_text(text: Text, filename: str, selection: Selection, unsafe: bool) -> tuple[str, int]:
    """Returns a file's text after all fixes of the selected rules, and how many were made."""
    fixed = 0
    suffix = Path(filename).suffix.lower()
    document = parse_document(text, filename, suffix)
    for _ in range(_PASSES):
        found = [finding.fix for finding in check_document(document, selection)]
        fixes = [fix for fix in found if fix and (unsafe or fix.applicability == "safe")]
        changed = _apply(document, fixes, text, suffix)
        if changed is None:
            break
        text, document, made = changed
        fixed += made
    return text.content, fixed


def _apply(
    document: Document, fixes: list[Fix], text: Text, suffix: str
) -> tuple[Text, Document, int] | None:
    """Returns the text after those of the fixes that go together; None if there are none."""
    chosen = _compatible(fixes)
    for attempt in islice(_halved(chosen), _ATTEMPTS):
        edits = list(dict.fromkeys(edit for fix in attempt for edit in fix.edits))
        new = dataclasses.replace(text, content=document.edited(edits))
        if new.content != document.text:
            after = parse_document(new, document.filename, suffix)
            if _problems(after) <= _problems(document):
                return new, after, len(attempt)
    return None


def _halved(fixes: list[Fix]) -> Iterator[list[Fix]]:
    """Yields the fixes, their halves, the halves of these and so on."""
    waiting = [fixes]
    for some in waiting:
        yield some
        if len(some) > 1:
            waiting += [some[: len(some) // 2], some[len(some) // 2 :]]


def _problems(document: Document) -> int:
    return sum(chunk.problem is not None for chunk in document.chunks)


def _compatible(fixes: list[Fix]) -> list[Fix]:
    """Returns the fixes that do not touch each other's places, the first ones first."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_clashes(edit, taken) for edit in fix.edits):
            chosen.append(fix)
            for edit in fix.edits:
                insort(taken, edit, key=_span)
    return chosen


def _clashes(edit: Edit, taken: list[Edit]) -> bool:
    """Tells whether an edit touches others, which are in order and apart: only its neighbours."""
    place = bisect(taken, edit.span, key=_span)
    return any(_clash(edit, other) for other in taken[max(place - 1, 0) : place + 1])


def _span(edit: Edit) -> Span:
    return edit.span


def _clash(one: Edit, other: Edit) -> bool:
    if one == other:
        return False
    first, second = sorted((one.span, other.span))
    if first.start == first.end and second.start == second.end:
        return first == second
    return second[:2] < first[2:]
