"""The recipes' one-line summaries in both languages."""

import tomllib
from functools import cache
from pathlib import Path

from kerastut.registry import Recipe

FILE = Path(__file__).with_name("recipes.zh.toml")


@cache
def chinese() -> dict[str, str]:
    """Returns the Chinese summaries by the recipe's name."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def summary(recipe: Recipe, language: str) -> str:
    """Returns what a recipe shows, in one line."""
    return chinese()[recipe.name] if language == "zh" else recipe.summary
