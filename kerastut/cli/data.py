"""`kerastut data`."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerastut.cli.options import DESCRIBED, add_data, add_json, read_data_options
from kerastut.cli.output import print_facts, print_json, print_table
from kerastut.data import NAMES, contact_sheet, describe, embedded_files
from kerastut.errors import DataError, shown, unwritable
from kerastut.language import told

MOST = 20  # classes, and of what is left out, that are told one by one


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand and its verbs."""
    parser.description = "List or verify the data sets that come with kerastut, or describe any."
    parser.epilog = "Example: kerastut data list"
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, text, function in (
        ("list", "list the data sets", list_command),
        ("verify", "check the SHA-256 of the embedded data files", verify_command),
    ):
        verb = verbs.add_parser(
            name,
            help=told(text),
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"Example: kerastut data {name}",
        )
        add_json(verb)
        verb.set_defaults(function=function)
    text = "tell what is understood of data, and what would be left out, before any training"
    verb = verbs.add_parser(
        "describe",
        help=told(text),
        description=f"{text[0].upper()}{text[1:]}.",
        epilog="Example: kerastut data describe houses.csv",
    )
    add_data(verb, DESCRIBED)
    verb.add_argument("--picture", metavar="FILE", type=Path, help="write samples as a PNG file")
    add_json(verb)
    verb.set_defaults(function=describe_command)


def list_command(options: argparse.Namespace) -> int:
    """Prints every data set."""
    rows = [{"name": name, "summary": summary} for name, summary in NAMES.items()]
    if options.json:
        print_json(rows)
    else:
        print_table(("data", "summary"), [(row["name"], told(row["summary"])) for row in rows])
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
        cells = [
            (str(row["file"]), told("ok" if row["ok"] else str(row["problem"]))) for row in rows
        ]
        print_table(("file", "state"), cells)
    return 0 if all(row["ok"] for row in rows) else 1


def describe_command(options: argparse.Namespace) -> int:
    """Prints what is understood of data; returns 1 if a training would refuse them."""
    found, samples = describe(options.data, read_data_options(options))
    if options.picture is not None:
        from PIL import Image

        try:
            Image.fromarray(contact_sheet(samples)).save(options.picture, "PNG")
        except OSError as error:
            raise unwritable(error, str(options.picture)) from error
    if options.json:
        print_json(found)
    else:
        print_facts(_described(found))
    return int(found["problem"] is not None)


def _described(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "data", f"{found['data']} ({found['kind']})"
    yield "understood", found["understood"]
    for part, counts in found["parts"].items():
        of = counts.get("classes", {told(n): f"{v:g}" for n, v in counts.get("values", {}).items()})
        shares = ", ".join(f"{name} {count}" for name, count in list(of.items())[:MOST])
        yield part, f"{counts['samples']:,} samples: {shares}{', ...' * (len(of) > MOST)}"
    for column, kind in found["columns"].items():
        unit = found["units"].get(column)
        yield f"column {column}", told(kind) + f" ({shown(unit)})" * bool(unit)
    for what, why in list(found["left_out"].items())[:MOST]:
        yield f"left out: {what}", told(why)
    if (more := len(found["left_out"]) - MOST) > 0:
        yield "left out", f"{more:,} more; --json names them"
    for row in found["samples"]:
        yield "sample", json.dumps(row, ensure_ascii=False)
    if found["problem"]:
        yield "problem", found["problem"]
