"""Divides what a reader found into train, validation and test."""

import numpy as np

from kerastut.data.checks import check
from kerastut.data.found import WHOLE, Found
from kerastut.data.splits import Data, Split, splits_digest, subset
from kerastut.errors import DataError


def made(found: Found, name: str, where: str, seed: int) -> Data:
    """Divides and checks what a reader found; a test split that came with it stays what it is.

    Args:
        found: The samples. Where there is no test split a tenth is drawn for it, and where there is
            no validation split a tenth of the training samples, each with the classes' shares kept.
        name: What loads the data again.
        where: What to call them in an error.
        seed: Decides which samples are drawn.

    Returns:
        A `Data` whose `sha256` is the digest of the contents before they are divided.

    Raises:
        DataError: If train or test is missing, a class has too few training samples, or an array is
            unfit for training.
    """
    data = Data(
        name=name,
        **_divided(found, seed, where),
        classes=found.classes,
        source=f"{where}: {found.note}",
        sha256=splits_digest(found.parts),
    )
    try:
        check(data)
    except DataError as error:
        raise DataError(f"{where}: {error}") from error
    return data


def _divided(found: Found, seed: int, where: str) -> dict[str, Split]:
    """Makes the three splits."""
    parts, rng = dict(found.parts), np.random.default_rng(seed)
    _check_parts(found, where)
    tenth = max(1, round(len(parts[WHOLE if WHOLE in parts else "train"]) / 10))
    if WHOLE in parts:
        parts["train"], parts["test"] = _drawn(parts.pop(WHOLE), tenth, found, rng)
    if "validation" not in parts:
        parts["train"], parts["validation"] = _drawn(parts["train"], tenth, found, rng)
    return parts


def _check_parts(found: Found, where: str) -> None:
    parts = found.parts
    if WHOLE not in parts and (missing := {"train", "test"} - parts.keys()):
        raise DataError(
            f"{where}: expected samples for train and test, received {', '.join(sorted(parts))}."
            f" Add samples for {' and '.join(sorted(missing))}, or do not divide the data."
        )
    needed = 3 if WHOLE in parts else 1 if "validation" in parts else 2
    source = parts[WHOLE if WHOLE in parts else "train"]
    if not found.classes:
        counts, used = np.array([len(source)]), np.array([True])
    else:
        labels = np.concatenate([split.labels for split in parts.values()])
        counts = np.bincount(source.labels, minlength=len(found.classes))
        used = np.bincount(labels, minlength=len(found.classes)) > 0
    if (few := np.flatnonzero(used & (counts < needed))).size:
        name = f"class {found.classes[few[0]][:60]!r}" if found.classes else "the training part"
        raise DataError(
            f"{where}: {name} has too few samples to train on: {counts[few[0]]}; expected at least"
            f" {needed}. Add samples, or leave the class out."
        )


def _drawn(split: Split, count: int, found: Found, rng: np.random.Generator) -> tuple[Split, Split]:
    """Returns the samples that stay, and `count` that were drawn."""
    drawn = subset(split.labels, count, bool(found.classes), rng)
    stay = np.delete(np.arange(len(split)), drawn)
    return split.take(stay), split.take(drawn)
