"""Options and argument types that several subcommands share."""

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from kerastut.data import DataOptions
from kerastut.language import told
from kerastut.memory import DEFAULT, VARIABLE
from kerastut.streams import say

AGAIN = "the run's data, if they lie elsewhere by now"  # what --data is for a finished run
LARGEST = 4096  # pixels along an edge
POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")

DESCRIBED = "the data"  # what `kerastut data describe` takes


def add_json(parser: argparse.ArgumentParser) -> None:
    """Adds `--json`."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_loudness(parser: argparse.ArgumentParser) -> None:
    """Adds `-q` and `-v`."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help=told("print no progress"))
    group.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help=told("print TensorFlow's messages and tracebacks"),
    )


def add_run(parser: argparse.ArgumentParser, files: bool = False) -> None:
    """Adds the folder that a subcommand reads, and `-v`; with `files` also a `.keras` file."""
    taken = "the folder of a finished run" + (", or any .keras file" if files else "")
    parser.add_argument(
        "run",
        metavar="RUN",
        type=run_folder,
        help=f"{taken}, or latest for the newest in runs; what would take more memory is refused"
        f" than the variable {VARIABLE} allows, default: {DEFAULT}",
    )
    if files:
        parser.add_argument(
            "--classes",
            metavar="FILE",
            type=Path,
            help="names of the classes of a .keras file, one a line; default: their numbers",
        )
    parser.add_argument("-v", "--verbose", action="store_true", help="print all messages")


def add_unit_pixels(parser: argparse.ArgumentParser) -> None:
    """Adds what a `.keras` file does not tell of its pictures."""
    parser.add_argument(
        "--unit-pixels",
        action="store_true",
        help="the model takes pixels from 0 to 1, as most of old tutorials do, not from 0 to 255",
    )


def add_settings(parser: argparse.ArgumentParser, folder: str) -> None:
    """Adds what decides a training, and where its files go.

    Args:
        parser: Of a subcommand.
        folder: The default of `--output-dir`, for the help text.
    """
    number = positive_integer
    parser.add_argument("--epochs", metavar="N", type=number, help="passes over the training data")
    parser.add_argument(
        "-b", "--batch-size", metavar="N", type=number, help="samples in an optimizer step"
    )
    parser.add_argument(
        "--lr", metavar="RATE", type=positive_number, help="short for --set learning_rate=RATE"
    )
    parser.add_argument("--seed", metavar="N", type=seed, help="default: 0")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        type=assignment,
        action="append",
        default=[],
        dest="assignments",
        help="set a hyperparameter, see 'kerastut show RECIPE'; may be repeated",
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=number,
        help="at most N samples in each split, for a quick look",
    )
    parser.add_argument(
        "--balance",
        action="store_true",
        help="let samples weigh the more in training, the fewer their class has",
    )
    add_data(parser)
    parser.add_argument("--output-dir", metavar="DIR", type=Path, help=f"default: {folder}")


def add_data(parser: argparse.ArgumentParser, what: str = "other data") -> None:
    """Adds the data, and how they are read; `what` they are, the help text says."""
    parser.add_argument(
        *(["data"] if what == DESCRIBED else ["--data"]),
        metavar="DATA",
        help=f"{what}: a name from 'kerastut data list', a folder of pictures by class or of idx"
        " files, a table such as a .csv file, an .npz file, or tfds:NAME",
    )
    parser.add_argument(
        "--text-column", metavar="NAME", help="column of texts of a table; default: guessed"
    )
    parser.add_argument(
        "--label-column", metavar="NAME", help="column of labels of a table; default: guessed"
    )
    parser.add_argument("--encoding", metavar="NAME", help="encoding of a table; default: found")
    parser.add_argument(
        "--task",
        choices=("classification", "regression"),
        help="whether the label of a table is a class or a number; default: told by its values",
    )
    parser.add_argument(
        "--missing",
        choices=("drop", "mean"),
        help="what becomes of rows with a missing value: left out, or given the mean of the others;"
        " default: drop",
    )
    parser.add_argument(
        "--skip-bad",
        action="store_const",
        const=True,
        help="leave out lines and pictures that cannot be read",
    )
    parser.add_argument(
        "--fit",
        choices=("squash", "crop", "pad"),
        help="how pictures come to their size: out of proportion, cut off, or with black around;"
        " default: squash",
    )
    parser.add_argument(
        "--image-size",
        metavar="HxW",
        type=image_size,
        help="height and width that pictures are resized to; default: 28x28",
    )
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder of prepared data for tfds:NAME; default: ~/tensorflow_datasets",
    )


def run_folder(text: str, *states: str) -> Path:
    """Reads a run's folder; the word `latest` is the newest in one of the states, or finished."""
    if text != "latest":
        return Path(text)
    from kerastut.runs import latest

    folder = latest(*states or ("finished",))
    say(f"kerastut: latest is {folder}")
    return folder


def read_data_options(options: argparse.Namespace) -> DataOptions:
    """Returns how data are read, as `add_data` has it said."""
    return DataOptions(
        **{field.name: getattr(options, field.name) for field in fields(DataOptions)}
    )


def add_dtype_policy(parser: argparse.ArgumentParser) -> None:
    """Adds `--dtype-policy`."""
    parser.add_argument(
        "--dtype-policy",
        choices=POLICIES,
        help="numbers that layers compute with; mixed_bfloat16 is faster where the processor has"
        " instructions for it (avx512_bf16), and much slower where not; default: float32",
    )


def set_dtype_policy(options: argparse.Namespace) -> None:
    """Sets Keras's policy for the whole process, if one was asked for."""
    if options.dtype_policy:
        import keras

        keras.config.set_dtype_policy(options.dtype_policy)


def positive_integer(text: str) -> int:
    """Reads a count of at least 1."""
    return int(_number(text, int, 1, float("inf"), "a positive integer"))


def several(text: str) -> int:
    """Reads a count of at least 2, which have a standard deviation."""
    return int(_number(text, int, 2, float("inf"), "a number of at least 2"))


def seed(text: str) -> int:
    """Reads a seed: 0 to 2**32 - 1."""
    return int(_number(text, int, 0, 2**32 - 1, "an integer from 0 to 4294967295"))


def port(text: str) -> int:
    """Reads a port: 0 to 65535."""
    return int(_number(text, int, 0, 2**16 - 1, "0 to 65535"))


def positive_number(text: str) -> float:
    """Reads a number above 0."""
    return _number(text, float, math.ulp(0), sys.float_info.max, "a positive number")


def image_size(text: str) -> tuple[int, int]:
    """Reads `HxW`, such as 32x48."""
    sizes = [int(part) if part.isascii() and part.isdigit() else 0 for part in text.split("x")]
    if len(sizes) != 2 or not all(0 < size <= LARGEST for size in sizes):
        raise argparse.ArgumentTypeError(
            f"expected height and width such as 32x48, each from 1 to {LARGEST}, received {text!r}"
        )
    return sizes[0], sizes[1]


def assignment(text: str, form: str = "NAME=VALUE") -> tuple[str, str]:
    """Reads `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"expected {form}, received {text!r}")
    return name, value


def variation(text: str) -> tuple[str, str]:
    """Reads `NAME=A,B,C`."""
    return assignment(text, "NAME=A,B,C")


def _number(
    text: str, kind: Callable[[str], float], low: float, high: float, expected: str
) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"expected {expected}, received {text!r}")
    return value
