"""The recipes' texts in both languages."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from book.chinese import joined
from kerastut.registry import Recipe

FILE = Path(__file__).with_name("recipes.zh.toml")


@cache
def chinese() -> dict[str, dict[str, Any]]:
    """Returns the Chinese texts by the recipe's name, and `parameters` by the English text."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def summary(recipe: Recipe, language: str) -> str:
    """Returns what a recipe shows, in one line."""
    return str(chinese()[recipe.name]["summary"]) if language == "zh" else recipe.summary


def description(recipe: Recipe, language: str) -> str:
    """Returns what a recipe shows and does differently, as Markdown."""
    if language == "en":
        return recipe.description
    return joined(chinese()[recipe.name]["description"].strip())


def meaning(text: str, language: str) -> str:
    """Returns what a hyperparameter is."""
    return str(chinese()["parameters"][text]) if language == "zh" else text
