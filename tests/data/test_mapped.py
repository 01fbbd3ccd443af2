"""Chosen samples of an array in a file, and how much memory there is for them."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerastut.arrays import Array
from kerastut.data.checks import check
from kerastut.data.splits import Data, Rows, Split, digest
from kerastut.data.tfds import decoding as memory
from kerastut.errors import DataError


@pytest.fixture
def rows(tmp_path: Path) -> tuple[Rows, Array]:
    x = np.random.default_rng(0).integers(0, 256, (20, 12, 10, 3), np.uint8)
    np.save(tmp_path / "x.npy", x)
    chosen = np.array([7, 3, 19, 3])
    return Rows(np.load(tmp_path / "x.npy", mmap_mode="r"), chosen), x[chosen]


def test_rows_are_indexed_as_an_array(rows: tuple[Rows, Array]) -> None:
    found, expected = rows
    keys: tuple[Any, ...] = (
        2,
        -1,
        slice(1, 3),
        np.array([3, 0]),
        np.array([True, False, True, False]),
        [],
    )
    for key in keys:
        np.testing.assert_array_equal(found[key], expected[key])
    for name in ("shape", "dtype", "ndim", "size", "nbytes"):
        assert getattr(found, name) == getattr(expected, name)
    np.testing.assert_array_equal(found.take(np.array([3, 1]))[:], expected[[3, 1]])
    np.testing.assert_array_equal([found[number] for number in range(len(found))], expected)
    assert np.asarray(found, np.float32).dtype == np.float32
    labels = np.zeros(4, np.int32)
    assert digest({"x": Split(found, labels)}) == digest({"x": Split(expected, labels)})


def test_rows_refuse_what_needs_a_copy(rows: tuple[Rows, Array]) -> None:
    with pytest.raises(ValueError, match="cannot become an array without a copy"):
        np.asarray(rows[0], copy=False)
    with pytest.raises(IndexError):
        rows[0][4]


def test_rows_of_wrong_length_are_refused(rows: tuple[Rows, Array]) -> None:
    split = Split(rows[0], np.zeros(3, np.int32))
    data = Data("rows", split, split, split, ("a", "b"), source="", sha256="")
    with pytest.raises(DataError, match=re.escape("expected 4 samples as in train.x")):
        check(data)


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("0::/user/job", "user/job/memory.max"),
        ("0::/host/path", "memory.max"),
        ("4:memory:/job", "memory/job/memory.limit_in_bytes"),
    ],
)
def test_the_limit_of_a_container_is_kept(
    line: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups, places = tmp_path / "cgroup", tmp_path / "fs"
    (places / file).parent.mkdir(parents=True)
    (places / file).write_text("1000\n")
    groups.write_text(f"3:cpu:/\n{line}\n")
    monkeypatch.setattr(memory, "GROUPS", groups)
    limits = {"": (places, "memory.max"), "memory": (places / "memory", "memory.limit_in_bytes")}
    monkeypatch.setattr(memory, "LIMITS", limits)
    assert memory.available_memory() == 1000
    (places / file).write_text("max\n")
    assert memory.available_memory() > 2**20
