"""What prediction needs of a run's record."""

import json
from pathlib import Path
from typing import Any

from kerastut.errors import DataError, one_line

NEEDED = ("recipe", "data", "classes", "background")


def recorded(folder: Path) -> dict[str, Any]:
    """Reads a run's recipe, data, class names and background.

    Args:
        folder: What `kerastut run` wrote.

    Raises:
        DataError: If the record is missing, damaged, or of an older version.
    """
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return {name: record[name] for name in NEEDED}
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{folder}: expected the folder of a finished run of this version (run.json,"
            f" model.keras): {one_line(error)}"
        ) from error
