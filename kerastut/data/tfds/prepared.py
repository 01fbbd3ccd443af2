"""A data set of TensorFlow Datasets, prepared on disk or downloaded."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.found import PARTS, SIZE, WHOLE, Found
from kerastut.data.kinds import TFDS
from kerastut.data.splits import Split
from kerastut.data.tfds.decoding import decoded
from kerastut.data.tfds.memory import available_memory
from kerastut.data.tfds.network import unreachable
from kerastut.data.tfds.stored import Stored
from kerastut.errors import DataError, UnknownNameError, did_you_mean, one_line

NAME = re.compile(r"\w+(/[\w.+-]+)?(:\d+\.\d+\.\d+)?")
SHARE = 1 / 4  # of the memory; a training in memory copies its samples


def read(name: str, size: tuple[int, int] | None = None, data_dir: str | None = None) -> Found:
    """Reads images or texts with one class each; downloads them where they are not prepared.

    Args:
        name: `tfds:NAME`, with a config and a version where TensorFlow Datasets takes them, as in
            `tfds:imdb_reviews/plain_text:1.0.0`.
        size: Height and width that pictures are resized to; `None` keeps a size that all have, and
            means 28x28 where they differ.
        data_dir: Folder of prepared data; `~/tensorflow_datasets` if `None`.

    Returns:
        Pixels `(n, height, width, channels)` uint8 or texts `(n,)` of Python strings, and labels
        `(n,)` int32. A test split without labels is left out, and where there is none the
        validation split takes its place. Pixels of more than a quarter of the available memory
        are decoded into files, once, beside the prepared data, and stay there as `np.memmap`.

    Raises:
        UnknownNameError: If TensorFlow Datasets has no such data.
        DataError: If they are damaged, are no images or texts by class, or can be neither found nor
            downloaded; without a network the answer comes within seconds.
    """
    builder = _builder(name, data_dir)
    if not builder.is_prepared():
        _prepare(builder, name)
    try:
        return _found(builder, name, size)
    except DataError:
        raise
    except Exception as error:  # TensorFlow may raise anything for damaged files
        raise DataError(
            f"{name}: cannot be read from {builder.data_dir}: {one_line(error)}. Prepare it again."
        ) from error


def _builder(name: str, data_dir: str | None) -> Any:
    import tensorflow_datasets as tfds

    bare = name.removeprefix(TFDS)
    if not NAME.fullmatch(bare):
        raise UnknownNameError(
            f"Expected tfds:NAME, tfds:NAME/CONFIG or tfds:NAME:1.2.3; received {name!r}."
        )
    logging.getLogger("absl").setLevel(logging.ERROR)  # it warns of data that are not prepared
    try:
        return tfds.builder(bare, data_dir=data_dir)
    except tfds.core.DatasetNotFoundError:
        names = tfds.list_builders(with_community_datasets=False)
        meant = did_you_mean(re.split("[/:]", bare)[0], names)
        place = f" in {data_dir}" if data_dir else ""
        raise UnknownNameError(f"TensorFlow Datasets has no {bare!r}{place}. {meant}") from None
    except Exception as error:
        raise DataError(f"{name}: {one_line(error)}. Check name and version.") from error


def _prepare(builder: Any, name: str) -> None:
    """Downloads the data, if their hosts can be reached."""
    bare = name.removeprefix(TFDS)
    elsewhere = (
        'On a machine with a network run: python -c "import tensorflow_datasets as tfds;'
        f" tfds.builder('{bare}').download_and_prepare()\" and copy its ~/tensorflow_datasets"
        " here; then pass --data-dir COPY."
    )
    if hosts := unreachable(builder.url_infos or ()):
        raise DataError(
            f"{name}: not prepared in {builder.data_dir}, and {', '.join(hosts)} cannot be reached."
            f" {elsewhere}"
        )
    print(f"{name}: preparing {builder.data_dir}", file=sys.stderr)
    try:
        with redirect_stdout(sys.stderr):
            builder.download_and_prepare()
    except Exception as error:
        raise DataError(f"{name}: cannot be prepared: {one_line(error)}. {elsewhere}") from error


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
    if "test" not in parts and "validation" in parts:
        parts["test"] = parts.pop("validation")
        note += ", its validation split to test"
    if parts.keys() == {"train"}:
        parts = {WHOLE: parts["train"]}
    return Found(parts, tuple(info.features[y_name].names), note)


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
