"""Records that lie beside the code as TOML."""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

from kerastut.errors import KerastutError

T = TypeVar("T")


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
