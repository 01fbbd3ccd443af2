"""The languages that kerastut speaks, and its words in Chinese.

The rooms raise and say English. Where the command prints, `told` puts it into the language of the
reader: `messages.zh.toml` has each message with `{}` for what differs from time to time.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

# What each calls itself.
LANGUAGES = {"en": "English", "zh": "中文"}
VARIABLE = "KERASTUT_LANG"
_WINDOWS_CHINESE = 0x04  # the primary language in the lowest ten bits of an identifier
# What stands between messages that are told as one, the widest first, and what does in Chinese.
_JOINTS = {
    r"\n": "\n",
    r"(?<=[.!?]) (?=\S)": "",
    r"\.(?=$)": "。",
    r"; (?![^()]*\))": "；",
    r": (?![^()]*\))": "：",
    r", (?![^()]*\))": "，",
}
_ASIDE = re.compile(r"([^()]*\S) \(([^()]+)\)")
_AROUND = re.compile(r"(kerastut: )?((error|warning|data): )?\{\}")
_HAN = re.compile("[\u4e00-\u9fff]")
_FULL_WIDTH = re.compile("[\u3000-\u303f\uff00-\uffef…“”]")


def _table(name: str) -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def chinese() -> dict[str, str]:
    """Returns all texts in Chinese that are asked for by `word`, by the English ones."""
    return _table("zh.toml")


@cache
def messages() -> dict[str, str]:
    """Returns the Chinese of all messages, by the English ones."""
    return _table("messages.zh.toml")


def word(text: str, language: str) -> str:
    """Returns a text in the language.

    Args:
        text: In English. Its Chinese twin stands in `zh.toml`; a test looks for those without one.
        language: A key of `LANGUAGES`.
    """
    return chinese()[text] if language == "zh" else text


def preferred() -> str:
    """Returns the language that the environment asks for, if standard output has its letters."""
    return _asked() if _has_chinese(sys.stdout) else "en"


def _has_chinese(stream: Any) -> bool:
    try:
        "中".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _asked() -> str:
    """Returns what the first of the variables asks for that is set."""
    for variable in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return _of(value)
    if sys.platform == "win32":  # which sets none of them
        import ctypes

        language = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return "zh" if language & 0x3FF == _WINDOWS_CHINESE else "en"
    return "en"


def _of(value: str) -> str:
    return "zh" if value.lower().startswith("zh") else "en"


def spoken() -> str:
    """Returns the language that messages are told in: English, unless `KERASTUT_LANG` is set.

    Exceptions are English in Python, where programs and searches read them.
    """
    return _of(os.environ.get(VARIABLE, ""))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Has messages told in a language within the block, also by processes that it starts."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = language
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def told(text: str) -> str:
    """Returns a message in the language that is spoken; what has no twin stays as it is.

    Example:

    >>> with speaking("zh"):
    ...     told("nothing.csv: expected a table, received a folder.")
    'nothing.csv：应为表格，实际是文件夹。'
    """
    return _in_chinese(text) if spoken() == "zh" else text


@lru_cache(maxsize=4096)
def _in_chinese(text: str) -> str:
    twin = messages().get(text) or chinese().get(text)
    if twin is not None:
        return twin
    for pieces, parts in _forms():
        if (places := _fitted(pieces, text)) is not None:
            # A name is no message: the class `data` stays what it is.
            return _filled(parts, [_in_chinese(p) if " " in p else p for p in places])
    if (match := _ASIDE.fullmatch(text)) and (aside := _in_chinese(match[2])) != match[2]:
        named = _in_chinese(match[1]) if " " in match[1] else match[1]
        return f"{named}（{aside}）"
    for joint, mark in _JOINTS.items():
        english = re.split(joint, text)
        # A list of names is no message either, such as `units, optimizer`.
        are_names = len(english) == 1 or not any(" " in one for one in english)
        other = english if are_names else [_in_chinese(one) for one in english]
        if other != english:
            whole, *rest = other
            for part in rest:
                whole = met(whole + mark, part if mark else f" {part}")
            return whole
    return text


@cache
def _forms() -> list[tuple[list[str], list[tuple[str, int | None]]]]:
    """Returns what stands between the places in English, and the parts in Chinese.

    What stands around any message comes first, such as `kerastut: error: {}`; then those with the
    most letters, which are the least likely to fit by chance.
    """
    forms = []
    for english, other in messages().items():
        if "{}" in english:
            parts = [
                (literal, None if place is None else int(place or count))
                for count, (literal, place, _, _) in enumerate(Formatter().parse(other))
            ]
            forms.append((english.split("{}"), parts))
    return sorted(forms, key=lambda form: (not _surrounds(form[0]), -len("".join(form[0]))))


def _surrounds(pieces: list[str]) -> bool:
    return pieces[1].startswith(": error: ") or bool(_AROUND.fullmatch("{}".join(pieces)))


def _fitted(pieces: list[str], text: str) -> list[str] | None:
    """Returns what stands in the places, or `None` if the text has not all pieces in a row."""
    first, *between, last = pieces
    if not (text.startswith(first) and text.endswith(last)):
        return None
    places, start, end = [], len(first), len(text) - len(last)
    for piece in between:
        found = text.find(piece, start, end)
        if found < 0:
            return None
        places.append(text[start:found])
        start = found + len(piece)
    return [*places, text[start:end]] if start <= end else None


def _filled(parts: list[tuple[str, int | None]], places: list[str]) -> str:
    whole = ""
    for literal, number in parts:
        whole = met(whole, literal)
        if number is not None:
            whole = met(whole, places[number])
    return whole


def met(left: str, right: str) -> str:
    """Joins two texts; a blank stands between Chinese and Latin, and none beside full width."""
    a, b = left.rstrip(" "), right.lstrip(" ")
    if not a or not b:
        return left + right
    if any(map(_FULL_WIDTH.match, (a[-1], b[0]))):
        return a + b
    han = [bool(_HAN.match(one)) for one in (a[-1], b[0])]
    if all(han):
        return a + b
    if any(han) and (a, b) == (left, right):
        return f"{a} {b}"
    return left + right
