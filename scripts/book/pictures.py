"""Pictures on pages: as wide as they need to be, in a frame that scrolls where it is narrower."""

import shutil
from html import escape
from pathlib import Path

from PIL import Image

from kerastut.teaching import LEAST_TEXT

FIGURE = (
    '<img class="kt-figure" src="{source}" alt="{alt}" width="{width}" height="{height}"'
    ' style="min-width: {least_width}px" loading="lazy">'
)
# The smallest text of saved figures in points, and their dots per inch.
POINTS, DOTS = 8, 150


def element(source: str, alt: str, width: int, height: int, least_width: int) -> str:
    """Returns the HTML of a picture.

    Args:
        source: Its address, seen from the page.
        alt: What it shows.
        width: In CSS pixels, where there is room.
        height: The same.
        least_width: Below it texts would be too small; the frame scrolls instead.
    """
    size = {"width": width, "height": height, "least_width": least_width}
    return FIGURE.format(source=source, alt=escape(alt), **size)


def framed(path: Path, alt: str, extra: Path) -> str:
    """Copies a saved figure beside the pages; returns HTML for a page one folder down.

    Args:
        path: PNG that `kerastut.plotting.save` wrote.
        alt: What it shows.
        extra: Folder that is copied into the edition as it is.
    """
    # A recipe's figure and a document's may bear one name: each folder keeps its own.
    folder = extra / "figures" / path.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder)
    with Image.open(path) as image:
        width, height = image.size
    least = round(width * LEAST_TEXT * 72 / (POINTS * DOTS))
    wide, high = round(width * 96 / DOTS), round(height * 96 / DOTS)
    picture = element(f"../figures/{path.parent.name}/{path.name}", alt, wide, high, least)
    return f'<div class="kt-wide">{picture}</div>'
