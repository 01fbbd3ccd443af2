"""What people paste: bytes of any encoding, with colours, prompts, boxes and wrapped lines."""

import codecs
import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

MOST_BYTES = 2 * 2**20
_MOST = 50  # tracebacks that are looked at
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A terminal's codes, also where the escape character was written out or got lost.
_CODES = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033|␛|\^\[)"
    r"(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\))"
    r"|\[\d{1,2}(?:;\d{1,3})*m"
)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")
_STAMP = re.compile(
    r"\s*\[?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d[.,\d]*Z?\]?\s*"
    r"(?:\[?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\]?\s*:?\s*)?"
)
_GAPS = re.compile(r"[\s\u2500-\u257f]+")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
_PLAIN |= str.maketrans("‘’“”\\", "''\"\"/")
_FAILED = re.compile(r"Traceback\(mostrecentcalllast\)|[a-z]Error:|Exception:")


def decode(content: bytes) -> str:
    """Returns the text of bytes: UTF-8, UTF-16 or a Chinese code page, cut anywhere."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if content.count(0) > len(content) // 4:  # UTF-16 without its mark
        little = content[1::2].count(0) >= content[::2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", "replace")
    for encoding in ("utf-8", "gb18030"):
        for start in range(4):  # the cut may have gone through a character, at either end
            with suppress(UnicodeError):
                return codecs.getincrementaldecoder(encoding)().decode(content[start:])
    return content.decode("utf-8", "replace")


def clean(text: str) -> str:
    """Returns the text without colours, and without what stands before each of its lines."""
    if text.lstrip()[:1] == "{":  # a notebook, or what an editor copies of a cell
        with suppress(ValueError, RecursionError):
            text = "\n".join(_told(json.loads(text))) or text
    text = _NO_TEXT.sub("", _CODES.sub("", text))
    if "&lt;" in text or "&#39;" in text or "&quot;" in text:
        text = html.unescape(text)
    lines = [_unstamped(line) for line in text.splitlines() if line.strip()]
    before = _prompt(min(lines), max(lines)) if len(lines) > 2 else 0
    return "\n".join(line[before:] for line in lines)


def _prompt(first: str, last: str) -> int:
    """Returns the length of what both begin with, unless it is blank."""
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return same if first[:same].strip() else 0


def _unstamped(line: str) -> str:
    stamp = _STAMP.match(line)
    return line[stamp.end() :] if stamp else line


def _told(value: Any) -> Iterator[str]:
    """Yields what a notebook's cells have raised or written to standard error."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        wanted = key in ("traceback", "stack", "message") or value.get("name") == "stderr"
        for item in inner if isinstance(inner, list) else [inner]:
            if wanted and isinstance(item, str):
                yield item
            else:
                yield from _told(item)


def squeeze(text: str) -> str:
    """Returns the text without blanks and boxes: wrapped and joined lines are all the same then."""
    return _GAPS.sub("", text.translate(_PLAIN))


def failed(squeezed: str) -> bool:
    """Tells whether the text holds an exception, not warnings alone."""
    return _FAILED.search(squeezed) is not None


def chain(squeezed: str) -> list[str]:
    """Returns the last tracebacks of a chain, the very last first."""
    return squeezed.rsplit("Traceback(mostrecentcalllast)", _MOST)[::-1]
