"""The command line. Each subcommand is one file with `add(subparsers)`.

Results go to standard output, all else to standard error. Exit status: 0 done; 1 the run or check
failed; 2 wrong usage, unknown name or bad input; 130 interrupted.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kerastut import __version__
from kerastut.cli import compare, copy, data, list_, plot, run, show, verify
from kerastut.errors import KerastutError

COMMANDS = (list_, show, copy, run, compare, plot, verify, data)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}. See '{self.prog} --help'.\n")


def build_parser() -> argparse.ArgumentParser:
    """Returns the parser of all subcommands."""
    parser = Parser(
        prog="kerastut",
        description="Corrected, tested recipes for five widely copied Keras tutorials.",
        epilog="Example: kerastut run cnn-mnist",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kerastut {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits with its status."""
    options = build_parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Chinese must not fail where the locale's encoding has no such characters.
        sys.stdout.reconfigure(errors="replace")
    try:
        status = options.function(options)
        sys.stdout.flush()
    except KerastutError as error:
        print(f"kerastut: error: {error}", file=sys.stderr)
        if getattr(options, "verbose", False):
            raise
        status = error.exit_status
    except KeyboardInterrupt:
        print("kerastut: interrupted; nothing was written.", file=sys.stderr)
        status = 130
    except BrokenPipeError:
        # The reader of a pipe has gone, as `| head` does; that is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)
