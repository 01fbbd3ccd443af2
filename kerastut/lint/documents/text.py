"""Reads the text of a file, whatever its encoding."""

import codecs
import io
import tokenize
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnreadableError

LARGEST = 50_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Text:
    """The text of a file and what is needed to write it back byte for byte."""

    content: str
    encoding: str = "utf-8"
    mark: bytes = b""

    def encode(self, content: str) -> bytes:
        """Returns the bytes of a changed text."""
        return self.mark + content.encode(self.encoding)


def read_text(path: Path) -> Text:
    """Returns the text of a file.

    Raises:
        UnreadableError: It is not there, too large or not text.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UnreadableError(
                f"{path}: expected at most {LARGEST:,} bytes, received {size:,}; exclude the file."
            )
        return decode(path.read_bytes(), str(path), path.suffix.lower() == ".py")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableError(f"{path}: cannot be read: {reason}; check the path.") from error


def decode(content: bytes, name: str, python: bool = False) -> Text:
    """Returns the text of bytes: UTF-8, or what a byte order mark or a Python cookie says."""
    marks = [(mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)]
    mark, encoding = marks[0] if marks else (b"", "utf-8")
    if python and not marks:
        with suppress(SyntaxError):
            encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    if b"\0" in content and not encoding.startswith("utf-16"):
        raise UnreadableError(f"{name}: expected text, received binary data; exclude the file.")
    try:
        return Text(content[len(mark) :].decode(encoding), encoding, mark)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(
            f"{name}: expected {encoding} text, received other bytes ({error});"
            " save the file as UTF-8."
        ) from error
