"""The folder of a run: locked while it trains, and complete once `run.json` is there."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from kerastut.errors import CheckpointError, OutputError, PeerError, TrainingError, unwritable
from kerastut.files import (
    STAGING,
    cannot_write,
    flush,
    missing_parents,
    placed,
    remove_empty,
    unlinked,
)
from kerastut.runs.record import CHECKPOINTS, RECORD, WORKER, is_finished
from kerastut.runs.resume import checkpoint

if TYPE_CHECKING:
    from kerastut.train import Cluster

_LOCK = ".lock"


def folder_of(cluster: "Cluster | None", output_dir: Path) -> Path:
    """Returns where this process writes: workers may share a file system."""
    if cluster is None or cluster.is_chief:
        return output_dir
    return unlinked(output_dir / f"{WORKER}{cluster.index}")


@contextmanager
def opened(folder: Path, resume: bool) -> Iterator[None]:
    """Keeps the folder of a run, with one for its checkpoints, from other processes meanwhile.

    What was made here is removed again if nothing came of it: no checkpoint, or a training
    that failed since this began.
    """
    require_free(folder, resume)
    made = [path for path in (folder, *missing_parents(folder)) if not path.exists()]
    parent = folder / CHECKPOINTS
    try:
        parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(parent / _LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise _in_use(folder) from error
    except OSError as error:
        remove_empty([parent, *made])
        raise cannot_write(folder, error) from error
    fresh = not checkpoint.exist(parent)
    try:
        _require_fit(folder, resume)
        _remove_leftovers(folder)
        yield
    except (CheckpointError, PeerError):
        raise
    except TrainingError:
        if fresh:
            checkpoint.keep_newest(parent, 0)  # Windows removes no open file, such as the lock
        raise
    finally:
        lock.release()
        if not checkpoint.exist(parent):
            shutil.rmtree(parent, ignore_errors=True)
        remove_empty(made)


def require_free(folder: Path, resume: bool) -> None:
    """Refuses a folder that another process writes into, or that `resume` does not lead to."""
    if in_use(folder):
        raise _in_use(folder)
    _require_fit(folder, resume)


def in_use(folder: Path) -> bool:
    """Returns whether a process writes into the folder."""
    lock = unlinked(unlinked(folder / CHECKPOINTS) / _LOCK)
    try:
        if lock.is_file():
            with FileLock(lock, timeout=0):
                pass
    except Timeout:
        return True
    except OSError:  # nobody may write there
        pass
    return False


def _in_use(folder: Path) -> OutputError:
    return OutputError(
        f"{folder}: in use, another run is writing there. Wait for it, or choose another"
        " --output-dir."
    )


def _require_fit(folder: Path, resume: bool) -> None:
    """Refuses a folder that holds anything but a run that is to be resumed."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(
            f"{folder}: expected a folder, found a file. Choose another --output-dir."
        )
    parent = unlinked(folder / CHECKPOINTS)
    for path in parent.glob("*"):
        unlinked(path)
    unfinished = checkpoint.exist(parent)
    if resume and (unfinished or is_finished(folder)):
        return
    if unfinished and not is_finished(folder):
        raise OutputError(
            f"{folder}: expected a new or empty folder, found a run that was stopped. Add --resume"
            " to go on with it, choose another --output-dir, or remove it."
        )
    if any(not _is_leftover(path) for path in folder.iterdir()):
        raise OutputError(
            f"{folder}: expected a new or empty folder, found files in it. Choose another"
            " --output-dir, or remove it."
        )


def publish(folder: Path, write: Callable[[Path], None]) -> None:
    """Has `write` fill a temporary folder, then moves its files into place, `run.json` last."""
    try:
        with placed(folder, last=RECORD) as staging:
            write(staging)
            for path in staging.iterdir():
                flush(path)
            (folder / RECORD).unlink(missing_ok=True)  # an extended run is not finished meanwhile
    except OSError as error:
        advice = "The training is kept: make room, and add --resume."
        raise unwritable(error, f"{folder}: cannot write there", advice) from error
    checkpoint.keep_newest(folder / CHECKPOINTS)


def _is_leftover(path: Path) -> bool:
    """Returns whether a process that was killed before its first checkpoint has left this.

    Or another worker has come first, if several share a file system.
    """
    return path.name.startswith((STAGING, WORKER)) or path.name == CHECKPOINTS


def _remove_leftovers(folder: Path) -> None:
    checkpoint.remove_partial(folder / CHECKPOINTS)
    for path in folder.glob(f"{STAGING}*"):
        shutil.rmtree(path, ignore_errors=True)
