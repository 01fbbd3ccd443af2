"""`kerastut verify`."""

import argparse
from typing import Any

from kerastut.cli.options import add_json, seed
from kerastut.cli.output import print_json, print_table, say
from kerastut.compare import verify
from kerastut.errors import KerastutError
from kerastut.registry import get_recipe, list_recipes


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
    say(f"Running {len(recipes)} recipes in full; this takes minutes.")
    rows = []
    for row in verify(recipes, options.seed):
        rows.append(row)
        if not options.json:
            say(f"{row['recipe']}: {row['metric']} {_number(row['value'])}")
    if options.json:
        print_json(rows)
    else:
        print_table(
            ("recipe", "metric", "value", "low", "high", "ok", "seconds", "peak MiB"),
            [_cells(row) for row in rows],
        )
    failed = sorted({row["recipe"] for row in rows if not row["ok"]})
    if failed:
        say(f"kerastut: out of band: {', '.join(failed)}")
    return 1 if failed else 0


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        row["recipe"],
        row["metric"],
        _number(row["value"]),
        _number(row["low"]),
        _number(row["high"]),
        "yes" if row["ok"] else "NO",
        "-" if row["seconds"] is None else f"{row['seconds']:.1f}",
        "-" if row["peak_mib"] is None else str(row["peak_mib"]),
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
