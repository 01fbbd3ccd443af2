"""A folder of pictures by class."""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import SIZE, Found, alike, sorted_classes, tested
from kerastut.data.options import Fit
from kerastut.data.own.layouts import layout, told
from kerastut.data.splits import Split
from kerastut.errors import DataError, listed, one_line, shown, shown_path
from kerastut.files import opened
from kerastut.memory import MEBIBYTE, VARIABLE, most_memory

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "MPO", "AVIF", "HEIF")
UNKNOWN = "not a PNG, JPEG, BMP, GIF, WebP or TIFF picture"
# Of a progressive picture; cameras and editors write about ten.
MOST_SCANS = 100
Mode = Literal["L", "RGB"]
# How many pictures are looked at for colour, and in which size.
LOOKED_AT, LOOK = 200, (32, 32)
# Bytes that a pixel takes while what is transparent is put on white; and, before that, a pixel of a
# progressive JPEG.
PIXEL, PACKED = 16, 8
# A grey JPEG has channels that differ by a few steps; a spot of colour by more.
SPREAD, SHARE = 32, 0.01
# Mean grey of a drawing that could not be seen on white.
WHITE = 208


def read(
    folder: Path, size: tuple[int, int] = SIZE, fit: Fit = "squash", skip_bad: bool = False
) -> Found:
    """Reads pictures (of several frames the first), told apart by their content.

    Args:
        folder: See `kerastut.data.own.layouts.layout`. What is no picture is passed over.
        size: Height and width that every picture is resized to.
        fit: Whether that changes its proportions, cuts off what is too much, or adds black.
        skip_bad: Whether to leave out pictures that cannot be read.

    Returns:
        Pixels `(n, height, width, channels)` uint8 and labels `(n,)` int32; the classes' names are
        in order. There is one channel if all pictures are grey, else three. What is transparent
        becomes white.
    """
    found = layout(folder)
    _refuse(folder, {} if skip_bad else found.bad)
    one, spelled = alike([label for of in found.pictures.values() for _, label in of])
    classes = sorted_classes({*one.values()})
    over = told(found.over)
    if len(classes) < 2:
        unfit = (
            f"{shown_path(folder)}: expected two class folders or more, received"
            f" {shown(', '.join(classes)) or 'none'}. Put the pictures of each class into a folder"
            " named after it, or name them like cat.1.jpg."
        )
        raise DataError(f"{unfit} Passed over: {over}." if over else unfit)
    looked_at = [path for of in found.pictures.values() for path, _ in of]
    mode, bits = mode_of(looked_at), bits_of(looked_at)
    numbers = {name: number for number, name in enumerate(classes)}
    decoded = {
        part: _decoded(
            [path for path, _ in of],
            folder,
            size,
            partial(picture, size=size, mode=mode, fit=fit, bits=bits),
            len(mode),
        )
        for part, of in found.pictures.items()
    }
    bad = found.bad | {path: why for _, unfit in decoded.values() for path, why in unfit.items()}
    _refuse(folder, {} if skip_bad else bad)
    whole = {}
    for part, (pixels, _) in decoded.items():
        kept = [label for path, label in found.pictures[part] if path not in bad]
        whole[part] = Split(pixels, np.array([numbers[one[label]] for label in kept], np.int32))
    parts, said = tested(whole)
    colour = "grey" if mode == "L" else "colour"
    how = {"squash": "resized", "crop": "cropped", "pad": "padded"}[fit]
    notes = [f"pictures {how} to {size[0]}x{size[1]}, in {colour}"]
    notes += [f"16 bits of which {bits} are used"] if bits and bits < 16 else []
    left_out = {str(path.relative_to(folder)): why for path, why in bad.items()}
    told_bad = [f"{shown(name, 200)} ({why})" for name, why in left_out.items()]
    notes += [f"left out: {listed(told_bad)}"] if bad else []
    notes += [f"passed over: {over}"] if over else []
    notes += said + found.notes + spelled
    return Found(
        parts,
        classes,
        "; ".join(notes),
        left_out | {k: f"{v:,} passed over" for k, v in found.over.items() if v},
        bits=bits,
    )


def _refuse(folder: Path, unfit: Mapping[Path, str]) -> None:
    if unfit:
        problems = [f"{shown(p.relative_to(folder), 200)} ({unfit[p]})" for p in unfit]
        raise DataError(
            f"{shown_path(folder)}: cannot be used as pictures by class: {listed(problems)}."
            " Replace or remove them, or leave them out with --skip-bad."
        )


