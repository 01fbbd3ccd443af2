"""A folder of pictures, with one folder for each class."""

import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import PARTS, SIZE, WHOLE, Found, sorted_classes
from kerastut.data.splits import Split
from kerastut.errors import DataError, listed, one_line, shown, shown_path
from kerastut.files import opened
from kerastut.memory import MEBIBYTE, VARIABLE, most_memory

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
FORMATS = ("PNG", "JPEG", "BMP", "GIF")
# Of a progressive picture; cameras and editors write about ten.
MOST_SCANS = 100
LITTER = ("thumbs.db", "desktop.ini", "__macosx")
Mode = Literal["L", "RGB"]
LINK = "a link that leaves the folder"
# How many pictures are looked at for colour, and in which size.
LOOKED_AT, LOOK = 200, (32, 32)
# Bytes that a pixel takes while what is transparent is put on white; and, before that, a pixel of a
# progressive JPEG.
PIXEL, PACKED = 16, 8
# A grey JPEG has channels that differ by a few steps; a spot of colour by more.
SPREAD, SHARE = 32, 0.01
# Mean grey of a drawing that could not be seen on white.
WHITE = 208


def read(folder: Path, size: tuple[int, int] = SIZE) -> Found:
    """Reads PNG, JPEG, BMP and GIF pictures (the first frame), told apart by their content.

    Args:
        folder: Holds a folder for each class, or folders `train` and `test` (and `validation`)
            that do. Hidden files are left alone.
        size: Height and width that every picture is resized to, whatever its shape.

    Returns:
        Pixels `(n, height, width, channels)` uint8 and labels `(n,)` int32; the classes are the
        folders' names in order. There is one channel if all pictures are grey, else three. What is
        transparent becomes white.
    """
    pictures = {part: _pictures(root, folder) for part, root in _part_folders(folder).items()}
    classes = sorted_classes({path.parent.name for paths in pictures.values() for path in paths})
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(folder)}: expected two class folders or more, received"
            f" {shown(', '.join(classes)) or 'none'}. Put the pictures of each class into a folder"
            " named after it."
        )
    mode = mode_of([path for paths in pictures.values() for path in paths])
    numbers = {name: number for number, name in enumerate(classes)}
    parts = {
        part: Split(
            _decoded(paths, folder, size, mode),
            np.array([numbers[path.parent.name] for path in paths], np.int32),
        )
        for part, paths in pictures.items()
    }
    colour = "grey" if mode == "L" else "colour"
    return Found(parts, classes, f"pictures resized to {size[0]}x{size[1]}, in {colour}")


def _part_folders(folder: Path) -> dict[str, Path]:
    """Returns the folders of train, validation and test, or the one of all."""
    children = [path for path in _visible(folder) if path.is_dir()]
    parts = {PARTS[path.name]: path for path in children if path.name in PARTS}
    if "train" in parts and len(parts) == len(children) > 1:
        return parts
    return {WHOLE: folder}


def _visible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if not path.name.startswith(".") and path.name.lower() not in LITTER:
            yield path


def _pictures(root: Path, folder: Path) -> list[Path]:
    """Lists the pictures of all classes under `root`; refuses what is none."""
    unfit: dict[Path, str] = {}
    found: list[Path] = []
    for child in (path for path in _visible(root) if path.is_dir()):
        # A folder that is a link is judged before it is looked into.
        if _leaves(child, folder):
            unfit[child] = LINK
            continue
        inside = list(_visible(child))
        unfit |= {path: reason for path in inside if (reason := _unfit(path, folder))}
        found += (path for path in inside if path not in unfit)
        if not inside:
            unfit[child] = "no pictures"
    _refuse(folder, unfit)
    return found


def _unfit(path: Path, folder: Path) -> str:
    if _leaves(path, folder):
        return LINK
    if path.is_dir():
        return "a folder in a class folder"
    if not path.is_file():
        return "no regular file"
    if path.suffix.lower() not in SUFFIXES:
        return "not named .png, .jpg, .bmp or .gif"
    return "" if path.stat().st_size else "empty"


def _leaves(path: Path, folder: Path) -> bool:
    # Path.resolve raises for a link to itself on Python 3.11.
    real = Path(os.path.realpath(path))
    return path.is_symlink() and not real.is_relative_to(os.path.realpath(folder))


def _refuse(folder: Path, unfit: Mapping[Path, str]) -> None:
    if unfit:
        problems = [f"{shown(p.relative_to(folder), 200)} ({unfit[p]})" for p in unfit]
        raise DataError(
            f"{shown_path(folder)}: cannot be used as pictures by class: {listed(problems)}."
            " Replace or remove them."
        )


