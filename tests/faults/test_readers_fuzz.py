"""Readers given damaged, random and hostile files: an answer or a line, in bounded memory."""

import csv
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kerastut.errors import DataError

from .corpus import (
    IDX,
    damaged,
    fuzz,
    idx_content,
    idx_folder,
    image_folder,
    npz_arrays,
    read,
    trials,
)

# Runs the readers with little address space, and prints what they say and the most memory used.
BOUNDED = """
import json, resource, sys
from kerastut.data.loading import load
from kerastut.errors import DataError
from kerastut.runs.saved_model import load_model
import PIL.Image
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
found = {}
for path in sys.argv[1:]:
    try:
        load_model(path) if path.endswith(".keras") else load(path)
        found[path] = "accepted"
    except DataError as error:
        found[path] = str(error)
    assert "tensorflow" not in sys.modules
# Not ru_maxrss, which counts the process that started this one.
lines = Path("/proc/self/status").read_text().splitlines()
print(json.dumps([found, next(int(line.split()[1]) for line in lines if "VmHWM" in line)]))
"""


def npz_content() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **npz_arrays())
    return buffer.getvalue()


def picture_contents() -> list[bytes]:
    contents = []
    for kind in ("png", "jpeg", "bmp", "gif", "webp", "tiff"):
        buffer = io.BytesIO()
        Image.effect_noise((24, 24), 60).save(buffer, kind)
        contents.append(buffer.getvalue())
    return contents


@pytest.mark.parametrize("packed", [False, True])
def test_fuzzed_idx(tmp_path: Path, packed: bool) -> None:
    folder = idx_folder(tmp_path / "mnist", packed)
    names = [f"{name}.gz" if packed else name for name in IDX]
    good = {name: (folder / name).read_bytes() for name in names}

    @fuzz(60)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(names))
        content = data.draw(damaged(good[name]) | st.binary(max_size=40))
        (folder / name).write_bytes(content)
        attempt(folder, lambda: read(folder, seed=0))
        (folder / name).write_bytes(good[name])

    with trials("idx") as attempt:
        run()


def test_random_idx_headers(tmp_path: Path) -> None:
    """Headers are edited below gzip, so that its CRC does not catch them."""
    folder = idx_folder(tmp_path / "mnist", packed=True)
    name = "train-images-idx3-ubyte"

    @fuzz(40)
    @given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 40), max_size=5))
    def run(shape: list[int]) -> None:
        head = b"\0\0\x08" + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
        (folder / f"{name}.gz").write_bytes(gzip.compress(head + idx_content(30, 4, 4)[16:]))
        attempt(folder, lambda: read(folder, seed=0))

    with trials("idx") as attempt:
        run()


def test_fuzzed_pictures(tmp_path: Path) -> None:
    folder, good = image_folder(tmp_path / "pets"), picture_contents()

    @fuzz(120)
    @given(st.sampled_from(good).flatmap(damaged) | st.binary(max_size=40))
    def run(content: bytes) -> None:
        (folder / "cat" / "0.png").write_bytes(content)
        attempt(folder, lambda: read(folder, seed=0))

    with trials("images") as attempt:
        run()


def test_fuzzed_npz(tmp_path: Path) -> None:
    path, good = tmp_path / "a.npz", npz_content()

    @fuzz(120)
    @given(damaged(good) | st.binary(max_size=60))
    def run(content: bytes) -> None:
        path.write_bytes(content)
        attempt(path, lambda: read(path, seed=0))

    with trials("npz") as attempt:
        run()


