"""Finds the files to check, and checks them, in several processes if there are enough."""

import gc
import os
import signal
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from .cache import Cache
from .configuration import Configuration, configuration_for, configuration_in
from .documents import SUFFIXES
from .documents.neighbours import Beside, all_beside
from .documents.text import LARGEST, decode, read_bytes
from .errors import LintError, UnwritableError, printable
from .finding import Counts, Kind, kind_of
from .selection import Selection

_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "env"}
_ENOUGH = 40  # files, from which on starting processes is worth while
_AT_ONCE = 10  # files that a process is given; where they are mended, Ctrl-C waits for them


@dataclass(frozen=True)
class Job:
    """What to do with each file."""

    select: tuple[str, ...] = ()  # codes or their beginnings; none: what the configuration says
    ignore: tuple[str, ...] = ()
    target: tuple[int, ...] = ()
    # `no`, `write` (mend the files), `show` (what that would change), `give` (only return the
    # text) or `silence` (add comments)
    fix: str = "no"
    unsafe: bool = False  # whether to make unsafe fixes as well
    format: str = "text"
    language: str = "en"
    cache: Cache | None = None


@dataclass
class Outcome:
    """What came of a file."""

    path: Path
    text: str = ""  # what is said of the findings that are left after the fixes, or the difference
    counts: Counts = field(default_factory=Counter)
    fixed: int = 0  # how many fixes were made
    given: bytes = b""  # the file after the fixes, if it was asked for
    error: str | None = None  # why the file could not be read or written


def check_files(files: Sequence[Path], job: Job) -> Iterator[Outcome]:
    """Yields what came of each file, in order."""
    known = [_recalled(path, job) for path in files]
    rest = [path for path, outcome in zip(files, known, strict=True) if outcome is None]
    checked = _check_all(rest, job)
    for outcome in known:
        yield outcome or next(checked)
    if rest and job.cache is not None:
        job.cache.trim()


def _recalled(path: Path, job: Job) -> Outcome | None:
    """Returns what came of a file before, if it has not changed."""
    if job.cache is None:
        return None
    with suppress(Exception):  # the check itself tells of what is wrong
        content = read_bytes(path, LARGEST)
        beside = all_beside(str(path), content.decode("utf-8", "replace"))
        entry = job.cache.get(_key(job.cache, path, content, job, beside))
        if entry is not None:
            text, counts = entry
            return Outcome(path, text, Counter({Kind(*key): count for *key, count in counts}))
    return None


def _key(cache: Cache, path: Path, content: bytes, job: Job, beside: Beside) -> str:
    settings = str(path), selection_for(path, job), job.format, job.language
    return cache.key(content, *settings, beside)


def selection_for(path: Path, job: Job) -> Selection:
    """Returns what is looked for in a file."""
    here = configuration_for(path.parent)
    return Selection(
        job.select or here.select,
        job.ignore or here.ignore,
        job.target or here.target,
        here.ignored_in(path),
    )


def _check_all(files: Sequence[Path], job: Job) -> Iterator[Outcome]:
    workers = min(_processors(), len(files) // (_ENOUGH // 2), 61)  # Windows waits for no more
    done = 0
    if workers > 1 and len(files) >= _ENOUGH:
        # They take their time to load.
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import active_children

        parts = [files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE)]
        try:
            with ProcessPoolExecutor(workers) as pool:
                try:
                    with _without_interrupts():
                        futures = [pool.submit(_check_some, part, job) for part in parts]
                    for future in futures:
                        yield from future.result()
                        done += _AT_ONCE
                except KeyboardInterrupt:
                    if job.fix == "write":  # what is about to be written is written whole
                        pool.shutdown(cancel_futures=True)
                    for process in active_children():
                        process.terminate()
                    raise
        except (OSError, BrokenProcessPool):
            pass  # the system gives no processes, or has ended one: the rest is checked here
    yield from _check_some(files[done:], job)


