"""How much memory a file of unknown origin may take."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kerastut.errors import DataError, ParameterError, shown

VARIABLE, DEFAULT = "KERASTUT_MAX_MIB", 512
MEBIBYTE = 2**20


def most_memory() -> int:
    """Returns the bytes that a model, a text or a data file may take.

    The environment variable `KERASTUT_MAX_MIB` sets them, in MiB, for the command as in Python.

    Raises:
        ParameterError: If it is no positive whole number.
    """
    text = os.environ.get(VARIABLE, str(DEFAULT))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise ParameterError(
            f"{VARIABLE}: expected a whole number of MiB, such as {DEFAULT}, received"
            f" {shown(text)!r}."
        )
    return int(text) * MEBIBYTE


def most_unpacked(size: int) -> int:
    """Returns how many bytes a packed data file of this size may unpack to.

    Reading and training take its arrays three times. A file that is hardly packed is what it seems.
    """
    return max(most_memory() // 3, 2 * size)


def check_memory(asker: str, size: int) -> None:
    """Refuses what would take more.

    Args:
        asker: What would take it: the file, and the layer where there is one.
        size: Bytes.

    Raises:
        DataError: If that is more than `most_memory`.

    Example:

    >>> check_memory("reviews.csv", 8 * 2**20)
    """
    if size > most_memory():
        raise exceeding(asker, f"would take about {shown(f'{size // MEBIBYTE + 1:,}')} MiB")


@contextmanager
def bounded() -> Iterator[None]:
    """Has what allocates more than `most_memory` fail until the block ends, as Linux can.

    It is for libraries that allocate what a file states before they look whether it has as much.
    """
    if sys.platform == "win32":
        yield
        return
    import resource

    import psutil

    before = resource.getrlimit(resource.RLIMIT_AS)
    most = psutil.Process().memory_info().vms + most_memory()
    if before[0] != resource.RLIM_INFINITY:
        most = min(most, before[0])
    with suppress(ValueError, OSError):  # macOS sets no such limit
        resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def exceeding(asker: str, does: str) -> DataError:
    """Returns the error for what goes beyond the limit, or beyond what follows from it."""
    allowed = most_memory() // MEBIBYTE
    return DataError(
        f"{asker} {does}; {VARIABLE}={allowed} allows no more. Set it higher where you trust this."
    )
