"""`kerastut doctor`; what it does lies in `kerastut.doctor`."""

import argparse
import json

from kerastut.doctor import BAD, examine
from kerastut.errors import printable
from kerastut.language import word

MARKS = {"ok": "  ", "note": "? ", "bad": "! "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Examine Python, packages, devices, memory, disk and terminal, and tell the line that"
        " mends what is wrong. Exit status: 0 nothing is wrong (a ? may disturb), 1 something is."
    )
    parser.epilog = "Example: kerastut doctor"
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(function=doctor_command)


def doctor_command(options: argparse.Namespace) -> int:
    """Prints what is found as it is found; the exit status tells whether something is wrong."""
    found = []
    for line in examine():
        told = line.told(options.lang)
        found.append(told)
        if not options.json:
            colon = word(": ", options.lang)
            print(printable(f"{MARKS[line.state]}{told['subject']}{colon}{told['value']}"))
            if told["mend"]:
                print(printable(f"    -> {told['mend']}"), flush=True)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    return int(any(line["state"] == BAD for line in found))
