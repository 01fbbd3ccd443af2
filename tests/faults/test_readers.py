"""Readers of received files: a clear line that names the file, or the data."""

import gzip
import io
import os
import pickle
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerastut.data.bundled import mnist
from kerastut.data.bundled.catalogue import FOLDER
from kerastut.data.own import idx, npz
from kerastut.data.own.images import picture
from kerastut.data.splits import Data
from kerastut.errors import DataError

from .corpus import idx_content, idx_folder, image_folder, npz_arrays, read, table_lines, trials

Write = Callable[[Path], object]


def refused(reader: str, path: Path, **options: Any) -> str:
    with trials(reader) as attempt:
        text = attempt(path, lambda: read(path, seed=0, **options))
    assert text, "was accepted"
    return text


def sizes(data: Data) -> list[int]:
    return [len(split) for split in (data.train, data.validation, data.test)]


# What is read.


@pytest.mark.parametrize("packed", [False, True])
def test_idx(tmp_path: Path, packed: bool) -> None:
    data = read(idx_folder(tmp_path / "mnist", packed), seed=0)
    assert sizes(data) == [27, 3, 20]
    assert data.classes == ("0", "1", "2")
    assert data.train.x.shape == (27, 4, 4, 1)
    assert (data.train.x.dtype, data.train.y.dtype) == (np.uint8, np.int32)
    np.testing.assert_array_equal(data.test.y, np.arange(20) % 3)


def test_idx_of_the_embedded_mnist_is_the_embedded_mnist() -> None:
    own, embedded = read(FOLDER / "mnist", seed=0), mnist.read(0)
    np.testing.assert_array_equal(own.test.x, embedded.test.x)
    np.testing.assert_array_equal(own.test.y, embedded.test.y)
    for data in (own, embedded):
        labels = np.concatenate([data.train.y, data.validation.y])
        assert np.bincount(labels).tolist()[:3] == [5923, 6742, 5958]


def test_idx_names_with_a_dot(tmp_path: Path) -> None:
    folder = idx_folder(tmp_path / "mnist")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-idx", ".idx"))
    assert sizes(read(folder, seed=0)) == [27, 3, 20]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".gif"])
def test_images(tmp_path: Path, suffix: str) -> None:
    folder = image_folder(tmp_path / "pets", suffix)
    (folder / "cat" / ".hidden").write_text("no picture")
    (folder / "readme.txt").write_text("beside the classes")
    data = read(folder, seed=0, image_size=(9, 7))
    assert (sizes(data), data.classes) == ([8, 1, 1], ("cat", "dog"))
    pixels = np.asarray(Image.open(folder / "cat" / f"0{suffix}").convert("RGB"))
    np.testing.assert_array_equal(data.train.x[0], pixels)
    assert read(folder, seed=0).train.x.shape == (8, 28, 28, 3)
    assert picture(folder / "cat" / f"0{suffix}", (28, 28), "L").shape == (28, 28, 1)


def test_images_transparent_is_white_and_sixteen_bits_are_scaled(tmp_path: Path) -> None:
    folder = image_folder(tmp_path / "pets")
    Image.new("RGBA", (5, 5), (0, 0, 0, 0)).save(folder / "cat" / "0.png")
    Image.fromarray(np.full((5, 5), 0x80FF, np.uint16)).save(folder / "cat" / "1.png")
    pixels = read_images(folder)
    assert set(pixels[0].flat) == {255}
    assert set(pixels[1].flat) == {0x80}


def read_images(folder: Path) -> Any:
    from kerastut.data.own import images

    return images.read(folder).parts["whole"].x


def test_images_of_a_link_inside_the_folder(tmp_path: Path) -> None:
    folder = image_folder(tmp_path / "pets")
    (folder / "dog" / "again.png").symlink_to(folder / "dog" / "0.png")
    assert sum(sizes(read(folder, seed=0))) == 11


