"""Applies fixes until nothing is left to fix."""

import dataclasses
import os
import tempfile
from pathlib import Path

from ..check import Selection, check_document
from ..documents import parse_document
from ..documents.document import Document
from ..documents.text import Text
from ..errors import UnwritableError
from ..finding import Edit, Fix

_PASSES = 50


def fix_text(text: Text, filename: str, selection: Selection, unsafe: bool) -> tuple[str, int]:
    """Returns a file's text after all fixes of the selected rules, and how many were made."""
    fixed = 0
    for _ in range(_PASSES):
        document = parse_document(text, filename, Path(filename).suffix.lower())
        found = [finding.fix for finding in check_document(document, selection)]
        fixes = [fix for fix in found if fix and (unsafe or fix.applicability == "safe")]
        changed = _apply(document, fixes, text)
        if changed is None:
            break
        text, made = changed
        fixed += made
    return text.content, fixed


def _apply(document: Document, fixes: list[Fix], text: Text) -> tuple[Text, int] | None:
    """Returns the text after those of the fixes that go together; None if there are none."""
    if "\r" in document.text.replace("\r\n", ""):
        return None  # lines are counted otherwise there
    chosen = _compatible(fixes)
    for attempt in (chosen, *([fix] for fix in chosen)):
        edits = list(dict.fromkeys(edit for fix in attempt for edit in fix.edits))
        new = dataclasses.replace(text, content=document.edited(edits))
        if new.content != document.text:
            after = parse_document(new, document.filename, Path(document.filename).suffix.lower())
            if _problems(after) <= _problems(document):
                return new, len(attempt)
    return None


def _problems(document: Document) -> int:
    return sum(chunk.problem is not None for chunk in document.chunks)


def _compatible(fixes: list[Fix]) -> list[Fix]:
    """Returns the fixes that do not touch each other's places, the first ones first."""
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_clash(edit, other) for edit in fix.edits for other in taken):
            chosen.append(fix)
            taken += fix.edits
    return chosen


def _clash(one: Edit, other: Edit) -> bool:
    if one == other:
        return False
    first, second = sorted((one.span, other.span))
    if first.start == first.end and second.start == second.end:
        return first == second
    return second[:2] < first[2:]


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, with the rights that it had.

    Raises:
        UnwritableError: It cannot be written.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o7777
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            new = Path(folder, target.name)
            with new.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.chmod(mode)
            new.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableError(f"{path}: cannot be written: {reason}; check its rights.") from error
