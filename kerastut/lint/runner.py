"""Finds the files to check, and checks them, in several processes if there are enough."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from .check import Selection, check_document
from .configuration import Configuration, configuration_for
from .documents import SUFFIXES, parse_document
from .documents.text import Text, read_text
from .errors import LintError, UnreadableError
from .finding import Finding
from .fixes.fixing import fix_text, write_atomically

_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "env"}
_ENOUGH = 40  # files, from which on starting processes is worth while


@dataclass(frozen=True)
class Job:
    """What to do with each file."""

    select: tuple[str, ...] = ()  # codes or their beginnings; none: what the configuration says
    ignore: tuple[str, ...] = ()
    fix: str = "no"  # `no`, `write` (mend the files) or `show` (only return the texts)
    unsafe: bool = False  # whether to make unsafe fixes as well


@dataclass
class Outcome:
    """What came of a file."""

    path: Path
    findings: list[Finding] = field(default_factory=list)  # what is left after the fixes
    fixed: int = 0  # how many fixes were made
    before: str | None = None  # the text that was read, if it was changed
    after: str | None = None  # the text with the fixes, if it was changed
    error: str | None = None  # why the file could not be read or written


def check_files(files: Sequence[Path], job: Job) -> Iterator[Outcome]:
    """Yields what came of each file, in order."""
    workers = min(os.cpu_count() or 1, len(files) // (_ENOUGH // 2))
    if workers < 2 or len(files) < _ENOUGH:
        for path in files:
            yield check_file(path, job)
        return
    from concurrent.futures import ProcessPoolExecutor  # takes its time to load

    size = max(1, min(50, len(files) // (workers * 4)))
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(check_file, files, [job] * len(files), chunksize=size)


def check_file(path: Path, job: Job) -> Outcome:
    """Checks one file, and mends it if the job says so."""
    outcome = Outcome(path)
    try:
        _check(path, job, outcome)
    except LintError as error:
        outcome.error = str(error)
    except (RecursionError, MemoryError):
        outcome.error = (
            f"{path}: expected a file of usual depth, received one too deep; exclude it."
        )
    return outcome


def _check(path: Path, job: Job, outcome: Outcome) -> None:
    here = configuration_for(path.parent)
    selection = Selection(job.select or here.select, job.ignore or here.ignore)
    text, name = read_text(path), str(path)
    if job.fix != "no":
        content, outcome.fixed = fix_text(text, name, selection, job.unsafe)
        if content != text.content:
            outcome.before, outcome.after = text.content, content
            if job.fix == "write":
                write_atomically(path, text.encode(content))
            text = Text(content, text.encoding, text.mark)
    document = parse_document(text, name, path.suffix.lower())
    outcome.findings = check_document(document, selection)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Returns the files that are named and those in the folders that are named, each once.

    A folder stands for the .py, .ipynb and .md files in it, at any depth, but not in hidden folders
    or virtual environments.
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
