"""The source of the tested code, shown in a chapter, so that the two can never differ."""

import inspect
import textwrap
from types import ModuleType
from typing import Any

from kerastut.registry import get_recipe, load_module
from kerastut.teaching.telling.edition import show


def recipe(name: str) -> ModuleType:
    """Returns a recipe's module, with its `build` and the rest.

    Args:
        name: Such as `"cnn-mnist"`.

    Raises:
        UnknownNameError: If there is no such recipe.

    Example:

    >>> model = recipe("cnn-mnist").build()
    """
    return load_module(get_recipe(name))


def source(thing: Any) -> None:
    """Shows the source of a function, class or module.

    Args:
        thing: Such as `recipe("cnn-mnist").build`.

    Example:

    >>> source(recipe("cnn-mnist").build)
    """
    text = textwrap.dedent(inspect.getsource(thing)).rstrip()
    show(f"```python\n{text}\n```")
