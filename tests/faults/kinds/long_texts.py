"""Texts, tables and arrays of absurd size, or that state one."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random

import numpy as np

from ..case import Case
from ..tiny import TEXTS, copied

# Trains on data of the reader's own; a table for it, or arrays.
TABLE = ("run", "mlp-reviews", "-q", "--epochs", "1", "--output-dir", "out", "--data")
ARRAYS = ("run", "mlp-mnist", "-q", "--epochs", "1", "--output-dir", "out", "--data")
PIECES = ("a", "好", "\U0001f600", " ", "a b ", "\t", ",", "\u202e", "\x1b[31m", "''", "\0", "é")


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields such files, and standard inputs."""
    for number in count():
        place = folder / f"long_texts-{number}"
        yield random.choice(KINDS)(random, place)


def _megabytes(random: Random, most: int = 120) -> int:
    return int(10 ** random.uniform(1.5, np.log10(most)))


def _predicted(random: Random, place: Path) -> Case:
    """Texts to predict, in a file or on standard input."""
    copied(place, TEXTS)
    piece, size = random.choice(PIECES), _megabytes(random)
    end = random.choice(("", "", "\n", "\r", "\n\n \n"))
    content = (f"{piece}{end}" * (size * 2**20 // len(f"{piece}{end}".encode()))).encode()
    if random.random() < 0.3:
        content += random.choice((b"\xff", b"\nlast", b"\xed\xa0\x80"))
    words, stdin = ("-",), content
    if random.random() < 0.5:
        (place / "texts.txt").write_bytes(content)
        words, stdin = ("texts.txt",), b""
    told = f"{size} MB of {piece + end!a}"
    return Case(told, ("predict", "run", *words), place, stdin=stdin)


def _many_texts(random: Random, place: Path) -> Case:
    """Texts of which each is short enough."""
    copied(place, TEXTS)
    times, length = random.choice(((200_000, 2), (300, 60_000), (40, 65_000), (3, 70_000)))
    text = "".join(random.choice("好坏。ab ") for _ in range(length))
    (place / "texts.txt").write_text(f"{text}\n" * times)
    words = ("predict", "run", "texts.txt")
    return Case(f"{times} of {length}", words, place, statuses=frozenset({0, 2}))


def _holes(random: Random, place: Path) -> Case:
    """A file that takes no place on the disk, and much when it is read."""
    copied(place, TEXTS)
    name = random.choice(("texts.txt", "reviews.csv", "reviews.tsv", "a.npz", "run/run.json"))
    size = int(10 ** random.uniform(8.5, 13))
    with (place / name).open("r+b" if (place / name).exists() else "wb") as file:
        file.write(b"text,label\na,1\n" if "reviews" in name else b"a\n")
        file.truncate(size)
    words: tuple[str, ...] = ("predict", "run", "texts.txt" if name == "texts.txt" else "a")
    if name.endswith(("csv", "tsv")):
        words = (*TABLE, name)
    if name == "a.npz":
        words = (*ARRAYS, name)
    return Case(f"{size:,} bytes of nothing as {name}", words, place)


def _table(random: Random, place: Path) -> Case:
    """A table of many lines, many columns, or long ones."""
    place.mkdir()
    size = _megabytes(random) * 2**20
    join = random.choice((",", "\t", ";", "|"))
    line = random.choice(
        (
            *("\n", "\r", "\r\n", "  \n", f"{join}\n", join, f"a{join}", '"', '"\n', '""'),
            *(
                f"a{join}1\n",
                f"好{join}1\n",
                f"a{join}{join}\n",
                f'"a{join}\n',
                "a",
                "\0",
                "\n\n\r",
            ),
        )
    )
    head = random.choice((f"text{join}label\n", "", f"text{join}label{join}split\n"))
    content = head + line * (size // len(line.encode()))
    if random.random() < 0.3:
        content = f"\U0001f600{join}1\n".join((head, content[len(head) :]))
    name = "reviews.tsv" if join == "\t" else "reviews.csv"
    form = random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16"))
    options = ("--encoding", form) if form == "utf-16" else ()
    (place / name).write_bytes(content[: size // 2 if options else size].encode(form))
    return Case(f"{size >> 20} MB of {line!a}, {form}", (*TABLE, name, *options), place)


def _idx(random: Random, place: Path) -> Case:
    """Images that state more than there is, or unpack to more."""
    folder = place / "digits"
    folder.mkdir(parents=True)
    shapes = {"images-idx3": (30, 4, 4), "labels-idx1": (30,)}
    for part in ("train", "t10k"):
        for name, shape in shapes.items():
            head = b"\0\0\x08" + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
            (folder / f"{part}-{name}-ubyte").write_bytes(head + bytes(int(np.prod(shape))))
    sides = [random.randrange(2**32) for _ in range(3)]
    if random.random() < 0.6:
        sides = [random.randint(300, 4000), 1024, 1024]
    head = b"\0\0\x08\x03" + struct.pack(">3I", *sides)
    if random.random() < 0.5:
        (folder / "train-images-idx3-ubyte").write_bytes(head + bytes(random.randrange(9999)))
    else:
        (folder / "train-images-idx3-ubyte").unlink()
        megabytes = min(sides[0], 1024)
        packed = gzip.compress(head) + gzip.compress(bytes(2**24), 1) * (megabytes // 16)
        (folder / "train-images-idx3-ubyte.gz").write_bytes(packed)
    if random.random() < 0.2:
        with (folder / "classes.txt").open("wb") as file:
            file.truncate(2 ** random.randint(21, 40))
    return Case(f"{sides} stated", (*ARRAYS, "digits"), place)


def _npz(random: Random, place: Path) -> Case:
    """Arrays that state more than there is, unpack to more, or hold texts without number."""
    place.mkdir()
    kind = random.choice(("stated", "packed", "texts"))
    arrays = {
        "y_train": np.arange(20) % 2,
        "x_test": np.zeros((9, 2, 2), "u1"),
        "y_test": np.arange(9) % 2,
    }
    megabytes = random.randint(257, 900)
    shape: tuple[int, ...]
    descr, shape = random.choice((("|u1", (10**9, 9)), ("<f8", (2**31, 2**31)), ("<U9", (10**9,))))
    with zipfile.ZipFile(place / "a.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array)
            archive.writestr(f"{name}.npy", content.getvalue())
        if kind == "packed":
            descr, shape = "|u1", (megabytes, 1024, 1024)
        if kind == "texts":
            descr, shape = "<U1", (random.randint(8, 60) * 2**20,)
        with archive.open("x_train.npy", "w", force_zip64=True) as member:
            head = {"descr": descr, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(member, head)
            if kind == "packed":
                for _ in range(megabytes):
                    member.write(bytes(2**20))
            if kind == "texts":
                for _ in range(shape[0] // 2**20):
                    member.write(b"a\0\0\0" * 2**20)
    return Case(f"{kind}: {shape} of {descr}", (*ARRAYS, "a.npz"), place)


KINDS: tuple[Callable[[Random, Path], Case], ...] = (
    *(_predicted, _predicted, _many_texts, _holes, _holes, _table, _table, _idx, _npz),
)
