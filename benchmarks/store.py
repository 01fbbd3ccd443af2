"""Where the records of each section are kept, so that the report can be made again from them."""

import json
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from benchmarks.job import Record

Section = dict[str, Any]


class Store:
    """One JSON file a section.

    Args:
        folder: Where the files lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, name: str, head: Mapping[str, Any], records: Sequence[Record]) -> None:
        """Writes a section whole; called after each measurement, so that none is lost."""
        path = self._folder / f"{name}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps({**head, "records": list(records)}, indent=1), encoding="utf-8")
        part.replace(path)

    def read(self, name: str) -> Section | None:
        """Returns a section as it was saved, or `None` if it was not measured."""
        path = self._folder / f"{name}.json"
        if not path.exists():
            return None
        section: Section = json.loads(path.read_text(encoding="utf-8"))
        return section

    def others(
        self, name: str, head: Mapping[str, Any], jobs: Set[str]
    ) -> tuple[Section, list[Record]]:
        """Returns a section without the records of some jobs, which are measured again.

        Args:
            name: The section.
            head: What will be saved beside the new records.
            jobs: Names of the jobs.

        Returns:
            The head with both commands, and the records that stay.

        Raises:
            SystemExit: If the section was not measured, or not on this machine with these versions.
        """
        before = self.read(name)
        if before is None or before["machine"] != head["machine"]:
            raise SystemExit(
                f"{name}: expected results of this machine with these versions; found"
                f" {'others' if before else 'none'}. Measure the whole section."
            )
        kept = [record for record in before["records"] if record["job"] not in jobs]
        return {**head, "command": f"{before['command']}`, `{head['command']}"}, kept
