"""A folder of pictures, with one folder for each class."""

import os
import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from kerastut.arrays import Array
from kerastut.data.found import PARTS, WHOLE, Found, sorted_classes
from kerastut.data.splits import Split
from kerastut.errors import DataError, listed, one_line, shown, shown_path

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
FORMATS = ("PNG", "JPEG", "BMP", "GIF")
LITTER = ("thumbs.db", "desktop.ini", "__macosx")
Mode = Literal["L", "RGB"]
# A class and one of its pictures.
Picture = tuple[str, Path]


def read(folder: Path, size: tuple[int, int] = (28, 28), mode: Mode = "L") -> Found:
    """Reads PNG, JPEG, BMP and GIF pictures (the first frame), told apart by their content.

    Args:
        folder: Holds a folder for each class, or folders `train` and `test` (and `validation`)
            that do. Hidden files are left alone.
        size: Height and width that every picture is resized to, whatever its shape.
        mode: `"L"` for one channel of grey, `"RGB"` for three of colour. What is transparent
            becomes white.

    Returns:
        Pixels `(n, height, width, channels)` uint8 and labels `(n,)` int32; the classes are the
        folders' names in order.

    Raises:
        DataError: If there are not two classes, a class is empty, or a picture cannot be read.
    """
    roots = _part_folders(folder)
    pictures = {part: _pictures(root, folder) for part, root in roots.items()}
    classes = sorted_classes({name for found in pictures.values() for name, _ in found})
    if len(classes) < 2:
        raise DataError(
            f"{shown_path(folder)}: expected two class folders or more, received"
            f" {shown(', '.join(classes)) or 'none'}. Put the pictures of each class into a folder"
            " named after it."
        )
    numbers = {name: number for number, name in enumerate(classes)}
    parts = {
        part: Split(
            _decoded([path for _, path in found], folder, size, mode),
            np.array([numbers[name] for name, _ in found], np.int32),
        )
        for part, found in pictures.items()
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


def _pictures(root: Path, folder: Path) -> list[Picture]:
    """Lists the pictures of all classes under `root`; refuses what is none."""
    found: list[Picture] = []
    problems: list[str] = []
    for child in (path for path in _visible(root) if path.is_dir()):
        before = len(found)
        # A folder that is a link is judged before it is looked into.
        inside = [] if (outside := _leaves(child, folder)) else list(_visible(child))
        for path in inside:
            if reason := _unfit(path, folder):
                problems.append(_named(path, folder, reason))
            else:
                found.append((child.name, path))
        if outside:
            problems.append(_named(child, folder, "a link that leaves the folder"))
        elif len(found) == before and not inside:
            problems.append(_named(child, folder, "no pictures"))
    _refuse(folder, problems)
    return found


def _unfit(path: Path, folder: Path) -> str:
    if _leaves(path, folder):
        return "a link that leaves the folder"
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


def _named(path: Path, folder: Path, reason: str) -> str:
    return f"{shown(path.relative_to(folder), 200)} ({reason})"


def _refuse(folder: Path, problems: Sequence[str]) -> None:
    if problems:
        raise DataError(
            f"{shown_path(folder)}: cannot be used as pictures by class: {listed(problems)}."
            " Replace or remove them."
        )


def _decoded(paths: Sequence[Path], folder: Path, size: tuple[int, int], mode: Mode) -> Array:
    """Decodes one picture at a time into one array."""
    from PIL import Image

    try:
        pixels = np.zeros((len(paths), *size, len(mode)), np.uint8)
    except (MemoryError, ValueError) as error:
        raise DataError(
            f"{shown_path(folder)}: {len(paths):,} pictures of {size[0]}x{size[1]} do not fit into"
            " memory. Choose a smaller size."
        ) from error
    problems = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        for number, path in enumerate(paths):
            try:
                pixels[number] = picture(path, size, mode)
            except DataError as error:
                problems.append(_named(path, folder, str(error)))
    _refuse(folder, problems)
    return pixels


def picture(file: Path | BytesIO, size: tuple[int, int], mode: Mode) -> Array:
    """Reads one picture.

    Args:
        file: Its path, or its content.
        size: Height and width to resize it to.
        mode: `"L"` or `"RGB"`.

    Returns:
        Pixels `(height, width, channels)` uint8.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file, formats=FORMATS) as image:
            # A large JPEG is decoded at a fraction of its size.
            image.draft(mode, (max(size), max(size)))
            upright = _opaque(ImageOps.exif_transpose(image)).convert(mode)
            resized = upright.resize(size[::-1], Image.Resampling.BILINEAR)
            return np.asarray(resized).reshape(*size, len(mode))
    except UnidentifiedImageError as error:
        raise DataError("not a PNG, JPEG, BMP or GIF picture") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(f"over {Image.MAX_IMAGE_PIXELS:,} pixels") from error
    # A decoder given damaged bytes may raise anything.
    except Exception as error:
        raise DataError(shown(one_line(error), 80)) from error


def _opaque(image: "Image.Image") -> "Image.Image":
    """Returns the picture with white behind what is transparent, and at most 8 bits a channel."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if not image.has_transparency_data:
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA"))
