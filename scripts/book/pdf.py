"""The chapters of an edition as one PDF, printed by headless Chromium.

Only the published edition has it: printing takes a minute for each language.
"""

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from book import PATIENCE
from book.serving import served
from book.stamp import epoch
from kerastut.teaching import FULL

BOOK = "kerastut-book.pdf"
MARGIN: Any = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
_DATES = re.compile(rb"\(D:\d{14}")


def chromium() -> str | None:
    """Returns the browser: what `CHROMIUM` names, or the one on the path."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")


def wanted() -> bool:
    """Tells whether this edition gets a PDF."""
    return FULL and chromium() is not None


def write(site: Path, language: str, chapters: list[str]) -> None:
    """Prints the named chapters of a built edition into one file."""
    from playwright.sync_api import sync_playwright

    page = site / language / "chapters" / "book.html"
    page.write_text(joined(page.parent, chapters), encoding="utf-8")
    with served(site) as root, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.goto(f"{root}/{language}/chapters/book.html", wait_until="networkidle")
        printed = tab.pdf(format="A4", margin=MARGIN)
        browser.close()
    page.unlink()
    moment = datetime.fromtimestamp(epoch(), UTC).strftime("(D:%Y%m%d%H%M%S").encode()
    (site / language / BOOK).write_bytes(_DATES.sub(moment, printed))


def joined(folder: Path, chapters: list[str]) -> str:
    """Returns one page with the articles of several; all its pictures load and all is unfolded."""
    pages = [
        BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        for name in chapters
    ]
    first, *others = [page.find("article") for page in pages]
    assert first is not None
    for article in filter(None, others):
        first.append(article)
    for picture in pages[0].find_all("img"):
        del picture["loading"]
    for folded in pages[0].find_all("details"):
        folded["open"] = ""
    return str(pages[0])
