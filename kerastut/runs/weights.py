"""A file of weights of unknown origin: it must store all the numbers that it states."""

from pathlib import Path
from typing import IO

import h5py

from kerastut.errors import DataError, refused, shown, shown_path

# A layer keeps some ten sets, the optimizer two or three for each.
MOST_OBJECTS = 2**16
ADVICE = "Save it again with this version of Keras."


def check_weights(path: Path, content: IO[bytes], advice: str = ADVICE) -> None:
    """Refuses a file that Keras would take memory for beyond its size, or read others through.

    Args:
        path: The file, for the error.
        content: An HDF5 file.
        advice: What to do about one that is refused.

    Raises:
        DataError: If it is none, holds a link, or a set that stores fewer bytes than its shape has:
            one without numbers, with numbers in other files, or packed. Keras writes no such set.
    """
    # h5py raises RuntimeError for damage that it meets on its way.
    damages = (OSError, ValueError, KeyError, TypeError, RuntimeError, MemoryError)
    with refused(path, advice, *damages), h5py.File(content, "r") as file:
        waiting, count = [("", file)], 0
        while waiting:
            place, group = waiting.pop()
            for name in group:
                count += 1
                if count > MOST_OBJECTS:
                    raise DataError(
                        f"{shown_path(path)}: holds over {MOST_OBJECTS:,} sets. {advice}"
                    )
                inner = f"{place}/{name}"
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise DataError(f"{shown_path(path)}: {shown(inner)} is a link. {advice}")
                item = group[name]
                if isinstance(item, h5py.Group):
                    waiting.append((inner, item))
                elif not _is_whole(item):
                    raise DataError(
                        f"{shown_path(path)}: {shown(inner)} stores fewer bytes than its shape"
                        f" has. {advice}"
                    )


def _is_whole(item: object) -> bool:
    """Returns whether all numbers of a set lie in its file as they are."""
    if not isinstance(item, h5py.Dataset) or item.external:
        return False
    return bool(item.id.get_storage_size() >= item.nbytes)
