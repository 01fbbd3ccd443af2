"""`kerastut why`; what it does lies in `kerastut.why`."""

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from kerastut.cli.output import picked, print_json, print_line
from kerastut.errors import DataError
from kerastut.files import read
from kerastut.streams import say
from kerastut.why import MOST_BYTES, Cause, decode, explain, tell

EXPECTED = "a traceback or warning as text"


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Explain a pasted traceback or warning: what happened, why, and what to write instead."
        " Nothing in it is run. Exit status: 0 explained, 1 not known, 2 wrong usage or a file"
        " that cannot be read."
    )
    parser.epilog = (
        "Example: kerastut why error.txt --lang zh, or python train.py 2>&1 | kerastut why"
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="default: -, standard input"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(function=why_command)


def why_command(options: argparse.Namespace) -> int:
    """Prints what is known of a text; the exit status tells whether it is known."""
    explanation = explain(decode(_content(options.file)))
    if options.json:
        record = {
            "known": bool(explanation.causes),
            "line": explanation.line,
            "causes": [_as_json(one, options.lang) for one in explanation.causes],
            "near": [_as_json(one, options.lang) for one in explanation.near],
        }
        print_json(record)
    else:
        for line in tell(explanation, options.lang).splitlines():
            print_line(line)
    return 0 if explanation.causes else 1


def _content(file: str) -> bytes:
    if file != "-":
        return read(Path(file), EXPECTED, MOST_BYTES)
    if sys.stdin.isatty():
        say("kerastut: paste the traceback, then end it with Ctrl-D (Windows: Ctrl-Z and Enter).")
    content = b""
    with suppress(OSError):  # it is closed
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if not content.strip() or len(content) > MOST_BYTES:
        received = f"more than {MOST_BYTES:,} bytes" if content.strip() else "nothing"
        raise DataError(f"standard input: expected {EXPECTED}, received {received}.")
    return content


def _as_json(cause: Cause, language: str) -> dict[str, Any]:
    return {
        **picked(cause, "id", "name", "rules", "fault", "recipe", "chapter", "good"),
        "message": cause.message.get(language),
        **vars(cause.texts[language]),
    }
