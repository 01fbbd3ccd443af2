"""Reads a data set of TensorFlow Datasets, into memory or from files."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import PARTS, SIZE, Found, tested
from kerastut.data.splits import Split
from kerastut.data.tfds.decoding import available_memory, decoded
from kerastut.data.tfds.downloading import prepared
from kerastut.data.tfds.stored import Stored
from kerastut.errors import DataError, one_line

SHARE = 1 / 4  # of the memory; a training in memory copies its samples


def read(name: str, size: tuple[int, int] | None = None, data_dir: str | None = None) -> Found:
    """Reads images or texts with one class each; downloads them where they are not prepared.

    A test split without labels is left out, and where there is none the validation split takes its
    place. Pixels of more than a quarter of the available memory are decoded into files, once,
    beside the prepared data, and stay there.

    Args:
        name: `tfds:NAME`, with a config and a version where TensorFlow Datasets takes them, as in
            `tfds:imdb_reviews/plain_text:1.0.0`.
        size: The option `image_size`.
        data_dir: The option `data_dir`.
    """
    builder = prepared(name, data_dir)
    try:
        return _found(builder, name, size)
    except DataError:
        raise
    except Exception as error:  # TensorFlow may raise anything for damaged files
        raise DataError(
            f"{name}: cannot be read from {builder.data_dir}: {one_line(error)}. Prepare it again."
        ) from error


def _found(builder: Any, name: str, size: tuple[int, int] | None) -> Found:
    """Reads the parts of a prepared data set."""
    info = builder.info
    x_name, y_name = _features(builder, name)
    size = _size(info.features[x_name], size)
    stored = Stored(builder, x_name, y_name, size)
    parts = {PARTS[split]: part for split, part in _read(stored, name).items()}
    left_out = [split for split in info.splits if split not in PARTS]
    if "test" in parts and (parts["test"].y < 0).all():  # a competition's, without labels
        del parts["test"]
        left_out.append("test")
    note = f"{info.full_name} of TensorFlow Datasets, {x_name} and {y_name}"
    if size:
        note += f", resized to {size[0]}x{size[1]}"
    if left_out:
        note += f", without {', '.join(left_out)}"
    parts, said = tested(parts)
    return Found(parts, tuple(info.features[y_name].names), "; ".join([note, *said]))


def _features(builder: Any, name: str) -> tuple[str, str]:
    """Returns the names of the feature to classify and of its class."""
    import tensorflow_datasets as tfds

    features, named = builder.info.features, builder.info.supervised_keys or ()
    images, texts, labels = (
        [key for key in features if isinstance(features[key], kind)]
        for kind in (tfds.features.Image, tfds.features.Text, tfds.features.ClassLabel)
    )
    inputs = [key for key in images + texts if key in named] or images or texts
    labels = [key for key in labels if key in named] or labels
    if len(inputs) != 1 or len(labels) != 1:
        raise DataError(
            f"{name}: expected one image or text and one class label, received"
            f" {', '.join(f'{key} ({type(features[key]).__name__})' for key in sorted(features))}."
            " Choose another data set, or bring these into a folder or table."
        )
    return inputs[0], labels[0]


def _size(feature: Any, asked: tuple[int, int] | None) -> tuple[int, int] | None:
    """Returns what pictures are to be resized to, if anything."""
    own = tuple(feature.shape[:2])
    if not own or asked == own:
        return None
    return asked or (SIZE if None in own else None)


def _read(stored: Stored, name: str) -> dict[str, Split]:
    """Reads every split, into memory or into files."""
    if stored.bytes > SHARE * available_memory():
        return decoded(name, stored)
    return {split: _in_memory(stored.batches(split)) for split in stored.counts}


def _in_memory(batches: Iterator[tuple[Array, Array]]) -> Split:
    x, y = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    if x.dtype == object:
        x = np.array([text.decode("utf-8") for text in x], dtype=object)
    return Split(x, y)
