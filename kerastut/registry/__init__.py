"""The registry: finds recipes, reads their headers without Keras, and resolves a run's settings.

One `Settings` serves the command line, Python and `run.json`.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.registry.command import as_argument as as_argument
    from kerastut.registry.command import as_command as as_command
    from kerastut.registry.lookup import bands as bands
    from kerastut.registry.lookup import get_recipe as get_recipe
    from kerastut.registry.lookup import list_recipes as list_recipes
    from kerastut.registry.lookup import load_module as load_module
    from kerastut.registry.lookup import packaged_recipe as packaged_recipe
    from kerastut.registry.places import place as place
    from kerastut.registry.places import slips as slips
    from kerastut.registry.recipe import Parameter as Parameter
    from kerastut.registry.recipe import Recipe as Recipe
    from kerastut.registry.recipe import in_band as in_band
    from kerastut.registry.settings import Choices as Choices
    from kerastut.registry.settings import Settings as Settings
    from kerastut.registry.settings import as_text as as_text
    from kerastut.registry.settings import from_record as from_record
    from kerastut.registry.settings import parse_parameter as parse_parameter
    from kerastut.registry.settings import resolve as resolve
    from kerastut.registry.translation import chinese_texts as chinese_texts
    from kerastut.registry.translation import translated as translated

__getattr__, __dir__ = front_door(__name__, __file__)
