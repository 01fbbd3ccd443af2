"""The plain programs: each recipe without kerastut, its comments in two languages."""

import re

from kerastut.errors import RecipeError
from kerastut.registry import Recipe

# A comment in English is followed by its Chinese twin, whose lines bear a mark.
_MARK = "# zh: "
_ENGLISH, _CHINESE = r"(?:^ *# (?!zh: ).*\n)+", rf"(?:^ *{_MARK}.*\n)+"


def plain_program(recipe: Recipe, language: str) -> str:
    """Returns a recipe as a program in plain Keras, NumPy and matplotlib.

    Args:
        recipe: One that comes with kerastut.
        language: That of the comments, `"en"` or `"zh"`. The code is the same.

    Raises:
        RecipeError: If the recipe is a file of the reader's own.
    """
    if not recipe.packaged:
        raise RecipeError(f"{recipe.path}: only recipes of 'kerastut list' have a plain program.")
    path = recipe.path.with_name("plain") / recipe.path.name
    return edition(path.read_text(encoding="utf-8"), language)


def edition(text: str, language: str) -> str:
    """Returns a program's text with its comments in one of the languages that it has."""
    if language == "en":
        return re.sub(_CHINESE, "", text, flags=re.MULTILINE)
    twins = f"{_ENGLISH}({_CHINESE})"
    return re.sub(twins, lambda match: match[1].replace(_MARK, "# "), text, flags=re.MULTILINE)
