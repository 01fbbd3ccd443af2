"""Remembers from what a file was made, so that nothing is trained twice for the same result."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from book import ROOT
from kerastut.runs import versions

# Rooms that no training passes through.
BESIDE = (
    *("cli", "conversion", "demo", "digits", "doctor", "export", "lint", "migration"),
    *("teaching", "why"),
)


def state_of(*parts: str | Path) -> str:
    """Returns a digest of the parts, of the code that trains and of the packages it calls.

    Args:
        *parts: Files, or words such as the settings of a run.
    """
    digest = hashlib.sha256(_code().encode())
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def remembers(target: Path, state: str) -> bool:
    """Tells whether a file or folder is there and was made from this state."""
    stamp = _stamp(target)
    return target.exists() and stamp.exists() and stamp.read_text() == state


def remember(target: Path, state: str) -> None:
    """Notes from what state a file or folder was made."""
    _stamp(target).write_text(state)


def _stamp(target: Path) -> Path:
    return target.with_name(f".{target.name}.state")


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for path in _trainers():
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest() + f"{versions()}{version('matplotlib')}"


def _trainers() -> Iterator[Path]:
    yield from sorted((ROOT / "recipes").glob("*.py"))
    for path in sorted((ROOT / "kerastut").rglob("*")):
        if path.suffix in (".py", ".toml") and path.relative_to(ROOT).parts[1] not in BESIDE:
            yield path
