"""Tells what a recipe's file raises: in which of its lines, without a traceback."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from kerastut.errors import KerastutError, one_line, shown_path
from kerastut.registry.recipe import Recipe


@contextmanager
def slips(recipe: Recipe, kind: type[KerastutError]) -> Iterator[None]:
    """Turns what a file of the reader's own raises into one line that begins with its place.

    What comes from elsewhere passes, and so do the recipes that come with kerastut.
    """
    try:
        yield
    except KerastutError:
        raise
    except Exception as error:
        line = None if recipe.packaged else _line(error, recipe.path)
        if line is None:
            raise
        raise kind(f"{_near(recipe.path)}:{line}: {slip(error)}") from error


def place(recipe: Recipe, name: str) -> str:
    """Returns where a recipe defines a function: its name, or file and line of the reader's own."""
    line = None if recipe.packaged else _defined(recipe.path, name)
    return f"{_near(recipe.path)}:{line}" if line else recipe.name


def slip(error: Exception) -> str:
    """Returns an exception as the last line of a traceback has it."""
    name = type(error).__name__
    text = error.msg if isinstance(error, SyntaxError) and error.lineno else one_line(error)
    return name if text == name else f"{name}: {text}"


def _line(error: Exception, path: Path) -> int | None:
    """Returns the innermost line of a file that an exception went through."""
    if isinstance(error, SyntaxError) and Path(error.filename or "").resolve() == path:
        return error.lineno
    found = [
        line
        for frame, line in walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).resolve() == path
    ]
    # What TensorFlow has traced it tells in its message.
    found += map(int, re.findall(rf'File "{re.escape(str(path))}", line (\d+)', str(error)))
    if not found and (called := re.match(r"(?:\w+\.)*(\w+)\(\) ", str(error))):
        return _defined(path, called[1])  # with arguments that it does not take
    return found[-1] if found else None


def _defined(path: Path, name: str) -> int | None:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if re.match(rf"\s*(async )?def {name}\b".encode(), line):
            return number
    return None


def _near(path: Path) -> str:
    """Returns a path as seen from the working folder, if it lies there."""
    here = Path.cwd()
    return shown_path(path.relative_to(here) if path.is_relative_to(here) else path)
