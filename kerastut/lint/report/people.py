"""What people read: findings with their line, differences, and the last line."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from ..documents.text import changes, split_lines
from ..errors import PROGRAM, printable
from ..finding import Counts, Finding
from ..rules.rule import SEVERITIES, Rule, get_rule, word

_CONTEXT = 3  # lines around what differs
_WIDEST = 100  # characters of a line that is shown


def concise(findings: Sequence[Finding], language: str) -> str:
    """Returns `file:line:column: KT201 [*] error: message`; the star marks what `--fix` mends."""
    return "\n".join(_headline(finding, language) for finding in findings)


def text(findings: Sequence[Finding], language: str) -> str:
    """Returns the same with the line, and carets below the place."""
    return "\n".join(_headline(item, language) + "\n" + _excerpt(item) for item in findings)


def _headline(finding: Finding, language: str) -> str:
    star = " [*]" if finding.fix is not None and finding.fix.applicability == "safe" else ""
    severity = word(finding.rule.severity, language) + ("：" if language == "zh" else ": ")
    return f"{place(finding)}: {finding.rule.code}{star} {severity}{finding.message(language)}"


def place(finding: Finding) -> str:
    """Returns `file:line:column`, with the cell if it is a notebook."""
    row, column, cell = finding.location
    inner = f"cell {cell}:" if cell is not None else ""
    return f"{printable(finding.filename)}:{inner}{row}:{column}"


def _excerpt(finding: Finding) -> str:
    (row, column, _), (last, end, _), line = finding.location, finding.end, finding.line
    start = column - 1
    stop = max(end - 1 if last == row else len(line), start + 1)
    first = max(0, start - _WIDEST // 2) if len(line) > _WIDEST else 0
    before, marked = _shown(line[first:start]), _shown(line[start : min(stop, first + _WIDEST)])
    after = _shown(line[stop : first + _WIDEST])
    dots = "..." if first else ""
    carets = " " * _width(dots + before) + "^" * max(_width(marked), 1)
    shown = f"{dots}{before}{marked}{after}{'...' * (first + _WIDEST < len(line))}"
    return f"{row:>5} | {shown}\n      | {carets}"


def _shown(piece: str) -> str:
    return printable(piece.replace("\t", "    "))


def _width(shown: str) -> int:
    """Returns the columns of a terminal that a text takes: two a Chinese character."""
    if shown.isascii():
        return len(shown)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in shown)
    return len(shown) + wide - sum(map(bool, map(unicodedata.combining, shown)))


def statistics(counts: Counts, language: str) -> str:
    """Returns how often each rule was found, the most frequent first; the star as above."""
    return "\n".join(
        f"{count:>5}  {rule.code}  {'[*]' if is_safe(rule, counts) else '   '}"
        f"  {word(rule.severity, language)}  {rule.name}"
        for rule, count in by_frequency(counts)
    )


def is_safe(rule: Rule, counts: Counts) -> bool:
    """Tells whether `--fix` mends some of what a rule found."""
    return any(kind.code == rule.code and kind.fix == "safe" for kind in counts)


def by_frequency(counts: Counts) -> list[tuple[Rule, int]]:
    """Returns the rules that were found, and how often, the most frequent first."""
    found: Counter[str] = Counter()
    for kind, count in counts.items():
        found[kind.code] += count
    pairs = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(get_rule(code), count) for code, count in pairs]


def explained(code: str, language: str) -> str:
    """Returns what a rule says, in Markdown."""
    rule = get_rule(code)
    texts = rule.texts(language)
    severity, before, after = (word(one, language) for one in (rule.severity, "before", "after"))
    return (
        f"**{rule.code}** `{rule.name}` ({severity})\n\n{texts.what} {texts.why}\n\n"
        f"{texts.instead}\n\n{before}:\n\n```python\n{rule.bad.strip()}\n```\n\n"
        f"{after}:\n\n```python\n{rule.good.strip()}\n```"
    )


def diff(name: str, before: str, after: str) -> str:
    """Returns what differs between two texts, as `diff -u` writes it."""
    old, new = (
        [line + end for line, end in zip(*split_lines(text), strict=True) if line or end]
        for text in (before, after)
    )
    hunks: list[list[tuple[int, int, int, int]]] = []
    for change in changes(old, new):
        if hunks and change[0] - hunks[-1][-1][1] <= 2 * _CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    title = printable(name)
    shown = [f"--- {title} (before)\n+++ {title} (after)\n"] if hunks else []
    for hunk in hunks:
        (first, _, start, _), (_, last, _, stop) = hunk[0], hunk[-1]
        above, below = min(first, _CONTEXT), min(len(old) - last, _CONTEXT)
        numbers = _range(first - above, last + below), _range(start - above, stop + below)
        shown.append(f"@@ -{numbers[0]} +{numbers[1]} @@\n")
        place = first - above
        for first, last, start, stop in hunk:
            shown += [_line(" ", line) for line in old[place:first]]
            shown += [_line("-", line) for line in old[first:last]]
            shown += [_line("+", line) for line in new[start:stop]]
            place = last
        shown += [_line(" ", line) for line in old[place : place + below]]
    return "".join(shown)


def _range(start: int, stop: int) -> str:
    """Returns the lines of a hunk, counted from 1; of none, the line before it."""
    length = stop - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"


def _line(sign: str, line: str) -> str:
    """Returns a line of a hunk; tabs stay, and every end is the terminal's."""
    text = line.rstrip("\r\n")
    missing = "\\ No newline at end of file\n" if text == line else ""
    return sign + "\t".join(map(printable, text.split("\t"))) + "\n" + missing


def summary(found: Counts, language: str, unread: int = 0) -> str:
    """Returns how many findings there are, by severity, how many can be mended, and what next.

    Args:
        found: The findings.
        language: `en` or `zh`.
        unread: Files that were not read.
    """
    severities: Counter[str] = Counter()
    fixes: Counter[str] = Counter()
    for kind, count in found.items():
        severities[kind.severity] += count
        fixes[kind.fix] += count
    counts = [(severities[name], name) for name in SEVERITIES if name in severities]
    explain = f"{PROGRAM} rule {by_frequency(found)[0][0].code}" if found else ""
    if language == "zh":
        kinds = "、".join(f"{n} 个{word(kind, language)}" for n, kind in counts)
        parts = [f"发现 {kinds}" if kinds else "没有发现问题"]
        forms = ("{} 个可用 --fix 修复", "另有 {} 个可用 --unsafe-fixes", "{} 个文件没有读取")
        joint, end, more = "；", "。", "。说明："
    else:
        kinds = ", ".join(f"{n} {kind}{'s' * (n > 1)}" for n, kind in counts)
        parts = [f"Found {kinds}" if kinds else "No findings"]
        forms = (
            "{} fixable with --fix",
            "{} with --unsafe-fixes",
            f"{{}} file{'s' * (unread > 1)} not read",
        )
        joint, end, more = "; ", ".", ". To learn more: "
    numbers = (fixes["safe"], fixes["unsafe"], unread)
    parts += [form.format(n) for form, n in zip(forms, numbers, strict=True) if n]
    return joint.join(parts) + (f"{more}{explain}" if explain else end)