def test_random_npz_headers(tmp_path: Path) -> None:
    """Members are damaged below the zip's CRC."""
    path, good = tmp_path / "a.npz", npz_arrays()
    buffer = io.BytesIO()
    np.save(buffer, good["x_train"])
    sizes = st.integers(-(2**63), 2**64) | st.integers(-1, 12)
    types = ["|u1", "<f4", ">i8", "|O", "<U1", "<U0", "|b1", "<c16", "|V3", "<M8[s]", "|S9", "x"]
    heads = st.builds(
        lambda kind, order, shape: str({"descr": kind, "fortran_order": order, "shape": shape}),
        st.sampled_from(types) | st.lists(st.tuples(st.text(max_size=3), st.sampled_from(types))),
        st.booleans() | st.none(),
        st.lists(sizes, max_size=4).map(tuple) | st.lists(sizes, max_size=2),
    )
    contents = damaged(buffer.getvalue()) | st.builds(with_head, heads | st.text(max_size=40))

    @fuzz(60)
    @given(contents, st.sampled_from(list(good)))
    def run(content: bytes, key: str) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, array in good.items():
                kept = io.BytesIO()
                np.save(kept, array)
                archive.writestr(f"{name}.npy", content if name == key else kept.getvalue())
        attempt(path, lambda: read(path, seed=0))

    with trials("npz") as attempt:
        run()


def with_head(head: str) -> bytes:
    content = head.encode("latin-1", "replace") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(content)) + content + bytes(192)


FIELDS = st.text(max_size=8) | st.sampled_from(["", " ", '"', "a,b", "好", "\r", "\0", "train"])


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_random_tables(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    heads = st.sampled_from([["text", "label"], ["text", "label", "split"], ["a", "b"]])
    rows = st.lists(st.lists(FIELDS, max_size=4), max_size=12)
    encodings = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1"])

    @fuzz(100)
    @given(heads, rows, encodings, st.booleans())
    def run(head: list[str], rows: list[list[str]], encoding: str, quoted: bool) -> None:
        buffer = io.StringIO(newline="")
        join = "\t" if name.endswith("tsv") else ","
        if quoted:
            csv.writer(buffer, delimiter=join).writerows([head, *rows])
        else:
            buffer.write("\n".join(join.join(row) for row in [head, *rows]))
        path.write_bytes(buffer.getvalue().encode(encoding, "replace"))
        attempt(path, lambda: read(path, seed=0))

    with trials("table") as attempt:
        run()


NUMBERS = [f"{n},{n % 7}.5,{'ab'[n % 2]},2024-01-0{n % 9 + 1},{n * 1.5}" for n in range(15)]
OBJECTS = [{"text": f"很好{n}", "label": n % 2, "more": [1, {"a": None}]} for n in range(12)]


def table_contents() -> dict[str, bytes]:
    """Returns good tables of the other kinds by name."""
    import openpyxl
    import pyarrow
    from pyarrow import parquet

    book, packed = io.BytesIO(), io.BytesIO()
    sheet = openpyxl.Workbook()
    for row in [["area", "kind", "price"], *([n, "ab"[n % 2], n * 1.5] for n in range(12))]:
        sheet.active.append(row)
    sheet.save(book)
    parquet.write_table(pyarrow.table({"text": ["a", "b"] * 6, "label": [0, 1] * 6}), packed)
    return {
        "a.csv": "\n".join(["id,area,kind,day,price", *NUMBERS]).encode(),
        "a.jsonl": "\n".join(map(json.dumps, OBJECTS)).encode(),
        "a.json": json.dumps(OBJECTS, ensure_ascii=False).encode(),
        "a.txt": "\n".join(f"__label__{n % 2} 很好{n}" for n in range(12)).encode(),
        "a.xlsx": book.getvalue(),
        "a.parquet": packed.getvalue(),
    }


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.txt", "a.xlsx", "a.parquet"])
def test_fuzzed_tables_of_other_kinds(tmp_path: Path, name: str) -> None:
    path, good = tmp_path / name, table_contents()[name]
    options = st.sampled_from([{}, {"skip_bad": True}, {"missing": "mean"}, {"task": "regression"}])

    @fuzz(40)
    @given(damaged(good) | st.binary(max_size=60), options)
    def run(content: bytes, chosen: dict[str, Any]) -> None:
        path.write_bytes(content)
        attempt(path, lambda: read(path, seed=0, **chosen))

    with trials("table") as attempt:
        run()


def test_fuzzed_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'"评论 {row}, ""引""",{"bad" if row % 2 else "good"}' for row in range(12)]
    good = "\n".join(["text,label", *rows]).encode()
    options = st.fixed_dictionaries(
        {},
        optional={
            "text_column": st.sampled_from(["text", "label", ""]) | st.text(max_size=5),
            "label_column": st.sampled_from(["text", "label", ""]) | st.text(max_size=5),
            "encoding": st.sampled_from(["ascii", "gb18030", "utf-16", "utf-7", "hex", "big5", ""]),
        },
    )

    @fuzz(100)
    @given(damaged(good) | st.binary(max_size=60), st.just({}) | options)
    def run(content: bytes, chosen: dict[str, Any]) -> None:
        path.write_bytes(content)
        attempt(path, lambda: read(path, seed=0, **chosen))

    with trials("table") as attempt:
        run()


