"""A folder that appears whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kerastut.errors import OutputError


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Yields a temporary folder that takes the name `folder` if the block succeeds.

    Args:
        folder: A path that does not exist, or an empty folder.

    Raises:
        OutputError: If the folder holds anything, or cannot be created.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(
            f"{folder}: expected a new or empty folder, found files in it. Choose another"
            " --output-dir, or remove it."
        )
    made = _missing_parents(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        _remove_empty(made)
        in_the_way = isinstance(error, (FileExistsError, NotADirectoryError))
        reason = f"{folder.parent} is not a folder" if in_the_way else error.strerror
        raise OutputError(
            f"{folder}: cannot write there: {reason}. Choose another --output-dir."
        ) from error
    try:
        yield staging
        staging.chmod(0o777 & ~_umask())
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot write there: {error.strerror}.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        _remove_empty(made)


def _missing_parents(folder: Path) -> list[Path]:
    """Returns the parents that do not exist yet, deepest first."""
    return [parent for parent in folder.parents if not parent.exists()]


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
