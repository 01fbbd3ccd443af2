"""How a classifier does on each class, and how much each class weighs in training."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kerastut.arrays import Array
from kerastut.data import Data
from kerastut.errors import DataError, shown

FEW = 10  # training samples of a class with which little can be learned
NAMED = 20  # classes that are told one by one


def class_weights(data: Data) -> Array:
    """Returns a weight for each class, so that all weigh the same in training; 1 on average.

    Raises:
        DataError: If the targets are no classes.
    """
    y = data.train.y
    if not data.classes or isinstance(y, dict):
        raise DataError(f"--balance is for classes, but {data.name} has none, or several outputs.")
    counts = np.bincount(y, minlength=len(data.classes))
    present = np.count_nonzero(counts)
    return (len(y) / (present * np.maximum(counts, 1))).astype(np.float32)


def by_class(data: Data, predict: Callable[[], Array]) -> dict[str, Any] | None:
    """Measures each class on the test split.

    Args:
        data: The data.
        predict: Returns the model's outputs for the test split, `(n, 1)` or `(n, classes)`.

    Returns:
        `macro_f1` and `balanced_accuracy`, which are means over the classes; `majority_accuracy`,
        of one who always answers the largest class of the training split; `answers_one`, the class
        if the model answers one alone; and under `classes` recall, precision, F1 and number of test
        samples by name. `None` where the targets are no classes.
    """
    truth = data.test.y
    if not data.classes or isinstance(truth, dict):
        return None
    outputs, many = predict(), len(data.classes)
    predicted = (
        outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(int)
    )
    pairs = truth.astype(np.int64) * many + predicted
    counts = np.bincount(pairs, minlength=many * many).reshape(many, many)
    right, samples, answers = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    recall, precision = right / np.maximum(samples, 1), right / np.maximum(answers, 1)
    f1 = 2 * right / np.maximum(samples + answers, 1)
    present = samples > 0
    largest = np.bincount(data.train.y, minlength=many).argmax()
    columns = zip(data.classes, recall, precision, f1, samples, strict=True)
    return {
        "macro_f1": float(f1[present].mean()),
        "balanced_accuracy": float(recall[present].mean()),
        "majority_accuracy": float(samples[largest] / samples.sum()),
        "answers_one": data.classes[answers.argmax()] if (answers > 0).sum() == 1 else None,
        "classes": {
            name: {"recall": float(r), "precision": float(p), "f1": float(f), "samples": int(n)}
            for name, r, p, f, n in columns
        },
    }


def rare(data: Data) -> str:
    """Returns a warning of classes with hardly any training samples, or nothing."""
    if not data.classes or isinstance(data.train.y, dict):
        return ""
    counts = np.bincount(data.train.y, minlength=len(data.classes))
    few = [f"{shown(data.classes[n], 20)} ({counts[n]})" for n in np.flatnonzero(counts < FEW)]
    more = f" and {len(few) - NAMED:,} more" if len(few) > NAMED else ""
    told = ", ".join(few[:NAMED])
    return f"classes with hardly any training samples: {told}{more}" if few else ""