def zeros_packed(shape: tuple[int, ...], megabytes: int) -> bytes:
    """Returns a gzip file that unpacks to an idx header and many zeros."""
    head = b"\0\0\x08" + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    return gzip.compress(head) + gzip.compress(bytes(2**24)) * (megabytes // 16)


def bomb_idx(folder: Path, shape: tuple[int, ...]) -> Path:
    idx_folder(folder, packed=True)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(zeros_packed(shape, 4096))
    return folder


def bomb_zip(path: Path, name: str, stated: int | None = None) -> Path:
    """Writes 300 megabytes of zeros as one member; `stated` lies about the size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w") as member:
            for _ in range(300 if stated is None else 1):
                member.write(bytes(2**20))
        if stated is not None:
            archive.getinfo(name).file_size = stated
    return path


def bomb_picture(folder: Path, kind: str) -> Path:
    """Writes a picture of few bytes whose header states 60,000 x 60,000 pixels."""
    image_folder(folder)
    buffer = io.BytesIO()
    Image.new("L", (2, 2)).save(buffer, kind)
    content = bytearray(buffer.getvalue())
    place, form = {"gif": (6, "<HH"), "bmp": (18, "<ii")}[kind]
    struct.pack_into(form, content, place, 60_000, 60_000)
    (folder / "cat" / f"bomb.{kind}").write_bytes(content)
    return folder


def nested_config(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "[" * 200_000)
        archive.writestr("model.weights.h5", b"")
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="limits of address space are Linux's")
def test_bombs_take_little_memory(tmp_path: Path) -> None:
    bombs: dict[Path, str] = {
        bomb_idx(tmp_path / "long", (30, 4, 4)): "expected 30x4x4 bytes after the header, received",
        bomb_idx(tmp_path / "wide", (2**20, 2**12, 2)): "its header states 8,589,934,592 bytes",
        bomb_zip(
            tmp_path / "a.npz", "x_train.npy"
        ): "would unpack to 314,572,800; expected at most",
        bomb_zip(tmp_path / "b.npz", "x_train.npy", 2**33): "would unpack to 8,589,934,592",
        bomb_zip(tmp_path / "c.npz", "x_train.npy", 2**27): "the magic string is not correct",
        bomb_picture(tmp_path / "gif", "gif"): "bomb.gif (over 178,956,970 pixels)",
        bomb_picture(tmp_path / "bmp", "bmp"): "bomb.bmp (over 178,956,970 pixels)",
        bomb_zip(tmp_path / "a.keras", "config.json"): "would unpack to 314,572,800",
        nested_config(tmp_path / "b.keras"): "Its config.json is not JSON.",
    }
    finished = subprocess.run(
        [sys.executable, "-c", BOUNDED, *map(str, bombs)],
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found, kilobytes = json.loads(finished.stdout)
    with trials("bombs") as attempt:
        for path, message in bombs.items():
            assert message in attempt(path, partial(_raise, found[str(path)]))
    assert kilobytes < 300_000


def _raise(text: str) -> None:
    if text != "accepted":
        raise DataError(text)
