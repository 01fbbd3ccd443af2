"""A training's state on disk: written whole or not at all, and checked before it is read.

A checkpoint is a folder `epoch-EEEEEE-step-SSSSSS` with Keras's weights file (the optimizer's state
is in it), `arrays.npz`, `state.json` and `SHA256SUMS`, in the form that `sha256sum -c` reads. It is
written under another name, flushed and renamed; the one before it stays.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from msgspec import Meta, Struct, convert
from numpy.lib.format import read_array

from kerastut.arrays import Array
from kerastut.data import opened as opened_zip
from kerastut.errors import CheckpointError, DataError, ResumeError, listed, one_line, shown_path
from kerastut.files import appearing, flush, opened, read, unlinked
from kerastut.records import read_record
from kerastut.runs.record import CHECKPOINTS, WORKER

if TYPE_CHECKING:
    import keras

WEIGHTS, ARRAYS, STATE, SUMS = "model.weights.h5", "arrays.npz", "state.json", "SHA256SUMS"
KEPT = 2
UNREADABLE = (DataError, OSError, ValueError, KeyError, TypeError, EOFError, MemoryError)
MOST_SUMS = 10_000
# No texts: what a callback is told in words, such as where to write, its recipe decides.
Simple = bool | int | float | None


Number = Annotated[int, Meta(ge=0, le=999_999)]


class Begun(Struct):
    """What every version keeps in a checkpoint's identity."""

    epochs: Number
    extended_from: list[Number]
    environment: dict[str, str | int | None]


@dataclass(frozen=True)
class State:
    """What a checkpoint keeps in JSON."""

    identity: dict[str, Any]  # what decides the outcome; see `kerastut.runs.resume.identity`
    epoch: Number  # epochs that are complete
    step: Number  # optimizer steps done of the next epoch
    stopped: bool  # whether a callback has ended the training
    history: dict[str, list[float]]
    seconds: Annotated[float, Meta(ge=0, le=10**10)]  # of training so far
    callbacks: list[dict[str, Simple]]  # the simple attributes of each callback of the recipe


@dataclass(frozen=True, kw_only=True)
class Checkpoint(State):
    """Where a training stands, beside the weights and the optimizer's state."""

    # The metrics' and random layers' variables, and the callbacks' arrays, by name.
    arrays: dict[str, Array] = field(repr=False)
    folder: Path | None = None  # where it lies; `None` before it is written

    @property
    def weights(self) -> Path:
        """The file with the model's weights and the optimizer's state."""
        assert self.folder is not None
        return self.folder / WEIGHTS


def save(checkpoint: Checkpoint, model: "keras.Model", parent: Path) -> None:
    """Writes a checkpoint into `parent` and removes those older than the one before it.

    If it cannot be written, as on a full disk, the older ones stay.
    """
    final = parent / _name(checkpoint)
    try:
        with appearing(final) as partial:
            _write(checkpoint, model, partial)
            if final.exists():  # the training fell back behind it, so it is damaged
                shutil.rmtree(final)
        flush(parent)
    except OSError as error:
        kept = _folders(parent)
        left = f"the last good one is {kept[0].name}" if kept else "there is none before it"
        reason = os.strerror(error.errno) if error.errno else one_line(error)
        raise CheckpointError(f"{parent}: cannot write a checkpoint: {reason}; {left}.") from error
    keep_newest(parent, KEPT)


def newest(parent: Path) -> tuple[Checkpoint | None, list[str]]:
    """Returns the newest checkpoint that is undamaged, and what is wrong with newer ones."""
    problems: list[str] = []
    for folder in _folders(parent):
        try:
            return _read(folder), problems
        except UNREADABLE as error:
            problems.append(f"{folder.name} is damaged ({one_line(error)})")
    if problems:
        raise ResumeError(
            f"{shown_path(parent)}: expected an undamaged checkpoint; {listed(problems)}."
            " To train from the start, remove it."
        )
    return None, []


def begun(run: Path) -> dict[str, Any] | None:
    """Returns what decides a run, as the newest checkpoint keeps it that tells; without Keras.

    A worker beside the chief has its own folder in the run's.
    """
    for place in (run, *sorted(run.glob(f"{WORKER}*"))):
        for folder in _folders(unlinked(place / CHECKPOINTS)):
            with suppress(*UNREADABLE):
                state = read_record(folder / STATE, State, "the state of a training")
                convert(state.identity, Begun)
                return state.identity
    return None


def undamaged(parent: Path) -> Iterator[Checkpoint]:
    """Yields every checkpoint that can be read, newest first."""
    for folder in _folders(parent):
        with suppress(*UNREADABLE):
            yield _read(folder)


def keep_newest(parent: Path, count: int = 1) -> None:
    """Removes all but the newest checkpoints."""
    for older in _folders(parent)[count:]:
        shutil.rmtree(older, ignore_errors=True)


def exist(parent: Path) -> bool:
    """Returns whether any checkpoint, damaged or not, lies in `parent`."""
    return bool(_folders(parent))


def remove_partial(parent: Path) -> None:
    """Removes what a killed process has left half-written."""
    for folder in parent.glob(".epoch-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _name(state: State) -> str:
    return f"epoch-{state.epoch:06}-step-{state.step:06}"


def _folders(parent: Path) -> list[Path]:
    """Returns the checkpoints' folders, newest first: their names sort by progress."""
    return sorted(parent.glob("epoch-??????-step-??????"), reverse=True)


def _write(checkpoint: Checkpoint, model: "keras.Model", folder: Path) -> None:
    from kerastut.train import saved

    (folder / WEIGHTS).write_bytes(saved(model.save_weights, WEIGHTS))
    np.savez(folder / ARRAYS, **checkpoint.arrays)  # type: ignore[arg-type]
    state = {name: getattr(checkpoint, name) for name in (f.name for f in fields(State))}
    (folder / STATE).write_text(json.dumps(state, indent=1), encoding="utf-8")
    sums = [f"{_sha256(folder / name)}  {name}\n" for name in (WEIGHTS, ARRAYS, STATE)]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8", newline="\n")
    for name in (WEIGHTS, ARRAYS, STATE, SUMS, "."):
        flush(folder / name)


def _read(folder: Path) -> Checkpoint:
    from kerastut.runs.weights import check_weights

    sums = read(folder / SUMS, "digests", MOST_SUMS, own=True).decode("utf-8").splitlines()
    for name in (WEIGHTS, ARRAYS, STATE):
        if f"{_sha256(folder / name)}  {name}" not in sums:
            raise ValueError(f"{name} does not match its SHA-256")
    with opened(folder / WEIGHTS, "a checkpoint's weights", own=True) as file:
        check_weights(folder / WEIGHTS, file)
    with opened_zip(folder / ARRAYS, "an .npz file", own=True) as archive:
        arrays = {
            name.removesuffix(".npy"): read_array(member, allow_pickle=False)
            for name in archive.namelist()
            for member in [archive.open(name)]
        }
    state = read_record(folder / STATE, State, "the state of a training")
    convert(state.identity, Begun)
    if folder.name != _name(state) or {*map(len, state.history.values())} - {state.epoch}:
        raise ValueError(f"{STATE} tells of another epoch or step")
    return Checkpoint(**vars(state), arrays=arrays, folder=folder)


def _sha256(path: Path) -> str:
    with opened(path, "a file of a checkpoint", own=True) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
