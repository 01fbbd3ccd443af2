"""The complete MNIST, embedded."""

import gzip
from functools import lru_cache

import numpy as np

from kerastut.arrays import Array
from kerastut.data.bundled.embedded import FILES, digest_of, read_checked
from kerastut.data.own.idx import parse_idx
from kerastut.data.splits import Data, Split

VALIDATION = 5000


def arrays() -> list[Array]:
    """Returns images `(n, 28, 28)` and labels `(n,)` as they are, to train and to test, uint8."""
    return [_parsed(read_checked("mnist", name), name) for name in FILES["mnist"]]


# A recipe that compares reads them four times, and unpacking takes longest.
@lru_cache(len(FILES["mnist"]))
def _parsed(content: bytes, name: str) -> Array:
    return parse_idx(gzip.decompress(content), name)


def read(seed: int) -> Data:
    """Reads images `(n, 28, 28, 1)` uint8 from 0 to 255 and labels `(n,)` int32.

    55,000 are to train, 10,000 to test; the seed draws 5,000 training images to validate.
    """
    x, y, test_x, test_y = arrays()
    order = np.random.default_rng(seed).permutation(len(x))
    full = Split(x[..., None], y.astype(np.int32))
    return Data(
        name="mnist",
        train=full.take(order[:-VALIDATION]),
        validation=full.take(order[-VALIDATION:]),
        test=Split(test_x[..., None], test_y.astype(np.int32)),
        classes=tuple("0123456789"),
        source="MNIST, Yann LeCun and Corinna Cortes, CC BY-SA 3.0, embedded",
        sha256=digest_of("mnist"),
    )
