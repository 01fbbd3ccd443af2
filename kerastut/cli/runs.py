"""`kerastut runs`."""

import argparse
import math
from pathlib import Path

from kerastut.cli.options import add_json
from kerastut.cli.output import picked, print_json, print_table
from kerastut.language import told
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "List the runs in a folder, the newest first. For the newest in runs every command takes"
        " latest in place of its folder."
    )
    parser.epilog = "Example: kerastut runs"
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="default: runs")
    add_json(parser)
    parser.set_defaults(function=runs_command)


def runs_command(options: argparse.Namespace) -> int:
    """Prints every run with its recipe, data, metric, date and state."""
    from kerastut.runs import RUNS, list_runs

    found = list_runs(options.folder or RUNS)
    if options.json:
        kept = ("state", "recipe", "data", "metrics", "problem")
        print_json(
            [
                {"dir": str(run.folder), "date": run.date.isoformat(timespec="seconds")}
                | picked(run, *kept)
                for run in found
            ]
        )
        return 0
    for run in found:
        if run.problem:
            say(f"kerastut: {run.problem}")
    if not found:
        say(f"kerastut: no runs in {options.folder or RUNS}. Begin one: kerastut run cnn-mnist")
        return 0
    rows = []
    for run in found:
        value = run.metrics.get(run.metric)
        metric = f"{run.metric} {math.nan if value is None else value:.4g}" if run.metric else "-"
        date = f"{run.date:%Y-%m-%d %H:%M}"
        rows.append(
            (str(run.folder), run.recipe or "-", run.data or "-", metric, date, told(run.state))
        )
    print_table(("folder", "recipe", "data", "metric", "date", "state"), rows)
    return 0
