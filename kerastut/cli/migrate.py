"""`kerastut migrate`; what it does lies in `kerastut.migration`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from kerastut.cli.options import positive_integer
from kerastut.cli.output import print_json, print_line, print_table
from kerastut.errors import ParameterError, shown_path
from kerastut.language import word
from kerastut.migration import COPY, PAGE, RECORD, SECONDS, end_of, left_of, migrate
from kerastut.streams import say

WARNING = "migrate executes the programs it is given, each in a process of its own with limits of time, memory and disk, without a network, and with a scratch folder as the only place to write to. It can read what you can read."  # noqa: E501


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Bring old programs to Keras 3: fix, run, explain, fix again. DIR gets a copy, report.html"
        f" and report.json; nothing else is written. {WARNING} Exit status: 0 all run to the end"
        " of their capped training, 1 not all, 2 wrong usage or bad input."
    )
    parser.epilog = "Example: kerastut migrate old-project --out migrated --yes"
    parser.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        help="a script, a notebook, a Markdown document, or a folder of such",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="a new folder; or that of a migration that was interrupted, to go on",
    )
    parser.add_argument("--no-run", action="store_true", help="only fix, execute nothing")
    parser.add_argument("--yes", action="store_true", help="execute the programs without asking")
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="also write what has changed over PATH, which must be clean in git",
    )
    parser.add_argument(
        "--seconds",
        metavar="N",
        type=positive_integer,
        default=SECONDS,
        help=f"of the processor that a program may take; default: {SECONDS}",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    parser.add_argument("--json", action="store_true", help="print the record as JSON")
    parser.set_defaults(function=migrate_command)


def migrate_command(options: argparse.Namespace) -> int:
    """Migrates, and prints how each program ran before and runs now."""
    if not options.no_run and not options.yes:
        _ask(options.lang)

    def tell(number: int, count: int, path: Path) -> None:
        if not options.quiet:
            say(f"kerastut: {number}/{count} {path}")

    try:
        record = migrate(
            options.path,
            options.out,
            run=not options.no_run,
            seconds=options.seconds,
            in_place=options.in_place,
            tell=tell,
        )
    except KeyboardInterrupt as stop:
        text = word("interrupted; the same command goes on with what is missing.", options.lang)
        raise KeyboardInterrupt(text) from stop
    if options.json:
        print_json(record)
    else:
        print_record(record, options.out, options.lang)
    ends = [one["after"]["end"] for one in record["programs"] if one["after"] is not None]
    return int(any(end != "ran" for end in ends))


def _ask(language: str) -> None:
    if not sys.stdin.isatty():
        raise ParameterError(
            "expected --yes, since migrate executes the programs it is given and nobody is here to"
            " be asked; or --no-run, which only fixes them."
        )
    say(f"kerastut: {word(WARNING, language)}")
    if input(word("Execute them? [y/N] ", language)).strip().lower() not in ("y", "yes", "是"):
        raise ParameterError("nothing was executed; --no-run only fixes.")


def print_record(record: dict[str, Any], out: Path, language: str) -> None:
    """Prints a line for each program, and where all of it lies."""
    headers = [
        word(text, language) for text in ("program", "before", "now", "fixes", "what is left")
    ]
    rows = []
    for one in record["programs"]:
        ends = (word(end_of(one[time]), language) for time in ("before", "after"))
        fixes = sum(sum(file["fixed"].values()) for file in one["files"])
        rows.append([one["path"], *ends, str(fixes), left_of(one, language)])
    print_table(headers, rows)
    for name in (COPY, PAGE, RECORD):
        print_line(shown_path(out / name))
