"""Finds the recipes and reads their headers without importing Keras."""

import ast
import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from kerastut.errors import RecipeError, UnknownNameError, did_you_mean, one_line, shown, shown_path
from kerastut.registry.command import as_argument
from kerastut.registry.headers import header, parameters, parse
from kerastut.registry.places import slips
from kerastut.registry.recipe import Recipe

PACKAGE = "kerastut.recipes"


def list_recipes() -> list[Recipe]:
    """Returns every recipe, sorted by name.

    Raises:
        RecipeError: If a header is malformed or two recipes have the same name.
    """
    return list(read_folder(_folder()).values())


def get_recipe(name: str | Path) -> Recipe:
    """Returns a recipe by its name, or the one in a file of the reader's own.

    Args:
        name: A name that `list_recipes` gives, or the path of a `.py` file.

    Raises:
        UnknownNameError: If there is no such recipe; the message names the nearest ones.
        RecipeError: If its header is malformed, or what came is no name.

    Example:

    >>> get_recipe("cnn-mnist").epochs
    """
    if not isinstance(name, str | Path):
        raise RecipeError(
            "A recipe is a name that kerastut.list_recipes() gives, the path of a recipe file,"
            f" or a Recipe; received a value of type {type(name).__name__}."
        )
    if isinstance(name, Path) or name.endswith(".py"):
        return read_header(Path(name))
    try:
        return packaged_recipe(name)
    except UnknownNameError:
        for file in (f"{name}.py", f"{name.replace('-', '_')}.py"):
            if Path(file).is_file():
                raise UnknownNameError(
                    f"Unknown recipe {shown(repr(name))}. Did you mean {as_argument(Path(file))}?"
                ) from None
        raise


def packaged_recipe(name: str) -> Recipe:
    """Returns a recipe of the package by its name, which is never taken for a path."""
    recipes = read_folder(_folder())
    if name not in recipes:
        raise UnknownNameError(f"Unknown recipe {shown(repr(name))}. {did_you_mean(name, recipes)}")
    return recipes[name]


def bands(recipe: Recipe, dataset: str) -> dict[str, tuple[float, float]]:
    """Returns the recipe's bands for data; none where they were measured for something else.

    They belong to the recipe's own data, and those in an edited copy to the recipe that it is of.
    """
    others = [] if recipe.packaged or not recipe.path.name else list_recipes()
    edited = any(
        (one.expect, one.dataset) == (recipe.expect, recipe.dataset) and one.sha256 != recipe.sha256
        for one in others
    )
    return {} if edited or dataset != recipe.dataset else dict(recipe.expect)


# Files of the reader's own that have been executed: the text, and what came of it.
_executed: dict[Path, tuple[bytes, ModuleType]] = {}


def load_module(recipe: Recipe) -> ModuleType:
    """Imports the recipe's file, and with it Keras; a reader's file anew only once it has changed.

    Raises:
        RecipeError: If the file cannot be imported.
    """
    if recipe.packaged:
        return importlib.import_module(f"{PACKAGE}.{recipe.path.stem}")
    try:
        with slips(recipe, RecipeError):
            text = recipe.path.read_bytes()
            if recipe.path not in _executed or _executed[recipe.path][0] != text:
                _executed[recipe.path] = text, _execute(recipe.path)
    except OSError as error:
        raise RecipeError(f"{recipe.path}: cannot be imported: {one_line(error)}") from error
    return _executed[recipe.path][1]


def _execute(path: Path) -> ModuleType:
    main = sys.modules["__main__"]
    if Path(getattr(main, "__file__", None) or "").resolve() == path:
        return main  # `python my_cnn.py`, whose last line has come here
    # A name that is no other module's; dataclasses look theirs up.
    spec = importlib.util.spec_from_file_location(f"recipe {path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_folder(folder: Path) -> dict[str, Recipe]:
    """Reads the headers of a folder's recipe files, sorted by name, without those of `_...`."""
    recipes: dict[str, Recipe] = {}
    for path in sorted(folder.glob("[!_]*.py")):
        recipe = read_header(path)
        if recipe.name in recipes:
            raise RecipeError(
                f"{path}: the recipe name {recipe.name!r} is taken by"
                f" {recipes[recipe.name].path.name}; rename one of the files."
            )
        recipes[recipe.name] = recipe
    return dict(sorted(recipes.items()))


def read_header(path: Path) -> Recipe:
    """Reads a recipe file's docstring, `RECIPE` and hyperparameters without importing it."""
    tree = parse(path)
    document = ast.get_docstring(tree)
    if not document:
        raise RecipeError(f"{path}: expected a docstring whose first line is the summary.")
    summary, _, description = document.partition("\n")
    try:
        return Recipe(
            **header(path, tree),
            name=path.stem.lower().replace("_", "-"),
            summary=summary.strip(),
            description=description.strip(),
            path=path.resolve(),
            packaged=path.resolve().parent == _folder(),
            parameters=parameters(path, tree),
        )
    except RecursionError as error:
        raise RecipeError(f"{shown_path(path)}: nested too deeply for a recipe.") from error


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RecipeError("The recipes are missing from this installation; install kerastut again.")
    return Path(spec.origin).resolve().parent
