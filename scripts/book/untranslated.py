"""Looks for blocks of a built Chinese edition that are in English."""

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from book import ROOT

_CHINESE, _WORD = re.compile("[\u4e00-\u9fff]"), re.compile(r"\b[A-Za-z]{2,}\b")
_BLOCKS = ["p", "li", "h1", "h2", "h3", "summary", "td", "th", "figcaption"]
# What is no prose: code, formulas, and what lies in a block of its own.
_INNER = ["code", "pre", "script", "style", "ul", "ol", "p", "table", "details", "math"]
# As many words in a row are a sentence; fewer are names.
SENTENCE = 5


def problems(edition: Path) -> list[str]:
    """Returns a line for each block without a Chinese character, in the pages that have Chinese.

    The API is written in English, and so are the topics that have no Chinese file.
    """
    pages = (path for path in sorted(edition.rglob("*.html")) if not _english(path, edition))
    return [
        f"{path.relative_to(edition).as_posix()}: {text[:100]}"
        for path in pages
        for text in blocks(path.read_text(encoding="utf-8"))
    ]


def blocks(page: str) -> Iterator[str]:
    """Yields the English blocks of a page."""
    article = BeautifulSoup(page, "html.parser").find("article")
    if isinstance(article, Tag):
        for block in article.find_all(_BLOCKS):
            for inner in block.find_all([*_INNER, "a"] if block.name == "td" else _INNER):
                inner.extract()
            text = " ".join(block.get_text(" ").split())
            if not _CHINESE.search(text) and len(_WORD.findall(text)) >= SENTENCE:
                yield text


def _english(path: Path, edition: Path) -> bool:
    room, name = path.relative_to(edition).parts[0], f"{path.stem}.md"
    own = (ROOT / "docs" / "zh" / name).exists() or name == "index.md"
    return room == "api" or (room == "documents" and not own)
