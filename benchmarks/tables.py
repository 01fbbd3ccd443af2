"""Tables in Markdown, and what they are made of."""

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.job import Record
from benchmarks.summary import median


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Returns a table, line by line; every column but the first is right-aligned."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def results(records: Sequence[Record], name: str) -> list[dict[str, Any]]:
    """Returns the results of one job, round by round, without the failed."""
    return [r["result"] for r in records if r["job"] == name and r["result"]]


def failures(records: Sequence[Record]) -> list[str]:
    """Returns a line for each job that failed."""
    failed = {r["job"]: r["error"] for r in records if r["error"]}
    return [line for name, error in failed.items() for line in ("", f"Failed: {name}: `{error}`.")]


def ratio(values: Sequence[float], base: Sequence[float], form: str = ".2f") -> str:
    """Returns the ratio of two medians, or a dash where one is missing."""
    return format(median(values) / median(base), form) if values and base else "-"
