"""Folders of pictures: what is read, and what is refused in a line that names the file."""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerastut.data.own.images import picture

from .corpus import Write, image_folder, read, refused, replaced, sizes


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".gif"])
def test_images(tmp_path: Path, suffix: str) -> None:
    folder = image_folder(tmp_path / "pets", suffix)
    (folder / "cat" / ".hidden").write_text("no picture")
    (folder / "readme.txt").write_text("beside the classes")
    data = read(folder, seed=0, image_size=(9, 7))
    assert (sizes(data), data.classes) == ([8, 1, 1], ("cat", "dog"))
    with Image.open(folder / "cat" / f"0{suffix}") as image:
        pixels = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(data.train.x[0], pixels)
    assert read(folder, seed=0).train.x.shape == (8, 28, 28, 3)
    assert picture(folder / "cat" / f"0{suffix}", (28, 28), "L").shape == (28, 28, 1)


def test_images_transparent_is_white_and_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    folder = image_folder(tmp_path / "pets")
    Image.new("RGBA", (5, 5), (0, 0, 0, 0)).save(folder / "cat" / "0.png")
    Image.fromarray(np.full((5, 5), 0x80FF, np.uint16)).save(folder / "cat" / "1.png")
    pixels = read_images(folder)
    assert set(pixels[0].flat) == {255}
    assert set(pixels[1].flat) == {0x80}


def read_images(folder: Path) -> Any:
    from kerastut.data.own import images

    return images.read(folder).parts["whole"].x


def test_images_of_a_link_inside_the_folder(tmp_path: Path) -> None:
    folder = image_folder(tmp_path / "pets")
    (folder / "dog" / "again.png").symlink_to(folder / "dog" / "0.png")
    assert sum(sizes(read(folder, seed=0))) == 11


@pytest.mark.parametrize("names", [("train", "test"), ("train", "val", "test")])
def test_images_in_parts(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        image_folder(tmp_path / "pets" / name)
    data = read(tmp_path / "pets", seed=0)
    assert sizes(data) == ([9, 1, 10] if len(names) == 2 else [10, 10, 10])


def test_numbered_class_folders_are_in_order_of_number(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / "n" / str(number)).mkdir(parents=True)
        for copy in range(3):
            shade = Image.new("L", (2, 2), number * 20)
            shade.save(tmp_path / "n" / str(number) / f"{copy}.png")
    data = read(tmp_path / "n", seed=0, image_size=(2, 2))
    assert data.classes == tuple(str(number) for number in range(11))
    np.testing.assert_array_equal(data.train.x[:, 0, 0, 0], data.train.y * 20)


def png_of_size(width: int, height: int) -> bytes:
    """Returns a PNG file whose header states a size that its few bytes cannot hold."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [header, b"IDAT" + zlib.compress(bytes(100)), b"IEND"]
    body = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def picture_content(suffix: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((20, 20), 50).save(buffer, suffix)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            replaced("cat/0.png", b""),
            "cat/0.png (empty). Replace or remove them, or leave them out with --skip-bad.",
        ),
        (
            replaced("cat/0.png", b"hello"),
            "cat/0.png (not a PNG, JPEG, BMP, GIF, WebP or TIFF picture)",
        ),
        (replaced("cat/0.png", picture_content("png")[:200]), "cat/0.png (image file is truncated"),
        (replaced("cat/0.jpg", picture_content("jpeg")[:300]), "cat/0.jpg (Truncated File Read)"),
        (replaced("cat/0.png", png_of_size(40_000, 40_000)), "cat/0.png (over 178,956,970 pixels)"),
        (
            replaced("cat/0.png", png_of_size(10_000, 10_000)),
            "cat/0.png (100,000,000 pixels take about 1,525 MiB, more than KERASTUT_MAX_MIB=512",
        ),
        (replaced("cat/0.png", picture_content("ppm")), "(not a PNG, JPEG, BMP, GIF, WebP or TIFF"),
        (lambda f: os.mkfifo(f / "cat" / "p.png"), "cat/p.png (no regular file)"),
        (
            lambda f: (f / "cat" / "l.png").symlink_to("/etc/passwd"),
            "(a link that leaves the folder)",
        ),
        (lambda f: (f / "bird").symlink_to("/etc"), "bird (a link that leaves the folder)"),
        (lambda f: (f / "cat" / "l.png").symlink_to("l.png"), "cat/l.png (no regular file)"),
        (
            lambda f: (f / "dog").rename(f.parent / "dog"),
            "two class folders or more, received cat.",
        ),
        (
            lambda f: [p.unlink() for p in sorted((f / "cat").iterdir())[2:]],
            "class 'cat' has too few samples to train on: 2",
        ),
        (
            lambda f: [p.write_bytes(b"x") for p in f.glob("*/*")],
            "cat/2.png (not a PNG, JPEG, BMP, GIF, WebP or TIFF picture) and 7 more.",
        ),
        (replaced("cat/a\nb.png", b""), r"cat/a\nb.png (empty)"),
    ],
)
def test_bad_images(tmp_path: Path, damage: Write, message: str) -> None:
    folder = image_folder(tmp_path / "pets")
    damage(folder)
    assert message in refused("images", folder)


def test_images_without_class_folders(tmp_path: Path) -> None:
    (tmp_path / "pets").mkdir()
    assert "two class folders or more, received none." in refused("images", tmp_path / "pets")
    (tmp_path / "pets" / "0.png").write_bytes(png_of_size(2, 2))
    text = refused("images", tmp_path / "pets")
    assert "two class folders or more, received none." in text
    assert "or name them like cat.1.jpg." in text