@pytest.mark.parametrize("names", [("train", "test"), ("train", "val", "test")])
def test_images_in_parts(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        image_folder(tmp_path / "pets" / name)
    data = read(tmp_path / "pets", seed=0)
    assert sizes(data) == ([9, 1, 10] if len(names) == 2 else [10, 10, 10])


def test_numbered_class_folders_are_in_order_of_number(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / "n" / str(number)).mkdir(parents=True)
        for copy in range(3):
            shade = Image.new("L", (2, 2), number * 20)
            shade.save(tmp_path / "n" / str(number) / f"{copy}.png")
    data = read(tmp_path / "n", seed=0, image_size=(2, 2))
    assert data.classes == tuple(str(number) for number in range(11))
    np.testing.assert_array_equal(data.train.x[:, 0, 0, 0], data.train.y * 20)


@pytest.mark.parametrize(
    ("name", "header", "join", "note"),
    [
        ("a.csv", ["text", "label"], ",", "text from column 'text', label from column 'label'"),
        ("a.csv", ["评论", "情感"], ";", "text from column '评论', label from column '情感'"),
        ("a.tsv", ["Review", "Mark"], "\t", "text from column 'Review', label from column 'Mark'"),
    ],
)
def test_table(tmp_path: Path, name: str, header: list[str], join: str, note: str) -> None:
    rows = [header, *([f"text {row}", str(9 + row % 2)] for row in range(20))]
    (tmp_path / name).write_text("\n".join(join.join(row) for row in rows), encoding="utf-8-sig")
    data = read(tmp_path / name, seed=0)
    assert sizes(data) == [16, 2, 2]
    assert data.classes == ("9", "10")
    assert data.source == f"{tmp_path / name}: {note}"
    for text, label in zip(data.train.x, data.train.y, strict=True):
        assert int(text.split()[1]) % 2 == label


def test_table_in_parts_with_a_quoted_line_break(tmp_path: Path) -> None:
    names = ["train"] * 8 + ["test"] * 2
    rows = [f'"one\ntwo, {row}",{row % 2},{name}' for row, name in enumerate(names)]
    (tmp_path / "a.csv").write_text("\n".join(["text,label,split", *rows]))
    data = read(tmp_path / "a.csv", seed=0)
    assert sizes(data) == [7, 1, 2]
    assert data.test.x.tolist() == ["one\ntwo, 8", "one\ntwo, 9"]


def test_table_with_a_named_encoding_and_columns(tmp_path: Path) -> None:
    rows = ["甲,乙,丙", *(f"好,{row % 2},书{row}" for row in range(8))]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="gb18030")
    named: dict[str, Any] = {"text_column": "丙", "label_column": "乙", "encoding": "gb18030"}
    data = read(tmp_path / "a.csv", seed=0, **named)
    assert sorted(data.train.x)[0].startswith("书")


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


# What is refused: idx.


def replaced(name: str, content: bytes) -> Write:
    return lambda folder: (folder / name).write_bytes(content)


def pipe_for_images(folder: Path) -> None:
    (folder / IMAGES).unlink()
    os.mkfifo(folder / IMAGES)


IMAGES, LABELS = "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (replaced(IMAGES, b""), "received an empty file. Get it again."),
        (replaced(IMAGES, b"\0\0\x08"), "(magic 00 00 08 0n), received 00 00 08."),
        (replaced(IMAGES, b"\0\0\x0d\x03" + bytes(40)), "received 00 00 0d 03."),
        (replaced(IMAGES, b"\0\0\x08\x09" + bytes(40)), "received 00 00 08 09."),
        (replaced(IMAGES, b"\0\0\x08\x03" + bytes(5)), "expected a header of 16 bytes, received 9"),
        (
            replaced(IMAGES, idx_content(30, 4, 4)[:-1]),
            "expected 30x4x4 bytes after the header, received 479.",
        ),
        (replaced(IMAGES, idx_content(30, 4, 4) + b"!"), "after the header, received more."),
        (replaced(IMAGES, idx_content(30, 16)), "expected images of shape (n, height, width)"),
        (replaced(IMAGES, idx_content(0, 4, 4)), "received (0, 4, 4)."),
        (replaced(LABELS, idx_content(19)), "expected 20 labels, one for each image of t10k-"),
        (replaced(LABELS, idx_content(20, 1)), "expected labels of shape (n,), received (20, 1)."),
        (lambda f: (f / IMAGES).unlink(), "and t10k-labels (such as train-images-idx3-ubyte.gz);"),
        (lambda f: ((f / IMAGES).unlink(), (f / IMAGES).mkdir()), "an idx file, received a folder"),
        (pipe_for_images, "received a device or pipe."),
    ],
)
def test_bad_idx(tmp_path: Path, damage: Write, message: str) -> None:
    folder = idx_folder(tmp_path / "mnist")
    damage(folder)
    assert message in refused("idx", folder)


