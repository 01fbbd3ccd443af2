"""Reads what a recipe's file declares, from its syntax tree alone: nothing of it is run."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from kerastut.errors import RecipeError
from kerastut.registry.recipe import RESERVED, SPEEDS, SUPPLIED, Parameter, Recipe

# The functions of a recipe file whose keywords are its hyperparameters.
BUILDERS = ("build", "encoder", "callbacks")
_FILLED_BY_REGISTRY = frozenset(
    {"name", "summary", "description", "path", "packaged", "parameters"}
)
_HEADER_FIELDS = tuple(f.name for f in fields(Recipe) if f.name not in _FILLED_BY_REGISTRY)
_REQUIRED_FIELDS = frozenset({"dataset", "epochs", "batch_size", "expect"})


def parse(path: Path) -> ast.Module:
    """Returns the syntax tree of a file."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise RecipeError(f"{path}: cannot read the recipe: {error.strerror}.") from error
    except (SyntaxError, ValueError) as error:
        raise RecipeError(f"{path}: not a Python file: {error}.") from error


def header(path: Path, tree: ast.Module) -> dict[str, Any]:
    """Returns the arguments of `RECIPE = Recipe(...)`, which must be literal and of the kind."""
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
    if header.get("speed") not in (None, *SPEEDS):
        raise RecipeError(
            f"{place}: speed must be {' or '.join(map(repr, SPEEDS))}, or left out;"
            f" got {header['speed']!r}."
        )
    if not isinstance(header["dataset"], str):
        raise RecipeError(f"{place}: dataset must be a name; got {header['dataset']!r}.")
    if not isinstance(header["expect"], dict) or not header["expect"]:
        raise RecipeError(f"{place}: expect must map metrics to bands; got {header['expect']!r}.")
    for metric, band in header["expect"].items():
        if not isinstance(band, tuple) or len(band) != 2 or not band[0] < band[1]:
            raise RecipeError(f"{place}: expect[{metric!r}] must be (low, high); got {band!r}.")


def parameters(path: Path, tree: ast.Module) -> dict[str, Parameter]:
    """Returns the hyperparameters: the keywords of the functions that build, encode and call back.

    None may bear the name of one of the arguments of `kerastut.run`.
    """
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
        if argument.arg in RESERVED:
            raise RecipeError(
                f"{path}:{argument.lineno}: the hyperparameter {argument.arg!r} has the"
                " name of an argument of kerastut.run. Rename it."
            )
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
