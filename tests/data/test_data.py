"""Data: complete, checked, split without overlap."""

import gzip
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerastut import load
from kerastut.data.bundled import blobs, embedded
from kerastut.data.own.idx import parse_idx
from kerastut.errors import DataError, UnknownNameError

ROOT = Path(__file__).parents[2]


def first(x: Any) -> Any:
    """Returns the inputs, or the first of several."""
    return next(iter(x.values())) if isinstance(x, dict) else x


def test_mnist_is_complete() -> None:
    data = load("mnist")
    assert [len(s) for s in (data.train, data.validation, data.test)] == [55000, 5000, 10000]
    for split in (data.train, data.validation, data.test):
        assert split.x.shape[1:] == (28, 28, 1)
        assert (str(split.x.dtype), str(split.y.dtype)) == ("uint8", "int32")
    # The class counts that the authors publish.
    train = np.bincount(np.concatenate([data.train.y, data.validation.y]))
    assert train.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.test.y).tolist() == [
        980,
        1135,
        1032,
        1010,
        982,
        892,
        958,
        1028,
        974,
        1009,
    ]


def test_mnist_training_images_have_the_published_digest() -> None:
    content = embedded.read_checked("mnist", "train-images-idx3-ubyte.gz")
    digest = hashlib.md5(gzip.decompress(content), usedforsecurity=False).hexdigest()
    assert digest == "6bbc9ace898e44ae57da46a324031adb"


def test_mnist_validation_depends_on_the_seed_alone() -> None:
    one, again, other = load("mnist"), load("mnist"), load("mnist", seed=1)
    np.testing.assert_array_equal(one.validation.x, again.validation.x)
    assert not np.array_equal(one.validation.y, other.validation.y)
    np.testing.assert_array_equal(one.test.x, other.test.x)


def test_reading_mnist_is_quick() -> None:
    """Processor time, not wall time, so that a busy machine does not decide."""
    load("mnist")
    start = time.process_time()
    load("mnist")
    assert time.process_time() - start < 0.5


def test_reviews_are_distinct_and_stratified() -> None:
    data = load("reviews")
    splits = (data.train, data.validation, data.test)
    assert [len(split) for split in splits] == [13889, 1736, 1736]
    texts = [text for split in splits for text in split.x]
    assert len(set(texts)) == len(texts) == 17361
    assert all(isinstance(text, str) and text.strip() for text in texts)
    for split in splits:
        assert split.y.mean() == pytest.approx(0.4798, abs=5e-4)


def test_line_is_what_it_says() -> None:
    data = load("line", seed=3)
    design = np.stack([data.train.x[:, 0], np.ones(len(data.train))], axis=1)
    (slope, intercept), (residual, *_), *_ = np.linalg.lstsq(design, data.train.y, rcond=None)
    assert (slope, intercept) == pytest.approx((2, 1), abs=0.02)
    assert residual / len(data.train) == pytest.approx(0.01, rel=0.15)
    assert load("line", seed=3).sha256 == data.sha256 != load("line", seed=4).sha256


@pytest.mark.parametrize("name", ["mnist", "reviews", "line", "blobs", "mnist-pairs"])
def test_limit_is_a_stratified_subset(name: str) -> None:
    full, part = load(name), load(name, limit=100)
    for split in ("train", "validation", "test"):
        whole, some = getattr(full, split), getattr(part, split)
        assert len(some) == 100
        if full.classes:
            counts = np.bincount(whole.labels)
            found = np.bincount(some.labels, minlength=len(counts))
            assert np.abs(found - counts / len(whole) * 100).max() <= 1
    np.testing.assert_array_equal(part.train.labels, load(name, limit=100).train.labels)
    other = load(name, limit=100, seed=1)
    assert not np.array_equal(first(part.train.x), first(other.train.x))


def test_limit_larger_than_the_data_is_all() -> None:
    assert len(load("line", limit=10**6).train) == 1000


@pytest.mark.parametrize("limit", [0, -1, 1.5, "3", True])
def test_bad_limit(limit: object) -> None:
    message = f"limit must be a positive number of samples; received {limit!r}."
    with pytest.raises(DataError, match=re.escape(message)):
        load("line", limit=limit)  # type: ignore[arg-type]


def test_unknown_data() -> None:
    message = "Unknown data set 'MNIST'. Did you mean mnist?"
    with pytest.raises(UnknownNameError, match=re.escape(message)):
        load("MNIST")


def test_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = embedded.FILES["reviews"]
    content = bytearray((embedded.FOLDER / "reviews" / name).read_bytes())
    content[1000] ^= 1
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / name).write_bytes(content)
    monkeypatch.setattr(embedded, "FOLDER", tmp_path)
    with pytest.raises(
        DataError, match=r"reviews\.tsv\.xz: damaged: expected SHA-256 a26658d645d3"
    ):
        load("reviews")
    (tmp_path / "reviews" / name).unlink()
    with pytest.raises(DataError, match="cannot read this embedded file: No such file"):
        load("reviews")


def test_every_embedded_file_is_whole_and_has_a_notice() -> None:
    names = []
    for name, check in embedded.embedded_files():
        check()
        names.append(name)
    assert len(names) == 6
    assert (embedded.FOLDER / "mnist" / "NOTICE").is_file()
    assert (embedded.FOLDER / "penguins" / "NOTICE").is_file()
    assert (embedded.FOLDER / "reviews" / "NOTICE").is_file()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "received an empty file"),
        (b"\0\0\x09\x01\0\0\0\0", "received 00 00 09 01"),
        (b"\0\0\x08\x01\0\0", "expected a header of 8 bytes, received 6"),
        (b"\0\0\x08\x01\0\0\0\x03ab", "expected 3 bytes after the header, received 2"),
        (b"\0\0\x08\x02" + b"\xff" * 8, "expected 4294967295x4294967295 bytes after the header"),
    ],
)
def test_malformed_idx(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        parse_idx(content, "some.idx")
    assert str(caught.value).startswith("some.idx: ")


@pytest.mark.slow
@pytest.mark.parametrize("script", ["build_mnist", "build_penguins", "build_reviews"])
def test_the_scripts_rebuild_the_data_byte_for_byte(script: str, tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, ROOT / "scripts" / f"{script}.py", tmp_path / "out"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "expected" not in finished.stdout


def test_pairs_of_digits_have_their_sum_and_parity() -> None:
    """The images are looked up in MNIST, so the labels are checked against the originals."""
    digits, pairs = load("mnist", seed=2), load("mnist-pairs", seed=2)
    label_of = {
        image.tobytes(): label for image, label in zip(digits.test.x, digits.test.y, strict=True)
    }
    for index in range(0, 10_000, 97):
        left, right = (label_of[pairs.test.x[side][index].tobytes()] for side in ("left", "right"))
        assert pairs.test.y["sum"][index] == left + right
        assert pairs.test.y["parity"][index] == (left + right) % 2
    assert pairs.test.y["sum"].max() == 18


def test_the_best_border_of_blobs_reaches_the_bayes_accuracy() -> None:
    data = load("blobs", seed=1)
    middle, across = blobs.MEANS.mean(axis=0), blobs.MEANS[1] - blobs.MEANS[0]
    best = ((data.test.x - middle) @ across > 0) == data.test.y
    assert blobs.bayes_accuracy() == pytest.approx(0.8413, abs=1e-4)
    assert best.mean() == pytest.approx(blobs.bayes_accuracy(), abs=0.01)