def packed(content: bytes) -> bytes:
    """Packs alike at any time: the tests are named after it."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx_content(30, 4, 4), "Not a gzipped file"),
        (packed(idx_content(30, 4, 4))[:-12], "ended before the end-of-stream marker"),
        (packed(idx_content(30, 4, 4))[:40], "ended before the end-of-stream marker"),
        (packed(idx_content(30, 4, 4))[:-8] + bytes(8), "CRC check failed"),
        (packed(idx_content(30, 4, 4) + bytes(100)), "received more"),
        (packed(idx_content(31, 4, 4)), "expected 31 labels"),
    ],
)
def test_bad_packed_idx(tmp_path: Path, content: bytes, message: str) -> None:
    folder = idx_folder(tmp_path / "mnist", packed=True)
    (folder / f"{IMAGES}.gz").write_bytes(content)
    assert message in refused("idx", folder)


def test_idx_of_one_class(tmp_path: Path) -> None:
    folder = idx_folder(tmp_path / "mnist")
    for name, count in (("train-labels-idx1-ubyte", 30), (LABELS, 20)):
        (folder / name).write_bytes(idx_content(count)[:8] + bytes([7]) * count)
    assert "two classes or more, received 7 alone" in refused("idx", folder)


# What is refused: images.


def png_of_size(width: int, height: int) -> bytes:
    """Returns a PNG file whose header states a size that its few bytes cannot hold."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [header, b"IDAT" + zlib.compress(bytes(100)), b"IEND"]
    body = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def picture_content(suffix: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((20, 20), 50).save(buffer, suffix)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (replaced("cat/0.png", b""), "cat/0.png (empty). Replace or remove them."),
        (replaced("cat/0.png", b"hello"), "cat/0.png (not a PNG, JPEG, BMP or GIF picture)"),
        (replaced("cat/0.png", picture_content("png")[:200]), "cat/0.png (image file is truncated"),
        (replaced("cat/0.jpg", picture_content("jpeg")[:300]), "cat/0.jpg (Truncated File Read)"),
        (replaced("cat/0.png", png_of_size(40_000, 40_000)), "cat/0.png (over 89,478,485 pixels)"),
        (replaced("cat/0.png", png_of_size(10_000, 10_000)), "cat/0.png (over 89,478,485 pixels)"),
        (replaced("cat/0.png", picture_content("tiff")), "(not a PNG, JPEG, BMP or GIF picture)"),
        (replaced("cat/notes.txt", b"x"), "cat/notes.txt (not named .png, .jpg, .bmp or .gif)"),
        (lambda f: (f / "empty").mkdir(), "empty (no pictures)"),
        (lambda f: (f / "cat" / "more").mkdir(), "cat/more (a folder in a class folder)"),
        (lambda f: os.mkfifo(f / "cat" / "p.png"), "cat/p.png (no regular file)"),
        (
            lambda f: (f / "cat" / "l.png").symlink_to("/etc/passwd"),
            "(a link that leaves the folder)",
        ),
        (lambda f: (f / "bird").symlink_to("/etc"), "bird (a link that leaves the folder)"),
        (lambda f: (f / "cat" / "l.png").symlink_to("l.png"), "cat/l.png (no regular file)"),
        (
            lambda f: (f / "dog").rename(f.parent / "dog"),
            "two class folders or more, received cat.",
        ),
        (
            lambda f: [p.unlink() for p in sorted((f / "cat").iterdir())[2:]],
            "class 'cat' has too few samples to train on: 2",
        ),
        (
            lambda f: [p.write_bytes(b"x") for p in f.glob("*/*")],
            "cat/0.png (not a PNG, JPEG, BMP or GIF picture), cat/1.png (not a PNG, JPEG, BMP or"
            " GIF picture), cat/2.png (not a PNG, JPEG, BMP or GIF picture) and 7 more.",
        ),
        (replaced("cat/a\nb.png", b""), r"cat/a\x0ab.png (empty)"),
    ],
)
def test_bad_images(tmp_path: Path, damage: Write, message: str) -> None:
    folder = image_folder(tmp_path / "pets")
    damage(folder)
    assert message in refused("images", folder)


