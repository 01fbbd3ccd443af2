"""What a reader returns, and the data set that it becomes."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kerastut.arrays import Array
from kerastut.data.splits import Data, Split, digest, subset
from kerastut.errors import DataError, shown

SIZE = (28, 28)  # height and width of pictures, where nobody chose one
WHOLE = "whole"
PARTS = {
    **dict.fromkeys(("train", "training", "训练", "训练集"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev", "验证", "验证集"), "validation"),
    **dict.fromkeys(("test", "testing", "测试", "测试集"), "test"),
}
MOST_CLASSES = 10_000


@dataclass(frozen=True)
class Found:
    """The samples of a file or folder.

    Args:
        parts: Samples under `"whole"`, or under `"train"`, `"test"` and perhaps `"validation"`
            where the data come divided.
        classes: Class names by class number; empty for regression.
        note: What was taken and how, for people.
        left_out: Why something was left out, by what it is: a file, a line, a column.
        columns: The columns' names by those of the inputs, for a table.
        bits: How many bits pictures of 16 bits use; `None` where there are none.
        units: What stands behind or before the numbers of a column, by its name.
    """

    parts: Mapping[str, Split]
    classes: tuple[str, ...]
    note: str
    left_out: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    bits: int | None = None
    units: Mapping[str, str] = field(default_factory=dict)


def sorted_classes(names: Collection[str]) -> tuple[str, ...]:
    """Returns the names in order; whole numbers by their value, so that 10 follows 9."""
    numbers = all(re.fullmatch("[0-9]{1,18}", name) for name in names)
    return tuple(sorted(names, key=lambda name: (int(name) if numbers else 0, name)))


def alike(labels: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Returns the class of each label, and what is said of it.

    Labels that differ in case, blanks or a `.0` alone are one, spelled as it is most frequent.
    """
    whole = all(re.fullmatch(r"-?\d+(\.0+)?", label) for label in labels if label)
    keys, notes = {}, []
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for label, count in Counter(labels).items():
        written = label.partition(".")[0] if whole else label
        keys[label] = " ".join(unicodedata.normalize("NFKC", written).split()).casefold()
        spellings[keys[label]][written] += count
    for found in spellings.values():
        if len(found) > 1:
            told = ", ".join(repr(shown(written, 20)) for written in found)
            notes.append(f"the labels {told} are one")
    return {label: spellings[key].most_common(1)[0][0] for label, key in keys.items()}, notes


def tested(parts: Mapping[str, Split]) -> tuple[dict[str, Split], list[str]]:
    """Returns parts with one for the test, or one whole to divide, and what is said of that."""
    if "train" not in parts or "test" in parts:
        return dict(parts), []
    if "validation" in parts:
        renamed = {"train": parts["train"], "test": parts["validation"]}
        return renamed, ["no part test, so validation is the test"]
    return {WHOLE: parts["train"]}, ["no part test, so one is drawn from train"]


def numbered_classes(parts: Mapping[str, Split], where: str) -> tuple[str, ...]:
    """Returns the names `"0"`, `"1"`, ... for labels from 0 on, of which not all are the same."""
    labels = np.concatenate([part.y for part in parts.values()])
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= MOST_CLASSES:
        wrong = low if low < 0 else high
        first = int(np.argmax(labels == wrong))
        raise DataError(
            f"{where}: expected class numbers from 0 to {MOST_CLASSES - 1:,}, received {wrong}"
            f" at [{first}]. Number the classes from 0."
        )
    if low == high:
        raise DataError(
            f"{where}: expected two classes or more, received {low} alone. Add the other classes."
        )
    return tuple(map(str, range(high + 1)))


def divided(found: Found, name: str, where: str, seed: int) -> Data:
    """Divides what a reader found; a test split that came with it stays what it is.

    Where there is no test split a tenth is drawn for it by the seed, and where there is no
    validation split a tenth of the training samples, each with the classes' shares kept. The
    `sha256` is the digest of the contents before that. An error calls them `where`.
    """
    return Data(
        name=name,
        **_parts(found, seed, where),
        classes=found.classes,
        source=f"{where}: {found.note}",
        sha256=digest(found.parts),
        columns=found.columns,
        bits=found.bits,
        units=found.units,
    )


def _parts(found: Found, seed: int, where: str) -> dict[str, Split]:
    """Makes the three splits."""
    parts, rng = dict(found.parts), np.random.default_rng(seed)
    _check_parts(found, where)
    tenth = max(1, round(len(parts[WHOLE if WHOLE in parts else "train"]) / 10))
    if WHOLE in parts:
        parts["train"], parts["test"] = _drawn(parts.pop(WHOLE), tenth, found, rng)
    if "validation" not in parts:
        parts["train"], parts["validation"] = _drawn(parts["train"], tenth, found, rng)
    return _without_gaps(parts) if found.columns else parts


def _without_gaps(parts: dict[str, Split]) -> dict[str, Split]:
    """Puts the mean of the training samples where a number is missing, in every part."""
    means = {
        name: np.nanmean(values)
        for name, values in parts["train"].x.items()
        if values.dtype != object and np.isfinite(values).any()
    }

    def filled(name: str, values: Array) -> Array:
        return np.where(np.isnan(values), means[name], values) if name in means else values

    return {
        part: replace(split, x={name: filled(name, values) for name, values in split.x.items()})
        for part, split in parts.items()
    }


def _check_parts(found: Found, where: str) -> None:
    parts = found.parts
    if WHOLE not in parts and (missing := {"train", "test"} - parts.keys()):
        raise DataError(
            f"{where}: expected samples for train and test, received {', '.join(sorted(parts))}."
            f" Add samples for {' and '.join(sorted(missing))}, or do not divide the data."
        )
    needed = 3 if WHOLE in parts else 1 if "validation" in parts else 2
    source = parts[WHOLE if WHOLE in parts else "train"]
    if found.classes:
        of_all = [np.bincount(s.labels, minlength=len(found.classes)) for s in parts.values()]
        counts, used = np.bincount(source.labels, minlength=len(found.classes)), sum(of_all) > 0
    else:
        counts, used = np.array([len(source)]), True
    if (few := np.flatnonzero(used & (counts < needed))).size:
        name = f"class '{shown(found.classes[few[0]])}'" if found.classes else "the training part"
        raise DataError(
            f"{where}: {name} has too few samples to train on: {counts[few[0]]}; expected at least"
            f" {needed}. Add samples, or leave the class out."
        )


def _drawn(split: Split, count: int, found: Found, rng: np.random.Generator) -> tuple[Split, Split]:
    """Returns the samples that stay, and `count` that were drawn."""
    drawn = subset(split.labels, count, bool(found.classes), rng)
    stay = np.delete(np.arange(len(split)), drawn)
    return split.take(stay), split.take(drawn)