def _sample(paths: Sequence[Path]) -> Sequence[Path]:
    return paths[:: max(1, len(paths) // LOOKED_AT)]


def mode_of(paths: Sequence[Path]) -> Mode:
    """Returns `"RGB"` if any picture shows colour; of many, some hundred are looked at."""
    for path in _sample(paths):
        with suppress(DataError):  # reading all of them will name it
            spread = np.ptp(picture(path, LOOK, "RGB"), axis=-1)
            if (spread > SPREAD).mean() > SHARE:
                return "RGB"
    return "L"


def bits_of(paths: Sequence[Path]) -> int | None:
    """Returns how many bits pictures of 16 bits use: 8, 12 or all; `None` where there is none."""
    found = None
    for path in _sample(paths):
        with suppress(DataError), _opened(path, LOOK, "L") as image:
            if image.mode.startswith("I"):
                found = max(found or 0, _bits(np.asarray(image)))
    return found


def _bits(values: Array) -> int:
    return next(bits for bits in (8, 12, 16, 32) if bits == 32 or values.max() < 2**bits)


def _decoded(
    paths: Sequence[Path],
    folder: Path,
    size: tuple[int, int],
    decode: Callable[[Path], Array],
    channels: int,
) -> tuple[Array, dict[Path, str]]:
    """Decodes one picture at a time into one array; tells which could not be."""
    try:
        pixels = np.zeros((len(paths), *size, channels), np.uint8)
    except (MemoryError, ValueError) as error:
        raise DataError(
            f"{shown_path(folder)}: {len(paths):,} pictures of {size[0]}x{size[1]} do not fit into"
            " memory. Choose a smaller size."
        ) from error
    unfit: dict[Path, str] = {}
    for number, path in enumerate(paths):
        try:
            pixels[number - len(unfit)] = decode(path)
        except DataError as error:
            unfit[path] = str(error)
    return pixels[: len(paths) - len(unfit)], unfit


def picture(
    file: Path | IO[bytes],
    size: tuple[int, int] | int,
    mode: Mode,
    fit: Fit = "squash",
    bits: int | None = None,
) -> Array:
    """Reads one picture.

    Args:
        file: Its path, or its content.
        size: Height and width to resize it to; or, to keep its proportions, the most pixels that
            its longer side may have.
        mode: `"L"` or `"RGB"`.
        fit: What becomes of its proportions.
        bits: How many bits a picture of 16 bits uses; told by its own values if `None`.

    Returns:
        Pixels `(height, width, channels)` uint8.

    Raises:
        DataError: If it cannot be read; the text is the reason alone.
    """
    from PIL import Image, ImageOps

    longest = size if isinstance(size, int) else max(size)
    with _opened(file, (longest, longest), mode) as image:
        height, width = size if isinstance(size, tuple) else _within(size, image.size)
        upright = ImageOps.exif_transpose(image)
        if isinstance(size, int) and upright.size != image.size:
            height, width = width, height
        flat = _opaque(upright, bits).convert(mode)
        way = Image.Resampling.BILINEAR
        if fit == "squash":
            resized = flat.resize((width, height), way)
        else:
            resized = (ImageOps.fit if fit == "crop" else ImageOps.pad)(flat, (width, height), way)
        return np.asarray(resized).reshape(height, width, len(mode))


@contextmanager
def _opened(file: Path | IO[bytes], size: tuple[int, int], mode: Mode) -> "Iterator[Image.Image]":
    """Opens a picture whose size was looked at; a large JPEG is decoded at a fraction of it."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = opened(file, "a picture") if isinstance(file, Path) else nullcontext(file)
            with content as stream, Image.open(stream, formats=_formats(stream)) as image:
                whole = math.prod(image.size)
                image.draft(mode, size)
                _check_pixels(whole, math.prod(image.size))
                if image.format == "JPEG":
                    _check_scans(stream)
                yield image
    except UnidentifiedImageError as error:
        raise DataError(UNKNOWN) from error
    except DataError:
        raise
    except Image.DecompressionBombError as error:
        raise DataError(f"over {2 * (Image.MAX_IMAGE_PIXELS or 0):,} pixels") from error
    # A decoder given damaged bytes may raise anything.
    except Exception as error:
        raise DataError(shown(one_line(error), 80)) from error


def _formats(stream: IO[bytes]) -> list[str]:
    """Returns the formats that can be opened; for a phone's HEIC a package is needed."""
    from PIL import Image

    head = stream.read(12)
    stream.seek(0)
    Image.init()
    if head[4:8] == b"ftyp" and head[8:12] != b"avif" and "HEIF" not in Image.OPEN:
        try:
            import pillow_heif
        except ImportError as error:
            raise DataError('HEIC needs a package: pip install "kerastut[pictures]"') from error
        pillow_heif.register_heif_opener()
    return [name for name in FORMATS if name in Image.OPEN]


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


def _opaque(image: "Image.Image", bits: int | None) -> "Image.Image":
    """Returns the picture with white behind what is transparent, and at most 8 bits a channel.

    Behind what is white itself there is black.
    """
    from PIL import Image

    if image.mode[0] in "IF":
        values = np.clip(np.asarray(image), 0, None)
        if image.mode == "F":
            values = values * (255 if values.max() <= 1 else 1)
        elif (used := bits or _bits(values)) > 8:
            values = values.astype(np.int64) >> (used - 8)
        return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    if not image.has_transparency_data:
        return image
    coloured = image.convert("RGBA")
    grey, cover = np.moveaxis(np.asarray(coloured.convert("LA")), -1, 0)
    is_white = cover.any() and np.average(grey, weights=cover) > WHITE
    ground = Image.new("RGBA", image.size, "black" if is_white else "white")
    return Image.alpha_composite(ground, coloured)
