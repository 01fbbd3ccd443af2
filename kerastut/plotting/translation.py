"""The texts of a figure in Chinese."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from kerastut.plotting.fonts import family

# What every figure may say; chapters have further tables.
LABELS = Path(__file__).with_name("labels.toml")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FORMULA = re.compile(r"\$[^$]*\$")
_PROSE = re.compile(r"[^\W\d_]{2,}")
# One word with a mark or with capitals that no word of prose has.
_CODE = re.compile(r"\S*[_=()\[\]]\S*|\w*[A-Z]\w*[A-Z]\w*|[a-z]+\d\w*")
_BLANK = re.compile(r"\\\{(\w+)\\\}")


class Labels:
    """Translates the texts of figures.

    Args:
        pairs: The Chinese texts by the English ones. A word in braces stands for any text, such as
            `"{count} steps"`, and is translated in its turn. A name that both languages share is
            its own twin.
    """

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = pairs
        self._forms = [
            (re.compile(_BLANK.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), chinese)
            for english, chinese in pairs.items()
            if "{" in english
        ]

    def chinese(self, text: str) -> str | None:
        """Returns a text in Chinese, `None` if it has no twin and needs one.

        Numbers, formulas, names of code and Chinese stay as they are.

        Example:

        >>> Labels({"{count} steps": "{count} 步"}).chinese("20 steps")
        '20 步'
        """
        if text in self._pairs:
            return self._pairs[text]
        plain = _FORMULA.sub("", text).strip()
        if not _PROSE.search(plain):
            return text
        for form, chinese in self._forms:
            if match := form.fullmatch(text):
                parts = {name: self.chinese(part) for name, part in match.groupdict().items()}
                if None not in parts.values():
                    return chinese.format_map(parts)
        same = _CHINESE.search(text) or _CODE.fullmatch(plain)
        return text if same else None


def label_pairs(path: Path) -> dict[str, str]:
    """Reads a table of figures' texts, the Chinese ones by the English ones."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _labels() -> Labels:
    return Labels(label_pairs(LABELS))


def in_chinese(text: str) -> str:
    """Returns a text of a figure in Chinese; what has no twin stays as it is."""
    return _labels().chinese(text) or text


@contextmanager
def translated(figure: Figure, translate: Callable[[str], str]) -> Iterator[None]:
    """Puts the texts of a figure into another language, and back at the end."""
    figure.draw_without_rendering()  # which writes the texts of the ticks
    axes = [axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]
    formatters = [(axis, axis.get_major_formatter()) for axis in axes]
    for axis in axes:
        labels = [label.get_text() for label in axis.get_ticklabels()]
        chosen = list(map(translate, labels))
        if chosen != labels:  # words, and as many as there are ticks
            axis.set_major_formatter(FuncFormatter(_in_turn(chosen)))
    texts = [(text, text.get_text()) for text in figure.findobj(Text)]
    for text, before in texts:
        text.set_text(translate(before))
        if len(fonts := family([text.get_text()])) > 1:
            text.set_fontfamily([*text.get_fontfamily(), *fonts[1:]])
    try:
        yield
    finally:
        for axis, formatter in formatters:
            axis.set_major_formatter(formatter)
        for text, before in texts:
            text.set_text(before)


def _in_turn(texts: list[str]) -> Callable[[float, int], str]:
    return lambda value, place: texts[place]
