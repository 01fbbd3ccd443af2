"""What edition a site is: its date, its size, and with what it was made."""

import os
import subprocess
from datetime import UTC, datetime
from functools import cache

from book import ROOT
from book.words import word
from kerastut.runs import versions
from kerastut.teaching import FULL

NAMES = {
    **{"kerastut": "kerastut", "python": "Python", "keras": "Keras"},
    **{"tensorflow": "TensorFlow", "numpy": "NumPy"},
}


@cache
def epoch() -> int:
    """Returns the second that stands for the build, so that two builds give the same bytes.

    It is that of `SOURCE_DATE_EPOCH`, or else that of the last commit.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    call = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(call, cwd=ROOT, capture_output=True, check=True, text=True).stdout)


def shortened(what: str, language: str) -> str:
    """Returns the sentence on a page of the reduced edition.

    Args:
        what: What was made shorter, in the edition's language.
        language: The edition's.
    """
    text = word(
        "This page is of the reduced edition: to save time, {shortened}; the numbers below are"
        " those of this short run.",
        language,
    )
    return text.format(shortened=what)


def stamp(language: str) -> str:
    """Returns the line that stands on each page."""
    text = (
        "Edition of {date}, trained in full."
        if FULL
        else "Reduced edition of {date}: numbers are not those of the full one."
    )
    date = datetime.fromtimestamp(epoch(), UTC).date().isoformat()
    found = versions()
    made_with = ", ".join(f"{name} {found[package]}" for package, name in NAMES.items())
    return f"{word(text, language).format(date=date)} {made_with}"