def test_images_without_class_folders(tmp_path: Path) -> None:
    (tmp_path / "pets").mkdir()
    assert "two class folders or more, received none." in refused("images", tmp_path / "pets")
    (tmp_path / "pets" / "0.png").write_bytes(png_of_size(2, 2))
    assert "two class folders or more, received none." in refused("images", tmp_path / "pets")


def test_images_without_a_test_part(tmp_path: Path) -> None:
    for name in ("train", "val"):
        image_folder(tmp_path / "pets" / name)
    text = refused("images", tmp_path / "pets")
    assert "expected samples for train and test, received train, validation." in text


# What is refused: tables.


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a CSV or TSV file, received an empty file."),
        ("\n \n\n", "expected a line of column names, received no text."),
        ("text,label", "received no rows. Is another column the label?"),
        ("so good,1\nso bad,0", "line 1: cannot tell the column of text and label among"),
        ("a,b,label\nx,y,z", "line 1: cannot tell the column of text among 'a, b, label'."),
        ("text,text,label\nx,y,z", "cannot tell the column of text among"),
        ("text,label\ngood,\nbad,0\nfine,", "line 2 (no label), line 4 (no label). Correct these"),
        ("text,label\n,1\n  ,0", "line 2 (no text), line 3 (no text)."),
        ("text,label\na,1,2\nb", "line 2 (3 fields, not 2), line 3 (1 fields, not 2)."),
        ("text,label\n" + "a,\n" * 9, "line 4 (no label) and 6 more."),
        ("text,label\na,1\nb,1\nc,1", "two classes or more in column 'label', received 1."),
        (
            "text,label\na,1\nb,0\nc,0\nd,0",
            "class '1' has too few samples to train on: 1; expected at",
        ),
        ('text,label\na,1\n"b,0\nc,1', "line 3: unexpected end of data. Is a quotation mark left"),
        ('text,label\n"a"b,1', "line 2: ',' expected after '\"'."),
        ("text,label\na\0,1", "line 2: a NUL character; expected text."),
        ("text,label\n" + "a" * 200_000 + ",1", "line 2: field larger than field limit (131072)."),
        ("text,label,split\na,1,train\nb,0,exam", "line 3 (split 'exam', not train, validation,"),
        ("text,label\na,\x1b[31m\nb,\x07", r"class '\x07' has too few samples to train on: 1;"),
    ],
)
def test_bad_table(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    assert message in refused("table", path)


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("好书", "gb18030", "at offset 11. It can be read with encoding='gb18030': look whether"),
        ("好书", "utf-16", "at offset 0. It can be read with encoding='utf-16': look whether"),
        ("fin\xe9 ", "latin-1", "at offset 14. Set encoding= to the file's encoding, or save it"),
    ],
)
def test_table_of_another_encoding(tmp_path: Path, text: str, encoding: str, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"text,label\n{text},1".encode(encoding))
    found = refused("table", tmp_path / "a.csv")
    assert f"expected UTF-8, received a byte that is none {message}" in found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "utf-99"}, "'utf-99' is no text encoding."),
        ({"encoding": "zlib"}, "'zlib' is no text encoding."),
        ({"encoding": "ascii"}, "It can be read with encoding='utf-8'"),
        ({"text_column": "txt"}, "expected a column 'txt' in line 1; Did you mean text?"),
        ({"label_column": "mark"}, "expected a column 'mark' in line 1; Known: label, text."),
        ({"text_column": "label"}, "cannot tell the column of text and label among"),
    ],
)
def test_bad_options_of_a_table(tmp_path: Path, options: Any, message: str) -> None:
    (tmp_path / "a.csv").write_text("text,label\n好,1\n坏,0")
    assert message in refused("table", tmp_path / "a.csv", **options)


# What is refused: npz.


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


# What is refused: paths.


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "or a .csv, .tsv or .npz file; received nothing there."),
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
    with pytest.raises(DataError, match=re.escape(r"a\x00b: ")):
        read("a\0b", seed=0)
    with pytest.raises(DataError, match=r"File name too long"):
        idx.read_array(Path("a" * 5000))
    with pytest.raises(DataError, match="No such file or directory"):
        npz.read(Path("missing.npz"))
