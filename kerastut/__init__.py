"""Corrected, tested recipes for five widely copied Keras tutorials.

Names are imported on first use, so that `import kerastut` loads neither Keras nor TensorFlow.

Example:

>>> import kerastut
>>> [recipe.name for recipe in kerastut.list_recipes()]
>>> run = kerastut.run("cnn-mnist", epochs=1, limit=6000)
>>> run.metrics["accuracy"]
"""

import os.path
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kerastut.data import load
    from kerastut.data.arrays import from_arrays
    from kerastut.data.options import DataOptions
    from kerastut.errors import KerastutError
    from kerastut.recipe import Recipe
    from kerastut.registry import get_recipe, list_recipes
    from kerastut.results import Run
    from kerastut.running import run

__version__ = "0.1.0"
__all__ = [
    "DataOptions",
    "KerastutError",
    "Recipe",
    "Run",
    "from_arrays",
    "get_recipe",
    "list_recipes",
    "load",
    "run",
]

_ROOMS = {
    "DataOptions": "data.options",
    "KerastutError": "errors",
    "Recipe": "recipe",
    "Run": "results",
    "from_arrays": "data.arrays",
    "get_recipe": "registry",
    "list_recipes": "registry",
    "load": "data",
    "run": "running",
}

# In a checkout the recipes lie beside the package; a wheel carries them inside.
if not os.path.isdir(os.path.join(os.path.dirname(__file__), "recipes")):  # noqa: PTH112, PTH118, PTH120
    __path__.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'kerastut' has no attribute {name!r}")
    value = getattr(import_module(f"kerastut.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
