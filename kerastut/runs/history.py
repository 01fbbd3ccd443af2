"""The metrics of each epoch as a table."""

import csv
from pathlib import Path


def write_history(history: dict[str, list[float]], path: Path) -> None:
    """Writes one row an epoch, counted from 1; values in full precision."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["epoch", *history])
        for epoch, values in enumerate(zip(*history.values(), strict=True), start=1):
            table.writerow([epoch, *map(repr, values)])


def read_history(path: Path) -> dict[str, list[float]]:
    """Reads what `write_history` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0] if name != "epoch"}
