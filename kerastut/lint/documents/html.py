"""Code within HTML, and within other tags, as blogs have it."""

import re
from html import unescape

from .blocks import PYTHON, Block

PRE = re.compile(
    r"\s*(?:<(?:div|figure|td|tr|tbody|table|p)\b[^>]*>\s*)*<pre\b[^>]*>\s*(?:<code\b[^>]*>)?"
)
PRE_ENDS = re.compile(r"(?:</code>\s*)?</pre>")
_CLASSES = re.compile(r"\bclass=[\"']?([^\"'>]*)", re.I)
_LANGUAGE = re.compile(
    r"\b(?:language-|highlight-source-|brush:\s*|(?:data-)?lang(?:uage)?=[\"']?|lang-)([\w+#-]+)",
    re.I,
)
# Tags and entities, and quotes and operators around them.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_QUOTES = re.compile(r"(?:&quot;|&#0*39;|&#x0*27;|&apos;|&#0*34;)+", re.I)
_SIGNS = re.compile(
    r"[-=<>!|+*/]{0,3}(?:&(?:lt|gt|amp|nbsp|#\d{1,5}|#x[\da-f]{1,4});[-=<>!|+*/]{0,3})+", re.I
)


def language(tags: str) -> str:
    """Returns the language that tags name, or nothing; most classes name none."""
    classes = {name.lower() for text in _CLASSES.findall(tags) for name in text.split()}
    named = _LANGUAGE.search(tags)
    return next(iter(classes & PYTHON), named[1] if named else "")


def as_python(block: Block) -> Block:
    """Returns a block of HTML with its lines as Python: each of the same length."""
    block.code = []
    for index, line in enumerate(block.lines):
        masked, moved = _masked(line)
        block.prefixes[index] += line[:moved]
        block.lines[index] = line[moved:]
        block.code.append(masked[moved:])
    return block


def _masked(line: str) -> tuple[str, int]:
    """Returns a line with spaces for its tags and signs for its entities, of the same length.

    Also how much of its beginning to leave out, so that the tags there do not indent it.
    """
    quotes = 0

    def quoted(match: re.Match[str]) -> str:
        nonlocal quotes
        sign = unescape(match[0])
        quotes += 1  # what opens a text is moved to it, what closes one too
        return sign.rjust(len(match[0])) if quotes % 2 else sign.ljust(len(match[0]))

    without = _TAG.sub(lambda match: "\0" * len(match[0]), line)
    signs = _SIGNS.sub(_sign, without)
    masked = _QUOTES.sub(quoted, signs)
    head = masked[: len(masked) - len(masked.lstrip("\0 \t"))]
    tags = head.count("\0")
    kept = head.replace("\0", "")
    return "\0" * tags + kept + masked[len(head) :].replace("\0", " "), tags


def _sign(match: re.Match[str]) -> str:
    return unescape(match[0]).replace("\xa0", " ").rjust(len(match[0]))
