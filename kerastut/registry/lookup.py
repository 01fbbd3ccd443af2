"""Finds the recipes and reads their headers without importing Keras."""

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from kerastut.errors import RecipeError, UnknownNameError, did_you_mean, one_line
from kerastut.registry.recipe import SUPPLIED, Parameter, Recipe

PACKAGE = "kerastut.recipes"
# The functions of a recipe file whose keywords are its hyperparameters.
BUILDERS = ("build", "encoder", "callbacks")
_FILLED_BY_REGISTRY = frozenset(
    {"name", "summary", "description", "path", "packaged", "parameters"}
)
_HEADER_FIELDS = tuple(f.name for f in fields(Recipe) if f.name not in _FILLED_BY_REGISTRY)
_REQUIRED_FIELDS = frozenset({"dataset", "epochs", "batch_size", "expect"})


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
    recipes = read_folder(_folder())
    if name not in recipes:
        raise UnknownNameError(f"Unknown recipe {name!r}. {did_you_mean(name, recipes)}")
    return recipes[name]


def load_module(recipe: Recipe) -> ModuleType:
    """Imports the recipe's file, and with it Keras."""
    if recipe.packaged:
        return importlib.import_module(f"{PACKAGE}.{recipe.path.stem}")
    spec = importlib.util.spec_from_file_location(recipe.path.stem, recipe.path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RecipeError(f"{recipe.path}: cannot be imported: {one_line(error)}") from error
    return module


def read_folder(folder: Path) -> dict[str, Recipe]:
    """Reads the headers of all recipe files of a folder.

    Args:
        folder: Where the files lie; names that begin with `_` are left out.

    Returns:
        Recipes by name, sorted.

    Raises:
        RecipeError: If a header is malformed or two files give the same name.
    """
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
    """Reads a recipe file's docstring, `RECIPE` and hyperparameters without importing it.

    Args:
        path: A Python file.

    Raises:
        RecipeError: If the file is missing or is not a recipe.
    """
    tree = _parse(path)
    document = ast.get_docstring(tree)
    if not document:
        raise RecipeError(f"{path}: expected a docstring whose first line is the summary.")
    summary, _, description = document.partition("\n")
    return Recipe(
        **_header(path, tree),
        name=path.stem.lower().replace("_", "-"),
        summary=summary.strip(),
        description=description.strip(),
        path=path.resolve(),
        packaged=path.resolve().parent == _folder(),
        parameters=_parameters(path, tree),
    )


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RecipeError("The recipes are missing from this installation; install kerastut again.")
    return Path(spec.origin).resolve().parent


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise RecipeError(f"{path}: cannot read the recipe: {error.strerror}.") from error
    except (SyntaxError, ValueError) as error:
        raise RecipeError(f"{path}: not a Python file: {error}.") from error


def _header(path: Path, tree: ast.Module) -> dict[str, Any]:
    call = _recipe_call(path, tree)
    header = {keyword.arg: _literal(path, keyword.value) for keyword in call.keywords}
    unknown = sorted(str(name) for name in header if name not in _HEADER_FIELDS)
    missing = sorted(_REQUIRED_FIELDS - set(header))
    if call.args or unknown or missing:
        raise RecipeError(
            f"{path}:{call.lineno}: RECIPE takes the keywords {', '.join(_HEADER_FIELDS)};"
            f" unknown: {', '.join(unknown) or 'none'}; missing: {', '.join(missing) or 'none'}."
        )
    values = {str(name): value for name, value in header.items()}
    _check_values(f"{path}:{call.lineno}", values)
    return values


def _recipe_call(path: Path, tree: ast.Module) -> ast.Call:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="RECIPE")], value=ast.Call() as call):
                return call
    raise RecipeError(f"{path}: not a recipe: expected `RECIPE = Recipe(...)` at its top level.")


def _literal(path: Path, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise RecipeError(
            f"{path}:{node.lineno}: RECIPE must be literal, so that it can be read without running"
            f" the file; received {ast.unparse(node)!r}."
        ) from None


def _check_values(place: str, header: dict[str, Any]) -> None:
    for name in ("epochs", "batch_size"):
        if type(header[name]) is not int or header[name] < 1:
            raise RecipeError(f"{place}: {name} must be a positive integer; got {header[name]!r}.")
    if not isinstance(header["dataset"], str):
        raise RecipeError(f"{place}: dataset must be a name; got {header['dataset']!r}.")
    if not isinstance(header["expect"], dict) or not header["expect"]:
        raise RecipeError(f"{place}: expect must map metrics to bands; got {header['expect']!r}.")
    for metric, band in header["expect"].items():
        if not isinstance(band, tuple) or len(band) != 2 or not band[0] < band[1]:
            raise RecipeError(f"{place}: expect[{metric!r}] must be (low, high); got {band!r}.")


def _parameters(path: Path, tree: ast.Module) -> dict[str, Parameter]:
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in BUILDERS
    }
    if "build" not in functions:
        raise RecipeError(f"{path}: expected a function `build` that returns a compiled model.")
    found: dict[str, Parameter] = {}
    for name in BUILDERS:
        if name in functions:
            for argument, parameter in _keywords(path, functions[name]):
                found.setdefault(argument, parameter)
    return found


def _keywords(path: Path, function: ast.FunctionDef) -> Iterator[tuple[str, Parameter]]:
    """Yields the arguments of a function that have a default, with what the text says of them."""
    helps = _argument_help(ast.get_docstring(function) or "")
    positional = function.args.args[len(function.args.args) - len(function.args.defaults) :]
    pairs = [
        *zip(positional, function.args.defaults, strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if default is None or argument.arg in SUPPLIED:
            continue
        choices = _choices(argument.annotation)
        value = _literal(path, default)
        yield argument.arg, Parameter(value, choices, helps.get(argument.arg, ""))


def _choices(annotation: ast.expr | None) -> tuple[Any, ...]:
    match annotation:
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            literal = ast.literal_eval(values)
            return literal if isinstance(literal, tuple) else (literal,)
    return ()


def _argument_help(document: str) -> dict[str, str]:
    """Reads `name: text` entries of a docstring's Args section, in Keras's layout."""
    _, _, rest = document.partition("Args:\n")
    helps: dict[str, str] = {}
    name = ""
    for line in rest.splitlines():
        indent = len(line) - len(line.lstrip())
        if not line.strip() or indent < 4:
            break
        head, colon, text = line.strip().partition(":")
        if indent == 4 and colon and head.isidentifier():
            name, helps[head] = head, text.strip()
        elif name:
            helps[name] += " " + line.strip()
    return helps
