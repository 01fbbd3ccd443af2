"""Checks many files, in several processes if there are enough of them."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .check import check_document
from .configuration import configuration_for
from .documents import parse_document
from .documents.text import Text, read_text
from .errors import LintError
from .finding import Finding
from .fixes.fixing import fix_text, write_atomically

_ENOUGH = 40  # files, from which on starting processes is worth while


@dataclass(frozen=True)
class Job:
    """What to do with each file.

    Attributes:
        select: Codes or their beginnings; none: what the configuration says.
        ignore: As `select`.
        fix: `no`, `write` (mend the files) or `show` (only return the texts).
        unsafe: Whether to make unsafe fixes as well.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fix: str = "no"
    unsafe: bool = False


@dataclass
class Outcome:
    """What came of a file.

    Attributes:
        path: The file.
        findings: Those that are left after the fixes.
        fixed: How many fixes were made.
        before: The text that was read, if it was changed.
        after: The text with the fixes, if it was changed.
        error: Why the file could not be read or written.
    """

    path: Path
    findings: list[Finding] = field(default_factory=list)
    fixed: int = 0
    before: str | None = None
    after: str | None = None
    error: str | None = None


def check_files(files: Sequence[Path], job: Job) -> Iterator[Outcome]:
    """Yields what came of each file, in order."""
    workers = min(os.cpu_count() or 1, len(files) // (_ENOUGH // 2))
    if workers < 2 or len(files) < _ENOUGH:
        for path in files:
            yield check_file(path, job)
        return
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
    selection = configuration_for(path.parent).selection(job.select, job.ignore)
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
