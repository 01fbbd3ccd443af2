"""A run's history on disk: one row an epoch."""

import csv
import io
from pathlib import Path

from kerastut.errors import refused
from kerastut.files import read

MOST_BYTES, MOST_METRICS, LONGEST = 8 * 2**20, 100, 100


def write_history(history: dict[str, list[float]], path: Path) -> None:
    """Writes one row an epoch, counted from 1; values in full precision."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["epoch", *history])
        for epoch, values in enumerate(zip(*history.values(), strict=True), start=1):
            table.writerow([epoch, *map(repr, values)])


def read_history(path: Path) -> dict[str, list[float]]:
    """Reads what `write_history` wrote, or a stranger.

    Raises:
        DataError: If it is no such file; no symbolic link is followed.
    """
    expected = "a run's history, one row an epoch"
    content = read(path, expected, MOST_BYTES, own=True)
    with refused(path, f"Expected {expected}: train it again.", ValueError, csv.Error):
        names, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
        if len(names) > MOST_METRICS or max(map(len, names)) > LONGEST:
            raise ValueError(f"more than {MOST_METRICS} metrics, or names beyond {LONGEST} letters")
        if names[0] != "epoch" or "loss" not in names or len(set(names)) < len(names) or not rows:
            raise ValueError("the first row does not name epoch and metrics, or no other follows")
        epochs, *columns = zip(*rows, strict=True)
        if list(epochs) != [str(number) for number in range(1, len(rows) + 1)]:
            raise ValueError("the epochs are not counted from 1")
        return {
            name: [float(value) for value in column]
            for name, column in zip(names[1:], columns, strict=True)
        }
