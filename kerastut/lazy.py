"""Front doors: an `__init__` names what others may use, and loads none of it before its first use.

Keras and TensorFlow take seconds to import; `kerastut list` must not wait for them.
"""

import ast
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


def front_door(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Makes what an `__init__` imports `if TYPE_CHECKING:` importable from it, on first use.

    The imports are read from the file itself, so that a type checker, a reader and Python go by the
    same lines.

    Args:
        package: The package's `__name__`.
        file: Its `__file__`.

    Returns:
        The functions `__getattr__` and `__dir__` of the package.

    Example:

    >>> __getattr__, __dir__ = front_door(__name__, __file__)
    """

    @cache
    def places() -> dict[str, tuple[str, str]]:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        guarded = next(node for node in tree.body if isinstance(node, ast.If))
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in guarded.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def find(name: str) -> Any:
        if name == "__all__":  # what `from package import *` asks for
            return sorted(places())
        if name not in places():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, original = places()[name]
        # As `from module import original` does, which also finds a module of a package.
        value = getattr(__import__(module, fromlist=[original]), original)
        setattr(import_module(package), name, value)
        return value

    return find, lambda: sorted(places())
