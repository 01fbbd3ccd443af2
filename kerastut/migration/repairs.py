"""Repairs what only a run can tell."""

from collections.abc import Mapping
from pathlib import Path

from kerastut.migration.programs import Program
from kerastut.migration.running import Run


def repair(
    program: Program, texts: Mapping[Path, bytes], run: Run
) -> tuple[str, dict[Path, bytes]] | None:
    return None
