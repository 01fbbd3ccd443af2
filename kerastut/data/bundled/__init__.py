"""The data sets that come with kerastut, embedded or generated."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kerastut.data.splits import Data

# Each name is that of a module here with `read(seed) -> Data`; with one line on it.
NAMES = {
    "blobs": "two Gaussian classes in the plane, float32, 2 classes",
    "line": "y = 2x + 1 plus Gaussian noise, float32, regression",
    "mnist": "handwritten digits, 28x28x1 uint8, 10 classes",
    "mnist-pairs": "two handwritten digits, their sum (19 classes) and its parity",
    "reviews": "Chinese product, hotel and book reviews, strings, 2 classes",
}


def read(name: str, seed: int) -> "Data":
    """Returns a data set of `NAMES`."""
    data: Data = import_module(f"{__name__}.{name.replace('-', '_')}").read(seed)
    return data
