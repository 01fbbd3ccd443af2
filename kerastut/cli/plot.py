"""`kerastut plot`."""

import argparse
from pathlib import Path

from kerastut import quiet
from kerastut.errors import DataError, OutputError


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Draw the plots of a finished run again, from its files."
    parser.epilog = "Example: kerastut plot runs/cnn-mnist-20260101-120000 --output-dir figures"
    parser.add_argument("run", metavar="DIR", type=Path, help="the folder of a finished run")
    parser.add_argument(
        "--output-dir", metavar="DIR", type=Path, help="where to write; default: the run's folder"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="print all messages")
    parser.set_defaults(function=plot_command)


def plot_command(options: argparse.Namespace) -> int:
    """Writes the plots and prints their paths."""
    if not (options.run / "run.json").is_file():
        raise DataError(f"{options.run}: expected the folder of a finished run, with run.json.")
    with quiet.startup(options.verbose):
        from kerastut.artifacts import draw
        from kerastut.reopen import reopen
    result = reopen(options.run)
    folder: Path = options.output_dir or options.run
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in draw(result, folder):
            print(path)
    except OSError as error:
        raise OutputError(f"{folder}: cannot write there: {error.strerror}.") from error
    return 0
