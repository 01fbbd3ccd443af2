"""Builds the static site in build/site: two languages, search, no request to another host.

Usage: PYTHONPATH=scripts python -m book.site [CHAPTER ...]

Sphinx's warnings are errors, and so is a link that leads nowhere, unless chapters are named: then
the site has these alone. `FULL=1` builds the published edition.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from book import BUILD, LANGUAGES, ROOT, anchors, live, packages, pdf, policy, untranslated
from book.execution import run_all
from book.figures import run_recipes
from book.linkcheck import problems
from book.mathematics import write as write_mathematics
from book.pages import api, corrections, documents, gallery, home, lessons, reference
from book.serving import SITE
from book.stamp import epoch
from kerastut.errors import KerastutError
from kerastut.teaching import FULL

PAGES, HTML = BUILD / "pages", BUILD / "html"
SPHINX = Path(__file__).parent / "sphinx"


# What a search does not look at.
BESIDE_PROSE = ".headerlink, .cell_input, .output.stream, .output.text_plain, .output.text_html"
BESIDE_PROSE += ", .katex-mathml"


class SiteError(KerastutError):
    """A site that could not be built without a warning."""

    exit_status = 1


def build(names: Sequence[str] = (), site: Path = SITE) -> None:
    """Builds the site, with the named chapters or all.

    Raises:
        SiteError: If Sphinx warns, a link is broken, a page loads something from another host, or a
            block of the Chinese edition is in English.
    """
    chapters = run_all(names)
    run_recipes(FULL)
    for folder in (PAGES, HTML, site):
        shutil.rmtree(folder, ignore_errors=True)
    for language in LANGUAGES:
        write_pages(PAGES / language, language, chapters)
    anchors.write({language: PAGES / language for language in LANGUAGES})
    write_mathematics()
    _finish([_start_sphinx(language) for language in LANGUAGES])
    for language in LANGUAGES:
        # Each edition was built below a folder of its own: myst-nb writes beside its output.
        shutil.copytree(HTML / language / "out", site / language, ignore=_inner_files)
    shutil.copyfile(SPHINX / "root.html", site / "index.html")
    live.write(site / "live")
    wheel = packages.wheel(site / "wheel")
    for language in LANGUAGES:
        packages.book(site / language, wheel)
        if pdf.wanted():
            pdf.write(site, language, list(chapters))
    _index(site)
    policy.write(site)
    found = [*problems(site), *untranslated.problems(site / "zh")]
    if found and not names:
        raise SiteError("\n".join(found))


def write_pages(folder: Path, language: str, chapters: dict[str, NotebookNode]) -> None:
    """Writes everything that Sphinx reads for one edition."""
    folder.mkdir(parents=True)
    lessons.write(folder, language, chapters)
    gallery.write(folder, language)
    corrections.write(folder, language)
    documents.write(folder, language)
    api.write(folder, language)
    reference.write(folder, language)
    home.write(folder, language, chapters)


def _start_sphinx(language: str) -> tuple[str, subprocess.Popen[bytes]]:
    source, target = PAGES / language, HTML / language
    options = ["-W", "--keep-going", "-q", "-c", str(SPHINX), "-d", str(target / "doctrees")]
    call = [sys.executable, "-m", "sphinx", *options, str(source), str(target / "out")]
    environment = {
        **os.environ,
        "KERASTUT_EDITION": language,
        "KERASTUT_EXTRA": str(source / "extra"),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")]),
        "SOURCE_DATE_EPOCH": str(epoch()),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return language, subprocess.Popen(call, env=environment)


def _finish(started: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    failed = [language for language, process in started if process.wait()]
    if failed:
        raise SiteError(f"Sphinx warned while it built {' and '.join(failed)}; see above.")


def _inner_files(folder: str, names: list[str]) -> set[str]:
    return {".buildinfo"} & set(names)


def _index(site: Path) -> None:
    """Makes the search of both editions; pagefind tells them apart by the pages' language."""
    call = [sys.executable, "-m", "pagefind", "--site", str(site), "--quiet"]
    call += ["--exclude-selectors", BESIDE_PROSE]
    # It notes each time that it knows no word stems in Chinese, which has none.
    finished = subprocess.run(call, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SiteError(f"pagefind failed: {finished.stdout}{finished.stderr}")
    # It writes the languages in an order of chance.
    entry = site / "pagefind" / "pagefind-entry.json"
    entry.write_text(json.dumps(json.loads(entry.read_text()), sort_keys=True))


def main(names: list[str]) -> int:
    """Builds, and says where the site is."""
    try:
        build(names)
    except KerastutError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(f"site  {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
