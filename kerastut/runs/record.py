"""Reads back what a run has written of itself; without Keras."""

import json
from pathlib import Path
from typing import Any

from kerastut.errors import DataError, one_line
from kerastut.runs.layout import MODEL, RECORD

NEEDED = ("recipe", "data", "classes", "background")


def recorded(folder: Path) -> dict[str, Any]:
    """Reads a run's record.

    Args:
        folder: What `kerastut run` wrote.

    Raises:
        DataError: If the record is missing, damaged, or of an older version.
    """
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record | {name: record[name] for name in NEEDED}
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{folder}: expected the folder of a finished run of this version ({RECORD},"
            f" {MODEL}): {one_line(error)}"
        ) from error
