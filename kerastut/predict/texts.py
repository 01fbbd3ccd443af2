"""Texts to predict: given outright, one a line in a file, or one a line on standard input."""

import sys
from collections.abc import Iterator
from pathlib import Path

from kerastut.errors import DataError, refused, shown
from kerastut.files import file_size

ADVICE = "Save the text as UTF-8."


def read(word: str) -> Iterator[tuple[str, str]]:
    """Yields the texts that a word stands for; blank lines are left out.

    Args:
        word: A text, the path of a `.txt` file, or `-` for standard input.

    Raises:
        DataError: If the file is missing, or the text is empty or not UTF-8.
    """
    texts = _texts(word)
    if not texts:
        raise DataError(f"{shown(word) or 'text'}: expected a text, received nothing.")
    yield from zip(texts, texts, strict=True)


def _texts(word: str) -> list[str]:
    if word == "-":
        content = sys.stdin.buffer.read()
        with refused(Path("standard input"), ADVICE, UnicodeError):
            return _lines(content)
    if word.endswith(".txt"):
        path = Path(word)
        file_size(path, "a file of one text a line")
        with refused(path, ADVICE, OSError, UnicodeError):
            return _lines(path.read_bytes())
    with refused(Path(shown(word)), ADVICE, UnicodeError):
        word.encode("utf-8")
    return [word] if word.strip() else []


def _lines(content: bytes) -> list[str]:
    lines = (line.strip() for line in content.decode("utf-8-sig").split("\n"))
    return [line for line in lines if line]
