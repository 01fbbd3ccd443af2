"""Reads the text of a file, whatever its encoding."""

import codecs
import io
import os
import re
import stat
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableError

LARGEST = 30_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# These write texts for other purposes; some take the square of the text's length.
_NO_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
_END = re.compile(r"(\r\n|\r|\n)")
_NEAR = 40  # lines within which texts that differ are expected to go on alike


@dataclass(frozen=True)
class Text:
    """The text of a file and what is needed to write it back byte for byte."""

    content: str
    encoding: str = "utf-8"
    mark: bytes = b""

    def encode(self) -> bytes:
        """Returns the bytes of the file."""
        return self.mark + self.content.encode(self.encoding)


def split_lines(text: str) -> tuple[list[str], list[str]]:
    """Returns the lines as Python and Markdown count them, and the end of each; "" of the last."""
    parts = _END.split(text)
    return parts[::2], [*parts[1::2], ""]


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yields the stretches that differ, in order: the first and last line of either text.

    They may be longer than `difflib` would find them, whose time grows with the square of the
    lines; here it grows with their number.
    """
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            i, j = i + 1, j + 1
            continue
        first, start = i, j
        i, j = _meeting(old, new, i, j)
        yield first, i, start, j


def _meeting(old: Sequence[str], new: Sequence[str], i: int, j: int) -> tuple[int, int]:
    """Returns the nearest lines that are alike; lines further down if none near are."""
    for distance in range(1, _NEAR):
        for a, b in zip(range(i, len(old)), range(j + distance, j - 1, -1), strict=False):
            if b < len(new) and old[a] == new[b]:
                return a, b
    return min(i + _NEAR // 2, len(old)), min(j + _NEAR // 2, len(new))


def read_bytes(path: Path, most: int, own: bool = False) -> bytes:
    """Returns the content of a regular file.

    It is looked at after it is open, so that none can be put in its place, and a pipe is opened
    without waiting for a writer: reading one, or a device, might never end.

    Args:
        path: The file.
        most: Bytes that it may have.
        own: Whether it was met in a folder, where a symbolic link may lead anywhere.

    Raises:
        UnreadableError: It is not there, no regular file or too large.
    """
    names = ("O_NONBLOCK", "O_BINARY", "O_NOFOLLOW")[: 3 if own else 2]
    try:
        descriptor = os.open(path, sum((getattr(os, name, 0) for name in names), os.O_RDONLY))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableError(
                    f"{path}: expected a file, received a folder, a pipe or a device; name files."
                )
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                content = file.read(most + 1) or b""
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"{path}: cannot be read: {reason}; check the path.") from error
    if len(content) > most:
        raise UnreadableError(f"{path}: expected at most {most:,} bytes; exclude the file.")
    return content


def has_word(text: str, *words: str) -> bool:
    """Tells whether one of these words is in a text; most texts have nothing like them."""
    return any(word in text and re.search(rf"\b{word}\b", text) for word in words)


def decode(content: bytes, name: str, python: bool = False) -> Text:
    """Returns the text of bytes: UTF-8, or what a byte order mark or a Python cookie says."""
    marks = [(mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)]
    mark, encoding = marks[0] if marks else (b"", "utf-8")
    if python and not marks:
        # Whatever ends the lines; Latin-1 gives each byte back.
        lines = io.TextIOWrapper(io.BytesIO(content), "latin-1")
        with suppress(SyntaxError):
            encoding = tokenize.detect_encoding(lambda: lines.readline().encode("latin-1"))[0]
    try:
        if codecs.lookup(encoding).name in _NO_FILES:
            raise LookupError("which no editor writes")
        text, encoding = _decoded(content[len(mark) :], encoding)
    except (UnicodeError, LookupError) as error:
        raise UnreadableError(
            f"{name}: expected {encoding} text, received other bytes ({error});"
            " save the file as UTF-8."
        ) from error
    if "\0" in text:
        raise UnreadableError(f"{name}: expected text, received binary data; exclude the file.")
    return Text(text, encoding, mark)


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """Returns a text and its encoding: editors write UTF-8, whatever a cookie says."""
    try:
        return content.decode(encoding), encoding
    except UnicodeError:
        with suppress(UnicodeError):
            return content.decode("utf-8"), "utf-8"
        raise
