"""Compares rebuilt data files with the checksums in the code."""

import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path


def report(folder: Path, expected: Mapping[str, str]) -> int:
    """Prints one line a file; returns 1 if any differs from the code, else 0."""
    failed = 0
    for name, wanted in expected.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        print(f"{name}  {found}  {'same' if found == wanted else f'expected {wanted}'}")
        failed |= found != wanted
    if failed:
        print(f"Some files differ (compressed with zlib {zlib.ZLIB_RUNTIME_VERSION}).")
    return failed
