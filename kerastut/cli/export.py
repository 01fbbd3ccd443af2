"""`kerastut export`."""

import argparse
from pathlib import Path

from kerastut import quiet
from kerastut.cli.options import AGAIN, add_data, add_json, add_run, read_data_options
from kerastut.cli.output import picked, print_facts, print_json
from kerastut.export import FORMATS, require
from kerastut.files import require_empty, unlinked
from kerastut.runs import subject


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Export the model of a finished run, or any .keras file, for another runtime. The file is"
        " loaded there and must agree with the model on test data or random inputs, else nothing"
        " is left and the exit status is 1."
    )
    parser.epilog = "Example: kerastut export runs/cnn-mnist-20260101-120000 --format onnx"
    add_run(parser, files=True)
    parser.add_argument("--format", choices=FORMATS, required=True, help="what to write")
    parser.add_argument(
        "-o",
        "--output-dir",
        metavar="PATH",
        type=Path,
        help="new folder for the model and its README; default: RUN/exports/FORMAT;"
        " NAME-FORMAT for NAME.keras",
    )
    add_data(parser, AGAIN)
    add_json(parser)
    parser.set_defaults(function=export_command)


def export_command(options: argparse.Namespace) -> int:
    """Exports, and prints where the model is and how well it agrees."""
    from kerastut.data import recognised

    known = subject(options.run, options.classes)
    require(options.format)
    of_file = known.model == options.run
    beside = Path() if of_file else unlinked(options.run / "exports")
    name = f"{known.name}-{options.format}" if of_file else options.format
    folder = options.output_dir or beside / name
    require_empty(folder)
    how = read_data_options(options)
    if options.data:
        recognised(options.data, how)
    with quiet.startup(options.verbose):
        from kerastut.export import export, export_file
        from kerastut.runs import load_model, reopen
    if of_file:
        model = load_model(known.model)
        classes = known.classes_of(model.outputs[0].shape)
        exported = export_file(model, known.name, classes, options.format, folder, options.verbose)
    else:
        run = reopen(options.run, None, None, options.data, how)
        exported = export(run, options.format, folder, options.verbose)
    if options.json:
        found = picked(exported, "difference", "samples")
        print_json({"format": options.format, "file": str(exported.file), **found})
        return 0
    agreement = f"{exported.difference:.1e} on {exported.samples} {exported.what}"
    rows = [("file", str(exported.file)), ("largest difference", agreement)]
    print_facts([*rows, ("how to load it", str(exported.folder / "README.md"))])
    return 0
