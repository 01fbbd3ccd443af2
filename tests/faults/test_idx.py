"""Folders of idx files: what is read, and what is refused in a line that names the file."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from kerastut.data.bundled import mnist
from kerastut.data.bundled.embedded import FOLDER

from .corpus import Write, idx_content, idx_folder, read, refused, replaced, sizes

IMAGES, LABELS = "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize("packed", [False, True])
def test_idx(tmp_path: Path, packed: bool) -> None:
    data = read(idx_folder(tmp_path / "mnist", packed), seed=0)
    assert sizes(data) == [27, 3, 20]
    assert data.classes == ("0", "1", "2")
    assert data.train.x.shape == (27, 4, 4, 1)
    assert (data.train.x.dtype, data.train.y.dtype) == (np.uint8, np.int32)
    np.testing.assert_array_equal(data.test.y, np.arange(20) % 3)


def test_idx_of_the_embedded_mnist_is_the_embedded_mnist() -> None:
    own, embedded = read(FOLDER / "mnist", seed=0), mnist.read(0)
    np.testing.assert_array_equal(own.test.x, embedded.test.x)
    np.testing.assert_array_equal(own.test.y, embedded.test.y)
    for data in (own, embedded):
        labels = np.concatenate([data.train.y, data.validation.y])
        assert np.bincount(labels).tolist()[:3] == [5923, 6742, 5958]


def test_idx_names_with_a_dot(tmp_path: Path) -> None:
    folder = idx_folder(tmp_path / "mnist")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-idx", ".idx"))
    assert sizes(read(folder, seed=0)) == [27, 3, 20]


def pipe_for_images(folder: Path) -> None:
    (folder / IMAGES).unlink()
    os.mkfifo(folder / IMAGES)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (replaced(IMAGES, b""), "received an empty file. Get it again."),
        (replaced(IMAGES, b"\0\0\x08"), "(magic 00 00 08 0n), received 00 00 08."),
        (replaced(IMAGES, b"\0\0\x0d\x03" + bytes(40)), "received 00 00 0d 03."),
        (replaced(IMAGES, b"\0\0\x08\x09" + bytes(40)), "received 00 00 08 09."),
        (replaced(IMAGES, b"\0\0\x08\x03" + bytes(5)), "expected a header of 16 bytes, received 9"),
        (
            replaced(IMAGES, idx_content(30, 4, 4)[:-1]),
            "expected 30x4x4 bytes after the header, received 479.",
        ),
        (replaced(IMAGES, idx_content(30, 4, 4) + b"!"), "after the header, received more."),
        (replaced(IMAGES, idx_content(30, 16)), "expected images of shape (n, height, width)"),
        (replaced(IMAGES, idx_content(0, 4, 4)), "received (0, 4, 4)."),
        (replaced(LABELS, idx_content(19)), "expected 20 labels, one for each image of t10k-"),
        (replaced(LABELS, idx_content(20, 1)), "expected labels of shape (n,), received (20, 1)."),
        (lambda f: (f / IMAGES).unlink(), "and t10k-labels (such as train-images-idx3-ubyte.gz);"),
        (lambda f: ((f / IMAGES).unlink(), (f / IMAGES).mkdir()), "an idx file, received a folder"),
        (pipe_for_images, "received a device or pipe."),
    ],
)
def test_bad_idx(tmp_path: Path, damage: Write, message: str) -> None:
    folder = idx_folder(tmp_path / "mnist")
    damage(folder)
    assert message in refused("idx", folder)


def packed(content: bytes) -> bytes:
    """Packs alike at any time: the tests are named after it."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx_content(30, 4, 4), "Not a gzipped file"),
        (packed(idx_content(30, 4, 4))[:-12], "ended before the end-of-stream marker"),
        (packed(idx_content(30, 4, 4))[:40], "ended before the end-of-stream marker"),
        (packed(idx_content(30, 4, 4))[:-8] + bytes(8), "CRC check failed"),
        (packed(idx_content(30, 4, 4) + bytes(100)), "received more"),
        (packed(idx_content(31, 4, 4)), "expected 31 labels"),
    ],
)
def test_bad_packed_idx(tmp_path: Path, content: bytes, message: str) -> None:
    folder = idx_folder(tmp_path / "mnist", packed=True)
    (folder / f"{IMAGES}.gz").write_bytes(content)
    assert message in refused("idx", folder)


def test_idx_of_one_class(tmp_path: Path) -> None:
    folder = idx_folder(tmp_path / "mnist")
    for name, count in (("train-labels-idx1-ubyte", 30), (LABELS, 20)):
        (folder / name).write_bytes(idx_content(count)[:8] + bytes([7]) * count)
    assert "two classes or more, received 7 alone" in refused("idx", folder)
