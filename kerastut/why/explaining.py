"""Finds what a pasted text tells, among the records and the checker's rules."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import NamedTuple

from kerastut.corrections import load_faults
from kerastut.lint import load_rules
from kerastut.why.known import Known, Text, find, load_chapters, load_known
from kerastut.why.pasted import chain, clean, failed, squeeze
from kerastut.why.stale import imported, speaks_of_keras, stale

_LINE = re.compile(r"(?:Error|Exception|Warning|Interrupt)\b")
_LONGEST = 500  # characters of a line that are compared
_NEAR, _ALIKE = 3, 0.5  # candidates named at the most, and the share of words they have in common


@dataclass(frozen=True)
class Cause:
    """What a message tells: a record of ours, or a rule of the checker."""

    id: str  # a record's name or a rule's code
    name: str
    rules: tuple[str, ...]  # codes of the checker's rules, the likeliest first
    recipe: str | None
    fault: str | None  # id of the tutorials' fault that it is
    chapter: str | None  # its file's name
    good: str | None  # the rule's example, put right
    texts: dict[str, Text]  # by language
    message: dict[str, str]  # the rule's finding in one line, by language; empty where it has none


@dataclass(frozen=True)
class Explanation:
    """What is known of a pasted text."""

    line: str  # the last line that looks like a message, or ""
    causes: tuple[Cause, ...]  # of the last exception first; empty where nothing is known
    near: tuple[Cause, ...]  # where nothing is known: what comes nearest


class _Match(NamedTuple):
    rank: int
    end: int
    id: str
    is_warning: bool
    details: dict[str, str]


def explain(text: str) -> Explanation:
    """Explains what a text tells; nothing in it is run.

    Args:
        text: One or several tracebacks, or warnings, with whatever stands around them.

    Returns:
        The causes that are known. One that is only likely is no cause but is named as near.

    Example:

    >>> explain("ImportError: cannot import name 'np_utils' from 'keras.utils'").causes[0].id
    'KT104'
    """
    readable = clean(text)
    whole = squeeze(readable)
    found: list[_Match] = []
    for part in chain(whole):
        matches = [match for match in _matches(part, whole) if not match.is_warning]
        if matches:
            found.append(max(matches, key=_weight))
    warnings = [match for match in _matches(whole, whole) if match.is_warning]
    if not found and not failed(whole) and warnings:
        found.append(max(warnings, key=_weight))
    line = next(filter(_LINE.search, reversed(readable.splitlines())), "").strip()[:_LONGEST]
    causes = _distinct(cause(match.id, match.details) for match in found)
    if causes:
        return Explanation(line, causes, ())
    near = [match.id for match in warnings] + [item.code for item in imported(readable)]
    near += _alike(line or readable[-_LONGEST:])
    return Explanation(line, (), _distinct(map(cause, near))[:_NEAR])


def _matches(part: str, whole: str) -> Iterator[_Match]:
    for known in load_known().values():
        ends = [end for sign in known.signs if (end := find(sign, part)) >= 0]
        if ends and (not known.keras or speaks_of_keras(whole)) and _is_backed(known, whole):
            yield _Match(known.rank, max(ends), known.id, known.is_warning, {})
    for item in stale(part, whole):
        yield _Match(item.rank, item.end, item.code, False, item.details)


def _weight(match: _Match) -> tuple[int, int]:
    return match.rank, match.end


def _is_backed(known: Known, whole: str) -> bool:
    return not known.also or any(find(sign, whole) >= 0 for sign in known.also)


def _distinct(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    return tuple({one.id: one for one in reversed(list(causes))}.values())[::-1]


def _alike(line: str) -> list[str]:
    """Returns the records whose signs have most words in common with a line."""
    said = set(_words(line))
    scores = []
    for known in load_known().values():
        shares = [len(said & set(words)) / len(words) for s in known.signs if (words := _words(s))]
        if shares and max(shares) >= _ALIKE:
            scores.append((-max(shares), known.id))
    return [name for _, name in sorted(scores)]


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]{3,}", text)


def cause(name: str, details: dict[str, str] | None = None) -> Cause:
    """Returns what is said of a record or of a rule.

    Args:
        name: The record's id, or the rule's code.
        details: What fills in the rule's message.
    """
    known, rule = load_known().get(name), load_rules().get(name)
    codes = [name, *((known.rule or "", *known.near) if known else ())]
    rules = tuple(code for code in dict.fromkeys(codes) if code in load_rules())
    recipe = (known and known.recipe) or (rule and rule.recipe) or None
    texts, message = {}, {}
    for language in ("en", "zh"):
        own = known and (known.zh if language == "zh" else known.en)
        if own:
            texts[language] = own
        elif rule:
            told = rule.texts(language)
            texts[language] = Text(told.what, told.why, told.instead)
            fields = {field for _, field, _, _ in Formatter().parse(told.message) if field}
            if fields <= (details or {}).keys():
                message[language] = told.message.format_map(details or {})
    chapter = (known and known.chapter) or _chapter(name, recipe)
    title = rule.name if rule else name
    good = rule.good.strip() + "\n" if rule else None
    code = name if rule else known and known.rule
    fault = next((one.id for one in load_faults() if code and one.rule == code), None)
    return Cause(name, title, rules, recipe, fault, chapter, good, texts, message)


def _chapter(code: str, recipe: str | None) -> str | None:
    for name, chapter in load_chapters().items():
        if code in chapter["rules"] or recipe in chapter["recipes"]:
            return name
    return None
