"""The old models that the tests convert, made by scripts/build_legacy.py."""

import tarfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kerastut.arrays import Array

FOLDER = Path(__file__).with_name("models")
ARCHIVES = {path.name.removesuffix(".tar.xz"): path for path in sorted(FOLDER.glob("*.tar.xz"))}
# Kinds that are refused: a Lambda, a layer that Keras 3 has not, and what its Keras did not tell.
REFUSED = {
    "lambda": "holds Python bytecode, which is never run",
    "locally": "Keras 3 has no layer LocallyConnected1D",
}
REFUSED_IN = {
    ("keras-2.0.9", "cells"): "missing 1 required positional argument: 'units'",
    ("keras-2.3.1-theano", "cnn"): "pads an even size or strides as Theano did",
    ("keras-2.3.1-theano", "convlstm"): "pads an even size or strides as Theano did",
    ("keras-2.3.1-theano", "transposed"): "pads an even size or strides as Theano did",
}
ENDINGS = (".h5", ".json", ".yaml", ".keras", ".saved")


@cache
def unpacked(version: str, base: Path) -> Path:
    """Returns the folder of a version's models."""
    folder = base / version
    with tarfile.open(ARCHIVES[version]) as archive:
        archive.extractall(folder, filter="data")
    return folder


def models(folder: Path) -> list[Path]:
    """Returns the models in a folder: what a reader would give to `kerastut convert`."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in ENDINGS
        and path.name != "versions.json"
        and "_weights" not in path.name
        and (path.suffix != ".yaml" or find_spec("yaml"))
    ]


def weights_of(model: Path) -> Path | None:
    """Returns the file of an architecture's weights."""
    apart = model.suffix in (".json", ".yaml")
    return model.with_name("architecture_weights.h5") if apart else None


def kept(model: Path) -> tuple[list[Array], list[Array]]:
    """Returns inputs, and the outputs that the old Keras computed of them."""
    with np.load(model.with_suffix(".npz")) as arrays:
        names = sorted(arrays)
        return (
            [arrays[name] for name in names if name.startswith("x")],
            [arrays[name] for name in names if name.startswith("y")],
        )


def difference(model: Any, x: list[Array], y: list[Array]) -> float:
    """Returns the largest difference of a model's outputs to others, relative beyond 1."""
    found = model(x if len(x) > 1 else x[0], training=False)
    outputs = [np.asarray(a) for a in (found if isinstance(found, (list, tuple)) else [found])]
    assert [a.shape for a in outputs] == [a.shape for a in y]
    pairs = zip(outputs, y, strict=True)
    return max(float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)))) for a, b in pairs)
