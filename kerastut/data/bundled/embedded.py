"""The files of the data sets that are embedded, each with its digest."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kerastut.errors import DataError

FOLDER = Path(__file__).parents[1] / "files"
# The SHA-256 of each file, in hexadecimal, by data set and name.
FILES = {
    "mnist": {
        "train-images-idx3-ubyte.gz": "7ff28fd295f802eefc6d40e461175dfe4b969b1842b2abc8c6dc8c20711cf79f",  # noqa: E501
        "train-labels-idx1-ubyte.gz": "81a978ae83d39ffdba0db3ce2fcaf80a8921e9629e874428996a2b03242d4b2a",  # noqa: E501
        "t10k-images-idx3-ubyte.gz": "197e111ae341b0770be9011ac5e622d0e6cd1c640b32eb0de5dc1dd26cc6e182",  # noqa: E501
        "t10k-labels-idx1-ubyte.gz": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",  # noqa: E501
    },
    "penguins": {
        "penguins.csv": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
    },
    "reviews": {
        "reviews.tsv.xz": "a26658d645d30761de3be3478d235568b2c9bc9b30ff57df3ceececa2f885743",
    },
}


def read_checked(data: str, name: str) -> bytes:
    """Returns the bytes of an embedded file; a `DataError` if it is missing or damaged."""
    path, sha256 = FOLDER / data / name, FILES[data][name]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path}: cannot read this embedded file: {error.strerror}. Install kerastut again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"{path}: damaged: expected SHA-256 {sha256[:12]}..., received {found[:12]}..."
            " Install kerastut again."
        )
    return content


def embedded_files() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yields each embedded file's name, and a function that reads and checks it."""
    for data, files in FILES.items():
        for name in files:
            yield f"{data}/{name}", partial(read_checked, data, name)


def digest_of(data: str) -> str:
    """Returns one SHA-256 that stands for all files of a data set."""
    return hashlib.sha256("".join(FILES[data].values()).encode()).hexdigest()
