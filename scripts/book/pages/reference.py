"""Glossary, symbols, cheat sheet, installation, and where to go next."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from book.chinese import joined
from book.live import section
from book.pages.home import TEXTS
from book.words import word
from kerastut.version import __version__

TABLES = Path(__file__).parent.parent
_SYMBOLS = (
    "These letters mean the same in every chapter. All others, running indices too, are explained"
    " where they stand."
)


def write(folder: Path, language: str) -> None:
    """Writes the pages."""
    (folder / "glossary.md").write_text(glossary(language), encoding="utf-8")
    (folder / "symbols.md").write_text(symbols(language), encoding="utf-8")
    for name in ("cheatsheet", "checker", "install", "next"):
        text = joined((TEXTS / f"{name}.{language}.md").read_text(encoding="utf-8"))
        text = text.replace("@VERSION@", __version__).replace("@LIVE@", section(name, language))
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def glossary(language: str) -> str:
    """Returns the words of the chapters as a table: both languages, Keras's name, the meaning."""
    words = tomllib.loads((TABLES / "glossary.toml").read_text(encoding="utf-8"))
    heads = ("English", "中文", "Keras", word("meaning", language))
    rows = [
        (english, chinese, keras and f"`{keras}`", means[language == "zh"])
        for english, (chinese, keras, *means) in sorted(words.items(), key=lambda x: x[0].lower())
    ]
    return _page(word("Glossary", language), heads, rows)


def symbols(language: str) -> str:
    """Returns the symbols of the formulas as a table."""
    found = tomllib.loads((TABLES / "symbols.toml").read_text(encoding="utf-8"))["symbol"]
    heads = tuple(word(head, language) for head in ("symbol", "meaning", "shape"))
    rows = [
        (f"${one['tex']}$", one[language], f"${one['shape']}$" if one["shape"] else "")
        for one in found
    ]
    return _page(word("Symbols", language), heads, rows, word(_SYMBOLS, language))


def _page(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], before: str = "") -> str:
    lines: list[Sequence[str]] = [heads, ["---"] * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"---\nhide-toc: true\n---\n# {title}\n\n{before}\n\n{table}\n"
