"""Looks for links of a built site that lead nowhere, and for things loaded from other hosts.

Usage: PYTHONPATH=scripts python -m book.linkcheck [FOLDER]
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from book import BUILD

# Attributes by which a page loads something; a link that a reader follows is another matter.
_LOADED = {("link", "href"), ("object", "data"), ("use", "href")}
_REMOTE = re.compile(r"(?:https?:)?//")
_IMPORTS = re.compile(r"@import\s+['\"]([^'\"]+)|url\(\s*['\"]?([^'\")]+)")


@dataclass
class Page:
    """What stands in a page: its anchors, and its references as `(loaded, target)`."""

    anchors: set[str] = field(default_factory=set)
    references: list[tuple[bool, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" or (tag, name) == ("a", "name"):
                self.page.anchors.add(value or "")
            elif name in ("src", "href", "data", "poster", "action") and value:
                loaded = name in ("src", "poster") or (tag, name) in _LOADED
                self.page.references.append((loaded, value))


@cache
def read(path: Path) -> Page:
    """Reads a page."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


def problems(site: Path) -> list[str]:
    """Returns a line for each broken link and each thing loaded from another host."""
    found = [line for path in sorted(site.rglob("*.html")) for line in _of_page(path, site)]
    return found + [line for path in sorted(site.rglob("*.css")) for line in _of_style(path, site)]


def _of_page(path: Path, site: Path) -> Iterator[str]:
    place = path.relative_to(site).as_posix()
    for loaded, target in read(path).references:
        if _REMOTE.match(target):
            if loaded:
                yield f"{place}: loads {target} from another host."
        elif not urlsplit(target).scheme and not _resolves(path, target):
            yield f"{place}: the link {target} leads nowhere."


def _resolves(page: Path, target: str) -> bool:
    parts = urlsplit(target)
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if file.is_dir():
        file /= "index.html"
    if not file.is_file():
        return False
    anchor = unquote(parts.fragment)
    return not anchor or file.suffix != ".html" or anchor in read(file).anchors


def _of_style(path: Path, site: Path) -> Iterator[str]:
    for match in _IMPORTS.finditer(path.read_text(encoding="utf-8")):
        target = match[1] or match[2]
        if _REMOTE.match(target):
            yield f"{path.relative_to(site).as_posix()}: loads {target} from another host."


def main(folders: list[str]) -> int:
    """Prints the problems of a site."""
    found = problems(Path(folders[0]) if folders else BUILD / "site")
    print(*found or ["no broken link"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
