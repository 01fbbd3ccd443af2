"""Silences findings with comments: what is there is accepted, and only what is new is found."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ..check import check_document
from ..documents import parse_document
from ..documents.document import Document
from ..documents.text import Text
from ..finding import Edit, Finding, Span
from ..selection import Selection

_NOQA = re.compile(r"#\s*noqa\s*:\s*\w+(?:[\s,]+[A-Z]+[0-9]+)*", re.I)


def silence(text: Text, filename: str, suffix: str, selection: Selection) -> tuple[str, int]:
    """Returns a file's text with comments that silence what is found, one a line, and their number.

    What is not Python stays as it is, and so does a file that would be no Python with them.
    """
    document = parse_document(text, filename, suffix)
    edits = comments(document, check_document(document, selection))
    new = document.edited(edits)
    after = parse_document(replace(text, content=new), filename, suffix)
    return (new, len(edits)) if _problems(after) <= _problems(document) else (text.content, 0)


def comments(document: Document, findings: Iterable[Finding]) -> list[Edit]:
    """Returns the comments that silence findings."""
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.rule.code != "KT000":
            codes[document.comment_line(finding.span.end_line)].add(finding.rule.code)
    return [_comment(document, line, ", ".join(sorted(some))) for line, some in codes.items()]


def _problems(document: Document) -> int:
    return sum(chunk.problem is not None for chunk in document.chunks)


def _comment(document: Document, line: int, codes: str) -> Edit:
    text = document.line(line)
    comment = document.comment(line)
    found = _NOQA.search(comment)
    if found:  # of another code
        place = text.rindex(comment) + found.end()
        column = len(text[:place].encode("utf-8", "surrogatepass"))
        return Edit(Span(line, column, line, column), f", {codes}")
    start, end = (len(one.encode("utf-8", "surrogatepass")) for one in (text.rstrip(), text))
    return Edit(Span(line, start, line, end), f"  # noqa: {codes}")
