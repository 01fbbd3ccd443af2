"""Modern code of our own, in many styles: nothing is found."""

from pathlib import Path

import pytest

from kerastut.lint.check import check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.document import Document
from kerastut.lint.documents.text import decode

ROOT = Path(__file__).parents[2]
MODERN = sorted((Path(__file__).parent / "modern").glob("*.md"))
PROJECT = [*(ROOT / "recipes").rglob("*.py"), *(ROOT / "kerastut").rglob("*.py")]


def read_document(path: Path) -> Document:
    """Returns the document of a file."""
    return parse_document(decode(path.read_bytes(), str(path)), str(path), path.suffix.lower())


def test_there_are_enough() -> None:
    assert len(MODERN) >= 30


@pytest.mark.parametrize("path", MODERN, ids=[path.stem for path in MODERN])
def test_nothing_is_found_in_modern_code(path: Path) -> None:
    assert [f"{f.location.row}: {f.message()}" for f in check_document(read_document(path))] == []


@pytest.mark.parametrize("path", sorted(PROJECT), ids=[path.stem for path in sorted(PROJECT)])
def test_nothing_is_found_in_the_project(path: Path) -> None:
    assert [f"{f.location.row}: {f.message()}" for f in check_document(read_document(path))] == []
