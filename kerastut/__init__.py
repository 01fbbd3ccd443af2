"""Corrected, tested recipes for five widely copied Keras tutorials.

Names are imported on first use, so that `import kerastut` loads neither Keras nor TensorFlow.

Example:

>>> import kerastut
>>> [recipe.name for recipe in kerastut.list_recipes()]
>>> run = kerastut.run("cnn-mnist", epochs=1, limit=6000)
>>> run.metrics["accuracy"]
"""

import os.path
from typing import TYPE_CHECKING

from kerastut.lazy import front_door
from kerastut.version import __version__ as __version__

if TYPE_CHECKING:
    from kerastut.arrays import Array as Array
    from kerastut.cli import run_file as run_file
    from kerastut.conversion import convert as convert
    from kerastut.data import DataOptions as DataOptions
    from kerastut.data import from_arrays as from_arrays
    from kerastut.data import load as load
    from kerastut.errors import KerastutError as KerastutError
    from kerastut.registry import Recipe as Recipe
    from kerastut.registry import get_recipe as get_recipe
    from kerastut.registry import list_recipes as list_recipes
    from kerastut.runs import run as run
    from kerastut.train import Run as Run
    from kerastut.train import epoch_order as epoch_order
    from kerastut.train import warmup_cosine as warmup_cosine

# In a checkout the recipes lie beside the package; a wheel carries them inside.
if not os.path.isdir(os.path.join(os.path.dirname(__file__), "recipes")):  # noqa: PTH112, PTH118, PTH120
    __path__.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120

__getattr__, __dir__ = front_door(__name__, __file__)
