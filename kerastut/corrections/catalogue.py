"""What the tutorials got wrong: one record for every fault and for every printed block of code.

The records lie beside this file as TOML, in English and Chinese, so that they can be read without
Keras and corrected without Python.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from kerastut.errors import KerastutError, UnknownNameError, nearest
from kerastut.language import LANGUAGES
from kerastut.records import fill

KINDS = ("crash", "silently wrong", "misleading statement", "bad practice", "deprecated")
PROOFS = ("test", "prose")
T = TypeVar("T")
_FOLDER = Path(__file__).parent
_ID = re.compile(r"(T\d)-(B?)(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A fault in words, in one language."""

    what: str  # what happens: the message or the measured number
    why: str
    fix: str  # what to do


@dataclass(frozen=True)
class Note:
    """A block in words, in one language: what it does, and what the recipe does instead."""

    note: str


@dataclass(frozen=True)
class Fault:
    """One thing that a tutorial got wrong."""

    id: str  # such as "T0-11"
    section: str  # where it stands in the tutorial, such as "4.2.2"
    blocks: tuple[str, ...]  # ids of the blocks that have it; none if it stands in the prose
    kind: str  # one of KINDS
    proof: str  # "test" if a test demonstrates it, "prose" if no computation can
    recipes: tuple[str, ...]  # names of those that make it right, the best first
    show: str  # the command line that shows it done right
    en: Text
    zh: Text
    rule: str | None = None  # code of the checker's rule that finds it in source code

    def text(self, language: str) -> Text:
        """Returns the text in Chinese for `"zh"`, else in English."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Block:
    """A printed block of code, which is not repeated here."""

    id: str  # such as "T2-B05"
    section: str  # where it stands in the tutorial
    lines: tuple[int, int]  # first and last line in the tutorial's text
    runs: bool  # on Keras 3, as printed
    recipe: str  # name of the one that replaces it
    faults: tuple[str, ...]  # their ids
    en: Note
    zh: Note

    def text(self, language: str) -> Note:
        """Returns the note in Chinese for `"zh"`, else in English."""
        return self.zh if language == "zh" else self.en


@cache
def load_faults() -> tuple[Fault, ...]:
    """Returns all faults, in order of their ids."""
    return tuple(f for path in sorted(_FOLDER.glob("t[0-9].toml")) for f in read_faults(path))


@cache
def load_blocks() -> tuple[Block, ...]:
    """Returns all blocks, in order of their ids."""
    return tuple(read_blocks(_FOLDER / "blocks.toml"))


def faults_of(recipe: str) -> list[Fault]:
    """Returns the faults that a recipe makes right, first those it makes right best.

    Args:
        recipe: The recipe's name.
    """
    faults = [fault for fault in load_faults() if recipe in fault.recipes]
    return sorted(faults, key=lambda fault: fault.recipes[0] != recipe)


def get(name: str) -> Fault | Block:
    """Returns the fault or block with this id.

    Args:
        name: The id in either case, with or without leading zeros.

    Raises:
        UnknownNameError: If there is none; the message names the nearest ones.

    Example:

    >>> get("t0-4").id
    'T0-04'
    """
    records: dict[str, Fault | Block] = {fault.id: fault for fault in load_faults()}
    records |= {block.id: block for block in load_blocks()}
    match = _ID.fullmatch(name.strip())
    if match:
        tutorial, block, number = match.groups()
        name = f"{tutorial}-{block}{int(number):02}".upper()
    if name not in records:
        close = nearest(name, records)
        hint = f"Did you mean {' or '.join(close)}?" if close else "Write it like T0-11 or T2-B05."
        raise UnknownNameError(f"Unknown fault or block {name!r}. {hint}")
    return records[name]


def get_fault(name: str) -> Fault:
    """Returns the fault with this id, as `get` does."""
    record = get(name)
    if isinstance(record, Block):
        raise UnknownNameError(f"{record.id} is a block. Its faults: {', '.join(record.faults)}.")
    return record


def is_id(name: str) -> bool:
    """Tells whether a name has the form of a fault's or block's id."""
    return _ID.fullmatch(name.strip()) is not None


def read_faults(path: Path) -> list[Fault]:
    """Reads the faults of one file.

    Raises:
        KerastutError: If a record is malformed; the message names the file and the id.
    """
    faults = _read(path, "fault", Fault, Text)
    for fault in faults:
        for field, known in (("kind", KINDS), ("proof", PROOFS)):
            if (value := getattr(fault, field)) not in known:
                raise KerastutError(
                    f"{path.name}: {fault.id}: {field} must be one of {', '.join(known)};"
                    f" received {value!r}."
                )
    return faults


def read_blocks(path: Path) -> list[Block]:
    """Reads the blocks of one file.

    Raises:
        KerastutError: If a record is malformed; the message names the file and the id.
    """
    return _read(path, "block", Block, Note)


def _read(path: Path, name: str, kind: type[T], text: type[Any]) -> list[T]:
    """Returns the records `[[name]]` of a file, with their texts in both languages."""
    try:
        records = tomllib.loads(path.read_text(encoding="utf-8")).get(name)
    except OSError as error:
        raise KerastutError(f"{path.name}: cannot read the records: {error.strerror}.") from error
    except ValueError as error:
        raise KerastutError(f"{path.name}: expected a TOML file: {error}.") from error
    if not isinstance(records, list):
        raise KerastutError(f"{path.name}: expected records that begin with [[{name}]].")
    found = []
    for record in records:
        place = f"{path.name}: {record.get('id', 'no id')}"
        texts = {code: fill(text, record[code], place) for code in LANGUAGES if code in record}
        found.append(fill(kind, {**record, **texts}, place))
    return found
