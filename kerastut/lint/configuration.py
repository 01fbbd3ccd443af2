"""The table `[tool.kerastut]` of the nearest pyproject.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .errors import PROGRAM, LintError
from .rules.rule import load_rules

_KEYS = ("select", "ignore", "exclude")


@dataclass(frozen=True)
class Configuration:
    """What a project says of its files."""

    folder: Path  # where the pyproject.toml lies
    select: tuple[str, ...] = ()  # codes or their beginnings
    ignore: tuple[str, ...] = ()  # codes or their beginnings
    exclude: tuple[str, ...] = ()  # patterns of files and folders, seen from `folder`


def configuration_for(folder: Path) -> Configuration:
    """Returns the configuration for the files of a folder."""
    return _nearest(folder.absolute())


@cache
def _nearest(folder: Path) -> Configuration:
    file = folder / "pyproject.toml"
    if file.is_file():
        table = _read(file)
        if table is not None:
            return Configuration(folder, **table)
    return Configuration(folder) if folder.parent == folder else _nearest(folder.parent)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError) as error:
        raise LintError(f"{file}: expected TOML, received something else: {error}.") from error
    table = tools.get("kerastut") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise LintError(f"{file}: expected a table [tool.kerastut], received {table!r}.")
    for key, value in table.items():
        if key not in _KEYS:
            raise LintError(
                f"{file}: expected {', '.join(_KEYS)} in [tool.kerastut], received {key!r}."
            )
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise LintError(f"{file}: expected a list of strings for {key!r}, received {value!r}.")
    codes = {key: read_codes(table.get(key, []), str(file)) for key in ("select", "ignore")}
    return codes | {"exclude": tuple(table.get("exclude", ()))}


def read_codes(texts: list[str], place: str) -> tuple[str, ...]:
    """Returns codes and beginnings of codes, which must exist, from lists with commas."""
    codes = [item.strip().upper() for text in texts for item in text.split(",") if item.strip()]
    for code in codes:
        if code != "ALL" and not any(known.startswith(code) for known in load_rules()):
            raise LintError(
                f"{place}: expected ALL, a rule's code or its beginning, such as KT2, received"
                f" {code!r}; '{PROGRAM} rule --all' lists them."
            )
    return tuple(codes)
