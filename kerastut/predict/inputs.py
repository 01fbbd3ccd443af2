"""Reads what a reader wants predicted: pictures, texts or numbers, as the model takes them."""

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from kerastut.arrays import Array, Arrays
from kerastut.data import Data, Fit, background_of
from kerastut.errors import DataError, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory, most_memory
from kerastut.predict import pictures, rows
from kerastut.predict.pictures import Fitted, Trained

if TYPE_CHECKING:
    import keras

ADVICE = "Save the text as UTF-8."
# Bytes that are taken by a byte of texts, by the answer to one, by a character inside a model, by a
# number of an input.
BYTE, LINE, CHARACTER, NUMBER = 32, 4 * 2**10, 8 * 2**10, 24
# Yields what to call a sample, and its pixels, text or numbers.
Reader = Callable[[str], Iterator[tuple[str, Any]]]


@dataclass
class Inputs:
    """What could be read, and what could not.

    Args:
        names: What to call each sample.
        samples: Pixels, texts or numbers, one each.
        pictures: Where digits were looked for: the number of the first sample, what to call the
            picture, and what was found.
        notes: What was done to a sample beyond reading it.
        problems: One line for each input that cannot be used.
    """

    names: list[str] = field(default_factory=list)
    samples: list[Any] = field(default_factory=list)
    pictures: list[tuple[int, str, Fitted]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def array(self) -> Arrays:
        """Returns the samples in one array, or in one for each column."""
        if isinstance(self.samples[0], dict):
            return {k: np.stack([row[k] for row in self.samples]) for k in self.samples[0]}
        if isinstance(self.samples[0], str):
            return np.array(self.samples, dtype=object)
        return np.stack(self.samples)


def trained_on(data: Data, fit: Fit | None = None) -> Trained:
    """Returns what inputs must be brought to for a model of these data, read with that `fit`."""
    return Trained(data.name, background_of(data.train.x), fit, data.bits)


def read_inputs(
    words: Sequence[str],
    model: "keras.Model",
    trained: Trained,
    columns: Mapping[str, str] | None = None,
) -> Inputs:
    """Reads every input that can be read.

    Args:
        words: Picture files; texts, `.txt` files of one text a line, or `-` for standard input;
            numbers with commas between them; `NAME=VALUE` for each column of a row, or a file of
            rows. Which of these, the model's input decides.
        model: The model.
        trained: What it was trained on.
        columns: Names of a table's columns by those of the model's inputs, where they differ.

    Raises:
        DataError: If the model takes none of these.
    """
    found = Inputs()
    if rows.takes_rows(model):
        reader: Reader = partial(
            rows.read,
            model=model,
            columns=columns or {},
            trained=trained,
            notes=found.notes,
            problems=found.problems,
        )
        # Path.is_file raises for a long text.
        values = [word for word in words if "=" in word and not os.path.isfile(word)]  # noqa: PTH113
        words = ["\n".join(values)] * bool(values) + [w for w in words if w not in values]
    else:
        reader = _reader(model, trained, found)
    if reader is not _texts:
        size = NUMBER * len(words) * math.prod(model.inputs[0].shape[1:])
        check_memory(f"{len(words):,} inputs of {tuple(model.inputs[0].shape[1:])}", size)
    for word in words:
        try:
            for name, sample in reader(word):
                found.names.append(name)
                found.samples.append(sample)
        except DataError as error:
            found.problems.append(str(error))
    return found


def _reader(model: "keras.Model", trained: Trained, found: Inputs) -> Reader:
    """Returns the function that reads one word, by the model's input."""
    if len(model.inputs) > 1:
        names = ", ".join(tensor.name for tensor in model.inputs)
        raise DataError(
            f"expected a model of one input, received one of {len(model.inputs)} ({names}). Use"
            " model.predict in Python."
        )
    shape, dtype = tuple(model.inputs[0].shape[1:]), model.inputs[0].dtype
    if dtype == "string":
        return _texts
    if len(shape) == 3 and shape[2] in (1, 3) and None not in shape:
        return partial(_pictures, shape=shape, trained=trained, inputs=found)
    if len(shape) == 1 and shape[0] is not None:
        return partial(_numbers, count=shape[0], dtype=dtype)
    raise DataError(
        "expected a model of texts, of numbers (n) or of pictures (height, width, 1 or 3), received"
        f" one of {shape}. Use model.predict in Python."
    )


def _pictures(
    word: str, shape: tuple[int, int, int], trained: Trained, inputs: Inputs
) -> Iterator[tuple[str, Array]]:
    """Yields a picture, or each digit that is found in it."""
    read = pictures.read(word, shape, trained)
    name = shown_path(Path(word))
    if read.notes and read.samples:
        inputs.notes.append(f"{name}: {'; '.join(read.notes)}.")
    if read.found is not None:
        inputs.pictures.append((len(inputs.samples), word, read))
    yield from ((word, sample) for sample in read.samples)


def _numbers(word: str, count: int, dtype: str) -> Iterator[tuple[str, Array]]:
    try:
        row = np.array([float(part) for part in word.split(",")], dtype)
    except ValueError:
        row = np.empty(0)
    if len(row) != count or not np.isfinite(row).all():
        raise DataError(
            f"{shown(word)}: expected {count} number{'s'[: count > 1]} with commas between them."
        )
    yield word, row


def _texts(word: str) -> Iterator[tuple[str, str]]:
    """Yields the lines of standard input or of a file that are not blank, or the word itself."""
    if word == "-":
        texts = _lines(Path("standard input"), sys.stdin.buffer)
    elif word.endswith(".txt"):
        with opened(Path(word), "a file of one text a line") as file:
            texts = _lines(Path(word), file)
    else:
        with refused(Path(shown(word)), ADVICE, UnicodeError):
            word.encode("utf-8")
        texts = [word] if word.strip() else []
    if not texts:
        raise DataError(f"{shown(word) or 'text'}: expected a text, received nothing.")
    longest = max(map(len, texts))
    check_memory(f"{shown(word, 300)}: a text of {longest:,} characters", CHARACTER * longest)
    yield from zip(texts, texts, strict=True)


def _lines(place: Path, file: IO[bytes]) -> list[str]:
    with refused(place, ADVICE, OSError, UnicodeError):
        content = file.read(most_memory() // BYTE + 1)
        check_memory(shown_path(place), BYTE * len(content))
        lines = [line.strip() for line in content.decode("utf-8-sig").split("\n")]
    texts = [line for line in lines if line]
    check_memory(f"{shown_path(place)}: {len(texts):,} texts", LINE * len(texts))
    return texts
