"""Words that a terminal would obey, or that are read as something else than their letters."""

import os
import unicodedata
from random import Random

from .case import Outcome

ORDERS = (
    *("\x1b[31m", "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;http://a.example\x1b\\", "\x1bc", "\x1b"),
    *("\x9b31m", "\x9d0;a\x9c", "\x85", "\x90", "\x7f", "\x01", "\x08\x08\x08", "\x0e", "\x05"),
    *("\r", "\n", "\r\n", "\v", "\f", "\t", "\nnot an error", "\rok", "\u2028", "\u2029"),
    *("\u202e", "\u202d", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "\u202a"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad", "\U000e0041", "\U000e0001"),
    *map(os.fsdecode, (b"\xff", b"caf\xe9", b"\xed\xa0\x80", b"\xc0\xaf", b"\x9b1m", b"\xf0\x9f")),
)
MARKUP = (
    "[red]",
    "[/]",
    "\\[b]",
    "[link=a]",
    ":smile:",
    "$\\frac{1$",
    "$",
    "\\",
    "{0}",
    "%s",
    "`",
    '"',
)
LETTERS = ("a", "Z9", "中文", "　", "é", "e\u0301", "😀", "ß", "x" * 70, " ")


def hostile(random: Random, most: int = 4) -> str:
    """Draws a word with one order to a terminal or more; no NUL and no slash is in it."""
    parts = random.choices((*ORDERS, *MARKUP, *LETTERS), k=random.randint(0, most - 1))
    parts.insert(random.randrange(len(parts) + 1), random.choice(ORDERS))
    return "".join(parts)


def file_name(random: Random, end: str = "") -> str:
    """Draws a hostile name that a file may have."""
    word = hostile(random).replace("/", "-")
    while len(os.fsencode(f"n{word}{end}")) > 250:
        word = word[:-1]
    return f"n{word}{end}"


def strange(outcome: Outcome) -> str:
    """Returns what the output has in it that has no shape, but for ends of lines and tabs."""
    text = (outcome.output + outcome.errors).decode("utf-8", "surrogateescape")
    found = {c for c in text if unicodedata.category(c)[0] == "C"} - {"\n", "\t"}
    return f"printed {''.join(sorted(found))!a}" if found else ""


def one_line(outcome: Outcome) -> str:
    """Returns what is wrong with an error that must be one line, and nothing beside it."""
    if outcome.output or outcome.errors.count(b"\n") != 1:
        return f"expected one line of error, received {outcome.output!r} {outcome.errors!r}"
    return strange(outcome)
