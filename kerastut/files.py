"""The one way to open a file of unknown origin; and files and folders that appear whole, or not."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import glob
from io import BufferedReader
from pathlib import Path

from kerastut.errors import DataError, OutputError, refused, shown_path, unwritable

STAGING = ".writing-"  # begins the names of temporary folders
# Flags that not every system has.
_NONBLOCK, _BINARY, _NOFOLLOW = (
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_NOFOLLOW")
)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Yields a temporary folder that takes the name `folder` if the block succeeds.

    Args:
        folder: A path that does not exist, or an empty folder.

    Raises:
        OutputError: If the folder holds anything, or cannot be created.
    """
    require_empty(folder)
    made = missing_parents(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with appearing(folder) as staging:
            yield staging
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        remove_empty(made)


def require_empty(folder: Path) -> None:
    """Refuses a folder that holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(
            f"{folder}: expected a new or empty folder, found files in it. Choose another"
            " --output-dir, or remove it."
        )


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Yields a temporary folder beside `folder`, as `staged` does; errors of the system pass."""
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield staging
        staging.chmod(0o777 & ~_umask())
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def placed(folder: Path, last: str = "") -> Iterator[Path]:
    """Yields a temporary folder whose files move into `folder` if the block succeeds.

    They take the place of what bears their names, also of a symbolic link, and never write through
    one. The file called `last` comes last.
    """
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    try:
        yield staging
        for path in sorted(staging.iterdir(), key=lambda path: path.name == last):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def matching(words: Sequence[str]) -> list[str]:
    """Returns a command's words, files for patterns, which Windows leaves to the program."""
    if sys.platform != "win32":
        return list(words)
    return [name for word in words for name in sorted(glob(word)) or [word]]  # noqa: PTH207


def flush(path: Path) -> None:
    """Has the system write a file or a folder to the disk; Windows opens no folders."""
    folder = path.is_dir()
    if folder and sys.platform == "win32":
        return
    # Windows flushes only what is open for writing.
    descriptor = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unlinked(path: Path) -> Path:
    """Returns the path of something in a folder of our making, which no link can lead out of.

    Raises:
        DataError: If it is a symbolic link.
    """
    if path.is_symlink():
        raise DataError(
            f"{shown_path(path)}: expected no symbolic link, which could lead out of its folder."
            " Remove it."
        )
    return path


def cannot_write(folder: Path, error: OSError) -> OutputError:
    """Returns the error to raise when the system refuses to write into `folder`."""
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        error = NotADirectoryError(error.errno, f"{folder.parent} is not a folder")
    return unwritable(error, f"{folder}: cannot write there", "Choose another --output-dir.")


def missing_parents(folder: Path) -> list[Path]:
    """Returns the parents that do not exist yet, deepest first."""
    return [parent for parent in folder.parents if not parent.exists()]


def remove_empty(folders: list[Path]) -> None:
    """Removes those of the folders that are empty, in this order."""
    for folder in folders:
        with suppress(OSError):  # it is not empty, or another worker has removed it
            folder.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def opened(
    path: Path, expected: str, most: int | None = None, *, own: bool = False
) -> BufferedReader:
    """Opens a regular file of a known size; all rooms read strangers' files through here.

    The file is looked at again after it is open, so that none can be put in its place in between,
    and a pipe is opened without waiting for a writer.

    Args:
        path: The file. A folder, a pipe or a device is refused: reading one may never end.
        expected: What it should be, for the error.
        most: Bytes it may have at the most; `None` for a reader that takes it in bounded pieces.
        own: Whether it lies in a folder of our making, such as a run's: then its name must be no
            symbolic link, which could lead out of the folder.

    Returns:
        The file, open for reading. Its position is at the start.

    Raises:
        DataError: If it is missing, unreadable, empty, too large, a link, or no regular file.

    Example:

    >>> with opened(Path("runs/a/run.json"), "a run's record", most=4_000_000, own=True) as file:
    ...     content = file.read()
    """
    flags = os.O_RDONLY | _NONBLOCK | _BINARY | (_NOFOLLOW if own else 0)
    if own:
        unlinked(path)
    with refused(path, f"Expected {expected}: check the path.", OSError, ValueError):
        _check_kind(path, path.stat(), expected, most)  # only to open it can set off a device
        descriptor = os.open(path, flags)
    try:
        _check_kind(path, os.fstat(descriptor), expected, most)
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def read(path: Path, expected: str, most: int, *, own: bool = False) -> bytes:
    """Returns a file's bytes; see `opened`."""
    with (
        refused(path, f"Expected {expected}: check the path.", OSError),
        opened(path, expected, most, own=own) as file,
    ):
        content = file.read(most + 1)
    if len(content) > most:  # it has grown since
        raise _too_large(path, expected, most)
    return content


def _check_kind(path: Path, status: os.stat_result, expected: str, most: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or pipe"
        raise DataError(f"{shown_path(path)}: expected {expected}, received {kind}.")
    if status.st_size == 0:
        raise DataError(
            f"{shown_path(path)}: expected {expected}, received an empty file. Get it again."
        )
    if most is not None and status.st_size > most:
        raise _too_large(path, expected, most)


def _too_large(path: Path, expected: str, most: int) -> DataError:
    return DataError(
        f"{shown_path(path)}: expected {expected} of at most {most:,} bytes, received more."
    )
