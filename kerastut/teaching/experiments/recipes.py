"""Recipes as modules, and with a few characters changed, as after `kerastut copy`."""

import tempfile
from pathlib import Path
from types import ModuleType

from kerastut.errors import ParameterError
from kerastut.registry import get_recipe, load_module

# Deleted when the process ends.
_FOLDER = tempfile.TemporaryDirectory(prefix="kerastut-")


def recipe(name: str) -> ModuleType:
    """Returns a recipe's module, with its `build` and the rest.

    Args:
        name: Such as `"cnn-mnist"`.

    Raises:
        UnknownNameError: If there is no such recipe.
    """
    return load_module(get_recipe(name))


def edited(name: str, old: str, new: str) -> Path:
    """Copies a recipe and replaces one place of its text.

    Args:
        name: Such as `"text-lstm"`.
        old: What to replace; stands exactly once in the file.
        new: What takes its place.

    Returns:
        The copy's path, for `kerastut.run`.

    Raises:
        ParameterError: If `old` does not stand there exactly once.

    Example:

    >>> kerastut.run(edited("text-lstm", "mask_zero=True)", "mask_zero=False)"))
    """
    text = get_recipe(name).path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ParameterError(
            f"edited: expected {old!r} once in {name}; found it {text.count(old)} times."
            " Quote a longer piece of the line."
        )
    path = Path(_FOLDER.name) / f"{name.replace('-', '_')}_edited.py"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path
