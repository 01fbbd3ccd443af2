"""`kerastut plot`."""

import argparse
from pathlib import Path

from kerastut import quiet
from kerastut.cli.options import add_run
from kerastut.cli.output import print_line
from kerastut.errors import OutputError
from kerastut.runs import require_run


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Draw the plots of a finished run again, from its files."
    parser.epilog = "Example: kerastut plot runs/cnn-mnist-20260101-120000 --output-dir figures"
    add_run(parser)
    parser.add_argument(
        "--output-dir", metavar="DIR", type=Path, help="where to write; default: the run's folder"
    )
    parser.set_defaults(function=plot_command)


def plot_command(options: argparse.Namespace) -> int:
    """Writes the plots and prints their paths."""
    require_run(options.run)
    with quiet.startup(options.verbose):
        from kerastut.runs import draw, reopen
    result = reopen(options.run)
    folder: Path = options.output_dir or options.run
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in draw(result, folder):
            print_line(str(path))
    except OSError as error:
        raise OutputError(f"{folder}: cannot write there: {error.strerror}.") from error
    return 0
