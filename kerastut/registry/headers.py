"""Reads what a recipe's file declares, from its syntax tree alone: nothing of it is run."""

import ast
import json
import warnings
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from kerastut.errors import DataError, RecipeError, did_you_mean, shown, shown_path
from kerastut.files import read
from kerastut.registry.places import slip
from kerastut.registry.recipe import RESERVED, SPEEDS, SUPPLIED, Parameter, Recipe

MOST_BYTES = 2**20
# Python's own limits on what it reads, beside mistakes.
UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)
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
        content = read(path, "a recipe file", MOST_BYTES)
        with warnings.catch_warnings():  # of backslashes that mean nothing
            warnings.simplefilter("ignore")
            return ast.parse(content, path)
    except DataError as error:
        raise RecipeError(str(error)) from error
    except UNREADABLE as error:
        line = getattr(error, "lineno", None)
        place = f"{shown_path(path)}:{line}" if line else shown_path(path)
        raise RecipeError(f"{place}: not a Python file: {slip(error, path)}.") from error


def header(path: Path, tree: ast.Module) -> dict[str, Any]:
    """Returns the arguments of `RECIPE = Recipe(...)`, which must be literal and of the kind."""
    call = _recipe_call(path, tree)
    header = {keyword.arg: _literal(path, keyword.value) for keyword in call.keywords}
    unknown = sorted(str(name) for name in header if name not in _HEADER_FIELDS)
    missing = sorted(_REQUIRED_FIELDS - set(header))
    slips = ["no positional arguments"] if call.args else []
    slips += [f"unknown: {shown(', '.join(unknown))}"] if unknown else []
    slips += [f"missing: {', '.join(missing)}"] if missing else []
    if slips:
        known = ", ".join(_HEADER_FIELDS)
        text = f"{path}:{call.lineno}: RECIPE takes the keywords {known}; {'; '.join(slips)}."
        meant = [did_you_mean(unknown[0], _HEADER_FIELDS)] if unknown else []
        raise RecipeError(" ".join([text, *meant]))
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
        value = ast.literal_eval(node)
        json.dumps(value)  # as a run's record will hold it
        return value
    except UNREADABLE:
        place, received = f"{shown_path(path)}:{node.lineno}", shown(ast.unparse(node))
        raise RecipeError(
            f"{place}: RECIPE must be literal, so that it can be read without running the file, and"
            f" fit into JSON; received {received!r}."
        ) from None


def _check_values(place: str, header: dict[str, Any]) -> None:
    for name in ("epochs", "batch_size", "samples"):
        value = header.get(name)
        if (type(value) is not int or value < 1) and (name != "samples" or value is not None):
            raise RecipeError(
                f"{place}: {name} must be a positive integer; got {shown(repr(value))}."
            )
    if header.get("speed") not in (None, *SPEEDS):
        raise RecipeError(
            f"{place}: speed must be {' or '.join(map(repr, SPEEDS))}, or left out;"
            f" got {shown(repr(header['speed']))}."
        )
    if not isinstance(header["dataset"], str):
        raise RecipeError(f"{place}: dataset must be a name; got {shown(repr(header['dataset']))}.")
    tutorials, expect = header.get("tutorials", ()), header["expect"]
    if not isinstance(tutorials, tuple) or not all(isinstance(name, str) for name in tutorials):
        raise RecipeError(
            f"{place}: tutorials must be a tuple of texts; got {shown(repr(tutorials))}."
        )
    if not isinstance(expect, dict) or not all(isinstance(n, str) for n in expect):
        raise RecipeError(f"{place}: expect must map metrics to bands; got {shown(expect)}.")
    for metric, band in expect.items():
        if not _is_band(band):
            raise RecipeError(
                f"{place}: expect[{shown(repr(metric))}] must be (low, high); got {shown(band)}."
            )


def _is_band(value: Any) -> bool:
    numbers = isinstance(value, tuple) and all(type(bound) in (int, float) for bound in value)
    return numbers and len(value) == 2 and bool(value[0] < value[1])


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
    _check_defaults(path, functions["build"].args)
    found: dict[str, Parameter] = {}
    for name in BUILDERS:
        if name in functions:
            for argument, parameter in _keywords(path, functions[name]):
                found.setdefault(argument, parameter)
    return found


def _check_defaults(path: Path, arguments: ast.arguments) -> None:
    without = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    without += [argument for argument, default in pairs if default is None]
    for argument in without:
        if argument.arg not in SUPPLIED:
            raise RecipeError(
                f"{path}:{argument.lineno}: the hyperparameter {argument.arg!r} has no default."
                f" Give it one, such as `{argument.arg}=128`."
            )


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
        choices = _choices(path, argument.annotation)
        value = _literal(path, default)
        yield argument.arg, Parameter(value, choices, helps.get(argument.arg, ""))


def _choices(path: Path, annotation: ast.expr | None) -> tuple[Any, ...]:
    match annotation:
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            literal = _literal(path, values)
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
