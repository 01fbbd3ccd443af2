"""What the readers' errors have in common: one line that names the file."""

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kerastut.errors import DataError, one_line

NAMED = 3


def shown(value: object, longest: int = 60) -> str:
    """Returns text of unknown origin cut to a length, on one line that a terminal can print."""
    text = str(value)
    cut = text if len(text) <= longest else f"{text[:longest]}..."
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cut)


def shown_path(path: Path) -> str:
    """Returns a path in full, on one line."""
    return shown(path, longest=4096)


def listed(problems: Sequence[str]) -> str:
    """Returns the first problems and the number of the others."""
    more = len(problems) - NAMED
    return ", ".join(problems[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


@contextmanager
def refused(path: Path, advice: str, *kinds: type[Exception]) -> Iterator[None]:
    """Turns exceptions of these kinds into a `DataError` that names the file."""
    try:
        yield
    except DataError:
        raise
    except kinds as error:
        # A library's message may hold control characters of the file.
        text = getattr(error, "strerror", None) or one_line(error)
        reason = shown(text, longest=200).rstrip(".")
        raise DataError(f"{shown_path(path)}: {reason}. {advice}") from error


def file_size(path: Path, expected: str) -> int:
    """Returns the bytes of a regular file that is not empty.

    Args:
        path: The file. A pipe or a device is refused, since reading one may never end.
        expected: What it should be, for the error.

    Raises:
        DataError: If it is missing, unreadable, empty or no file.
    """
    with refused(path, f"Expected {expected}: check the path.", OSError, ValueError):
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or pipe"
        raise DataError(f"{shown_path(path)}: expected {expected}, received {kind}.")
    if status.st_size == 0:
        raise DataError(
            f"{shown_path(path)}: expected {expected}, received an empty file. Get it again."
        )
    return status.st_size
