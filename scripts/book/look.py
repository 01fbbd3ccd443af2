"""Opens the built site in headless Chromium without a network and takes screenshots.

Usage: PYTHONPATH=scripts python -m book.look

The site is served from this machine; every other request is refused and reported, as are messages
of errors, pages wider than the window, and what breaks the rules of the layout: code that is cut
off, pictures without words or with texts too small to read, contents that are not in sight on a
desk's screen, a language switch that loses the section. What runs in the pages is tried. `CHROMIUM`
names the browser if it is not on the path.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route, sync_playwright

from book import BUILD, LANGUAGES, PATIENCE, ROOT, trying
from book.chapters import paths
from book.pages.documents import LEFT_OUT
from book.pdf import chromium
from book.serving import SITE, served

SCREENSHOTS = BUILD / "screenshots"
WIDTHS = (1280, 390)
DESKS = (1440, 1920)  # chapters alone: it is their code that needs room
PHONE = 390
# What a page tells of itself: blocks of code and how many are cut off, pictures without words,
# pictures drawn smaller than their texts allow, whether the contents are in sight.
MEASURE = """() => {
  const blocks = [...document.querySelectorAll("article pre")].filter((one) => one.offsetParent);
  const pictures = [...document.querySelectorAll("article img")].filter((one) => one.offsetParent);
  const small = (one) => one.getBoundingClientRect().width < parseFloat(one.style.minWidth) - 1;
  const contents = document.querySelector(".toc-drawer:not(.no-toc)")?.getBoundingClientRect();
  return {
    code: blocks.length,
    cut: blocks.filter((one) => one.scrollWidth > one.clientWidth + 1).length,
    mute: pictures.filter((one) => !one.alt).length,
    small: pictures.filter(small).length,
    contents: contents ? contents.left >= 0 && contents.right <= window.innerWidth : null,
  };
}"""

# Has all pictures drawn, those further down too, and the bar where it belongs.
WHOLE = """async () => {
  for (const picture of document.images) picture.loading = "eager";
  await document.fonts.ready;
  await Promise.all([...document.images].map((picture) => picture.decode()));
  scrollTo({ top: 0, behavior: "instant" });
}"""


@dataclass(frozen=True)
class View:
    """A page to look at.

    Args:
        name: Of the screenshot.
        address: Below the site's root.
        act: What to do on the page, and to find there, before the screenshot.
        scheme: Light or dark.
        widths: Of the windows.
    """

    name: str
    address: str
    act: Callable[[Page], None] = lambda page: None
    scheme: Literal["light", "dark"] = "light"
    widths: tuple[int, ...] = WIDTHS


def views() -> Iterator[View]:
    """Yields what is looked at."""
    yield View("root", "index.html", lambda page: page.wait_for_url("**/en/index.html"))
    for language in LANGUAGES:
        yield View(f"home-{language}", f"{language}/index.html")
        yield View(f"gallery-{language}", f"{language}/recipes/index.html")
        yield View(f"recipe-{language}", f"{language}/recipes/cnn-mnist.html")
        yield View(f"corrections-{language}", f"{language}/corrections.html", _filter)
        for path in paths():
            address = f"{language}/chapters/{path.stem}.html"
            yield View(f"{path.stem}-{language}", address, _predict)
    for page in ("guide", "install", "glossary", "symbols", "cheatsheet", "next"):
        for language in LANGUAGES:
            yield View(f"{page}-{language}", f"{language}/{page}.html")
    for path in sorted((ROOT / "docs" / "zh").glob("*.md")):
        for language in LANGUAGES if path.stem not in LEFT_OUT else ():
            yield View(f"{path.stem}-{language}", f"{language}/documents/{path.stem}.html")
    yield View("search-zh", "zh/search.html?q=验证集", _results)
    yield View("search-en", "en/search.html?q=overfitting", _results)
    yield View("api", "en/api/kerastut.train.trainer.html")
    for name, address, act in trying.acts():
        yield View(f"live-{name}-en", f"en/{address}", act, widths=(1280,))
        yield View(f"live-{name}-zh", f"zh/{address}", act, "dark", widths=(PHONE,))
    yield View("home-dark", "en/index.html", scheme="dark")
    yield View("corrections-dark", "en/corrections.html", _filter, scheme="dark")


def _filter(page: Page) -> None:
    page.fill("#kt-filter", "input_dim")
    shown = page.locator("#kt-corrections tbody tr:not([hidden])").count()
    if not 0 < shown < 123:
        raise AssertionError(f"the filter shows {shown} rows")


def _predict(page: Page) -> None:
    choice = page.locator("details.choice").first
    answer = choice.locator("p").first
    if answer.is_visible():
        raise AssertionError("an answer stands open before a choice is clicked")
    choice.locator("summary").click()
    answer.wait_for()


def _results(page: Page) -> None:
    page.wait_for_selector(".pagefind-ui__result-link")


def look(browser: Browser, root: str, view: View) -> list[str]:
    """Opens a page and takes its screenshot at each width; returns what is wrong with it."""
    found: list[str] = []
    widths = view.widths + (DESKS if "/chapters/" in view.address else ())
    context = browser.new_context(
        viewport={"width": widths[0], "height": 900},
        color_scheme=view.scheme,
        locale="en-GB",
        service_workers="block",
    )

    def refuse(route: Route) -> None:
        if route.request.url.startswith((root, "data:", "blob:")):
            route.continue_()
        else:
            found.append(f"asks for {route.request.url}")
            route.abort()

    context.route("**/*", refuse)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("console", partial(_note_error, found))
    page.on("pageerror", lambda error: found.append(str(error)))
    try:
        page.goto(f"{root}/{view.address}")
        view.act(page)
        page.evaluate(WHOLE)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults = [f"is {wide} pixels wide"] if wide > width else []
            faults += wrong(page.evaluate(MEASURE), width)
            found += [f"at {width}: {line}" for line in faults]
            page.screenshot(path=SCREENSHOTS / f"{view.name}-{width}.png", full_page=True)
    except Exception as error:
        found.append(str(error).splitlines()[0])
    context.close()
    return [f"{view.name}: {line}" for line in found]


def wrong(page: dict[str, Any], width: int) -> list[str]:
    """Returns which rules of the layout a page breaks at a width, by what it tells of itself."""
    allowed = page["code"] // 10 if width == PHONE else 0
    found = {
        f"cuts off {page['cut']} of {page['code']} blocks of code": page["cut"] > allowed,
        f"shows {page['mute']} pictures without words": page["mute"],
        f"shows {page['small']} pictures too small to read": page["small"],
        "shows no contents": page["contents"] is False and width != PHONE,
    }
    return [text for text, broken in found.items() if broken]


def switched(browser: Browser, root: str, width: int) -> list[str]:
    """Returns what is wrong with the way from a section to the same one in the other language."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE)
    name = paths()[0].stem
    page.goto(f"{root}/en/chapters/{name}.html", wait_until="networkidle")
    sections = page.locator("article section[id] section[id]")
    place = sections.nth(sections.count() // 2).get_attribute("id") or ""
    page.evaluate(
        '(place) => document.getElementById(place).scrollIntoView({behavior: "instant"})', place
    )
    page.click(".kt-language")
    page.wait_for_load_state("networkidle")
    expected = f"{root}/zh/chapters/{name}.html#{place}"
    return [] if page.url == expected else [f"the language switch leads to {page.url} at {width}"]


def _note_error(found: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        found.append(message.text)


def main() -> int:
    """Looks at all pages; prints what is wrong."""
    program = chromium()
    if not program or not SITE.exists():
        need = "a built site (make site)" if program else "Chromium (set CHROMIUM to its path)"
        print(f"site-check needs {need}.", file=sys.stderr)
        return 2
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    found: list[str] = []
    with served(SITE) as root, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=program, args=["--no-sandbox"])
        pages = list(views())
        for number, view in enumerate(pages, 1):
            print(f"{number} of {len(pages)}: {view.address}", file=sys.stderr, flush=True)
            found += look(browser, root, view)
        for width in WIDTHS:
            found += switched(browser, root, width)
        for check in (trying.disagreements, trying.photographs, trying.budgets, trying.offline):
            try:
                found += check(browser, root)
            except Error as error:  # the others are told all the same
                found.append(f"{check.__name__}: {error.message.splitlines()[0]}")
        browser.close()
    print(*found or [f"nothing wrong; screenshots in {SCREENSHOTS}"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
