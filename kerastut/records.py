"""Records: those that lie beside the code as TOML, and those that a program has left as JSON."""

import json
import math
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

from kerastut.errors import KerastutError, refused
from kerastut.files import read

T = TypeVar("T")
# Bytes, levels and characters of a text that no record of ours comes near.
MOST_BYTES, DEEPEST, LONGEST = 8 * 2**20, 12, 4096


def fill(kind: type[T], table: dict[str, Any], place: str) -> T:
    """Makes a dataclass of a TOML table.

    Args:
        kind: The dataclass; the table's keys must be the names of its fields.
        table: What was read; lists become tuples.
        place: File and record, for messages.

    Raises:
        KerastutError: If a key is missing or unknown.
    """
    needed = {
        field.name: field.default is MISSING and field.default_factory is MISSING
        for field in fields(kind)  # type: ignore[arg-type]
    }
    missing = sorted(name for name, must in needed.items() if must and name not in table)
    unknown = sorted(set(table) - set(needed))
    if missing or unknown:
        raise KerastutError(
            f"{place}: expected the keys {', '.join(needed)};"
            f" missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}."
        )
    tuples = {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    return kind(**tuples)


def read_record(path: Path, kind: type[T], expected: str) -> T:
    """Reads a record of unknown origin in JSON, which may be no record at all.

    Args:
        path: The file, in a folder of our making: no symbolic link is followed.
        kind: A `msgspec.Struct` or dataclass, whose types and bounds the content must keep; keys
            beyond its fields are left alone.
        expected: What the file should be, for the error.

    Raises:
        DataError: If it is no regular file, larger than `MOST_BYTES`, no JSON, nested deeper than
            `DEEPEST`, with a text longer than `LONGEST` or a whole number of more than 64 bits, or
            not of the kind.
    """
    import msgspec  # for records of runs alone

    content = read(path, expected, MOST_BYTES, own=True)
    with refused(path, f"Expected {expected}: train it again.", ValueError, RecursionError):
        # Not `msgspec.json`, which knows no infinity; a callback's best loss begins as that.
        found = json.loads(content)
        _check_bounds(found)
        return msgspec.convert(found, kind)


def _check_bounds(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        inner = [node for node in level if isinstance(node, (dict, list))]
        level = [
            child
            for node in inner
            for child in ([*node, *node.values()] if isinstance(node, dict) else node)
        ]
        if any(isinstance(text, str) and len(text) > LONGEST for text in level):
            raise ValueError(f"a text of more than {LONGEST:,} characters")
        if any(isinstance(number, int) and abs(number) >= 2**63 for number in level):
            raise ValueError("a whole number of more than 64 bits")
    if level:
        raise ValueError(f"nested in more than {DEEPEST} levels")


def plain(value: Any) -> Any:
    """Returns the value as JSON has it: what is not a number becomes null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
