"""Reads the data files that lie in the package, checked by their SHA-256."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kerastut.errors import DataError


def read_checked(folder: Path, name: str, sha256: str) -> bytes:
    """Returns the bytes of an embedded file.

    Args:
        folder: Where the file lies.
        name: The file's name.
        sha256: Its expected SHA-256, in hexadecimal.

    Raises:
        DataError: If the file is missing, or its bytes are not the expected ones.
    """
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path}: cannot read this embedded file: {error.strerror}. Install kerastut again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"{path}: damaged: expected SHA-256 {sha256[:12]}..., received {found[:12]}..."
            " Install kerastut again."
        )
    return content


def digest_of(files: Mapping[str, str]) -> str:
    """Returns one SHA-256 that stands for several checked files."""
    return hashlib.sha256("".join(files.values()).encode()).hexdigest()
