"""Applies fixes until nothing is left to fix."""

import dataclasses
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kerastut.errors import OutputError
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.document import Document
from kerastut.lint.documents.text import Text
from kerastut.lint.finding import Edit, Finding, Fix, Span

_PASSES = 50


def fix_text(text: Text, filename: str, selection: Selection, unsafe: bool) -> tuple[str, int]:
    """Returns a file's text after all fixes, and how many were made.

    Args:
        text: The file's.
        filename: Names it; its suffix tells what it is.
        selection: Which rules are looked for.
        unsafe: Whether to make unsafe fixes as well.
    """
    fixed, suffix = 0, Path(filename).suffix.lower()
    for _ in range(_PASSES):
        document = parse_document(text, filename, suffix)
        fixes = applicable(check_document(document, selection), unsafe)
        changed = _apply(document, fixes, text, filename, suffix)
        if changed is None:
            break
        text, made = changed
        fixed += made
    return text.content, fixed


def applicable(findings: list[Finding], unsafe: bool) -> list[Fix]:
    """Returns the fixes that may be made."""
    return [
        finding.fix
        for finding in findings
        if finding.fix is not None and (unsafe or finding.fix.applicability == "safe")
    ]


def _apply(
    document: Document, fixes: list[Fix], text: Text, filename: str, suffix: str
) -> tuple[Text, int] | None:
    """Returns the text after those of the fixes that go together; None if there are none."""
    if "\r" in document.text.replace("\r\n", ""):
        return None  # lines are counted otherwise there
    chosen = _compatible(fixes)
    for attempt in (chosen, *([fix] for fix in chosen)):
        if not attempt:
            continue
        edits = list(dict.fromkeys(edit for fix in attempt for edit in fix.edits))
        content = document.edited(edits)
        new = dataclasses.replace(text, content=content)
        if content != document.text and _problems(new, filename, suffix) <= _count(document):
            return new, len(attempt)
    return None


def _problems(text: Text, filename: str, suffix: str) -> int:
    return _count(parse_document(text, filename, suffix))


def _count(document: Document) -> int:
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
    if _is_point(first) and _is_point(second):
        return first == second
    return second[:2] < first[2:]


def _is_point(span: Span) -> bool:
    return span[:2] == span[2:]


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, with the rights that it had.

    Raises:
        OutputError: It cannot be written.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode & 0o7777)
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: cannot be written: {reason}; check its rights.") from error
