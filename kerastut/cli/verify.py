"""`kerastut verify`."""

import argparse

from kerastut.cli.options import add_json, seed
from kerastut.cli.output import print_json, print_table
from kerastut.compare import as_cells, require_bands, verify
from kerastut.errors import KerastutError
from kerastut.language import told
from kerastut.registry import get_recipe, list_recipes
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Run recipes in full and check their test metrics against the expected bands."
    )
    parser.epilog = "Example: kerastut verify linear-regression mlp-mnist"
    parser.add_argument(
        "recipes", metavar="RECIPE", nargs="*", help="names from 'kerastut list', or files"
    )
    parser.add_argument("--all", action="store_true", help="every recipe")
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="default: 0")
    add_json(parser)
    parser.set_defaults(function=verify_command)


def verify_command(options: argparse.Namespace) -> int:
    """Prints the table of metrics; returns 1 if one is out of its band."""
    if bool(options.recipes) == options.all:
        raise KerastutError("Expected either names of recipes to verify or --all.")
    recipes = list_recipes() if options.all else [get_recipe(name) for name in options.recipes]
    require_bands(recipes)
    many = "1 recipe" if len(recipes) == 1 else f"{len(recipes)} recipes"
    say(f"Running {many} in full.")
    rows = []
    for row in verify(recipes, options.seed):
        rows.append(row)
        if not options.json:
            name, metric, value, *_ = as_cells(row)
            say(f"{name}: {metric} {value}")
    if options.json:
        print_json(rows)
    else:
        print_table(
            ("recipe", "metric", "value", "low", "high", "ok", "seconds", "peak MiB"),
            [list(map(told, as_cells(row))) for row in rows],
        )
    failed = sorted({row["recipe"] for row in rows if not row["ok"]})
    if failed:
        say(f"kerastut: out of band: {', '.join(failed)}")
    return 1 if failed else 0
