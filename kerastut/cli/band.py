"""`kerastut band`."""

import argparse
import sys
from contextlib import redirect_stdout

from kerastut import compare, quiet
from kerastut.cli.options import add_json, add_loudness, several
from kerastut.cli.output import print_json, print_line, print_table
from kerastut.language import told
from kerastut.registry import get_recipe
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Train a recipe in full with several seeds, and propose the band of each test metric: five"
        " standard deviations to either side of the mean. Nothing is written."
    )
    parser.epilog = "Example: kerastut band ./my_net.py --seeds 3"
    parser.add_argument("recipe", metavar="RECIPE", help="a name from 'kerastut list', or a file")
    parser.add_argument(
        "--seeds", metavar="N", type=several, default=3, help="seeds from 0 on; default: 3"
    )
    add_loudness(parser)
    add_json(parser)
    parser.set_defaults(function=band_command)


def band_command(options: argparse.Namespace) -> int:
    """Prints what each seed reached, and the bands in the form of a recipe's header."""
    recipe = get_recipe(options.recipe)
    with redirect_stdout(sys.stderr):
        with quiet.startup(options.verbose):
            from kerastut.train import share_threads
        share_threads(recipe)
        runs = []
        for run in compare.seeded(recipe, options.seeds):
            runs.append(run)
            if not options.quiet:
                values = "  ".join(f"{name} {value:#.4g}" for name, value in run.items())
                say(f"{len(runs)}/{options.seeds} {values}")
    bands = compare.bands_of(runs)
    if options.json:
        print_json({"recipe": recipe.name, "runs": runs, "expect": bands})
        return 0
    rows = []
    for name, (low, high) in bands.items():
        seen = [run[name] for run in runs]
        numbers = [*seen, compare.mean(seen), compare.deviation(seen)]
        rows.append([name, *(f"{number:.4g}" for number in numbers), f"{low:g}", f"{high:g}"])
    seeds = [told(f"seed {seed}") for seed in range(options.seeds)]
    print_table(("metric", *seeds, "mean", "sd", "low", "high"), rows)
    entries = ", ".join(f'"{name}": ({low:g}, {high:g})' for name, (low, high) in bands.items())
    print_line("")
    print_line(f"expect={{{entries}}},")
    say(f"Put the last line into RECIPE of {recipe.path}")
    return 0
