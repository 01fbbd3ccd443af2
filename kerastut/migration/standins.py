"""Makes up data that a program reads and nobody has any more: pictures, tables, texts, arrays."""

import builtins
import glob
import gzip
import inspect
import io
import os
import pickle
import re
import sys
import tarfile
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.message import Message
from functools import wraps
from pathlib import Path, PureWindowsPath
from types import FrameType
from typing import Any
from urllib.response import addinfourl
from zipfile import ZipFile

import numpy as np

from kerastut.arrays import Array
from kerastut.data import FILES, FOLDER
from kerastut.migration.datasets import served
from kerastut.migration.wanted import (
    COLUMNS,
    DATES,
    LABELS,
    PICTURE,
    PICTURES,
    VECTORS,
    WORDS,
    Wanted,
)

SENTENCE = "It was a bright cold day, and the clocks were striking."
TEXT = "\n".join([SENTENCE] * 2000)  # which ends as the last of a split into lines expects it

_NAMED = ("filepath_or_buffer", "fname", "io", "path_or_buf", "filepath")  # arguments of readers


def stand_in(homes: Sequence[Any], root: Path, sources: Sequence[str], made_up: list[str]) -> None:
    """Has data made up where they are not there.

    Args:
        homes: Keras and `tf.keras`, in this order.
        root: The folder that a program may write to.
        sources: Of the program, which tell the number of classes and the names of columns.
        made_up: Takes the names of what is made up.
    """
    source = "\n".join(sources)
    maker = _Maker(root, Wanted(sources), made_up)
    readers = [(home.utils, "image_dataset_from_directory") for home in homes]
    readers.append((homes[1].preprocessing.image.ImageDataGenerator, "flow_from_directory"))
    for owner, name in readers:
        setattr(owner, name, maker.pictured(getattr(owner, name)))
    for owner, name in ((builtins, "open"), (io, "open"), (os, "listdir")):
        setattr(owner, name, maker.opened(getattr(owner, name)))
    glob.glob = maker.matched(glob.glob)
    os.walk = maker.walked(os.walk)
    for name in ("loadtxt", "genfromtxt"):
        setattr(np, name, maker.absent(getattr(np, name), maker.numbers))
    urllib.request.urlretrieve = maker.retrieved
    urllib.request.urlopen = maker.answered
    for home in homes:
        home.utils.get_file = maker.fetched(home.utils.get_file)
    load = homes[0].Model.load_weights  # a model stays as it is where there are none
    homes[0].Model.load_weights = maker.absent(load, lambda **_: None, place=1)
    with suppress(ImportError):
        if "pandas" in source:
            import pandas

            for name in ("read_csv", "read_table", "read_excel", "read_json", "read_pickle"):
                setattr(pandas, name, maker.absent(getattr(pandas, name), maker.frame))
        if "cv2" in source:
            import cv2

            cv2.imread = maker.opened(cv2.imread, native=True)
        if "requests" in source:
            import requests

            requests.get = maker.responded  # type: ignore[assignment]


