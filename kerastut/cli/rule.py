"""`kerastut rule`; what it does lies in `kerastut.lint`."""

import argparse

from kerastut.cli.output import print_table
from kerastut.corrections import is_id
from kerastut.errors import KerastutError, UnknownNameError
from kerastut.language import spoken
from kerastut.lint import LintError, configure_rule, run_rule


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    configure_rule(parser, spoken())
    parser.set_defaults(function=rule_command)


def rule_command(options: argparse.Namespace) -> int:
    """Prints a rule, or all of them."""
    if options.rule is not None and is_id(options.rule):
        raise UnknownNameError(
            f"{options.rule} is a fault of the tutorials, or a block of theirs: kerastut show"
            f" {options.rule.upper()}"
        )
    try:
        return run_rule(options, print_table)
    except LintError as error:
        raise KerastutError(str(error)) from error
