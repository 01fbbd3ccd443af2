"""Decides whether a folder of pictures is read in grey or in colour."""

import warnings
from pathlib import Path

import numpy as np

from kerastut.data.own.images import SUFFIXES, Mode, picture
from kerastut.errors import DataError

LOOKED_AT = 200
SIZE = (32, 32)
# A grey JPEG has channels that differ by a few steps; a spot of colour by more.
SPREAD, SHARE = 32, 0.01


def mode_of(folder: Path) -> Mode:
    """Returns `"RGB"` if any picture shows colour, `"L"` if all are grey.

    Args:
        folder: Holds pictures at any depth; of many, some hundred from beginning to end are looked
            at. One that cannot be read is passed over, since reading all of them will name it.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    step = max(1, len(paths) // LOOKED_AT)
    return "RGB" if any(map(_is_coloured, paths[::step])) else "L"


def _is_coloured(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            pixels = picture(path, SIZE, "RGB")
        except DataError:
            return False
    return bool((np.ptp(pixels, axis=-1) > SPREAD).mean() > SHARE)
