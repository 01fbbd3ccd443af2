"""Checks documents: findings of all detectors that are selected and not suppressed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain

from .detectors import detectors
from .documents.document import Chunk, Document
from .documents.parsing import BLANKS, PRINTS, RETURNS
from .documents.recovering import printing, tabs_before, without_magic
from .documents.tabs import views
from .finding import Edit, Finding, Fix, Span
from .fixes.python2 import to_python3
from .registering import Detector
from .rules.rule import load_rules
from .selection import Selection as Selection
from .semantics.interpreter import interpret

# Where both are found at one place, the first says more than the second.
_OUTRANKS = {"KT202": "KT206", "KT140": "KT198", "KT151": "KT198"}
_CODES = r"noqa(?P<codes>\s*:\s*[A-Z]+[0-9]*(?:[\s,]+[A-Z]+[0-9]+)*)?"
_COMMENT = re.compile(rf"#\s*{_CODES}", re.I)
_OF_FILE = re.compile(rf"#\s*kerastut:\s*{_CODES}", re.I)
_OF_PROSE = re.compile(rf"^[ \t]*(?:<!--|\.\.)\s*kerastut:\s*{_CODES}", re.I | re.M)


def check_document(document: Document, selection: Selection | None = None) -> list[Finding]:
    """Returns the findings in a document, in order; by default of all rules but the notes."""
    wanted = selection or Selection()
    off = _silenced_everywhere(document)
    findings = [*_problems(document), *_detect(document, wanted)]
    seen: set[tuple[str, Span]] = set()
    kept: list[Finding] = []
    places = set(map(_place, findings))
    comments = "noqa" in document.text.lower()
    silenced = cache(lambda line: _silenced(document, line))
    for finding in sorted(findings, key=lambda item: (item.span[:2], item.rule.code)):
        key = _place(finding)
        outranked = (_OUTRANKS.get(finding.rule.code, ""), finding.span) in places
        if key not in seen and not outranked and finding.rule.code in wanted.codes:
            seen.add(key)
            code, span = finding.rule.code, finding.span
            beginnings = {code[:length] for length in range(len(code) + 1) if comments}
            lines = {span.line, span.end_line} if comments else set()
            lines.update([*map(document.comment_line, lines)])
            if not any(beginnings & codes for codes in (off, *map(silenced, lines))):
                kept.append(finding)
    return kept


def _detect(document: Document, selection: Selection) -> Iterator[Finding]:
    if not document.uses_keras:
        return
    try:
        programs = map(interpret, views(document))
        seen = [
            [finding for detector in _chosen(selection.codes) for finding in detector(program)]
            for program in programs
        ]
    except RecursionError:
        yield _problem(document, "too deeply nested to be read", Span(1, 0, 1, 0))
        return
    everywhere = Counter(place for found in seen for place in {_place(one) for one in found})
    for finding in chain.from_iterable(seen):
        # What only some readers miss is missing from their tab, which another one may have.
        chunk = document.chunks[document.chunk_at(finding.span.line)]
        own = chunk.tabs
        if chunk.inline and finding.rule.code[2] not in "123":
            continue  # a line within prose is told of what it calls alone
        if own or everywhere[_place(finding)] == len(seen) or finding.rule.code[:3] != "KT5":
            yield finding


@lru_cache(100)
def _chosen(wanted: frozenset[str]) -> list[Detector]:
    return [detector for codes, detector in detectors() if wanted.intersection(codes)]


def _place(finding: Finding) -> tuple[str, Span]:
    return finding.rule.code, finding.span


def _problems(document: Document) -> Iterator[Finding]:
    if document.kind == "python" or document.uses_keras:
        for chunk in document.chunks:
            # A page need not say of each block that it is Python; what prints or returns is.
            if chunk.problem is not None and (
                chunk.marked or chunk.problem[0] in (PRINTS, RETURNS)
            ):
                lines = without_magic(chunk.code or chunk.lines)
                blanks = _with_blanks(chunk) if chunk.problem[0].startswith(BLANKS) else []
                edits = tuple(blanks or to_python3(chunk, lines))
                prints = set(printing(lines))
                if prints and not edits:  # beside what cannot be read
                    pairs = enumerate(zip(lines, chunk.parsed or lines, strict=True))
                    rest = [line if index in prints else kept for index, (line, kept) in pairs]
                    edits = tuple(to_python3(chunk, rest))
                if chunk.tabbed is not None:
                    edits = (*edits, *_without_tabs(chunk))
                fix = Fix(edits) if edits else None
                yield _problem(document, *chunk.problem, fix)
                if chunk.tabbed is not None and chunk.tabbed != chunk.problem:
                    yield _problem(document, *chunk.tabbed, fix)
                mended = {edit.span.line for edit in edits} - {chunk.problem[1].line}
                for index in sorted(prints):
                    line, width = index + chunk.first_line, lines[index].index("print")
                    if line in mended:
                        yield _problem(document, PRINTS, Span(line, width, line, width), fix)


def _with_blanks(chunk: Chunk) -> list[Edit]:
    """Returns the edits that put Python's blanks in the place of others."""
    pairs = enumerate(zip(chunk.lines, chunk.code or chunk.lines, strict=True), chunk.first_line)
    changed = [(number, new) for number, (old, new) in pairs if old != new]
    return [Edit(Span(number, 0, number, len(new.encode())), new) for number, new in changed]


def _without_tabs(chunk: Chunk) -> Iterator[Edit]:
    """Yields the edits that put blanks in the place of tabs before lines."""
    for row, tabs, blanks in tabs_before(chunk.parsed):
        line = chunk.first_line + row - 1
        yield Edit(Span(line, 0, line, len(tabs)), blanks)


def _problem(document: Document, reason: str, span: Span, fix: Fix | None = None) -> Finding:
    return document.finding(load_rules()["KT000"], span, {"reason": reason}, fix)


def _silenced(document: Document, line: int) -> set[str]:
    """Returns the codes, or their beginnings, that a comment silences on the first or last line.

    `# noqa` silences everything, `# noqa: KT201, KT3` a code and a family.
    """
    return _codes(_COMMENT.finditer(document.comment(line)))


def _silenced_everywhere(document: Document) -> set[str]:
    """Returns what `# kerastut: noqa` or, between blocks, `<!-- kerastut: noqa -->` silences."""
    if "kerastut:" not in document.text.lower():
        return set()
    prose = [] if document.kind in ("python", "notebook") else [document.text]
    comments = (text for chunk in document.chunks for text in chunk.comments.values())
    matches = [_OF_PROSE.finditer(text) for text in prose]
    return _codes(chain(*matches, *(_OF_FILE.finditer(text) for text in comments)))


def _codes(comments: Iterable[re.Match[str]]) -> set[str]:
    """Returns the codes that comments name, or their beginnings; "" for all."""
    silenced: set[str] = set()
    for comment in comments:
        codes = re.findall(r"[A-Z]+\d*", (comment["codes"] or "").upper())
        silenced.update(codes or [""])
    return silenced
