"""Divides what a reader found into train, validation and test."""

import numpy as np

from kerastut.arrays import Array
from kerastut.data.found import WHOLE, Found
from kerastut.data.splits import Split, subset
from kerastut.errors import DataError


def divide(found: Found, seed: int, where: str) -> dict[str, Split]:
    """Makes the three splits; a test split that came with the data stays what it is.

    Args:
        found: What a reader found.
        seed: Decides which samples are drawn.
        where: The file or folder, for an error.

    Returns:
        The splits by name. Where there is no test split a tenth is drawn for it, and where there is
        no validation split a tenth of the training samples, each with the classes' shares kept.

    Raises:
        DataError: If train or test is missing, or a class has too few training samples.
    """
    parts, rng = dict(found.parts), np.random.default_rng(seed)
    _check_parts(found, where)
    if WHOLE in parts:
        whole = parts.pop(WHOLE)
        tenth = max(1, round(len(whole) / 10))
        parts["train"], parts["test"] = _drawn(whole, tenth, found, rng)
        parts["train"], parts["validation"] = _drawn(parts["train"], tenth, found, rng)
    elif "validation" not in parts:
        tenth = max(1, round(len(parts["train"]) / 10))
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
        counts = np.bincount(source.labels, minlength=len(found.classes))
        used = _counts(found) > 0
    if (few := np.flatnonzero(used & (counts < needed))).size:
        name = f"class {found.classes[few[0]][:60]!r}" if found.classes else "the training part"
        raise DataError(
            f"{where}: {name} has too few samples to train on: {counts[few[0]]}; expected at least"
            f" {needed}. Add samples, or leave the class out."
        )


def _counts(found: Found) -> Array:
    labels = np.concatenate([split.labels for split in found.parts.values()])
    return np.bincount(labels, minlength=len(found.classes))


def _drawn(split: Split, count: int, found: Found, rng: np.random.Generator) -> tuple[Split, Split]:
    """Returns the samples that stay, and `count` that were drawn."""
    drawn = subset(split.labels, count, bool(found.classes), rng)
    stay = np.ones(len(split), bool)
    stay[drawn] = False
    return split.take(np.flatnonzero(stay)), split.take(drawn)
