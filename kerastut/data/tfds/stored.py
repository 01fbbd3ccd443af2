"""A prepared data set of TensorFlow Datasets, read in batches."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data.dividing import PARTS

BATCH = 100


@dataclass(frozen=True)
class Stored:
    """A prepared data set, the names of its inputs and classes, and a size for its pictures."""

    builder: Any
    x: str
    y: str
    size: tuple[int, int] | None

    @property
    def counts(self) -> dict[str, int]:
        """Samples of each split that is read."""
        splits = self.builder.info.splits
        return {split: splits[split].num_examples for split in splits if split in PARTS}

    @property
    def bytes(self) -> int:
        """Bytes of the decoded pictures; 0 for texts."""
        feature = self.builder.info.features[self.x]
        if not feature.shape:
            return 0
        one = math.prod(self.size or feature.shape[:2]) * (feature.shape[2] or 3)
        return sum(self.counts.values()) * int(one * feature.np_dtype.itemsize)

    @property
    def folder(self) -> Path:
        """Where the pictures are decoded to; another one for another content or size."""
        splits = self.builder.info.splits
        sizes = [(s, splits[s].num_examples, splits[s].num_bytes) for s in sorted(self.counts)]
        key = sha256(repr((sizes, self.x, self.y, self.size)).encode()).hexdigest()
        return Path(self.builder.data_dir) / "decoded" / key[:12]

    def batches(self, split: str) -> Iterator[tuple[Array, Array]]:
        """Yields a split as arrays `(x, y)` of `BATCH` samples, in the order of the files."""
        import tensorflow_datasets as tfds

        from kerastut.data.pipelines import untuned

        config = tfds.ReadConfig(interleave_cycle_length=1, try_autocache=False)  # keeps the order
        samples = self.builder.as_dataset(split=split, read_config=config, shuffle_files=False)
        pairs = samples.map(self._pair, os.cpu_count()).batch(BATCH).prefetch(1)
        for x, y in untuned(pairs).as_numpy_iterator():
            yield x, y.astype(np.int32)

    def _pair(self, sample: dict[str, Any]) -> tuple[Any, Any]:
        import tensorflow as tf

        x = sample[self.x]
        if self.size:
            x = tf.image.resize(x, self.size, antialias=True)
            x = tf.cast(tf.clip_by_value(tf.round(x), 0, 255), tf.uint8)
        return x, sample[self.y]