class _Maker:
    """Makes up what is not there, as a program seems to want it."""

    def __init__(self, root: Path, wanted: Wanted, made_up: list[str]) -> None:
        self._root, self._made_up, self._wanted = root, made_up, wanted
        self._chance = np.random.default_rng(0)

    def pictured(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what reads a folder for each class."""
        signature = inspect.signature(original)

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            given = bound.arguments
            folder = Path(given["directory"])
            if not folder.is_dir() or not any(folder.iterdir()):
                binary = "binary" in (given.get("class_mode"), given.get("label_mode"))
                names = given.get("classes") or given.get("class_names")
                names = names or [
                    f"class{i:03}" for i in range(2 if binary else self._wanted.classes)
                ]
                place = self._place(folder)
                for name in map(str, names):
                    self._fill(place / name, max(PICTURES // len(names), 2), ".png")
                given["directory"] = str(place)
            return original(*bound.args, **bound.kwargs)

        return read

    def opened(self, original: Callable[..., Any], native: bool = False) -> Callable[..., Any]:
        """Returns what opens a file or lists a folder; what is native raises nothing."""
        lists = original.__name__ == "listdir"

        @wraps(original)
        def read(file: Any = ".", *args: Any, **kwargs: Any) -> Any:
            mode = str(args[0] if args else kwargs.get("mode", "r"))
            try:
                if native and not Path(file).exists():
                    raise FileNotFoundError
                found = original(file, *args, **kwargs)
                if not lists or found or not self._is_ours(sys._getframe(1)):
                    return found
            except (FileNotFoundError, NotADirectoryError):
                ours = not lists or self._is_ours(sys._getframe(1))
                if isinstance(file, int) or "w" in mode or "a" in mode or not ours:
                    raise
                found = None
            place = self._made(PureWindowsPath(str(file)), lists)
            if place is None:
                if found is None:
                    return original(file, *args, **kwargs)  # says it in its own words
                return found
            return original(str(place), *args, **kwargs)

        return read

    def matched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what lists the files of a pattern."""

        @wraps(original)
        def read(pathname: Any, *args: Any, **kwargs: Any) -> Any:
            found = original(pathname, *args, **kwargs)
            folder, last = str(Path(pathname).parent), Path(pathname).name
            ours = self._is_ours(sys._getframe(1))
            if ours and not found and last.startswith("*") and not Path(folder).exists():
                for name in self._wanted.kinds if "*" in folder else ("",):
                    place = self._place(Path(folder.replace("*", name)))
                    self._fill(place, PICTURES, Path(last).suffix or self._wanted.ending)
                found = original(pathname, *args, **kwargs)
            return found

        return read

    def walked(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what walks through a folder."""

        @wraps(original)
        def walk(top: Any, *args: Any, **kwargs: Any) -> Any:
            if self._is_ours(sys._getframe(1)) and not Path(top).exists():
                self._made(PureWindowsPath(str(top)), True)
            return original(top, *args, **kwargs)

        return walk

    def absent(
        self, original: Callable[..., Any], make: Callable[..., Any], place: int = 0
    ) -> Callable[..., Any]:
        """Returns what makes something else where a file, or an address, is not there."""

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            names = (*args[place : place + 1], *map(kwargs.get, _NAMED))
            name = next((one for one in names if isinstance(one, (str, Path))), None)
            if name is None or Path(name).exists():
                return original(*args, **kwargs)
            self._made_up.append(str(name))
            return make(**kwargs)

        return read

    def fetched(self, original: Callable[..., str]) -> Callable[..., str]:
        """Returns what gets a file of our own for one that would be downloaded."""
        signature = inspect.signature(original)
        original.__globals__["urlretrieve"] = self.retrieved

        @wraps(original)
        def get_file(*args: Any, **kwargs: Any) -> str:
            given = signature.bind(*args, **kwargs).arguments
            for name in ("md5_hash", "file_hash"):
                given.pop(name, None)
            given["fname"] = Path(given["fname"]).name if given.get("fname") else None
            return original(**given)

        return get_file

    def retrieved(self, url: str, filename: Any = None, *_: Any, **__: Any) -> tuple[str, Any]:
        """Writes what an address might have given to a file."""
        path = Path(filename or Path.home() / self._last(url))
        path.write_bytes(self._downloaded(url))
        return str(path), Message()

    def answered(self, url: Any, *_: Any, **__: Any) -> Any:
        """Returns what an address might have given, as `urlopen` does."""
        address = url if isinstance(url, str) else url.full_url
        return addinfourl(io.BytesIO(self._downloaded(address)), Message(), address, 200)

    def responded(self, url: str, *_: Any, **__: Any) -> Any:
        """Returns what an address might have given, as `requests` does."""
        import requests

        response = requests.Response()
        response.status_code, response.url = 200, url
        response.raw = io.BytesIO(self._downloaded(url))
        return response

    def _downloaded(self, url: str) -> bytes:
        self._made_up.append(url)
        return self._content(self._last(url)) or TEXT.encode()

    def _last(self, url: str) -> str:
        return urllib.parse.urlsplit(url).path.rpartition("/")[2] or "index.html"

    def numbers(self, usecols: Any = None, **_: Any) -> Array:
        """Returns a table of numbers."""
        table = self._values(self._wanted.width).astype(float)
        return table if usecols is None else table[:, usecols]

    def frame(self, names: Any = None, usecols: Any = None, **options: Any) -> Any:
        """Returns a table of pandas, with the columns that the program names, and some others."""
        import pandas

        index = options.get("index_col")
        if names is None and options.get("header", 0) is not None:
            wanted = (one for one in (index, *(usecols or ())) if isinstance(one, str))
            found = list(dict.fromkeys([*self._wanted.columns, *wanted]))
            names = [*found, *map(str, range(len(found), self._wanted.width))]
        count = self._wanted.width if names is None else len(names)
        table = pandas.DataFrame(self._values(count), columns=names)
        for name in map(str, names or ()):
            if WORDS.search(name):
                table[name] = SENTENCE
            elif DATES.search(name):
                table[name] = pandas.date_range("2019", periods=self._wanted.rows).astype(str)
        if usecols is not None:
            whole = all(isinstance(one, int) for one in usecols)
            table = table.iloc[:, usecols] if whole else table[list(usecols)]
        return table.set_index(index) if isinstance(index, str) else table

    def _is_ours(self, frame: FrameType) -> bool:
        """Tells whether the program itself calls; libraries list folders of their own."""
        return frame.f_code.co_filename.startswith(str(self._root))

    def _made(self, wanted: PureWindowsPath, is_folder: bool) -> Path | None:
        path = Path(wanted.as_posix())
        content = None if is_folder else self._content(wanted.name)
        if not path.resolve().is_relative_to(self._root) or not (is_folder or content):
            return None  # what libraries look for in their own folders is none of ours
        place = self._place(path)
        if is_folder:
            place.unlink(missing_ok=True) if place.is_file() else None
            self._fill(place, self._wanted.listed, self._wanted.ending)
            self._wanted.listed = PICTURES
        elif content is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return place

    def _place(self, wanted: Path) -> Path:
        """Returns where something can lie: at its own place, if that is not outside."""
        self._made_up.append(str(wanted))
        inside = wanted.resolve().is_relative_to(self._root)
        return wanted if inside else Path.home() / wanted.name

    def _fill(self, folder: Path, count: int, ending: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            name = f"{self._wanted.kinds[number % len(self._wanted.kinds)]}.{number}{ending}"
            (folder / name).write_bytes(self._content(name) or b"")

    def _content(self, name: str) -> bytes | None:
        """Returns the bytes of a file by its name: of MNIST, CIFAR-10, pictures, arrays, texts."""
        packed = name if name.endswith(".gz") else f"{name}.gz"
        if packed in FILES["mnist"]:
            content = (FOLDER / "mnist" / packed).read_bytes()
            return content if name == packed else gzip.decompress(content)
        if re.fullmatch(r"data_batch_[1-5]|test_batch", name):
            pixels = self._chance.integers(0, 256, (10000, 3072), dtype=np.uint8)
            labels = self._chance.integers(0, 10, 10000).tolist()
            return pickle.dumps({b"data": pixels, b"labels": labels, b"batch_label": name.encode()})
        buffer = io.BytesIO()
        if name.endswith(PICTURE):
            from PIL import Image

            pixels = self._chance.integers(0, 256, (64, 64, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(
                buffer, Image.registered_extensions()[Path(name).suffix.lower()]
            )
        elif name == "mnist.npz":
            (x, y), (x_test, y_test) = served()["mnist"]["load_data"]()
            np.savez(buffer, x_train=x, y_train=y, x_test=x_test, y_test=y_test)
        elif name.endswith(".npy"):
            np.save(buffer, self._array(name[:-4]))
        elif name.endswith((".p", ".pkl", ".pickle")):
            found = {key: self._array(key) for key in self._wanted.keys}
            return pickle.dumps(found or self._array(Path(name).stem))
        elif name.endswith(".csv") and self._wanted.headed:
            return bytes(self.frame().to_csv(index=False).encode())
        elif name.endswith((".csv", ".data")):
            width = max(self._wanted.width, COLUMNS)
            np.savetxt(buffer, self._values(width), fmt="%d", delimiter=",")
            buffer.truncate(buffer.tell() - 1)
        elif name.endswith(".npz"):
            arrays: dict[str, Any] = {
                key: self._array(key) for key in self._wanted.columns or ["arr_0"]
            }
            np.savez(buffer, **arrays)
        elif name.endswith(".zip"):
            ZipFile(buffer, "w").close()  # what is in it is made up when it is read
        elif ".tar" in name or name.endswith(".tgz"):
            tarfile.open(fileobj=buffer, mode="w:gz").close()
        elif name.endswith(".gz"):
            return gzip.compress(self._content(name.removesuffix(".gz")) or TEXT.encode())
        elif VECTORS.search(name):
            return self._vectors(name).encode()
        elif name.endswith(".txt"):
            lines = TEXT.splitlines()
            pairs = "\n".join(f"{number % 2}\t{line}" for number, line in enumerate(lines))
            return (pairs if self._wanted.splits else TEXT).encode()
        return buffer.getvalue() or None

    def _values(self, columns: int) -> Array:
        """Returns numbers, each column of which could be that of the labels."""
        classes = np.arange(self._wanted.rows)[:, None] % self._wanted.classes
        return self._chance.permuted(np.repeat(classes, columns, axis=1), axis=0)

    def _array(self, name: str) -> Array:
        """Returns labels or numbers, as a name tells."""
        if LABELS.search(name):
            return self._chance.integers(0, self._wanted.classes, self._wanted.rows)
        return self._chance.random((self._wanted.rows, *self._wanted.shape))

    def _vectors(self, name: str) -> str:
        """Returns vectors of words, as long as a name tells."""
        size = int(
            (re.search(r"(\d+)d", name) or [0, "300" if name.endswith(".vec") else "100"])[1]
        )
        words = sorted({*re.findall(r"\w+", SENTENCE.lower()), *map("word{}".format, range(1000))})
        head = f"{len(words)} {size}\n" if name.endswith(".vec") else ""
        rows = (" ".join(map("{:.4f}".format, self._chance.normal(size=size))) for _ in words)
        return head + "".join(f"{word} {row}\n" for word, row in zip(words, rows, strict=True))
