"""Serves the data sets that Keras would download: ours where we have them, else mere numbers."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data import load
from kerastut.migration.wrapping import taken

Pair = tuple[Any, Any]
_START, _UNKNOWN, _FIRST = 1, 2, 3  # as IMDB numbers its words


def served() -> dict[str, dict[str, Callable[..., Any]]]:
    """Returns the functions that take the place of those in `keras.datasets`, by module."""
    sets: dict[str, Callable[..., Any]] = {
        "mnist": _digits,
        "fashion_mnist": _digits,
        "cifar10": lambda **_: _pictures(10, np.uint8),
        "cifar100": lambda label_mode="fine", **_: _pictures(
            100 if label_mode == "fine" else 20, np.int64
        ),
        "boston_housing": lambda **_: _table(404, 102, 13, np.float64),
        "california_housing": lambda version="large", **_: _table(
            *((480, 120) if version == "small" else (16512, 4128)), 8, np.float32
        ),
        "imdb": lambda **options: _texts(25000, 25000, 2, **options),
        "reuters": lambda **options: _texts(8982, 2246, 46, **options),
    }
    found = {name: {"load_data": load_data} for name, load_data in sets.items()}
    for name in ("imdb", "reuters"):
        found[name]["get_word_index"] = lambda **_: dict(_ranks())
    return found


def serve(module: Any, name: str, put: Callable[..., Any]) -> None:
    """Puts a function in the place of a module's, with the same arguments."""
    setattr(module, name, taken(getattr(module, name), lambda bound: put(**bound.arguments)))


def _digits(**_: Any) -> tuple[Pair, Pair]:
    """Returns the complete MNIST, also in the place of Fashion-MNIST, which has its shapes."""
    data = load("mnist")
    both = data.train, data.validation
    x, y = (np.concatenate([getattr(split, name) for split in both]) for name in ("x", "y"))
    test = data.test
    train = x[..., 0].copy(), y.astype(np.uint8)
    return train, (test.x[..., 0].copy(), test.y.astype(np.uint8))


def _pictures(classes: int, kind: type) -> tuple[Pair, Pair]:
    from keras.config import image_data_format

    chance = np.random.default_rng(0)

    def pair(count: int) -> Pair:
        shape = (3, 32, 32) if image_data_format() == "channels_first" else (32, 32, 3)
        pictures = chance.integers(0, 256, (count, *shape), dtype=np.uint8)
        return pictures, _labels(chance, count, classes).astype(kind)[:, None]

    return pair(50000), pair(10000)


def _table(train: int, test: int, columns: int, kind: type) -> tuple[Pair, Pair]:
    chance = np.random.default_rng(0)
    x: Array = chance.gamma(2, 3, (train + test, columns)).astype(kind)
    y: Array = chance.gamma(9, 2.5, train + test).astype(kind)
    return (x[:train], y[:train]), (x[train:], y[train:])


def _labels(chance: np.random.Generator, count: int, classes: int) -> Array:
    return chance.permutation(np.arange(count) % classes)


@cache
def _ranks() -> dict[str, int]:
    """Returns the characters of the embedded reviews, by how often they come, from 1."""
    counts = Counter("".join(load("reviews").train.x))
    return {sign: rank for rank, (sign, _) in enumerate(counts.most_common(), start=1)}


def _texts(
    train: int,
    test: int,
    classes: int,
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    start_char: int | None = _START,
    oov_char: int | None = _UNKNOWN,
    index_from: int = _FIRST,
    test_split: float = 0.2,
    **_: Any,
) -> tuple[Pair, Pair]:
    """Returns the embedded reviews as numbers of their characters, as often as are wanted."""
    reviews, ranks = load("reviews"), _ranks()
    if classes > 2:
        total = train + test
        train = int(total * (1 - test_split))
        test = total - train
    chance = np.random.default_rng(0)

    def numbers(text: str) -> list[int]:
        found = [ranks[sign] + index_from for sign in text if sign in ranks]
        kept = [n if skip_top <= n < (num_words or 10**9) else oov_char for n in found]
        head = [] if start_char is None else [start_char]
        return head + [n for n in kept if n is not None]

    def pair(count: int, texts: Array, labels: Array) -> Pair:
        rows = [numbers(text) for text in texts]
        some = [row for row in rows if maxlen is None or len(row) < maxlen]
        x = np.empty(count, dtype=object)
        x[:] = [list(some[i % len(some)]) for i in range(count)]
        y = np.resize(labels, count) if classes == 2 else _labels(chance, count, classes)
        return x, y.astype(np.int64)

    return (
        pair(train, reviews.train.x, reviews.train.y),
        pair(test, reviews.test.x, reviews.test.y),
    )
