"""The table `[tool.kerastut]` of the nearest pyproject.toml."""

import re
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from itertools import chain
from os.path import normcase
from pathlib import Path
from typing import Any

from .documents.text import LARGEST, read_bytes
from .errors import PROGRAM, LintError
from .rules.rule import load_rules

_KEYS = ("select", "ignore", "exclude", "per-file-ignores", "target-version")
_LARGEST = 100_000  # bytes of a pyproject.toml; there are some that take the square of it
_LONGEST = 10_000  # characters of a list


@dataclass(frozen=True)
class Configuration:
    """What a project says of its files."""

    folder: Path  # where the pyproject.toml lies
    select: tuple[str, ...] = ()  # codes or their beginnings
    ignore: tuple[str, ...] = ()  # codes or their beginnings
    exclude: tuple[str, ...] = ()  # patterns of files and folders, seen from `folder`
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()  # such a pattern, and what not to find
    target: tuple[int, ...] = ()  # the version of Keras that the code is for; none: today's

    def excludes(self, path: Path) -> bool:
        """Tells whether a pattern fits a file, a folder above it, or the name of either."""
        return bool(self.exclude) and _fits(_pattern(self.exclude), path, self.folder)

    def ignored_in(self, path: Path) -> tuple[str, ...]:
        """Returns the codes, or their beginnings, that are not looked for in a file."""
        fitting = (
            codes
            for pattern, codes in self.per_file
            if _fits(_pattern((pattern.removeprefix("!"),)), path, self.folder)
            is not pattern.startswith("!")
        )
        return tuple(chain.from_iterable(fitting))


def _fits(pattern: re.Pattern[str], path: Path, folder: Path) -> bool:
    parts = path.absolute().parts[len(folder.parts) :]
    heads = ["/".join(parts[: index + 1]) for index in range(len(parts))]
    return any(pattern.match(normcase(text)) for text in (*heads, *parts))


@cache
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, (normcase(one.rstrip("/")) for one in patterns))))


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


def forget() -> None:
    """Reads each pyproject.toml anew when it is next asked for."""
    _read.cache_clear()


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
        _check(file, key, value)
    codes = {key: read_codes(table.get(key, []), str(file)) for key in ("select", "ignore")}
    per_file = table.get("per-file-ignores", {}).items()
    return Configuration(
        file.parent,
        **codes,
        exclude=tuple(table.get("exclude", ())),
        per_file=tuple((pattern, read_codes(some, str(file))) for pattern, some in per_file),
        target=read_version(table.get("target-version", ""), str(file)),
    )


def _check(file: Path, key: str, value: Any) -> None:
    """Raises an error where a value has another form or is too long."""
    lists: list[Any] = [value]
    expected = "a list of strings"
    if key == "target-version":
        lists, expected = [[value]], "a string such as '2.15'"
    elif key == "per-file-ignores":
        expected = "a table of lists of strings"
        lists = list(value.values()) if isinstance(value, dict) else [None]
    for some in lists:
        if not isinstance(some, list) or not all(isinstance(item, str) for item in some):
            raise LintError(f"{file}: expected {expected} for {key!r}, received other values.")
    names = value if isinstance(value, dict) else ()
    if sum(map(len, chain(names, *lists))) > _LONGEST:
        raise LintError(f"{file}: expected at most {_LONGEST:,} characters for {key!r}.")


def read_version(text: str, place: str) -> tuple[int, ...]:
    """Returns a version of Keras as numbers; none of an empty text."""
    if text and not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}", text):
        raise LintError(
            f"{place}: expected a version of Keras such as 2.15, received {text[:60]!r}."
        )
    return tuple(map(int, text.split("."))) if text else ()


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
