"""A picture from the page, as the net sees it."""

import base64
import binascii
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kerastut.arrays import Array
from kerastut.demo.net import Net
from kerastut.errors import DataError
from kerastut.predict import read_inputs


@dataclass(frozen=True)
class Seen:
    """What reaches the net.

    Args:
        pixels: `(height, width, channels)` uint8.
        inverted: Whether dark and light were exchanged on the way.
    """

    pixels: Array
    inverted: bool


def seen(picture: str, net: Net) -> Seen:
    """Brings a picture to what the net was trained on, as `kerastut predict` does.

    Args:
        picture: A data URL of a PNG, JPEG, BMP or GIF file.
        net: Of pictures.

    Raises:
        DataError: If it is none of these, or damaged.
    """
    # The readers take files: they must not trust what a picture says of its own size.
    with tempfile.TemporaryDirectory(prefix="kerastut-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(_content(picture))
        found = read_inputs([str(path)], net.model, net.trained)
    if found.problems:
        raise DataError(found.problems[0])
    return Seen(found.samples[0], bool(found.notes))


def _content(picture: str) -> bytes:
    try:
        return base64.b64decode(picture.partition(";base64,")[2], validate=True)
    except binascii.Error as error:
        raise DataError("expected a picture in base64.") from error
