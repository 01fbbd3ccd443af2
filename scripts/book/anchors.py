"""The anchors of headings, the same in both languages, so that a link keeps its section.

They are made from the English heading, unless a line `(name)=` above it gives one: Sphinx would
number those of Chinese headings.
"""

import json
import re
from pathlib import Path

import nbformat

from book import LANGUAGES

FILE = "anchors.json"
_NAME = re.compile(r"^\((?P<name>[\w-]+)\)=\n\n?", re.MULTILINE)
# A comment of MyST: the name is read from the page, and is not shown.
_HEADING = re.compile(r"(?:^% anchor (?P<name>[\w-]+)\n\n?)?^#{1,6} +(?P<title>.*)$", re.MULTILINE)
_CODE = re.compile(r"^(`{3,}|~{3,}|:{3,}).*?^\1", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>|[`*$\\]|\]\([^)]*\)|\[")


def write(folders: dict[str, Path]) -> None:
    """Writes the anchors of each page beside the pages of each edition.

    Args:
        folders: An edition's pages by its language. Pages whose editions have other headings keep
            the anchors that Sphinx gives them.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folders["en"].rglob("*")):
        if path.suffix in (".md", ".ipynb"):
            place = path.relative_to(folders["en"])
            english, other = (headings(folders[language] / place) for language in LANGUAGES)
            if len(english) == len(other):
                found[place.with_suffix("").as_posix()] = slugs(english)
    for folder in folders.values():
        (folder / FILE).write_text(json.dumps(found), encoding="utf-8")


def headings(page: Path) -> list[str]:
    """Returns the headings of a page in Markdown or of a notebook."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return titles(text)


def titles(text: str) -> list[str]:
    """Returns the headings in Markdown whose names of anchors are comments; or their names."""
    found = _HEADING.finditer(_CODE.sub("", text))
    return [match["name"] or match["title"] for match in found]


def hidden(text: str) -> str:
    """Returns Markdown whose names of anchors are comments."""
    return _NAME.sub(r"% anchor \g<name>\n", text)


def without(text: str) -> str:
    """Returns Markdown without names of anchors."""
    return _NAME.sub("", text)


def slugs(titles: list[str]) -> list[str]:
    """Returns an anchor for each heading; one that comes again is numbered.

    Example:

    >>> slugs(["What it costs", "Exercises", "Exercises"])
    ['what-it-costs', 'exercises', 'exercises-2']
    """
    found: list[str] = []
    for title in titles:
        slug = re.sub(r"[^a-z0-9]+", "-", _MARKUP.sub("", title).lower()).strip("-") or "section"
        count = sum(slug == one.partition("~")[0] for one in found)
        found.append(f"{slug}~{count + 1}" if count else slug)
    return [one.replace("~", "-") for one in found]
