"""The command line. Each subcommand is one file with `configure(parser)`.

Results go to standard output, all else to standard error. Exit status: 0 done; 1 the run or check
failed; 2 wrong usage, unknown name or bad input; 130 interrupted.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from kerastut.errors import KerastutError
from kerastut.version import __version__

COMMANDS = {
    "list": "list the recipes",
    "show": "explain a recipe, a fault of the tutorials, or a block of theirs",
    "copy": "copy a recipe's file, to edit it",
    "run": "train a recipe and test it",
    "compare": "train a recipe with different settings and compare the results",
    "plot": "draw a finished run again",
    "predict": "predict your own pictures, texts or numbers with a finished run",
    "export": "export a finished run's model for another runtime, and check it there",
    "demo": "show a finished run at work on a local page: draw a digit, type a review",
    "verify": "run recipes in full and check their results",
    "check": "find stale Keras code in any file, and mend it",
    "rule": "explain a rule of check",
    "convert": "rebuild a model that an old Keras saved",
    "data": "list or verify the data sets",
}


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line.

    Args:
        module: The subcommand's module, imported when the subcommand is used and not before, so
            that `list` does not pay for `compare`.
        **options: As for `argparse.ArgumentParser`.
    """

    def __init__(self, module: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._module = module

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parses, after the subcommand's module has described its arguments."""
        if self._module is not None:
            module, self._module = self._module, None
            import_module(module).configure(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Prints the error in one line and exits with status 2."""
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
    for name, text in COMMANDS.items():
        # A module of the name `list` would hide the built-in one from its neighbours.
        module = f"kerastut.cli.{'list_' if name == 'list' else name}"
        subparsers.add_parser(name, help=text, module=module)
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
    except KeyboardInterrupt as stop:
        print(f"kerastut: {stop or 'interrupted; nothing was written.'}", file=sys.stderr)
        status = getattr(stop, "exit_status", 130)
    except BrokenPipeError:  # the reader of a pipe has gone, as `| head` does; that is no failure
        _discard_output()
        status = 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        if error.filename is None:
            _discard_output()
        where = error.filename or "standard output"
        print(f"kerastut: error: {where}: no space left on the disk.", file=sys.stderr)
        status = 1
    sys.exit(status)


def run_file(path: str) -> NoReturn:
    """Runs a recipe's file with the options that the process was started with.

    The last two lines of a recipe call it, so that `python my_cnn.py --epochs 1` trains a copy.
    """
    main(["run", path, *sys.argv[1:]])


def _discard_output() -> None:
    """Has Python's last flush at exit succeed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
