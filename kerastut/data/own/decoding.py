"""Finds the encoding of a text file, and decodes it."""

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory

# Bytes that are taken by a byte of the file, where one character makes all wide.
WIDEST = 6
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before the mark of UTF-16, with which it begins
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What beginners' files are written in, beside Unicode; of two that fit equally well, the first.
# Of each the bytes that an ordinary character has, and with which it begins, as Latin-1.
USUAL = {
    "gb18030": (2, "[\xa1-\xa3\xb0-\xd7]"),
    "big5": (2, "[\xa1-\xc6]"),
    "shift_jis": (2, "[\x81-\x83\x88-\x97]"),
    "euc_kr": (2, "[\xa1-\xa3\xb0-\xc8]"),
    "cp1252": (1, "[\x80\x91-\x97\xa0-\xa3\xab\xb0\xbb\xbf-\xff]"),
    "cp1251": (1, "[\x85\x91-\x97\xa0\xa8\xab\xb8\xb9\xbb\xc0-\xff]"),
    "latin_1": (1, "[\xa0-\xff]"),
}
# Words that none writes: of accents alone, and half in Latin letters, half in Cyrillic ones.
ODD = {"cp1252": r"[^\W\d_A-Za-z]{3,}", "cp1251": r"[A-Za-z][^\x00-\x7f]"}
KOREAN = 8  # different ones, which are not all by chance where Hangul lies among Chinese characters
SAMPLE, MOST_READ = 2**16, 2**24  # bytes that are looked at, and among which they are looked for
ALIKE = 0.07  # disorder that short texts of an encoding may have, as the detector measures it
DAMAGE = 0.1  # of what is not ASCII, which a UTF-8 file with an error may have


def decoded(path: Path, encoding: str | None) -> tuple[str, str]:
    """Reads a text file.

    Args:
        path: The file.
        encoding: Its encoding, or `None` to find it.

    Returns:
        The text without a byte order mark, and the encoding where it was found and is not UTF-8.
    """
    with opened(path, "a table") as file:
        check_memory(shown_path(path), WIDEST * os.fstat(file.fileno()).st_size)
        with refused(path, "Check the file's permissions and size.", OSError, MemoryError):
            content = file.read()
    wrong: tuple[str, UnicodeError] | None = None
    for name in [encoding] if encoding is not None else _encodings(content):
        try:
            text = content.decode(name)
        except UnicodeError as error:
            wrong = wrong or (name, error)
        except LookupError as error:
            raise DataError(
                f"{shown_path(path)}: {shown(repr(name))} is no text encoding. Use one such as"
                " utf-8, gb18030 or big5."
            ) from error
        else:
            _check_nul(path, text)
            return text, "" if encoding is not None or name.startswith("utf-8") else name
    unfit, fault = cast(tuple[str, UnicodeError], wrong)
    advice = "Set --encoding" if encoding is None else "Leave --encoding out to have it found"
    raise DataError(
        f"{shown_path(path)}: expected {shown(unfit)}, received a byte that is none at offset"
        f" {getattr(fault, 'start', 0)}. {advice}, or save the file as UTF-8."
    ) from fault


def _check_nul(path: Path, text: str) -> None:
    if (position := text.find("\0")) >= 0:
        raise DataError(
            f"{shown_path(path)}: line {text.count(chr(10), 0, position) + 1}: a NUL character;"
            " expected text. Save the file as UTF-8 text."
        )


def _encodings(content: bytes) -> Iterator[str]:
    """Yields encodings that the content may have, the likeliest first."""
    for mark, name in MARKS.items():
        if content.startswith(mark):
            yield name
            return
    if b"\0" in content[:SAMPLE]:  # UTF-16 without a mark has one in every ASCII character
        halves = content[0:SAMPLE:2].count(0), content[1:SAMPLE:2].count(0)
        yield "utf-16-be" if halves[0] > halves[1] else "utf-16-le"
    yield "utf-8"
    if not _is_damaged_utf8(content[:SAMPLE]):
        yield from _guessed(content)


def _is_damaged_utf8(sample: bytes) -> bool:
    """Tells whether nearly all that is not ASCII is UTF-8, as in no other encoding by chance."""
    text = sample.decode("utf-8", "replace")
    bad, other = text.count("�"), sum(not character.isascii() for character in text)
    return 0 < bad <= DAMAGE * other


def _guessed(content: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes  # for files that are no UTF-8 alone

    # Lines of ASCII tell nothing; no usual encoding has a line's end inside a character.
    lines = content[:MOST_READ].split(b"\n")
    telling = b"\n".join(line for line in lines if not line.isascii())[:SAMPLE]
    if not re.search(rb"[\x80-\xff]{2}", telling):  # accents and quotation marks between letters
        yield "cp1252"
    found = from_bytes(telling, cp_isolation=[*USUAL], threshold=1)  # short lines look disordered
    ranks = {}
    for match in found:
        rare, count = _rare(telling.decode(match.encoding), match.encoding)
        korean = match.encoding == "euc_kr" and rare < 0.03 and count >= KOREAN
        place = [*USUAL].index(match.encoding)
        ranks[match.encoding] = (not korean, round(rare, 1), int(match.chaos / ALIKE), place)
    yield from sorted(ranks, key=lambda name: ranks[name])


def _rare(text: str, encoding: str) -> tuple[float, int]:
    """Returns the share of characters that are unusual in an encoding, and how many differ."""
    width, first = USUAL[encoding]
    counts = Counter(character for character in text if not character.isascii())
    rare = sum(len(odd) for odd in re.findall(ODD[encoding], text)) if encoding in ODD else 0
    for character, count in counts.items():
        content = character.encode(encoding).decode("latin_1")
        rare += count * (len(content) != width or not re.match(first, content))
    return rare / max(1, counts.total()), len(counts)
