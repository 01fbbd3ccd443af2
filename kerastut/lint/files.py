"""Finds the files to check."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from .configuration import Configuration, configuration_for
from .documents import SUFFIXES
from .errors import UnreadableError

_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "env"}


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Returns the files that are named and those in the folders that are named, each once.

    Args:
        paths: A folder stands for the .py, .ipynb and .md files in it, at any depth, but not in
            hidden folders or virtual environments.

    Raises:
        UnreadableError: A path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(_walk(path))
        elif path.exists():
            found[path] = None
        else:
            raise UnreadableError(
                f"expected a file or folder, received {str(path)!r}; there is none."
            )
    return list(found)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if _is_entered(Path(folder, name)))
        configuration = configuration_for(Path(folder))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in SUFFIXES and not _is_excluded(path, configuration):
                yield path


def _is_entered(folder: Path) -> bool:
    if folder.name.startswith(".") or folder.name in _SKIPPED:
        return False
    return not (folder / "pyvenv.cfg").exists()


def _is_excluded(path: Path, configuration: Configuration) -> bool:
    if not configuration.exclude:
        return False
    relative = os.path.relpath(path.absolute(), configuration.folder)
    parts = Path(relative).parts
    heads = ["/".join(parts[: index + 1]) for index in range(len(parts))]
    return any(
        fnmatch(head, pattern.rstrip("/")) or fnmatch(part, pattern.rstrip("/"))
        for pattern in configuration.exclude
        for head, part in zip(heads, parts, strict=True)
    )
