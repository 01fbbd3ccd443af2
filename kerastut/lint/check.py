"""Checks documents: findings of all detectors that are selected and not suppressed."""

from collections.abc import Iterator
from dataclasses import dataclass

from kerastut.lint.detectors import detectors
from kerastut.lint.documents.document import Document
from kerastut.lint.finding import Finding, Span
from kerastut.lint.rules.rule import Rule, load_rules
from kerastut.lint.semantics.read import interpret
from kerastut.lint.suppression import is_suppressed


@dataclass(frozen=True)
class Selection:
    """Which rules are looked for.

    Attributes:
        select: Codes or their beginnings; `ALL` for all; none: all but the notes.
        ignore: Codes or their beginnings, which win.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, rule: Rule) -> bool:
        """Tells whether a rule is looked for; the longest beginning that fits decides."""
        chosen = 0 if not self.select and rule.severity != "note" else _fit(rule, self.select)
        refused = _fit(rule, self.ignore)
        return chosen >= 0 and (refused < 0 or chosen > refused)


def _fit(rule: Rule, beginnings: tuple[str, ...]) -> int:
    """Returns the length of the longest beginning that fits, -1 if none does."""
    return max(
        (
            0 if beginning == "ALL" else len(beginning)
            for beginning in beginnings
            if beginning == "ALL" or rule.code.startswith(beginning)
        ),
        default=-1,
    )


# Where both are found at one place, the first says more than the second.
_OUTRANKS = {"KT202": "KT206"}


def check_document(document: Document, selection: Selection | None = None) -> list[Finding]:
    """Returns the findings in a document, in the order of their places.

    Args:
        document: As `read_document` returns it.
        selection: Default: all rules but the notes.
    """
    wanted = selection or Selection()
    findings = [*_problems(document), *_detect(document, wanted)]
    seen: set[tuple[str, Span]] = set()
    kept: list[Finding] = []
    places = {(finding.rule.code, finding.span) for finding in findings}
    for finding in sorted(findings, key=lambda item: (item.span[:2], item.rule.code)):
        key = finding.rule.code, finding.span
        outranked = (_OUTRANKS.get(finding.rule.code, ""), finding.span) in places
        if key not in seen and not outranked and wanted.wants(finding.rule):
            seen.add(key)
            if not is_suppressed(document, finding):
                kept.append(finding)
    return kept


def _detect(document: Document, selection: Selection) -> Iterator[Finding]:
    if not document.uses_keras:
        return
    rules = load_rules()
    wanted = {code for code, rule in rules.items() if selection.wants(rule)}
    try:
        program = interpret(document)
        for codes, detector in detectors():
            if wanted.intersection(codes):
                yield from detector(program)
    except RecursionError:
        yield from _problem(document, "too deeply nested to be read", Span(1, 0, 1, 0))


def _problems(document: Document) -> Iterator[Finding]:
    if document.kind == "python" or document.uses_keras:
        for chunk in document.chunks:
            if chunk.problem is not None:
                yield from _problem(document, *chunk.problem)


def _problem(document: Document, reason: str, span: Span) -> Iterator[Finding]:
    rule = load_rules().get("KT000")
    if rule is not None:
        yield Finding(
            rule=rule,
            span=span,
            filename=document.filename,
            location=document.locate(span.line, span.column),
            end=document.locate(span.end_line, span.end_column),
            values={"reason": reason},
        )
