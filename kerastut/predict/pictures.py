"""Pictures to predict: of any size, brought to what the model was trained on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from kerastut.arrays import Array
from kerastut.data import border, is_light, picture
from kerastut.errors import DataError, shown_path
from kerastut.files import opened

# Data whose digits all stand in the same place, in the same size.
CENTRED = ("mnist",)
# A larger picture is read smaller, in pixels of its longer side.
LONGEST = 1000
# As MNIST's digits are: their longer side is 20 pixels, their centre of mass lies on pixel 14.
SIDE, BOX, MIDDLE = 28, 20, 14
# Share of the strongest ink below which a pixel is paper; at 0.3 the grain of a photograph counts.
INK = 0.5


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
    """
    path = Path(word)
    with opened(path, "a PNG, JPEG, BMP or GIF picture") as file:
        try:
            pixels, inverted = fitted(file, shape, trained)
        except DataError as error:
            raise DataError(f"{shown_path(path)}: {error}.") from error
    if inverted:
        found = "light" if trained.background == "dark" else "dark"
        notes.append(f"{shown_path(path)}: {found} background, so it was inverted.")
    yield word, pixels


def fitted(file: IO[bytes], shape: tuple[int, int, int], trained: Trained) -> tuple[Array, bool]:
    """Brings one picture to what a model was trained on.

    Args:
        file: Its content.
        shape: Height, width and channels, 1 or 3, of what the model takes.
        trained: What it was trained on, as for `read`.

    Returns:
        Pixels of that shape, uint8, and whether the picture was inverted.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    if shape[2] == 3:
        return picture(file, shape[:2], "RGB"), False
    pixels = picture(file, LONGEST, "L")[..., 0]
    inverted = bool(trained.background) and is_light(pixels) != (trained.background == "light")
    pixels = 255 - pixels if inverted else pixels
    mnist_like = trained.data in CENTRED and shape[:2] == (SIDE, SIDE)
    placed = centred(pixels) if mnist_like else _resized(pixels, *shape[:2])
    return placed[..., None], inverted


def _resized(pixels: Array, height: int, width: int) -> Array:
    from PIL import Image

    resized = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized)


def centred(pixels: Array) -> Array:
    """Returns a light digit on dark ground as MNIST has it.

    Args:
        pixels: `(height, width)` uint8 of any size.

    Returns:
        `(28, 28)` uint8.
    """
    ink = np.clip(pixels - np.median(border(pixels)), 0, None).astype(np.float32)
    placed = np.zeros((SIDE, SIDE), np.float32)
    if ink.any():
        digit = _cropped(ink)
        longest = max(digit.shape)
        digit = _resized(digit, *(max(1, round(side * BOX / longest)) for side in digit.shape))
        placed[_place(digit.sum(axis=1)), _place(digit.sum(axis=0))] = digit * (255 / digit.max())
    return placed.round().astype(np.uint8)


def _cropped(ink: Array) -> Array:
    rows, columns = (ink > INK * ink.max()).nonzero()
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _place(mass: Array) -> slice:
    """Returns where a digit goes along an axis, by its mass along it."""
    centre = float((mass * np.arange(len(mass))).sum() / mass.sum())
    first = min(max(round(MIDDLE - centre), 0), SIDE - len(mass))
    return slice(first, first + len(mass))
