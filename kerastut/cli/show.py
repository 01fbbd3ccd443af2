"""`kerastut show`."""

import argparse

from kerastut.cli.options import Subparsers, add_json
from kerastut.cli.output import print_json, print_table, print_text
from kerastut.recipe import Recipe
from kerastut.registry import get_recipe


def add(subparsers: Subparsers) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "show",
        help="explain a recipe",
        description="Explain a recipe: what it shows, its settings, its hyperparameters.",
        epilog="Example: kerastut show cnn-mnist",
    )
    parser.add_argument("recipe", metavar="RECIPE", help="a name from 'kerastut list', or a file")
    add_json(parser)
    parser.set_defaults(function=show_command)


def show_command(options: argparse.Namespace) -> int:
    """Prints a recipe's header, description and hyperparameters."""
    recipe = get_recipe(options.recipe)
    if options.json:
        print_json(_as_json(recipe))
        return 0
    print_text(f"{recipe.name}: {recipe.summary}\n\n{recipe.description}\n")
    print_table(("setting", "value"), _settings(recipe))
    print()
    print_table(("hyperparameter", "default", "meaning"), _hyperparameters(recipe))
    return 0


def _settings(recipe: Recipe) -> list[tuple[str, str]]:
    bands = [f"{name} {low:g} to {high:g}" for name, (low, high) in recipe.expect.items()]
    return [
        ("data", recipe.dataset),
        ("epochs", str(recipe.epochs)),
        ("batch size", str(recipe.batch_size)),
        ("expected on test data", "; ".join(bands)),
        ("replaces", ", ".join(recipe.tutorials) or "-"),
        ("file", str(recipe.path)),
    ]


def _hyperparameters(recipe: Recipe) -> list[tuple[str, str, str]]:
    rows = []
    for name, parameter in recipe.parameters.items():
        choices = f" One of {', '.join(map(str, parameter.choices))}." if parameter.choices else ""
        rows.append((name, str(parameter.default), parameter.help + choices))
    return rows


def _as_json(recipe: Recipe) -> dict[str, object]:
    return {
        "name": recipe.name,
        "summary": recipe.summary,
        "description": recipe.description,
        "dataset": recipe.dataset,
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "tutorials": recipe.tutorials,
        "expect": recipe.expect,
        "parameters": {
            name: {"default": p.default, "choices": p.choices, "help": p.help}
            for name, p in recipe.parameters.items()
        },
        "file": str(recipe.path),
    }
