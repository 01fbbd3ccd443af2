"""Files of arrays: what is read, and what is refused in a line that names the file."""

import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .corpus import Write, npz_arrays, read, refused, sizes


def test_npz(tmp_path: Path) -> None:
    arrays = npz_arrays()
    arrays["y_train"], arrays["y_test"] = arrays["y_train"][:, None], arrays["y_test"][:, None]
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    data = read(tmp_path / "a.npz", seed=0)
    assert (sizes(data), data.classes) == ([11, 1, 6], ("0", "1", "2"))
    np.testing.assert_array_equal(data.test.x[..., 0], arrays["x_test"])


def test_npz_of_texts_and_of_values(tmp_path: Path) -> None:
    arrays = npz_arrays()
    texts = {key: arrays[key] for key in ("y_train", "y_test")}
    texts |= {
        key: np.array([f"t{i}" for i in range(len(arrays[key]))]) for key in arrays if key[0] == "x"
    }
    np.savez(tmp_path / "texts.npz", **texts)
    assert read(tmp_path / "texts.npz", seed=0).test.x.tolist() == [f"t{i}" for i in range(6)]
    values = {key: array.astype(">f4") for key, array in arrays.items()}
    np.savez(tmp_path / "values.npz", **values)
    data = read(tmp_path / "values.npz", seed=0)
    assert (data.classes, data.train.y.dtype) == ((), np.dtype("=f4"))


def saved(**changes: Any) -> Write:
    arrays = {key: array for key, array in (npz_arrays() | changes).items() if array is not None}
    return lambda path: np.savez(path, **arrays)


def member(name: str, content: bytes, keep: bool = True) -> Write:
    def write(path: Path) -> None:
        np.savez(path, **npz_arrays() if keep else {})
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, content)

    return write


def replaced_member(content: bytes) -> Write:
    def write(path: Path) -> None:
        arrays = npz_arrays()
        arrays.pop("x_train")
        np.savez(path, **arrays)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("x_train.npy", content)

    return write


def npy_head(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()


def header_of(shape: str, descr: str = "'|u1'") -> Write:
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n"
    return replaced_member(npy_head(head) + bytes(48))


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda p: p.write_bytes(b""), "expected an .npz file, received an empty file."),
        (lambda p: p.write_bytes(b"hello"), "File is not a zip file."),
        (saved(x_test=None), "x_test is missing. It holds x_train, y_train, y_test."),
        (saved(x_train=None, y_train=None), "x_train is missing."),
        (saved(y_train=np.arange(11)), "x_train has 12 samples and y_train 11"),
        (saved(y_train=np.eye(12)), "y_train: expected numbers of shape (n,), received float64"),
        (saved(y_train=np.arange(12) - 1), "expected class numbers from 0 to 9,999, received -1"),
        (saved(y_train=np.arange(12) * 10**12), "received 11000000000000 at [11]"),
        (saved(y_train=np.full(12, np.nan)), "both whole numbers (classes) or both floats"),
        (
            saved(y_train=np.full(12, np.nan), y_test=np.zeros(6)),
            "train.y (11,): 11 values are not finite, the first at [0].",
        ),
        (saved(y_train=np.zeros(12, int), y_test=np.zeros(6, int)), "received 0 alone."),
        (
            saved(x_train=np.zeros((0, 4, 4))),
            "x_train: expected samples, received shape (0, 4, 4).",
        ),
        (
            saved(x_train=np.zeros(12, bool)),
            "x_train: expected numbers or texts, received dtype bool",
        ),
        (saved(x_train=np.zeros(12, "V0")), "received dtype |V0"),
        (
            saved(x_train=np.full((12, 4, 4), np.inf)),
            "train.x (11, 4, 4): 176 values are not finite",
        ),
        (saved(x_train=np.float64(3)), "x_train: expected samples, received shape ()."),
        (saved(x_train=np.zeros((12, 4, 5))), "expected samples of shape (4, 5) and float64 as in"),
        (header_of("(10**12,)"), "x_train"),
        (header_of("(1000000000000,)"), "its header states shape (1000000000000,) of uint8"),
        (header_of("(-1, 4)"), "expected samples, received shape (-1, 4)."),
        (header_of("(3,)", "'<U100000000'"), "1,200,000,000 bytes; the file holds 48."),
        (header_of("(3,)", "'|O'"), "holds pickled Python objects, which can run any code"),
        (
            header_of("(3,)", "[('a', '|O')]"),
            "holds pickled Python objects, which can run any code",
        ),
        (
            header_of("(3,)", "__import__('os').mkdir('x')"),
            "Expected x_train as np.savez writes it",
        ),
        (header_of("(True, 48)"), ""),
        (replaced_member(npy_head("{" * 5000)), "Expected x_train as np.savez writes it"),
        (replaced_member(npy_head("(" * 60000)), "Expected x_train as np.savez writes it"),
        (replaced_member(b"\x93NUMPY\x09\x00" + bytes(99)), "received (9, 0)."),
        (replaced_member(b"\x93NUM"), "Expected x_train as np.savez writes it"),
        (member("../out.npy", b"x"), "its member '../out.npy' leaves the archive's folder."),
        (member("/etc/out.npy", b"x"), "leaves the archive's folder."),
        (member("C:\\out.npy", b"x"), "leaves the archive's folder."),
        (member("a\\..\\..\\out.npy", b"x"), "leaves the archive's folder."),
    ],
)
def test_bad_npz(tmp_path: Path, write: Write, message: str) -> None:
    path = tmp_path / "a.npz"
    write(path)
    assert message in refused("npz", path)
    assert [child.name for child in tmp_path.iterdir()] == ["a.npz"]


def test_npz_with_a_member_twice(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        member("x_train.npy", b"x")(tmp_path / "a.npz")
    assert "its member x_train.npy stands there 2 times;" in refused("npz", tmp_path / "a.npz")


def test_npz_truncated_or_flipped(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **npz_arrays())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "File is not a zip file." in refused("npz", path)
    place = content.index(npz_arrays()["x_train"].tobytes())
    path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert "its member x_train.npy is damaged: the CRC differs." in refused("npz", path)


class Harmful:
    """Makes a folder when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.marker),)


def test_a_pickle_is_never_executed(tmp_path: Path) -> None:
    marker, path = tmp_path / "executed", tmp_path / "a.npz"
    harmful = np.array([Harmful(marker)] * 12, dtype=object)
    np.savez(path, **npz_arrays() | {"x_train": harmful})
    text = refused("npz", path)
    assert "x_train: holds pickled Python objects, which can run any code and are never" in text
    replaced_member(pickle.dumps(Harmful(marker)))(path)
    assert "the magic string is not correct" in refused("npz", path)
    path.write_bytes(pickle.dumps(Harmful(marker)))
    assert "File is not a zip file." in refused("npz", path)
    assert not marker.exists()
    np.load(tmp_path / "a.npz", allow_pickle=True)
    assert marker.exists(), "the test's own pickle does no harm"


def test_large_numbers_of_members_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    assert "at most 10,000 members, received 10,001." in refused("npz", tmp_path / "a.npz")
