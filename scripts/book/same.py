"""Builds the site twice and compares the bytes.

Usage: PYTHONPATH=scripts python -m book.same

The chapters and recipes run twice as well, since both builds begin with nothing.
"""

import shutil
import sys
from pathlib import Path

from book import BUILD
from book.execution import EXECUTED
from book.figures import RUNS
from book.site import SITE, build
from kerastut.errors import KerastutError


def differences(first: Path, second: Path) -> list[str]:
    """Returns the names of files that only one folder has, or that differ."""
    left, right = _files(first), _files(second)
    return sorted(name for name in left | right if left.get(name) != right.get(name))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _build_anew() -> None:
    for folder in (EXECUTED, RUNS):
        shutil.rmtree(folder, ignore_errors=True)
    build()


def main() -> int:
    """Builds twice; prints what differs."""
    first = BUILD / "site-first"
    try:
        _build_anew()
        shutil.rmtree(first, ignore_errors=True)
        SITE.rename(first)
        _build_anew()
    except KerastutError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    found = differences(first, SITE)
    print(*found or ["two builds, the same bytes"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
