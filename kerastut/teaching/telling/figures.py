"""Figures in the languages of the edition, from one execution."""

import math
import sys
from collections import ChainMap
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.teaching.telling.showing import languages, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kerastut.plotting import Labels

LABELS = Path(__file__).parents[1] / "labels"
LEAST_TEXT = 9
# What the next figure shows, in words, by language.
_told: dict[str, str] = {}


def alt(*, en: str, zh: str) -> None:
    """Says what the next figure of the cell shows, for those who cannot see it.

    Args:
        en: In English: the kind of figure, and what is to be seen in it.
        zh: The same in Chinese.
    """
    _told.update(en=en, zh=zh)


def register() -> None:
    """Lets a notebook show every figure by `show_figure`; does nothing outside of a notebook."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    if shell := get_ipython():
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type_by_name("matplotlib.figure", "Figure", show_figure)
        shell.events.register("post_run_cell", lambda result: _told.clear())
        _set_style()


def _set_style() -> None:
    """Gives what a chapter draws with pyplot the house's colours, at a size for phones too."""
    import matplotlib as mpl
    from cycler import cycler

    from kerastut.plotting import COLOURS, DASHES

    mpl.rcParams["axes.prop_cycle"] = cycler(color=COLOURS) + cycler(linestyle=DASHES)
    mpl.rcParams["figure.figsize"] = 5.4, 3.6


def show_figure(figure: "Figure") -> None:
    """Shows a figure once in each language.

    Each output carries its language, the words of `alt`, and the least width in CSS pixels at which
    its smallest text is still legible.
    """
    from IPython.core.pylabtools import retina_figure

    from kerastut.plotting import translated

    shown = languages() if figure.axes else ()
    for language in shown:
        with translated(figure, in_chinese) if language == "zh" else nullcontext():
            picture, size = retina_figure(figure, base64=True)  # type: ignore[no-untyped-call]
            least = round(size["width"] * LEAST_TEXT / smallest_text(figure))
        words = _told.get(language, "")
        data = {"image/png": picture, "text/plain": words or "figure"}
        show(data, language, {"image/png": size, "alt": words, "least_width": least})
    _told.clear()


def smallest_text(figure: "Figure") -> float:
    """Returns the size of a drawn figure's smallest text, in its pixels; infinite without text."""
    from matplotlib.text import Text

    texts = (text for text in figure.findobj(Text) if text.get_visible() and text.get_text())
    points = min((float(text.get_fontsize()) for text in texts), default=math.inf)
    return points * figure.dpi / 72


def in_chinese(text: str) -> str:
    """Returns a text of a figure or a check in Chinese.

    Where both languages are shown, one without a Chinese twin is told on standard error, which
    fails the build. A reader sees it in English.
    """
    chinese = _labels().chinese(text)
    if chinese is None and len(languages()) > 1:
        print(f"no Chinese label for {text!r}", file=sys.stderr)
    return chinese or text


@cache
def _labels() -> "Labels":
    """Returns the Chinese texts of the figures of kerastut and of its chapters."""
    from kerastut.plotting import LABELS as COMMON
    from kerastut.plotting import Labels, label_pairs
    from kerastut.registry import list_recipes

    names = {recipe.name: recipe.name for recipe in list_recipes()}
    tables = (label_pairs(path) for path in (COMMON, *sorted(LABELS.glob("*.toml"))))
    return Labels(dict(ChainMap(names, *tables)))
