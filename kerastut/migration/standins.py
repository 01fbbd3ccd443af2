"""Makes up data that a program reads and nobody has any more: folders of pictures, tables."""

import builtins
import gzip
import inspect
import pickle
import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from kerastut.data import FILES, FOLDER

TEXT = "It was a bright cold day, and the clocks were striking.\n" * 2000
PICTURES, ROWS, COLUMNS = 40, 400, 100  # of each class; of a table
_LAST = re.compile(r"\bDense\(\s*(?:units\s*=\s*)?(\d{1,4})\s*,")


def stand_in(homes: Sequence[Any], source: str, made_up: list[str]) -> None:
    """Has data made up where they are not there.

    Args:
        homes: Keras and `tf.keras`, in this order.
        source: Of the program, whose last layer tells the number of classes.
        made_up: Takes the names of what is made up.
    """
    found = [int(number) for number in _LAST.findall(source)]
    classes = found[-1] if found and 1 < found[-1] <= 1000 else 2
    readers = [(home.utils, "image_dataset_from_directory") for home in homes]
    readers.append((homes[1].preprocessing.image.ImageDataGenerator, "flow_from_directory"))
    for owner, name in readers:
        setattr(owner, name, _pictured(getattr(owner, name), classes, made_up))
    builtins.open = _opened(builtins.open, made_up)
    for name in ("loadtxt", "genfromtxt"):
        setattr(np, name, _tabled(getattr(np, name), made_up))
    if "pandas" in source:
        _frames(made_up)


def _pictured(original: Callable[..., Any], classes: int, made_up: list[str]) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @wraps(original)
    def read(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        given = bound.arguments
        folder = Path(given["directory"])
        if not folder.is_dir():
            binary = "binary" in (given.get("class_mode"), given.get("label_mode"))
            names = given.get("classes") or given.get("class_names")
            names = names or [f"class{i:03}" for i in range(2 if binary else classes)]
            given["directory"] = str(_folder(folder, list(map(str, names))))
            made_up.append(str(folder))
        return original(*bound.args, **bound.kwargs)

    return read


def _folder(wanted: Path, names: list[str]) -> Path:
    from PIL import Image

    folder = Path.home() / wanted.name
    chance = np.random.default_rng(0)
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(max(PICTURES // len(names), 2)):
            pixels = chance.integers(0, 256, (64, 64, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def _opened(original: Callable[..., Any], made_up: list[str]) -> Callable[..., Any]:
    """Returns what opens well-known files of data that are not there, and texts."""

    @wraps(original)
    def read(file: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(file, *args, **kwargs)
        except FileNotFoundError:
            content = _content(PureWindowsPath(str(file)).name)
            mode = args[0] if args else kwargs.get("mode", "r")
            if content is None or not str(mode).startswith("r"):
                raise
            made_up.append(str(file))
            path = Path.home() / "made-up"
            path.write_bytes(content)
            return original(path, *args, **kwargs)

    return read


def _content(name: str) -> bytes | None:
    """Returns the bytes of a file of MNIST or CIFAR-10 by its name, or a text."""
    packed = name if name.endswith(".gz") else f"{name}.gz"
    if packed in FILES["mnist"]:
        content = (FOLDER / "mnist" / packed).read_bytes()
        return content if name == packed else gzip.decompress(content)
    if re.fullmatch(r"data_batch_[1-5]|test_batch", name):
        chance = np.random.default_rng(0)
        pixels = chance.integers(0, 256, (10000, 3072), dtype=np.uint8)
        labels = chance.integers(0, 10, 10000).tolist()
        return pickle.dumps({b"data": pixels, b"labels": labels, b"batch_label": name.encode()})
    return TEXT.encode() if name.endswith(".txt") else None


def _tabled(original: Callable[..., Any], made_up: list[str]) -> Callable[..., Any]:
    def read(fname: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(fname, *args, **kwargs)
        except FileNotFoundError:
            made_up.append(str(fname))
            table = np.random.default_rng(0).integers(0, 2, (ROWS, COLUMNS))
            columns = kwargs.get("usecols")
            return (table if columns is None else table[:, columns]).astype(float)

    return read


def _frames(made_up: list[str]) -> None:
    """Makes up tables of pandas whose columns have numbers, or names that the program gives."""
    try:
        import pandas
    except ImportError:
        return
    original = pandas.read_csv

    def read(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except FileNotFoundError:
            names = kwargs.get("names")
            if names is None and kwargs.get("header", "") is not None:
                raise
            count = COLUMNS if names is None else len(names)
            made_up.append(str(args[0] if args else kwargs["filepath_or_buffer"]))
            return pandas.DataFrame(
                np.random.default_rng(0).integers(0, 2, (ROWS, count)), columns=names
            )

    pandas.read_csv = read
