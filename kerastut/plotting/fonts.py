"""Fonts for class names in Chinese."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from matplotlib.font_manager import findSystemFonts, fontManager

PLAIN = "DejaVu Sans"
# Files of Linux, Windows and macOS. They are looked for on the disk, since matplotlib's own list is
# as old as its first use.
CHINESE = (
    *("notosanscjk-regular", "notosanscjksc-regular", "sourcehansanssc-regular", "wqy-zenhei"),
    *("wqy-microhei", "msyh", "simhei", "pingfang", "stheiti light", "arial unicode"),
)


def family(texts: Iterable[str]) -> list[str]:
    """Returns matplotlib's `font.family` for texts: with a Chinese font behind if they need one."""
    wide = any(unicodedata.east_asian_width(letter) in "WF" for text in texts for letter in text)
    return [PLAIN, *_chinese()] if wide else [PLAIN]


@cache
def _chinese() -> tuple[str, ...]:
    """Returns the name of the first Chinese font that is installed, if any."""
    installed = {Path(path).stem.lower(): path for path in findSystemFonts()}
    for file in CHINESE:
        if file in installed:
            fontManager.addfont(installed[file])
            return (fontManager.ttflist[-1].name,)
    return ()
