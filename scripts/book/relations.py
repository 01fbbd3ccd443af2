"""Which chapters, recipes, topics and corrections belong together."""

import re
import tomllib
from functools import cache
from pathlib import Path

from book.chapters import language, paths, programs, read, title
from kerastut.registry import list_recipes

_TABLE = Path(__file__).with_name("related.toml")
_FAULT = re.compile(r"\bT\d-\d\d\b")


@cache
def _texts() -> dict[str, str]:
    """Returns what stands in each chapter but for its Chinese, by the chapter's name.

    A whole program stands there under the name of its recipe.
    """
    chapters = {path.stem: read(path) for path in paths()}
    return {
        name: "\n".join(
            [
                *(cell.source for cell in chapter.cells if language(cell) != "zh"),
                *(program.replace("_", "-") for program in programs(chapter)),
            ]
        )
        for name, chapter in chapters.items()
    }


@cache
def titles(wanted: str) -> dict[str, str]:
    """Returns the chapters' titles in a language, by name."""
    return {path.stem: title(read(path), wanted) for path in paths()}


def recipes_of(chapter: str) -> list[str]:
    """Returns the recipes that a chapter names, runs or shows as a whole program."""
    names = [recipe.name for recipe in list_recipes()]
    text = _texts().get(chapter, "")
    return [name for name in names if re.search(rf"(?<![\w-]){name}(?![\w-])", text)]


def chapters_of_recipe(recipe: str) -> list[str]:
    """Returns the chapters that name a recipe."""
    return [chapter for chapter in _texts() if recipe in recipes_of(chapter)]


def chapters_of_fault(fault: str) -> list[str]:
    """Returns the chapters that show a fault of the tutorials."""
    return [chapter for chapter, text in _texts().items() if fault in _FAULT.findall(text)]


def topics_of(chapter: str) -> list[str]:
    """Returns the topics that a chapter leads to."""
    return list(_topics().get(chapter, ()))


def chapters_of_topic(topic: str) -> list[str]:
    """Returns the chapters that lead to a topic."""
    return [chapter for chapter in _texts() if topic in topics_of(chapter)]


@cache
def _topics() -> dict[str, list[str]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
