"""The images that all competitors share, written once as the tutorials' own file has them."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.uint8]
FILE = Path(__file__).parents[1] / "build" / "bench" / "mnist.npz"
IMAGES = 60_000
SHIFTS = tuple((down, right) for down in (0, -1, 1) for right in (0, -1, 1))


def prepare() -> None:
    """Writes MNIST into one file, in the form that `keras.datasets.mnist` reads."""
    if FILE.exists():
        return
    import kerastut

    data = kerastut.load("mnist")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    part = FILE.with_suffix(f".{os.getpid()}.npz")
    np.savez_compressed(
        part,
        x_train=np.concatenate([data.train.x, data.validation.x])[..., 0],
        y_train=np.concatenate([data.train.y, data.validation.y]).astype(np.uint8),
        x_test=data.test.x[..., 0],
        y_test=data.test.y.astype(np.uint8),
    )
    part.replace(FILE)


def mnist() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Returns what `keras.datasets.mnist.load_data` returns: images `(n, 28, 28)` and labels."""
    prepare()
    with np.load(FILE) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])


def images(samples: int, tests: int = 2000) -> tuple[Array, Array, Array, Array]:
    """Returns training and test images `(n, 28, 28, 1)` and labels, all uint8.

    Beyond the 60,000 real images follow the same ones, moved by a pixel.
    """
    (x, y), (test_x, test_y) = mnist()
    many = np.empty((samples, 28, 28, 1), np.uint8)
    for start in range(0, samples, IMAGES):
        end = min(start + IMAGES, samples)
        moved = np.roll(x[: end - start], SHIFTS[start // IMAGES % len(SHIFTS)], axis=(1, 2))
        many[start:end, ..., 0] = moved
    return many, np.resize(y, samples), test_x[:tests, ..., None], test_y[:tests]


def scaled(x: Array) -> NDArray[np.float32]:
    """Returns images as float32 from 0 to 1."""
    return x.astype(np.float32) / np.float32(255)
