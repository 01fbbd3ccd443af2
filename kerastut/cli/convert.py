"""`kerastut convert`."""

import argparse
from pathlib import Path

from kerastut import quiet
from kerastut.cli.options import add_json, assignment, run_folder
from kerastut.cli.output import print_facts, print_json
from kerastut.conversion import require_new, require_readable
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Rebuild a model that Keras 1, Keras 2 or tf.keras saved for Keras 3. Its file is read, and"
        " nothing in it is run. Every weight is placed once, and where tf-keras can compute the old"
        " model the outputs are compared; if they differ, nothing is left and the exit status is 1."
    )
    parser.epilog = "Example: kerastut convert model-of-2018.h5 -o model.keras"
    parser.add_argument(
        "old",
        metavar="OLD",
        type=Path,
        help="a .h5 file; an architecture as .json or .yaml; a .keras file of Keras 2.13 to 2.15; a"
        " SavedModel folder",
    )
    parser.add_argument(
        "--weights", metavar="W.h5", type=Path, help="the weights of an architecture"
    )
    parser.add_argument(
        "--like",
        metavar="MODEL",
        type=lambda text: str(run_folder(text)),
        help="what weights alone belong to: a recipe, the folder of a run, or a .keras file",
    )
    parser.add_argument(
        "--lambda",
        metavar="NAME=FUNCTION",
        type=_named,
        action="append",
        default=[],
        dest="functions",
        help="what to put for the Lambda layer NAME: module:function of yours, on keras.ops, or the"
        " name of an operation of keras.ops; may be repeated",
    )
    parser.add_argument(
        "--layer",
        metavar="NAME=CLASS",
        type=_named,
        action="append",
        default=[],
        dest="classes",
        help="what to take for the class or function NAME that Keras 3 has not: module:Class of"
        " yours; may be repeated",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="NEW.keras",
        type=Path,
        help="a new file; default: OLD with the ending .keras",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="print all messages")
    add_json(parser)
    parser.set_defaults(function=convert_command)


def convert_command(options: argparse.Namespace) -> int:
    """Converts, and prints where the model is and what is known of it."""
    target = options.output or default_target(options.old)
    require_new(target)
    require_readable(options.old, options.weights, options.like)
    with quiet.startup(options.verbose):
        from kerastut.conversion import convert_file, imported
    functions, classes = imported(options.functions), imported(options.classes)
    found = convert_file(options.old, target, options.weights, options.like, functions, classes)
    for note in found.notes:
        say(f"kerastut: {note}")
    if options.json:
        print_json(
            {
                "file": str(target),
                "keras": found.keras,
                "weights": found.weights,
                "parameters": found.model.count_params(),
                "optimizer": found.optimizer,
                "difference": found.proof.difference,
                "not_compared": found.proof.reason,
                "notes": list(found.notes),
            }
        )
        return 0
    compared = (
        f"largest difference {found.proof.difference:.1e} to the old model in tf-keras"
        if found.proof.difference is not None
        else f"not with the old model: {found.proof.reason}"
    )
    placed = f"{found.weights} of {found.weights} placed, {found.model.count_params():,} numbers"
    rows = [
        ("file", str(target)),
        ("written by", f"Keras {found.keras}" if found.keras else "an early Keras"),
        ("weights", placed if found.weights else ""),
        ("compared", compared),
        ("optimizer", found.optimizer),
    ]
    print_facts([row for row in rows if row[1]])
    return 0


def default_target(old: Path) -> Path:
    """Returns the name of the new file; an old `.keras` file keeps its own."""
    if old.suffix == ".keras":
        return old.with_name(f"{old.stem}-keras3.keras")
    return old.with_suffix(".keras")


def _named(text: str) -> tuple[str, str]:
    return assignment(text, "NAME=module:function")
