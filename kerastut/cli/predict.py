"""`kerastut predict`."""

import argparse
from typing import TYPE_CHECKING, Any

from kerastut import quiet
from kerastut.cli.options import add_json, add_run, add_unit_pixels, positive_integer
from kerastut.cli.output import print_json, print_table, shorten
from kerastut.runs import subject
from kerastut.streams import say

if TYPE_CHECKING:
    from kerastut.predict import Prediction

WIDEST = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Predict the classes of your own pictures, texts or numbers with the model of a finished"
        " run, or any .keras file. An input that cannot be used is named, and the rest goes on; the"
        " exit status is then 1, and 2 if nothing could be used."
    )
    parser.epilog = "Example: kerastut predict runs/cnn-mnist-20260101-120000 three.png seven.jpg"
    add_run(parser, files=True)
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="a picture; a text, a .txt file of one text a line, or - for standard input; numbers"
        " with commas between them; NAME=VALUE for each column of a row, or a file of rows",
    )
    parser.add_argument(
        "--top", metavar="K", type=positive_integer, help="show the K most probable classes"
    )
    add_unit_pixels(parser)
    add_json(parser)
    parser.set_defaults(function=predict_command)


def predict_command(options: argparse.Namespace) -> int:
    """Predicts, and prints a row or more for each input."""
    known = subject(options.run, options.classes)
    with quiet.startup(options.verbose):
        import keras  # noqa: F401  `load_model` imports it only after its own checks

        from kerastut.predict import Trained, predict, read_inputs
        from kerastut.runs import load_model
    model = load_model(known.model)
    trained = Trained(data=known.data, background=known.background)
    found = read_inputs(options.inputs, model, trained, known.columns)
    for line in [*found.notes, *(f"error: {problem}" for problem in found.problems)]:
        say(f"kerastut: {line}")
    if not found.samples:
        return 2
    classes = known.classes_of(model.outputs[0].shape)
    samples = found.array()
    if options.unit_pixels and not isinstance(samples, dict):
        samples = samples / 255
    predictions = predict(model, classes, samples)
    if options.json:
        print_json(
            [_entry(*pair, options.top) for pair in zip(found.names, predictions, strict=True)]
        )
    else:
        _print(found.names, predictions, options.top or 1)
    return int(bool(found.problems))


def _entry(name: str, prediction: "Prediction", top: int | None) -> dict[str, Any]:
    if not prediction.probabilities:
        return {"input": name, "values": prediction.values}
    return {
        "input": name,
        "label": prediction.label,
        "probability": prediction.probability,
        "probabilities": prediction.best(top) if top else dict(prediction.probabilities),
    }


def _print(names: list[str], predictions: list["Prediction"], top: int) -> None:
    rows = [
        (shorten(name, WIDEST), *row)
        for name, prediction in zip(names, predictions, strict=True)
        for row in _rows(prediction, top)
    ]
    headers = ("input", "label", "probability") if len(rows[0]) == 3 else ("input", "values")
    print_table(headers, rows)


def _rows(prediction: "Prediction", top: int) -> list[tuple[str, ...]]:
    if not prediction.probabilities:
        return [(", ".join(f"{value:.6g}" for value in prediction.values),)]
    return [(label, f"{share:.4f}") for label, share in prediction.best(top).items()]
