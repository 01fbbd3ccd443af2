"""How data of the reader's own are read."""

import os
from dataclasses import dataclass
from typing import Any, Literal

from kerastut.errors import DataError

TFDS = "tfds:"
# What comes with kerastut, with one line on each.
NAMES = {
    "blobs": "two Gaussian classes in the plane, float32, 2 classes",
    "line": "y = 2x + 1 plus Gaussian noise, float32, regression",
    "mnist": "handwritten digits, 28x28x1 uint8, 10 classes",
    "mnist-pairs": "two handwritten digits, their sum (19 classes) and its parity",
    "penguins": "penguins measured, a table of numbers and words, 3 classes",
    "reviews": "Chinese product, hotel and book reviews, strings, 2 classes",
}
Fit = Literal["squash", "crop", "pad"]
# The kinds of data that an option goes with, and what to call them.
KINDS = {
    "text_column": ("table",),
    "label_column": ("table",),
    "encoding": ("table",),
    "task": ("table",),
    "missing": ("table",),
    "skip_bad": ("table", "pictures"),
    "fit": ("pictures",),
    "image_size": ("pictures", "tfds"),
    "data_dir": ("tfds",),
}
NAMED = {
    "table": "a table such as a .csv file",
    "pictures": "a folder of pictures",
    "tfds": "tfds:NAME",
}


def located(data: str) -> str:
    """Returns data of the reader's own by their absolute path, which holds from any folder."""
    own = data not in NAMES and not data.startswith(TFDS) and os.path.lexists(data)
    return os.path.abspath(data) if own else data  # noqa: PTH100  links are kept


@dataclass(frozen=True)
class DataOptions:
    """How data of the reader's own are read; `None` leaves it to the reader of that kind.

    Args:
        text_column: Column of texts of a table; guessed from usual names if `None`.
        label_column: Column of labels of a table; likewise.
        encoding: Encoding of a table; found if `None`.
        task: Whether the label of a table is a class or a number, for `"classification"` or
            `"regression"`; told by its values if `None`.
        missing: What becomes of a table's rows with a missing value: `"drop"` leaves them out, as
            `None` does; `"mean"` puts the mean of the training rows there, and a word of its own
            for words.
        skip_bad: Whether to leave out lines or pictures that cannot be read, in place of refusing
            the data.
        fit: How pictures come to their size: `"squash"`, as `None`, changes their proportions,
            `"crop"` cuts off what is too much, `"pad"` adds black.
        image_size: Height and width that pictures are resized to; `(28, 28)` if `None`, except that
            pictures of TensorFlow Datasets keep a size that they all have.
        data_dir: Folder of prepared data for `tfds:NAME`; `~/tensorflow_datasets` if `None`.
    """

    text_column: str | None = None
    label_column: str | None = None
    encoding: str | None = None
    task: Literal["classification", "regression"] | None = None
    missing: Literal["drop", "mean"] | None = None
    skip_bad: bool | None = None
    fit: Fit | None = None
    image_size: tuple[int, int] | None = None
    data_dir: str | None = None

    def given(self) -> dict[str, Any]:
        """Returns the options that are not `None`."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def check(self, kind: str, data: str) -> None:
        """Raises a `DataError` for an option that data of this kind would leave without effect."""
        for option in self.given():
            if kind not in KINDS[option]:
                fit = " or ".join(NAMED[fit] for fit in KINDS[option])
                named = f"--{option.replace('_', '-')}"  # as the command line has it
                raise DataError(
                    f"{named} goes with {fit}; received the data {data!r}. Leave it out."
                )
