"""Decides whether and from where a run goes on."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from inspect import signature
from pathlib import Path
from typing import Any

import keras

from kerastut.errors import ParameterError, ResumeError, shown_path
from kerastut.registry import Settings, as_command
from kerastut.runs.interrupts import Interrupted, Interrupts
from kerastut.runs.record import CHECKPOINTS, is_finished
from kerastut.runs.resume import checkpoint
from kerastut.runs.resume.checkpoint import Checkpoint
from kerastut.runs.resume.identity import identity, require_same
from kerastut.streams import say
from kerastut.train import Prepared, Team


@dataclass(frozen=True)
class Journal:
    """Where a training keeps its checkpoints, and what they are good for."""

    folder: Path  # of the run
    identity: dict[str, Any]  # what decides the run; see `kerastut.runs.resume.identity`
    interrupts: Interrupts
    start: Checkpoint | None = None  # where to go on
    # Whether to save at the end of every epoch and never within: several devices could not agree
    # on a moment by the clock.
    whole_epochs: bool = False

    @property
    def parent(self) -> Path:
        """Folder of the checkpoint."""
        return self.folder / CHECKPOINTS

    def is_complete(self) -> bool:
        """Returns whether the folder holds the finished run, with no epoch left to train."""
        if self.start is None or not is_finished(self.folder):
            return False
        return self.start.stopped or self.start.epoch >= self.identity["epochs"]


def open_journal(
    folder: Path, settings: Settings, prepared: Prepared, interrupts: Interrupts, force: bool
) -> Journal:
    """Returns the journal of a run, which may have begun before; tells of damaged checkpoints."""
    team = prepared.team
    journal = Journal(
        folder, identity(settings, prepared.data, str(team) if team else None), interrupts
    )
    start, problems = checkpoint.newest(journal.parent)
    for problem in problems:
        say(f"{problem}; falling back to the one before it.")
    if start is None:
        if is_finished(folder):
            raise ResumeError(f"{folder}: the run is finished, but its checkpoint is gone.")
        return journal
    require_same(start.identity, journal.identity, force)
    steps, epochs = -(-len(prepared.inputs.train) // settings.batch_size), start.identity["epochs"]
    if start.step >= steps or start.epoch > epochs:
        raise ResumeError(
            f"{shown_path(journal.parent)}: expected a checkpoint within {epochs} epochs of {steps}"
            f" steps, received {start.epoch} epochs and {start.step} steps. Remove it to train from"
            " the start."
        )
    earlier = list(start.identity["extended_from"])
    if journal.identity["epochs"] > start.identity["epochs"]:
        earlier.append(start.identity["epochs"])
    return replace(journal, identity={**journal.identity, "extended_from": earlier}, start=start)


def agree(team: Team, journal: Journal) -> Journal:
    """Returns the journal with the newest checkpoint that all workers have."""
    found = {c.epoch: c for c in checkpoint.undamaged(journal.parent) if c.step == 0}
    epochs = [*sorted(found, reverse=True), *[0] * checkpoint.KEPT][: checkpoint.KEPT]
    rows = team.gather([_digest(journal.identity), *epochs])
    others = [index for index, row in enumerate(rows) if row[0] != rows[0][0]]
    if others:
        raise ParameterError(
            f"Worker {others[0]} was started differently from worker 0: another command, other"
            " data or other versions. Start the same on every worker."
        )
    common = set.intersection(*(set(row[1:]) | {0} for row in rows))
    if max(common) == 0 and max(map(max, (row[1:] for row in rows))) > 1:
        raise ResumeError(
            f"The workers' newest checkpoints are after the epochs {[row[1] for row in rows]}, and"
            " none is common to all. Restore the folders of all, or choose another --output-dir."
        )
    return replace(journal, start=found.get(max(common)), whole_epochs=True)


def _digest(identity: dict[str, Any]) -> int:
    """Returns a number for what must be the same on all workers."""
    environment = {k: v for k, v in identity["environment"].items() if k != "threads"}
    shared = {**identity, "environment": environment, "extended_from": None}
    text = json.dumps(shared, sort_keys=True).encode()
    return int.from_bytes(sha256(text).digest()[:7], "big")


def plan(journal: Journal, prepared: Prepared) -> str:
    """Returns what resuming will do, for people."""
    folder, start = journal.folder, journal.start
    if start is None:
        return f"{folder}: nothing to resume; training from the start."
    if journal.is_complete():
        why = "stopped early" if start.stopped else "finished"
        return f"{folder}: {why} after {start.epoch} epochs; nothing to do."
    epochs = journal.identity["epochs"]
    where = f"after epoch {start.epoch} of {epochs}"
    if start.step:
        where = f"in epoch {start.epoch + 1} of {epochs}, after {start.step} steps"
    text = f"{folder}: going on {where}"
    scheduled = "total_steps" in signature(prepared.module.build).parameters
    if scheduled and epochs > start.identity["epochs"]:
        text += (
            f". The learning rate's schedule is stretched to {epochs} epochs from here on, so the"
            f" result is not that of an uninterrupted run of {epochs}"
        )
    return f"{text}."


def resumable(
    signal: int, folder: Path, settings: Settings, output_dir: Path, team: Team | None
) -> Interrupted:
    """Returns the interruption by a signal, with the command that resumes if anything was saved.

    `folder` is where this process writes, `output_dir` what the caller gave for it.
    """
    if not checkpoint.exist(folder / CHECKPOINTS):
        return Interrupted(signal)
    where = " on every worker" if team and team.cluster else ""
    options = f" --strategy {team.name}" if team else ""
    policy = keras.config.dtype_policy().name
    options += f" --dtype-policy {policy}" if policy != "float32" else ""
    text = f"interrupted; saved in {folder}. Resume{where} with:"
    return Interrupted(signal, f"{text}\n{as_command(settings, output_dir)}{options} --resume")
