"""Checks documents: findings of all detectors that are selected and not suppressed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .detectors import detectors
from .documents.document import Document
from .documents.parsing import without_magic
from .finding import Finding, Fix, Span
from .fixes.python2 import to_python3
from .rules.rule import Rule, load_rules
from .semantics.interpreter import interpret

# Where both are found at one place, the first says more than the second.
_OUTRANKS = {"KT202": "KT206"}
_COMMENT = re.compile(r"#\s*noqa(?P<codes>\s*:\s*[A-Z]+[0-9]*(?:[\s,]+[A-Z]+[0-9]+)*)?", re.I)


@dataclass(frozen=True)
class Selection:
    """Which rules are looked for."""

    select: tuple[str, ...] = ()  # codes or their beginnings; ALL for all; none: all but notes
    ignore: tuple[str, ...] = ()  # as `select`; the longer beginning wins

    def wants(self, rule: Rule) -> bool:
        """Tells whether a rule is looked for; the longest beginning that fits decides."""
        chosen = 0 if not self.select and rule.severity != "note" else _fit(rule, self.select)
        refused = _fit(rule, self.ignore)
        return chosen >= 0 and (refused < 0 or chosen > refused)


def _fit(rule: Rule, beginnings: tuple[str, ...]) -> int:
    """Returns the length of the longest beginning that fits, -1 if none does."""
    heads = ["" if beginning == "ALL" else beginning for beginning in beginnings]
    return max((len(head) for head in heads if rule.code.startswith(head)), default=-1)


def check_document(document: Document, selection: Selection | None = None) -> list[Finding]:
    """Returns the findings in a document, in order; by default of all rules but the notes."""
    wanted = selection or Selection()
    findings = [*_problems(document), *_detect(document, wanted)]
    seen: set[tuple[str, Span]] = set()
    kept: list[Finding] = []
    places = {(finding.rule.code, finding.span) for finding in findings}
    silenced = cache(lambda line: _silenced(document, line))
    for finding in sorted(findings, key=lambda item: (item.span[:2], item.rule.code)):
        key = finding.rule.code, finding.span
        outranked = (_OUTRANKS.get(finding.rule.code, ""), finding.span) in places
        if key not in seen and not outranked and wanted.wants(finding.rule):
            seen.add(key)
            code, span = finding.rule.code, finding.span
            beginnings = {code[:length] for length in range(len(code) + 1)}
            if not any(beginnings & silenced(line) for line in {span.line, span.end_line}):
                kept.append(finding)
    return kept


def _detect(document: Document, selection: Selection) -> Iterator[Finding]:
    if not document.uses_keras:
        return
    wanted = {code for code, rule in load_rules().items() if selection.wants(rule)}
    try:
        program = interpret(document)
        for codes, detector in detectors():
            if wanted.intersection(codes):
                yield from detector(program)
    except RecursionError:
        yield _problem(document, "too deeply nested to be read", Span(1, 0, 1, 0))


def _problems(document: Document) -> Iterator[Finding]:
    if document.kind == "python" or document.uses_keras:
        for chunk in document.chunks:
            if chunk.problem is not None:
                edits = tuple(to_python3(chunk, without_magic(chunk.lines)))
                yield _problem(document, *chunk.problem, Fix(edits) if edits else None)


def _problem(document: Document, reason: str, span: Span, fix: Fix | None = None) -> Finding:
    return document.finding(load_rules()["KT000"], span, {"reason": reason}, fix)


def _silenced(document: Document, line: int) -> set[str]:
    """Returns the codes, or their beginnings, that a comment silences on the first or last line.

    `# noqa` silences everything, `# noqa: KT201, KT3` a code and a family.
    """
    silenced: set[str] = set()
    for comment in _COMMENT.finditer(document.comment(line)):
        codes = re.findall(r"[A-Z]+\d*", (comment["codes"] or "").upper())
        silenced.update(codes or [""])
    return silenced
