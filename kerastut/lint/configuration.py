"""The table `[tool.kerastut]` of the nearest pyproject.toml."""

import re
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, cached_property
from os.path import normcase
from pathlib import Path
from typing import Any

from .documents.text import LARGEST, read_bytes
from .errors import PROGRAM, LintError
from .rules.rule import load_rules

_KEYS = ("select", "ignore", "exclude")
_LARGEST = 100_000  # bytes of a pyproject.toml; there are some that take the square of it
_LONGEST = 10_000  # characters of a list


@dataclass(frozen=True)
class Configuration:
    """What a project says of its files."""

    folder: Path  # where the pyproject.toml lies
    select: tuple[str, ...] = ()  # codes or their beginnings
    ignore: tuple[str, ...] = ()  # codes or their beginnings
    exclude: tuple[str, ...] = ()  # patterns of files and folders, seen from `folder`

    def excludes(self, path: Path) -> bool:
        """Tells whether a pattern fits a file, a folder above it, or the name of either."""
        if not self.exclude:
            return False
        parts = path.absolute().parts[len(self.folder.parts) :]
        heads = ["/".join(parts[: index + 1]) for index in range(len(parts))]
        return any(self._pattern.match(normcase(text)) for text in (*heads, *parts))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        patterns = dict.fromkeys(normcase(pattern.rstrip("/")) for pattern in self.exclude)
        return re.compile("|".join(map(translate, patterns)))


def configuration_for(folder: Path) -> Configuration:
    """Returns the configuration for the files of a folder: that of the nearest folder above.

    Raises:
        LintError: Its pyproject.toml is not what was expected.
    """
    try:
        folder = folder.absolute()
    except OSError:  # the working folder is gone
        return Configuration(folder)
    above = (folder, *folder.parents)
    known = (found for one in above if (found := configuration_in(one)) is not None)
    found = next(known, Configuration(folder))
    if isinstance(found, LintError):
        raise found
    return found


def configuration_in(folder: Path) -> Configuration | LintError | None:
    """Returns what a folder's own pyproject.toml says, if it does, or what is wrong with it."""
    return _read(folder.absolute())


@cache
def _read(folder: Path) -> Configuration | LintError | None:
    file = folder / "pyproject.toml"
    try:
        return _configuration(file) if file.is_file() else None
    except OSError:
        return None  # a folder above that nobody may look into
    except LintError as error:
        return error


def _configuration(file: Path) -> Configuration | None:
    content = read_bytes(file, LARGEST)
    if b"kerastut" not in content:
        return None
    if len(content) > _LARGEST:
        raise LintError(f"{file}: expected at most {_LARGEST:,} bytes, received more.")
    try:
        tools = tomllib.loads(content.decode("utf-8")).get("tool", {})
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200]
        raise LintError(f"{file}: expected TOML, received something else: {reason}.") from error
    table: Any = tools.get("kerastut") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise LintError(
            f"{file}: expected a table [tool.kerastut], received {type(table).__name__}."
        )
    for key, value in table.items():
        if key not in _KEYS:
            raise LintError(
                f"{file}: expected {', '.join(_KEYS)} in [tool.kerastut], received {key[:60]!r}."
            )
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise LintError(
                f"{file}: expected a list of strings for {key!r}, received other values."
            )
        if sum(map(len, value)) > _LONGEST:
            raise LintError(f"{file}: expected at most {_LONGEST:,} characters for {key!r}.")
    select, ignore = (read_codes(table.get(key, []), str(file)) for key in ("select", "ignore"))
    return Configuration(file.parent, select, ignore, tuple(table.get("exclude", ())))


def read_codes(texts: list[str], place: str) -> tuple[str, ...]:
    """Returns codes and beginnings of codes, which must exist, from lists with commas."""
    items = [item.strip().upper() for text in texts for item in text.split(",")]
    codes = tuple(dict.fromkeys(filter(None, items)))
    for code in codes:
        if code != "ALL" and not any(known.startswith(code) for known in load_rules()):
            raise LintError(
                f"{place}: expected ALL, a rule's code or its beginning, such as KT2, received"
                f" {code[:60]!r}; '{PROGRAM} rule --all' lists them."
            )
    return codes