def _processors() -> int:
    """Returns how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _check_some(files: Sequence[Path], job: Job) -> Iterable[Outcome]:
    return [check_file(path, job) for path in files]


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Holds Ctrl-C back; processes that start meanwhile never hear it, but leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def check_file(path: Path, job: Job, content: bytes | None = None) -> Outcome:
    """Checks one file, and mends it if the job says so.

    Args:
        path: The file.
        job: What to do.
        content: Is taken for the file's own, as an editor hands it over.
    """
    outcome = Outcome(path)
    try:
        with without_collector():
            _check(path, job, outcome, read_bytes(path, LARGEST) if content is None else content)
    except LintError as error:
        outcome.error = str(error)
    except (RecursionError, MemoryError):
        outcome.error = printable(
            f"{path}: expected a file of usual depth, received one too deep; exclude it."
        )
    except Exception as error:  # a fault of ours must not cost what other files tell
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        outcome.error = printable(
            f"{path}: the check itself failed ({reason}); exclude the file, and report it."
        )
    return outcome


@contextmanager
def without_collector() -> Iterator[None]:
    """Collects no garbage meanwhile: all that a check makes lives until its end."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _check(path: Path, job: Job, outcome: Outcome, content: bytes) -> None:
    # What follows is not loaded where all is known from before.
    from .check import check_document
    from .documents import parse_document
    from .fixes.fixing import fix_text
    from .fixes.silencing import silence
    from .fixes.writing import write
    from .report import FORMATS
    from .report.people import diff

    selection = selection_for(path, job)
    name, suffix = str(path), path.suffix.lower()
    text = decode(content, name, suffix == ".py")
    new, made = text.content, 0
    if job.fix == "silence":
        new, made = silence(text, name, suffix, selection)
    elif job.fix != "no":
        new, made = fix_text(text, name, selection, job.unsafe)
    mended, before = replace(text, content=new), text.content
    try:
        if made and job.fix in ("write", "silence"):
            write(path, text.encode(), mended.encode())
        outcome.fixed, text = made, mended
    except UnwritableError as error:
        outcome.error = str(error)
    except UnicodeError as error:
        outcome.error = printable(f"{path}: cannot be written: {error}; save it as UTF-8.")
    document = parse_document(text, name, suffix)
    findings = check_document(document, selection)
    outcome.given = text.encode() if job.fix == "give" else b""
    outcome.counts.update(map(kind_of, findings))
    if job.fix == "show":
        outcome.text = diff(name, before, text.content)
    elif findings:
        outcome.text = FORMATS[job.format].render(findings, job.language)
    if job.cache is not None:
        told = [[*key, count] for key, count in outcome.counts.items()]
        key = _key(job.cache, path, content, job, document.beside)
        job.cache.put(key, [outcome.text, told])


def find_files(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Returns the files that are named and those in the folders that are named, each once.

    A folder stands for the scripts, notebooks and documents in it, at any depth, but not in hidden
    folders or virtual environments. Symbolic links in it are passed over: they may lead out of it.

    Returns:
        The files, and a line for each path that cannot be looked into.
    """
    found: dict[Path, None] = {}
    errors: dict[str, None] = {}
    for path in paths:
        try:
            status = path.absolute().stat()  # fails too where the working folder was removed
            walked = _walk(path) if stat.S_ISDIR(status.st_mode) else iter([path])
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            text = f"expected a file or folder, received {str(path)!r}: {reason}."
            walked = iter([printable(text)])
        for item in walked:
            if isinstance(item, Path):
                found[item] = None
            else:
                errors[item] = None
    return list(found), list(errors)


def _walk(root: Path) -> Iterator[Path | str]:
    """Yields the files of a folder, and a line for what in it cannot be looked into."""
    above: Configuration | LintError
    try:
        above = configuration_for(root)
    except LintError as error:
        above = error
    waiting = [(root, above)]
    while waiting:
        folder, above = waiting.pop()
        configuration = configuration_in(folder) or above
        if isinstance(configuration, LintError):
            yield str(configuration)
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            inner = [folder / item.name for item in listed if _is_inner(item)]
            links_and_folders = {item.name for item in listed if item.is_symlink() or item.is_dir()}
        except OSError as error:
            yield printable(f"{folder}: cannot be read: {error.strerror}; check its rights.")
            continue
        waiting += [(path, configuration) for path in reversed(inner) if _is_entered(path)]
        if isinstance(configuration, LintError):
            continue
        for path in (folder / item.name for item in listed if item.name not in links_and_folders):
            if path.suffix.lower() in SUFFIXES and not configuration.excludes(path):
                yield path


def _is_inner(item: "os.DirEntry[str]") -> bool:
    """Tells whether it is a folder itself, neither a link to one nor a junction of Windows."""
    return item.is_dir(follow_symlinks=False) and not getattr(item, "is_junction", bool)()


def _is_entered(folder: Path) -> bool:
    if folder.name.startswith(".") or folder.name in _SKIPPED:
        return False
    with suppress(OSError):
        return not (folder / "pyvenv.cfg").exists()
    return True
