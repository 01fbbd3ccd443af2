"""The complete MNIST, embedded."""

import gzip
from pathlib import Path

import numpy as np

from kerastut.arrays import Array
from kerastut.data.bundled.embedded import digest_of, read_checked
from kerastut.data.own.idx import parse_idx
from kerastut.data.splits import Data, Split

SUMMARY = "handwritten digits, 28x28x1 uint8, 10 classes"
FOLDER = Path(__file__).parents[1] / "files" / "mnist"
FILES = {
    "train-images-idx3-ubyte.gz": "7ff28fd295f802eefc6d40e461175dfe4b969b1842b2abc8c6dc8c20711cf79f",  # noqa: E501
    "train-labels-idx1-ubyte.gz": "81a978ae83d39ffdba0db3ce2fcaf80a8921e9629e874428996a2b03242d4b2a",  # noqa: E501
    "t10k-images-idx3-ubyte.gz": "197e111ae341b0770be9011ac5e622d0e6cd1c640b32eb0de5dc1dd26cc6e182",
    "t10k-labels-idx1-ubyte.gz": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
}
VALIDATION = 5000


def read(seed: int) -> Data:
    """Reads MNIST.

    Args:
        seed: Decides which 5,000 of the 60,000 training images are the validation split.

    Returns:
        Images `(n, 28, 28, 1)` uint8 from 0 to 255, labels `(n,)` int32; 55,000 to train, 5,000 to
        validate, 10,000 to test.
    """
    x, y, test_x, test_y = (_array(name) for name in FILES)
    order = np.random.default_rng(seed).permutation(len(x))
    full, test = Split(x[..., None], y.astype(np.int32)), Split(test_x[..., None], test_y)
    return Data(
        name="mnist",
        train=full.take(order[:-VALIDATION]),
        validation=full.take(order[-VALIDATION:]),
        test=Split(test.x, test.y.astype(np.int32)),
        classes=tuple("0123456789"),
        source="MNIST, Yann LeCun and Corinna Cortes, CC BY-SA 3.0, embedded",
        sha256=digest_of(FILES),
    )


def _array(name: str) -> Array:
    return parse_idx(gzip.decompress(read_checked(FOLDER, name, FILES[name])), name)
