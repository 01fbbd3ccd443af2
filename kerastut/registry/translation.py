"""The recipes' texts in Chinese."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from kerastut.registry.recipe import Recipe

TEXTS = Path(__file__).with_name("recipes.zh.toml")


@cache
def chinese_texts() -> dict[str, dict[str, Any]]:
    """Returns the Chinese texts by the recipe's name, and `parameters` by the English text."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def translated(recipe: Recipe, language: str) -> Recipe:
    """Returns a recipe with its texts in the language; one of the reader's own stays as it is."""
    texts, meanings = chinese_texts().get(recipe.name), chinese_texts()["parameters"]
    if language == "en" or not recipe.packaged or texts is None:
        return recipe
    return replace(
        recipe,
        summary=texts["summary"],
        description=texts["description"].strip(),
        parameters={
            name: replace(parameter, help=meanings.get(parameter.help, parameter.help))
            for name, parameter in recipe.parameters.items()
        },
    )
