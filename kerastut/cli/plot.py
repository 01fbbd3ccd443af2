"""`kerastut plot`."""

import argparse
from pathlib import Path

from kerastut import quiet
from kerastut.cli.options import AGAIN, add_data, add_run, read_data_options
from kerastut.cli.output import print_line
from kerastut.runs import recorded
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Draw the plots of a finished run again, from its files."
    parser.epilog = "Example: kerastut plot runs/cnn-mnist-20260101-120000 --output-dir figures"
    add_run(parser)
    parser.add_argument(
        "--recipe",
        metavar="FILE",
        type=Path,
        help="the recipe's file, if it is your own; without it the history is drawn alone",
    )
    add_data(parser, AGAIN)
    parser.add_argument(
        "--output-dir", metavar="DIR", type=Path, help="where to write; default: the run's folder"
    )
    parser.set_defaults(function=plot_command)


def plot_command(options: argparse.Namespace) -> int:
    """Writes the plots and prints their paths."""
    from kerastut.data import recognised

    record, how = recorded(options.run), read_data_options(options)
    if options.data:
        recognised(options.data, how)
    with quiet.startup(options.verbose):
        from kerastut.runs import redraw
    folder: Path = options.output_dir or options.run
    for path in redraw(options.run, folder, options.recipe, options.data, how):
        print_line(str(path))
    if record.recipe_file is not None and options.recipe is None:
        say("kerastut: the recipe is your own: what it draws itself needs --recipe FILE.")
    return 0
