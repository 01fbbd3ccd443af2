"""`kerastut predict`."""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerastut import quiet
from kerastut.arrays import Array
from kerastut.cli.options import add_json, add_run, add_unit_pixels, positive_integer
from kerastut.cli.output import print_json, print_table, shorten
from kerastut.data import PICTURES, TABLES
from kerastut.errors import DataError, shown_path
from kerastut.files import opened
from kerastut.runs import subject
from kerastut.streams import say

if TYPE_CHECKING:
    from kerastut.predict import Prediction, Reading

WIDEST = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Predict the classes of your own pictures, texts or numbers with the model of a finished"
        " run, or any .keras file. A model of MNIST's digits reads all digits of a picture, or it"
        " is said why there are none. An input that cannot be used is named, and the rest goes on;"
        " the exit status is then 1, and 2 if nothing could be used."
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
    parser.add_argument(
        "--explain", metavar="FILE", type=Path, help="draw how a picture of digits was read, as PNG"
    )
    add_unit_pixels(parser)
    add_json(parser)
    parser.set_defaults(function=predict_command)


def predict_command(options: argparse.Namespace) -> int:
    """Predicts, and prints a row or more for each input."""
    known = subject(options.run, options.classes)
    if missing := _missing(options.inputs):
        for problem in missing:
            say(f"kerastut: error: {problem}")
        return 2
    from kerastut.export import open_session
    from kerastut.predict import Trained, notes_of, predict, predictions, read_inputs, readings

    own = known.model != options.run and not options.explain
    exported = open_session(options.run, known.model) if own else None
    model: Any = exported
    if exported is None:
        with quiet.startup(options.verbose):
            from kerastut.runs import load_model
        model = load_model(known.model)
    classes = known.classes_of(model.outputs[0].shape)
    trained = Trained(
        known.data, known.background, known.fit, known.bits, known.missing, known.units
    )

    def ask(samples: Array | dict[str, Array]) -> list["Prediction"]:
        if options.unit_pixels and not isinstance(samples, dict):
            samples = samples / 255
        if exported is not None and not isinstance(samples, dict):
            return predictions(exported(samples), classes)
        return predict(model, classes, samples)

    found = read_inputs(options.inputs, model, trained, known.columns)
    answers = ask(found.array()) if found.samples else []
    read, empty = {}, {}
    for first, name, picture in found.pictures:
        if picture.samples and answers[first].probabilities:
            read[first] = readings(picture, answers[first : first + len(picture.samples)], ask)
            notes = [f"{shown_path(Path(name))}: {note}." for note in notes_of(read[first])]
            found.notes += notes
        elif picture.found and not picture.samples:
            empty[name] = f"no digit found: {picture.found.reason}"
    problems = [f"{shown_path(Path(name))}: {reason}." for name, reason in empty.items()]
    problems += found.problems
    for line in [*found.notes, *(f"error: {problem}" for problem in problems)]:
        say(f"kerastut: {line}")
    if options.explain:
        from kerastut.predict import explain

        explain(options.explain, found, read)
    if not found.samples and not empty:
        return 2
    entries, rows = [], []
    numbers = iter(range(len(answers)))
    for number in numbers:
        name, several = found.names[number], read.get(number)
        if several:
            entries.append(_digits(name, several, options.top))
            rows += [(name, *row) for row in _digit_rows(several, options.top)]
            list(islice(numbers, len(several) - 1))
        else:
            entries.append({"input": name, **_entry(answers[number], options.top)})
            rows += [(name, *row) for row in _rows(answers[number], options.top or 1)]
    if options.json:
        entries += ({"input": n, "label": None, "reason": empty[n]} for n in empty)
        print_json(entries)
    elif rows:
        headers = ("input", "label", "probability") if len(rows[0]) == 3 else ("input", "values")
        print_table(headers, [(shorten(name, WIDEST), *row) for name, *row in rows])
    return int(bool(problems))


def _missing(words: Sequence[str]) -> list[str]:
    """Returns why no input can be read if all name files that are not there.

    Only then nobody has to wait for the model.
    """
    problems = []
    for word in words:
        is_name = word.lower().endswith((*PICTURES, *TABLES)) and not any(map(str.isspace, word))
        if not is_name or Path(word).exists():
            return []
        try:
            opened(Path(word), "a picture, or a file of texts or rows")
        except DataError as error:
            problems.append(str(error))
    return problems


def _entry(prediction: "Prediction", top: int | None) -> dict[str, Any]:
    if not prediction.probabilities:
        return {"values": prediction.values}
    return {
        "label": prediction.label,
        "probability": prediction.probability,
        "probabilities": prediction.best(top) if top else dict(prediction.probabilities),
    }


def _digits(name: str, several: list["Reading"], top: int | None) -> dict[str, Any]:
    """Returns an entry for a picture: its digits' labels in a row, and each digit with its box."""
    digits = []
    for reading in several:
        place = {"box": reading.box, "turned": reading.turned, "doubtful": reading.is_doubtful}
        digits.append(_entry(reading.prediction, top) | place)
    if len(several) == 1:
        return {"input": name, **digits[0]}
    return {
        "input": name,
        "label": "".join(reading.prediction.label for reading in several),
        "probability": min(reading.prediction.probability for reading in several),
        "digits": digits,
    }


def _digit_rows(several: list["Reading"], top: int | None) -> list[tuple[str, ...]]:
    if top:
        return [row for reading in several for row in _rows(reading.prediction, top)]
    labels = "".join(reading.prediction.label for reading in several)
    shares = " ".join(f"{reading.prediction.probability:.4f}" for reading in several)
    return [(labels, shares)]


def _rows(prediction: "Prediction", top: int) -> list[tuple[str, ...]]:
    if not prediction.probabilities:
        return [(", ".join(f"{value:.6g}" for value in prediction.values),)]
    return [(label, f"{share:.4f}") for label, share in prediction.best(top).items()]
