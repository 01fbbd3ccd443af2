"""SECURITY.md tells the limits that the code has."""

import re
from pathlib import Path

from kerastut import memory, records
from kerastut.data import dividing, zipped
from kerastut.demo import answers, server
from kerastut.lint import documents
from kerastut.lint.documents import markdown, text
from kerastut.registry import headers
from kerastut.runs import history
from kerastut.why import MOST_BYTES

PAGE = (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8")
MIB = 2**20


def test_limits() -> None:
    limits = (
        f"a text that `why` reads | {MOST_BYTES // MIB} MiB |",
        f"`{memory.VARIABLE}`, {memory.DEFAULT} MiB without it",
        f"{records.MOST_BYTES // MIB} MiB, {records.DEEPEST} levels, texts of {records.LONGEST:,}",
        f"{history.MOST_BYTES // MIB} MiB, {history.MOST_METRICS} metrics",
        f"a recipe's file | {headers.MOST_BYTES // MIB} MiB |",
        f"`.keras`) | {zipped.MOST_MEMBERS:,} members |",
        f"classes | {dividing.MOST_CLASSES:,} |",
        f"{text.LARGEST // 10**6} MB; {documents._MOST:,} lines, words and signs of code;"
        f" {markdown._MOST:,} lines of Markdown",
        f"{answers.PICTURE // MIB} MiB for a picture, {answers.TEXT // 2**10} KiB for a text,"
        f" {server.PATIENCE} seconds to arrive; {server.PLACES} at a time",
    )
    for limit in limits:
        assert limit in PAGE


def test_it_invents_no_address() -> None:
    assert not re.search(r"https?:|@\w", PAGE)
