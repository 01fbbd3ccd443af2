"""One line a finding, and a summary."""

from collections.abc import Sequence

from kerastut.lint.finding import Finding

_WORDS = {
    "en": ("error", "warning", "note", "Found", "No findings.", "fixable with --fix"),
    "zh": ("错误", "警告", "提示", "发现", "没有发现问题。", "可用 --fix 修复"),
}


def format_text(findings: Sequence[Finding], language: str) -> str:
    """Returns `file:line:column: KT201 [*] message`; the star marks what `--fix` mends."""
    return "\n".join(_line(finding, language) for finding in findings)


def place(finding: Finding) -> str:
    """Returns `file:line:column`, with the cell if it is a notebook."""
    row, column, cell = finding.location
    inner = f"cell {cell}:" if cell is not None else ""
    return f"{finding.filename}:{inner}{row}:{column}"


def _line(finding: Finding, language: str) -> str:
    star = " [*]" if finding.fix is not None and finding.fix.applicability == "safe" else ""
    return f"{place(finding)}: {finding.rule.code}{star} {finding.message(language)}"


def summary(findings: Sequence[Finding], language: str) -> str:
    """Returns how many findings there are, by severity, and how many can be mended."""
    words = _WORDS[language]
    severities = [finding.rule.severity for finding in findings]
    counts = [severities.count(severity) for severity in ("error", "warning", "note")]
    fixes = [finding.fix.applicability for finding in findings if finding.fix is not None]
    safe, unsafe = fixes.count("safe"), fixes.count("unsafe")
    if language == "zh":
        parts = [f"{count} 个{word}" for count, word in zip(counts, words, strict=False) if count]
        line = f"发现 {'、'.join(parts)}" if parts else words[4]
        line += f"；{safe} 个{words[5]}" if safe else ""
        line += f"；另有 {unsafe} 个可用 --unsafe-fixes" if unsafe else ""
        return line.rstrip("。") + "。"
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in zip(counts, words, strict=False)
        if count
    ]
    line = f"Found {', '.join(parts)}" if parts else words[4]
    line += f"; {safe} {words[5]}" if safe else ""
    line += f"; {unsafe} with --unsafe-fixes" if unsafe else ""
    return line.rstrip(".") + "."