def mode_of(paths: Sequence[Path]) -> Mode:
    """Returns `"RGB"` if any picture shows colour; of many, some hundred are looked at."""
    for path in paths[:: max(1, len(paths) // LOOKED_AT)]:
        with suppress(DataError):  # reading all of them will name it
            spread = np.ptp(picture(path, LOOK, "RGB"), axis=-1)
            if (spread > SPREAD).mean() > SHARE:
                return "RGB"
    return "L"


def _decoded(paths: Sequence[Path], folder: Path, size: tuple[int, int], mode: Mode) -> Array:
    """Decodes one picture at a time into one array."""
    try:
        pixels = np.zeros((len(paths), *size, len(mode)), np.uint8)
    except (MemoryError, ValueError) as error:
        raise DataError(
            f"{shown_path(folder)}: {len(paths):,} pictures of {size[0]}x{size[1]} do not fit into"
            " memory. Choose a smaller size."
        ) from error
    unfit = {}
    for number, path in enumerate(paths):
        try:
            pixels[number] = picture(path, size, mode)
        except DataError as error:
            unfit[path] = str(error)
    _refuse(folder, unfit)
    return pixels


def picture(file: Path | IO[bytes], size: tuple[int, int] | int, mode: Mode) -> Array:
    """Reads one picture.

    Args:
        file: Its path, or its content.
        size: Height and width to resize it to; or, to keep its proportions, the most pixels that
            its longer side may have.
        mode: `"L"` or `"RGB"`.

    Returns:
        Pixels `(height, width, channels)` uint8.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = opened(file, "a picture") if isinstance(file, Path) else nullcontext(file)
            with content as stream, Image.open(stream, formats=FORMATS) as image:
                whole = math.prod(image.size)
                height, width = size if isinstance(size, tuple) else _within(size, image.size)
                # A large JPEG is decoded at a fraction of its size.
                image.draft(mode, (max(height, width),) * 2)
                _check_pixels(whole, math.prod(image.size))
                if image.format == "JPEG":
                    _check_scans(stream)
                upright = ImageOps.exif_transpose(image)
                if isinstance(size, int) and upright.size != image.size:
                    height, width = width, height
                resized = (
                    _opaque(upright)
                    .convert(mode)
                    .resize((width, height), Image.Resampling.BILINEAR)
                )
                return np.asarray(resized).reshape(height, width, len(mode))
    except UnidentifiedImageError as error:
        raise DataError("not a PNG, JPEG, BMP or GIF picture") from error
    except DataError:
        raise
    except Image.DecompressionBombError as error:
        raise DataError(f"over {2 * (Image.MAX_IMAGE_PIXELS or 0):,} pixels") from error
    # A decoder given damaged bytes may raise anything.
    except Exception as error:
        raise DataError(shown(one_line(error), 80)) from error


def _check_pixels(whole: int, decoded: int) -> None:
    """Refuses a picture before it is decoded, by its pixels and those that are left to decode."""
    size = max(PACKED * whole, PIXEL * decoded)
    if size > most_memory():
        raise DataError(
            f"{whole:,} pixels take about {size // MEBIBYTE:,} MiB, more than"
            f" {VARIABLE}={most_memory() // MEBIBYTE} allows"
        )


def _check_scans(stream: IO[bytes]) -> None:
    """Refuses a JPEG whose pixels are gone through again and again."""
    place = stream.tell()
    stream.seek(0)
    scans = stream.read().count(b"\xff\xda")
    stream.seek(place)
    if scans > MOST_SCANS:
        raise DataError(f"{scans:,} scans of a JPEG, more than {MOST_SCANS}")


def _within(longest: int, own: tuple[int, int]) -> tuple[int, int]:
    """Returns height and width of a picture of this width and height, made no larger than that."""
    scale = min(1, longest / max(own))
    return max(1, round(own[1] * scale)), max(1, round(own[0] * scale))


def _opaque(image: "Image.Image") -> "Image.Image":
    """Returns the picture with white behind what is transparent, and at most 8 bits a channel.

    Behind what is white itself there is black.
    """
    from PIL import Image

    if image.mode.startswith("I;16"):
        deep = np.asarray(image)
        return Image.fromarray((deep >> 8 if deep.max() > 255 else deep).astype(np.uint8))
    if not image.has_transparency_data:
        return image
    coloured = image.convert("RGBA")
    grey, cover = np.moveaxis(np.asarray(coloured.convert("LA")), -1, 0)
    is_white = cover.any() and np.average(grey, weights=cover) > WHITE
    ground = Image.new("RGBA", image.size, "black" if is_white else "white")
    return Image.alpha_composite(ground, coloured)
