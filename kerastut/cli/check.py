"""`kerastut check`; what it does lies in `kerastut.lint`."""

import argparse

from kerastut.errors import KerastutError
from kerastut.language import spoken
from kerastut.lint import LintError, configure_check, run_check
from kerastut.streams import say
from kerastut.version import __version__


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    configure_check(parser, spoken(), say)
    parser.set_defaults(function=check_command)


def check_command(options: argparse.Namespace) -> int:
    """Prints the findings in files and folders."""
    try:
        return run_check(options, __version__)
    except LintError as error:
        raise KerastutError(str(error)) from error
