"""`kerastut show`."""

import argparse

from kerastut.cli.options import add_json
from kerastut.language import add_language
from kerastut.registry import get_recipe


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Explain a recipe and what it corrects, one of the tutorials' faults, or one of"
        " their blocks of code."
    )
    parser.epilog = "Example: kerastut show cnn-mnist, kerastut show T0-11, kerastut show T2-B05"
    parser.add_argument(
        "name", metavar="NAME", help="a recipe, a recipe's file, a fault (T0-11), a block (T2-B05)"
    )
    add_language(parser)
    add_json(parser)
    parser.set_defaults(function=show_command)


def show_command(options: argparse.Namespace) -> int:
    """Prints what is known of a recipe, a fault or a block."""
    # Every command builds this parser, and only this one needs to read the records.
    from kerastut.cli.explain import explain
    from kerastut.cli.explain_recipe import explain_recipe
    from kerastut.corrections import get, is_id

    if is_id(options.name):
        explain(get(options.name), options.lang, options.json)
    else:
        explain_recipe(get_recipe(options.name), options.lang, options.json)
    return 0
