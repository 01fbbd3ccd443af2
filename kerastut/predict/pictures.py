"""Pictures to predict: of any size, brought to what the model was trained on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerastut.arrays import Array
from kerastut.data import is_light, picture
from kerastut.errors import DataError, shown_path
from kerastut.files import file_size
from kerastut.predict.digits import centred

# Data whose digits all stand in the same place, in the same size.
CENTRED = ("mnist",)
# A larger picture is read smaller, in pixels of its longer side.
LONGEST = 1000


@dataclass(frozen=True)
class Trained:
    """What a model was trained on.

    Args:
        data: Name of the data.
        background: `"dark"`, `"light"`, or `None` where pictures have no background in common.
    """

    data: str
    background: str | None


def read(
    word: str, shape: tuple[int, int, int], trained: Trained, notes: list[str]
) -> Iterator[tuple[str, Array]]:
    """Yields one picture.

    Args:
        word: Path of a PNG, JPEG, BMP or GIF file.
        shape: Height, width and channels, 1 or 3, of what the model takes.
        trained: What it was trained on. A grey picture whose background is not that of the training
            data is inverted, and a digit is put where MNIST has it.
        notes: Where it is said that a picture was inverted.

    Raises:
        DataError: If it cannot be read; the text names the file.
    """
    path, grey = Path(word), shape[2] == 1
    file_size(path, "a PNG, JPEG, BMP or GIF picture")
    try:
        pixels = picture(path, LONGEST, "L") if grey else picture(path, shape[:2], "RGB")
    except DataError as error:
        raise DataError(f"{shown_path(path)}: {error}.") from error
    if grey:
        pixels = pixels[..., 0]
        if trained.background and is_light(pixels) != (trained.background == "light"):
            found = "light" if trained.background == "dark" else "dark"
            notes.append(f"{shown_path(path)}: {found} background, so it was inverted.")
            pixels = 255 - pixels
        pixels = _fitted(pixels, shape[:2], trained)[..., None]
    yield word, pixels


def _fitted(pixels: Array, size: tuple[int, int], trained: Trained) -> Array:
    from PIL import Image

    if trained.data in CENTRED:
        return centred(pixels)
    resized = Image.fromarray(pixels).resize(size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(resized)
