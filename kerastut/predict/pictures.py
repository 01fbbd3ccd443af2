"""Pictures to predict: of any size, brought to what the model was trained on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kerastut.arrays import Array
from kerastut.data import Fit, is_light, picture
from kerastut.errors import DataError, shown_path
from kerastut.files import opened

if TYPE_CHECKING:
    from kerastut.digits import FoundDigits

# Data whose digits all stand in the same place, in the same size, and the size of their pictures.
CENTRED, MNIST = ("mnist",), (28, 28, 1)
# A larger picture is read smaller, in pixels of its longer side.
LONGEST = 1000


@dataclass(frozen=True)
class Trained:
    """What a model was trained on.

    Args:
        data: Name of the data.
        background: `"dark"`, `"light"`, or `None` where pictures have no background in common.
        fit: How its pictures came to their size.
        bits: How many bits its pictures of 16 bits used.
        missing: What became of a table's missing values.
        units: Of a table's numbers, by the columns' names.
    """

    data: str
    background: str | None
    fit: Fit | None = None
    bits: int | None = None
    missing: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fitted:
    """A picture, brought to what a model was trained on.

    Args:
        samples: Pixels as the model takes them, uint8; one array for each digit that was found.
        notes: What was done to it.
        pixels: The picture as it was looked at, where digits were looked for.
        found: The digits.
        scale: How many pixels of the picture's own one of `pixels` is.
    """

    samples: list[Array]
    notes: list[str] = field(default_factory=list)
    pixels: Array | None = None
    found: "FoundDigits | None" = None
    scale: float = 1.0

    @property
    def inverted(self) -> bool:
        """Whether dark and light were exchanged."""
        return any("inverted" in note for note in self.notes)


def read(word: str, shape: tuple[int, int, int], trained: Trained) -> Fitted:
    """Reads the picture of that path; for the rest see `fitted`."""
    path = Path(word)
    with opened(path, "a picture") as file:
        try:
            return fitted(file, shape, trained)
        except DataError as error:
            raise DataError(f"{shown_path(path)}: {error}.") from error


def fitted(file: IO[bytes], shape: tuple[int, int, int], trained: Trained) -> Fitted:
    """Brings one picture to what a model was trained on.

    Args:
        file: Its content.
        shape: Height, width and channels, 1 or 3, of what the model takes.
        trained: What it was trained on. A grey picture whose background is not that of the training
            data is inverted. For a model of MNIST's digits every digit is found, and put where
            MNIST has it.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    if trained.data in CENTRED and shape == MNIST:
        return _digits(file)
    fit = trained.fit or "squash"
    pixels = picture(file, shape[:2], "RGB" if shape[2] == 3 else "L", fit, trained.bits)
    # What was added around a picture says nothing of its ground.
    if shape[2] == 3 or trained.background is None or fit == "pad":
        return Fitted([pixels])
    inverted = is_light(pixels[..., 0]) != (trained.background == "light")
    other = "light" if trained.background == "dark" else "dark"
    notes = [f"{other} background, so it was inverted"] if inverted else []
    return Fitted([255 - pixels if inverted else pixels], notes)


def _digits(file: IO[bytes]) -> Fitted:
    from PIL import Image

    from kerastut.digits import find

    pixels = picture(file, LONGEST, "RGB")
    file.seek(0)
    scale = max(Image.open(file).size) / max(pixels.shape[:2])
    found = find(pixels)
    return Fitted(
        [d.pixels[..., None] for d in found.digits], notes_of(found), pixels, found, scale
    )


def notes_of(found: "FoundDigits") -> list[str]:
    """Returns what was done to a picture until its digits were found."""
    count = len(found.left_out)
    notes = {
        "light background, so it was inverted": bool(found.digits and found.dark),
        "light evened out": found.uneven,
        "lines of the paper removed": found.removed is not None and bool(found.removed.any()),
        f"{count} speck{'s'[: count > 1]} left out": count > 0,
    }
    return [note for note, holds in notes.items() if holds]
