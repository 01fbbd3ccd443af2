"""Comments that suppress findings: `# noqa` and `# noqa: KT201, KT3`."""

import re

from kerastut.lint.documents.document import Document
from kerastut.lint.finding import Finding

_COMMENT = re.compile(r"#\s*noqa(?P<codes>\s*:\s*[A-Z]+[0-9]*(?:[\s,]+[A-Z]+[0-9]+)*)?", re.I)


def is_suppressed(document: Document, finding: Finding) -> bool:
    """Tells whether a comment on the first or the last line of a finding suppresses it."""
    return any(
        _suppresses(document.line(number), finding.rule.code)
        for number in {finding.span.line, finding.span.end_line}
    )


def _suppresses(line: str, code: str) -> bool:
    if "#" not in line:
        return False
    for comment in _COMMENT.finditer(line):
        codes = comment["codes"]
        if codes is None:
            return True
        if any(code.startswith(item.upper()) for item in re.findall(r"[A-Za-z]+\d*", codes)):
            return True
    return False
