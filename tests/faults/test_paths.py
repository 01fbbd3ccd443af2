"""What holds for all kinds of data: the digest, the splits, and paths that lead to none."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from kerastut.data.own import idx, npz
from kerastut.errors import DataError

from .corpus import read, refused, table_lines


def test_digest_is_of_the_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(table_lines()))
    digest = read(path, seed=0).sha256
    assert read(path, seed=1, limit=2).sha256 == digest
    path.write_text("\n".join(table_lines()).replace("review 3", "review 33"))
    assert read(path, seed=0).sha256 != digest


def test_splits_depend_on_the_seed_and_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(table_lines(60)))
    one, again, other = read(path, seed=0), read(path, seed=0), read(path, seed=1)
    texts = [text for split in (one.train, one.validation, one.test) for text in split.x]
    assert len(texts) == len(set(texts)) == 60
    np.testing.assert_array_equal(one.test.x, again.test.x)
    assert not np.array_equal(one.test.x, other.test.x)
    assert sorted(one.test.y) == [0, 0, 0, 1, 1, 1] == sorted(one.validation.y)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "or an .npz file; received nothing there."),
        ("a.zip", "received a file named .zip."),
        ("plain", "received a file named without an ending."),
    ],
)
def test_unknown_kinds(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    (tmp_path / "plain").write_bytes(b"PK")
    assert message in refused("paths", tmp_path / name)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".npz"])
def test_folders_and_pipes_named_like_files(tmp_path: Path, suffix: str) -> None:
    os.mkfifo(tmp_path / f"pipe{suffix}")
    assert "received a device or pipe." in refused("paths", tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    assert "two class folders or more" in refused("paths", tmp_path / f"folder{suffix}")


def test_a_path_that_no_system_takes() -> None:
    with pytest.raises(DataError, match=re.escape(r"a\u0000b: ")):
        read("a\0b", seed=0)
    with pytest.raises(DataError, match=r"File name too long"):
        idx.read_array(Path("a" * 5000))
    with pytest.raises(DataError, match="No such file or directory"):
        npz.read(Path("missing.npz"))
