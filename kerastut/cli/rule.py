"""`kerastut rule`; what it does lies in `kerastut.lint`."""

import argparse

from kerastut.cli.output import print_table
from kerastut.errors import KerastutError
from kerastut.language import spoken
from kerastut.lint import LintError, configure_rule, run_rule


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    configure_rule(parser, spoken())
    parser.set_defaults(function=rule_command)


def rule_command(options: argparse.Namespace) -> int:
    """Prints a rule, or all of them."""
    try:
        return run_rule(options, print_table)
    except LintError as error:
        raise KerastutError(str(error)) from error
