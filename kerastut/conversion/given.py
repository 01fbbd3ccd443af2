"""What the reader gives for what a file must not bring: functions and classes by name."""

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from kerastut.errors import OutputError, ParameterError, did_you_mean, one_line, shown_path

ELSEWHERE = "Choose another name with -o."


def require_new(target: Path) -> None:
    """Refuses what is not the name of a new `.keras` file."""
    if target.exists() or target.suffix != ".keras":
        raise OutputError(
            f"{shown_path(target)}: expected the name of a new .keras file. {ELSEWHERE}"
        )


def imported(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Returns what words of the command line name, by the name before the equals sign.

    Args:
        pairs: A name in the file, and `module:attribute` of the reader's or an operation of
            `keras.ops`.

    Raises:
        ParameterError: If there is no such thing.
    """
    return {name: _imported(word) for name, word in pairs}


def _imported(word: str) -> Any:
    import keras

    module, colon, attribute = word.partition(":")
    if not colon:
        found = getattr(keras.ops, word.removeprefix("keras.ops.").removeprefix("ops."), None)
        if not callable(found):
            known = [name for name in dir(keras.ops) if not name.startswith("_")]
            raise ParameterError(
                f"{word}: expected module:function, or an operation of keras.ops."
                f" {did_you_mean(word, known)}"
            )
        return found
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(import_module(module), attribute)
    except Exception as error:
        raise ParameterError(
            f"{word}: cannot be imported: {one_line(error)}. Write it as module:function of a file"
            " module.py in this folder."
        ) from error
