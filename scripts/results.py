"""Runs every recipe in full and writes docs/results.md.

Usage: python scripts/results.py

Exit status 1 if a metric is out of its band; the page is written all the same, since it shows what
was measured.
"""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kerastut.compare import as_cells, verify
from kerastut.registry import list_recipes

PAGE = Path(__file__).parent.parent / "docs" / "results.md"


def processor() -> str:
    """Returns the processor's name, as Linux gives it, or what Python knows."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def page(rows: Sequence[Mapping[str, Any]]) -> str:
    """Returns the page for the records that `verify` gave."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("keras", "tensorflow", "numpy"))
    head = [
        "# Results",
        "",
        "Every recipe, run in full with its own settings and seed 0, and its metrics on the",
        "held-out test data beside the band that a correct run lies in. Written by `make results`.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}; Python {platform.python_version()}, {packages};",
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}.",
        "",
        "| recipe | metric | value | low | high | ok | seconds | peak MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, rows)]) + "\n"


def _row(row: Mapping[str, Any]) -> str:
    return f"| {' | '.join(as_cells(row))} |"


def main() -> int:
    """Runs, prints each record and writes the page."""
    rows = []
    for row in verify(list_recipes()):
        rows.append(row)
        print(_row(row), flush=True)
    PAGE.write_text(page(rows), encoding="utf-8")
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
