"""The runs in a folder, and the newest of them; without Keras."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from msgspec import convert

from kerastut.errors import DataError, KerastutError, one_line
from kerastut.registry import Choices
from kerastut.runs.folder import in_use
from kerastut.runs.record import CHECKPOINTS, RECORD, is_finished, recorded
from kerastut.runs.resume.checkpoint import begun

RUNS = Path("runs")  # where `kerastut run` writes
STATES = ("finished", "stopped", "running", "damaged")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A run's folder at a glance; of a damaged one only `problem` is known."""

    folder: Path
    state: str  # one of `STATES`
    date: datetime  # when it was finished, or last written
    recipe: str = ""
    data: str = ""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    metric: str = ""  # the first that counts: of the recipe's band, or else no loss
    problem: str = ""


def list_runs(folder: Path = RUNS) -> list[Listed]:
    """Returns the runs in a folder, or the one that it is, newest first.

    Args:
        folder: A stranger's may be among them: nothing in it is trusted, and a damaged one takes
            none of the others down.

    Raises:
        DataError: If there is no such folder.
    """
    if folder != RUNS and not folder.is_dir():
        raise DataError(f"{folder}: expected a folder of runs, found none. Check the path.")
    places = [folder] if _is_run(folder) else folder.glob("*")
    found = [_listed(place) for place in places if _is_run(place)]
    return sorted(found, key=lambda run: (run.date.timestamp(), run.folder), reverse=True)


def latest(*states: str) -> Path:
    """Returns the folder of the newest run in `RUNS` that is in one of the states."""
    for run in list_runs():
        if run.state in states:
            return run.folder
    raise DataError(
        f"latest: expected a run in {RUNS} that is {' or '.join(states)}, found none. Begin one"
        " with kerastut run, or give its folder."
    )


def _is_run(folder: Path) -> bool:
    return is_finished(folder) or (folder / CHECKPOINTS).is_dir()


def _listed(folder: Path) -> Listed:
    finished = is_finished(folder)
    written = folder / RECORD if finished else folder / CHECKPOINTS
    date = datetime.fromtimestamp(written.stat().st_mtime).astimezone()
    try:
        state = "running" if in_use(folder) else "finished" if finished else "stopped"
        if finished:
            record = recorded(folder)
            metrics = record.metrics
            if record.finished:
                date = datetime.fromisoformat(record.finished).astimezone()
            first = [*record.expected, *(name for name in metrics if name != "loss"), *metrics]
            return Listed(
                folder=folder,
                state=state,
                date=date,
                recipe=record.recipe,
                data=record.data,
                metrics=metrics,
                metric=next((name for name in first if name in metrics), ""),
            )
        if (identity := begun(folder)) is None:
            return Listed(folder=folder, state=state, date=date)
        recipe, data = str(identity.get("recipe")), convert(identity, Choices).dataset
        return Listed(folder=folder, state=state, date=date, recipe=recipe, data=data)
    except (KerastutError, OSError, ValueError, OverflowError) as error:
        return Listed(folder=folder, state="damaged", date=date, problem=one_line(error))
