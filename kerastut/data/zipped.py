"""Opens zip files of unknown origin: checked before anything is unpacked."""

import lzma
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.files import opened as opened_file
from kerastut.memory import exceeding, most_unpacked

MOST_MEMBERS = 10_000
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, MemoryError),
    RuntimeError,  # an encrypted member, or an unknown kind of compression
)


@contextmanager
def opened(path: Path, expected: str, *, own: bool = False) -> Iterator[zipfile.ZipFile]:
    """Opens a zip file whose members are whole, stay inside it and unpack to a bounded size.

    Args:
        path: The file.
        expected: What it should be, for the error.
        own: Whether it lies in a folder of our making, as for `kerastut.files.opened`.

    Raises:
        DataError: If it is no zip file, damaged, a bomb, or has a member that would be unpacked
            outside its folder; also for damage met while the block reads from it.
    """
    advice = f"Expected {expected}: the file is damaged or of another kind; get it again."
    with (
        refused(path, advice, *DAMAGES),
        opened_file(path, expected, own=own) as file,
        zipfile.ZipFile(file) as archive,
    ):
        _check_unpacked(path, archive, os.fstat(file.fileno()).st_size)
        for fault in _faults(archive):
            raise DataError(f"{shown_path(path)}: {fault}")
        yield archive


def _check_unpacked(path: Path, archive: zipfile.ZipFile, size: int) -> None:
    unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > (most := most_unpacked(size)):
        does = f"its {size:,} bytes would unpack to {unpacked:,}; expected at most {most:,}"
        raise exceeding(f"{shown_path(path)}:", does)


def _faults(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yields why an archive is not to be unpacked."""
    names = Counter(archive.namelist())
    if names.total() > MOST_MEMBERS:
        yield (
            f"expected at most {MOST_MEMBERS:,} members, received {names.total():,}. Do not use"
            " this file."
        )
    for name in filter(_leaves, names):
        yield f"its member {shown(name)!r} leaves the archive's folder. Do not use this file."
    for name in (name for name, times in names.items() if times > 1):
        yield (
            f"its member {shown(name)} stands there {names[name]} times; expected once. Save the"
            " file again."
        )
    if (damaged := archive.testzip()) is not None:
        yield f"its member {shown(damaged)} is damaged: the CRC differs. Get the file again."


def _leaves(name: str) -> bool:
    """Says whether a member's name is absolute or climbs, on any system."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return bool(posix.is_absolute() or windows.anchor or ".." in (*posix.parts, *windows.parts))
