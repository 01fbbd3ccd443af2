"""Pictures to predict: of any size, brought to what the model was trained on."""

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np

from kerastut.arrays import Array
from kerastut.data import FORMATS, is_light, picture
from kerastut.errors import DataError, shown_path
from kerastut.files import file_size
from kerastut.predict.digits import centred
from kerastut.predict.sample import Sample, Trained

# Data whose digits all stand in the same place, in the same size.
CENTRED = ("mnist",)
# A larger picture is read smaller, in pixels of its longer side.
LONGEST = 1000
ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)


def read(
    word: str, shape: tuple[int, int, int], trained: Trained, notes: list[str]
) -> Iterator[Sample]:
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
    path = Path(word)
    file_size(path, "a PNG, JPEG, BMP or GIF picture")
    try:
        pixels, inverted = fitted(path, shape, trained)
    except DataError as error:
        raise DataError(f"{shown_path(path)}: {error}.") from error
    if inverted:
        found = "light" if trained.background == "dark" else "dark"
        notes.append(f"{shown_path(path)}: {found} background, so it was inverted.")
    yield word, pixels


def fitted(
    file: Path | BytesIO, shape: tuple[int, int, int], trained: Trained
) -> tuple[Array, bool]:
    """Brings one picture to what a model was trained on.

    Args:
        file: Its path, or its content.
        shape: Height, width and channels, 1 or 3, of what the model takes.
        trained: What it was trained on, as for `read`.

    Returns:
        Pixels of that shape, uint8, and whether the picture was inverted.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", _bomb_warning())
        if shape[2] == 3:
            return picture(file, shape[:2], "RGB"), False
        pixels = _whole(file)
    inverted = bool(trained.background) and is_light(pixels) != (trained.background == "light")
    placed = _placed(255 - pixels if inverted else pixels, shape[:2], trained)
    return placed[..., None], inverted


def _bomb_warning() -> type[Warning]:
    from PIL import Image

    return Image.DecompressionBombWarning


def _whole(file: Path | BytesIO) -> Array:
    """Reads a picture in its own proportions, grey, `(height, width)`."""
    return picture(file, _own_size(file), "L")[..., 0]


def _own_size(file: Path | BytesIO) -> tuple[int, int]:
    from PIL import Image

    try:
        with Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            if image.getexif().get(ORIENTATION) in TURNED:
                width, height = height, width
    except Exception:  # `picture` meets the same fault, and says what it is
        return 1, 1
    scale = min(1, LONGEST / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _placed(pixels: Array, size: tuple[int, int], trained: Trained) -> Array:
    from PIL import Image

    if trained.data in CENTRED:
        return centred(pixels)
    resized = Image.fromarray(pixels).resize(size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(resized)
