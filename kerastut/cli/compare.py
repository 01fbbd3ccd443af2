"""`kerastut compare`."""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from kerastut import compare, quiet
from kerastut.cli.options import (
    add_dtype_policy,
    add_json,
    add_loudness,
    add_settings,
    positive_integer,
    set_dtype_policy,
    variation,
)
from kerastut.cli.output import print_json, print_line, print_table
from kerastut.cli.run import read_parameters, read_settings
from kerastut.compare import Outcome, Summary
from kerastut.errors import ParameterError
from kerastut.files import staged
from kerastut.language import told
from kerastut.registry import Recipe, as_text, get_recipe
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Train a recipe with every combination of the varied settings, several seeds"
        " each; print mean and standard deviation on the test data, and write each run and a plot."
    )
    parser.epilog = "Example: kerastut compare mlp-mnist --vary activation=relu,tanh --repeats 3"
    parser.add_argument("recipe", metavar="RECIPE", help="a name from 'kerastut list', or a file")
    parser.add_argument(
        "--vary",
        metavar="NAME=A,B,C",
        type=variation,
        action="append",
        required=True,
        dest="variations",
        help="the values of a hyperparameter, or of batch_size, epochs or limit; values that are"
        " lists themselves have '/' between, as in filters=16,32/32,64; may be repeated for the"
        " grid of all combinations",
    )
    parser.add_argument(
        "--repeats",
        metavar="N",
        type=positive_integer,
        default=1,
        help="train each combination with N seeds, --seed and those after it; default: 1",
    )
    add_settings(parser, folder="runs/compare-RECIPE-DATE-TIME")
    add_dtype_policy(parser)
    add_loudness(parser)
    add_json(parser)
    parser.set_defaults(function=compare_command)


def compare_command(options: argparse.Namespace) -> int:
    """Trains the grid; prints the table."""
    from kerastut.data import recognised

    recipe = get_recipe(options.recipe)
    varied = read_variations(recipe, options.variations)
    parameters = read_parameters(recipe, options.assignments, options.lr)
    trials = compare.make_grid(
        recipe, varied, parameters, options.repeats, **read_settings(options)
    )
    recognised(trials[0].settings.dataset, trials[0].settings.data_options)
    date = time.strftime("%Y%m%d-%H%M%S")
    folder = options.output_dir or Path("runs", f"compare-{recipe.name}-{date}")
    with staged(folder) as staging, redirect_stdout(sys.stderr):
        with quiet.startup(options.verbose):
            from kerastut.train import share_threads
        set_dtype_policy(options)
        share_threads(recipe)
        compare.check(trials)
        found: list[Outcome] = []
        for outcome in compare.outcomes(trials):
            found.append(outcome)
            if not options.quiet:
                say(f"{len(found)}/{len(trials)} {_progress(outcome)}")
        compare.write(varied, options.repeats, found, staging)
    if options.json:
        print_json({**compare.record(varied, options.repeats, found), "dir": str(folder)})
    else:
        print_table(*_table(compare.summarize(found)))
        print_line("")
        print_line(told(f"files  {folder}"))
    return 0


def read_variations(
    recipe: Recipe, variations: Sequence[tuple[str, str]]
) -> dict[str, tuple[Any, ...]]:
    """Returns the values that each `--vary` gives, by name."""
    varied: dict[str, tuple[Any, ...]] = {}
    for name, text in variations:
        if name in varied:
            raise ParameterError(f"--vary {name} is given twice. Put all its values into one.")
        varied[name] = compare.parse_values(recipe, name, text)
    return varied


def _progress(outcome: Outcome) -> str:
    values, seed = outcome.trial.values, outcome.trial.settings.seed
    label = " ".join(f"{name}={as_text(value)}" for name, value in values.items())
    if not outcome.metrics:
        return f"{label} seed {seed}  diverged"
    names = compare.metric_names([outcome])
    metrics = "  ".join(f"{name} {outcome.metrics.get(name, math.nan):#.4g}" for name in names)
    return f"{label} seed {seed}  {metrics}  {outcome.seconds:.1f} s"


def _table(summaries: Sequence[Summary]) -> tuple[list[str], list[list[str]]]:
    """Returns headers and rows; each mean has its standard deviation to its right."""
    first = summaries[0]
    columns = [*first.metrics, "seconds"]
    headers = [*first.values, *(cell for name in columns for cell in (name, "sd"))]
    return headers, [_cells(summary) for summary in summaries]


def _cells(summary: Summary) -> list[str]:
    cells = [as_text(value) for value in summary.values.values()]
    for values in summary.metrics.values():
        cells += [_mean(values, summary.diverged), _deviation(values)]
    return [*cells, _number(compare.mean(summary.seconds), ".1f"), _deviation(summary.seconds)]


def _mean(values: Sequence[float], diverged: int) -> str:
    if diverged:
        return told(
            "diverged" if diverged == len(values) else f"{diverged} of {len(values)} diverged"
        )
    return _number(compare.mean(values), "#.4g")


def _deviation(values: Sequence[float]) -> str:
    return _number(compare.deviation(values), "#.2g")


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)
