"""Fonts for texts in Chinese."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager
from matplotlib.ft2font import FT2Font

from kerastut.streams import say

PLAIN = "DejaVu Sans"
# Ours has the common characters: `scripts/build_font.py` cuts it.
FONT = Path(__file__).parent / "font" / "kerastut-sans-sc.ttf"
# Files of Linux, Windows and macOS for the others. They are looked for on the disk, since
# matplotlib's own list is as old as its first use.
INSTALLED = (
    *("notosanscjk-regular", "notosanscjksc-regular", "sourcehansanssc-regular", "wqy-zenhei"),
    *("wqy-microhei", "msyh", "simhei", "pingfang", "stheiti light", "arial unicode"),
)


def family(texts: Iterable[str]) -> list[str]:
    """Returns matplotlib's `font.family` for texts: fonts that together have their characters."""
    missing = set("".join(texts)) - _letters(findfont(FontProperties(family=PLAIN)))
    names = [PLAIN]
    for file in _behind():
        if not missing:
            return names
        if found := missing & _letters(file):
            missing -= found
            names.append(_name(file))
    if missing := {letter for letter in missing if letter.isprintable()}:
        say(
            f"No font here has {' '.join(sorted(missing)[:10])}: drawn as boxes. Install one, such"
            " as Debian's fonts-noto-cjk."
        )
    return names


def _behind() -> Iterator[str]:
    """Yields the files of our font and of the first one for Chinese that is installed, if any."""
    yield str(FONT)
    installed = {Path(path).stem.lower(): path for path in findSystemFonts()}
    yield from [installed[file] for file in INSTALLED if file in installed][:1]


@cache
def _letters(file: str) -> frozenset[str]:
    return frozenset(map(chr, FT2Font(file).get_charmap()))


@cache
def _name(file: str) -> str:
    """Makes a font known to matplotlib; returns its name."""
    fontManager.addfont(file)
    return fontManager.ttflist[-1].name
