"""`kerastut data`."""

import argparse

from kerastut.cli.options import add_json
from kerastut.cli.output import print_json, print_table
from kerastut.data import NAMES, embedded_files
from kerastut.errors import DataError


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand and its two verbs."""
    parser.description = "List or verify the data sets that come with kerastut."
    parser.epilog = "Example: kerastut data list"
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, text, function in (
        ("list", "list the data sets", list_command),
        ("verify", "check the SHA-256 of the embedded data files", verify_command),
    ):
        verb = verbs.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"Example: kerastut data {name}",
        )
        add_json(verb)
        verb.set_defaults(function=function)


def list_command(options: argparse.Namespace) -> int:
    """Prints every data set."""
    rows = [{"name": name, "summary": summary} for name, summary in NAMES.items()]
    if options.json:
        print_json(rows)
    else:
        print_table(("data", "summary"), [(row["name"], row["summary"]) for row in rows])
    return 0


def verify_command(options: argparse.Namespace) -> int:
    """Prints every embedded file and whether it is whole; returns 1 if one is not."""
    rows = []
    for name, check in embedded_files():
        try:
            check()
            rows.append({"file": name, "ok": True, "problem": ""})
        except DataError as error:
            rows.append({"file": name, "ok": False, "problem": str(error)})
    if options.json:
        print_json(rows)
    else:
        cells = [(str(row["file"]), "ok" if row["ok"] else str(row["problem"])) for row in rows]
        print_table(("file", "state"), cells)
    return 0 if all(row["ok"] for row in rows) else 1
