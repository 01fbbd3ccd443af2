"""Bundled data as files that a program without kerastut reads beside it."""

import csv
import io

from kerastut.data.bundled.embedded import read_checked

# The file of each data set.
BESIDE = {"mnist": "mnist.npz", "penguins": "penguins.csv", "reviews": "reviews.csv"}


def content_beside(data: str) -> bytes:
    """Returns the bytes of a data set's file.

    Args:
        data: `"mnist"`, the arrays x_train, y_train, x_test and y_test as in Keras's own file;
            `"penguins"`, a table of 344 penguins in text, `NA` where a value is missing; or
            `"reviews"`, a table in UTF-8 with the columns text and label, first 13,889 rows to
            train, then 1,736 to validate and 1,736 to test.

    Raises:
        DataError: If an embedded file is missing or damaged.
    """
    return {"mnist": _mnist, "penguins": _penguins, "reviews": _reviews}[data]()


def _mnist() -> bytes:
    import numpy as np

    from kerastut.data.bundled import mnist

    x_train, y_train, x_test, y_test = mnist.arrays()
    file = io.BytesIO()
    np.savez_compressed(file, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return file.getvalue()


def _penguins() -> bytes:
    return read_checked("penguins", BESIDE["penguins"])


def _reviews() -> bytes:
    from kerastut.data.bundled import reviews
    from kerastut.data.splits import SPLITS

    data = reviews.read(seed=0)
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(("text", "label"))
    for name in SPLITS:
        split = getattr(data, name)
        table.writerows(zip(split.x, split.y, strict=True))
    return file.getvalue().encode("utf-8")
