"""`kerastut list`."""

import argparse

from kerastut.cli.options import add_json
from kerastut.cli.output import picked, print_json, print_table
from kerastut.registry import list_recipes, translated


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "List the recipes."
    parser.epilog = "Example: kerastut list"
    add_json(parser)
    parser.set_defaults(function=list_command)


def list_command(options: argparse.Namespace) -> int:
    """Prints every recipe with its data, its expected metric and the tutorials it replaces."""
    recipes = [translated(recipe, options.lang) for recipe in list_recipes()]
    if options.json:
        kept = ("name", "summary", "dataset", "tutorials", "expect")
        print_json([picked(recipe, *kept) for recipe in recipes])
        return 0
    print_table(
        ("recipe", "data", "tutorials", "summary"),
        [(r.name, r.dataset, ", ".join(r.tutorials), r.summary) for r in recipes],
    )
    return 0
