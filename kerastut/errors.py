"""The errors a user can cause, each with one line of text and an exit status; and their words."""

import errno
import re
import shlex
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# A terminal's codes, the lines of a stack, which TensorFlow puts before what was wrong, and the
# numbers of the system's errors.
_ASIDE = re.compile(
    r"\x1b\[[0-9;]*[A-Za-z]|^ +File \".*$|\[(?:Errno|WinError) -?\d+\] ", re.MULTILINE
)
# What ends any writing, under whatever name.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
MANY = 40  # names that are too many to list
NAMED = 3  # problems of a list that are told one by one


class KerastutError(Exception):
    """An error with a message for the user: what was expected, what came, what to do next."""

    exit_status = 2


class UnknownNameError(KerastutError):
    """A recipe, data set or parameter name that does not exist."""


class RecipeError(KerastutError):
    """A recipe file that cannot be read, or two of the same name."""


class ParameterError(KerastutError):
    """A value that a parameter cannot take."""


class DataError(KerastutError):
    """Data that are missing, damaged or unfit for the recipe."""


class OutputError(KerastutError):
    """An output file or directory that cannot be written."""


class FullError(OutputError):
    """A disk without space, or a standard output that takes nothing."""

    exit_status = 1


class ResumeError(KerastutError):
    """A run that cannot be resumed as asked, since the result would be another."""


class TrainingError(KerastutError):
    """A run that started and failed."""

    exit_status = 1


class PeerError(TrainingError):
    """A worker that others wait for and that does not come, or has ended."""


class CheckpointError(TrainingError):
    """A checkpoint that cannot be written, or none that can be read."""


def one_line(error: BaseException, longest: int = 300) -> str:
    """Returns the message of a foreign exception on one line, cut to `longest` characters.

    Keras writes some of its messages in bold; without a terminal's codes they are plain text.
    """
    text = " ".join(_ASIDE.sub("", str(error)).split())
    return printable(text[:longest]) or type(error).__name__


def shown(value: object, longest: int = 60) -> str:
    """Returns text of unknown origin cut to a length, on one line that a terminal can print."""
    text = str(value)
    return printable(text if len(text) <= longest else f"{text[:longest]}...")


def printable(text: str, kept: str = "") -> str:
    """Returns the text with whatever a terminal does not show as a character written out.

    Control characters, marks that turn the direction of writing, what has no width, and bytes of
    file names that are no UTF-8 become `\\uXXXX`. JSON has the same form, so it stays what it is.

    Args:
        text: Of any origin.
        kept: Characters to leave alone, such as the ends of a program's own lines.
    """
    if text.isprintable():
        return text
    hidden = (one for one in set(text) if one not in kept and not _has_shape(one))
    return text.translate({ord(one): written_out(one) for one in hidden})


def _has_shape(character: str) -> bool:
    """Tells whether a terminal shows it, if only as a space, such as the wide one of Chinese."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def written_out(character: str) -> str:
    """Returns the form of JSON for what cannot be shown."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    coded = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
    return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(character, coded)


def shown_path(path: Path) -> str:
    """Returns a path in full, on one line."""
    return shown(path, longest=4096)


def quoted(*words: str) -> str:
    """Returns words as the system's shells take them; those of Windows know double quotes alone."""
    if sys.platform != "win32":
        return shlex.join(words)
    return " ".join(word if re.fullmatch(r"[\w./\\:=+-]+", word) else f'"{word}"' for word in words)


def listed(problems: Sequence[str]) -> str:
    """Returns the first problems and the number of the others."""
    more = len(problems) - NAMED
    return ", ".join(problems[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def unwritable(error: OSError, where: str, advice: str = "") -> OutputError:
    """Returns the error to raise when the system refuses to write.

    Args:
        error: What it said.
        where: What cannot be written.
        advice: What to do next.
    """
    said = {errno.ENOSPC: "no space left on the disk", errno.EBADF: "it is closed"}
    reason = said.get(error.errno or 0) or error.strerror or one_line(error)
    kind = FullError if error.errno in _FULL else OutputError
    return kind(f"{where}: {reason}.{advice and ' '}{advice}")


@contextmanager
def refused(path: Path, advice: str, *kinds: type[Exception]) -> Iterator[None]:
    """Turns exceptions of these kinds into a `DataError` that names the file."""
    try:
        yield
    except DataError:
        raise
    except kinds as error:
        # A library's message may hold control characters of the file.
        text = getattr(error, "strerror", None) or one_line(error)
        reason = shown(text, longest=200).rstrip(".")
        raise DataError(f"{shown_path(path)}: {reason}. {advice}") from error


def nearest(name: str, known: Iterable[str], most: int = 3, kind: int = 2) -> list[str]:
    """Returns the known names that `name` most likely means, best first.

    Args:
        name: What the user wrote.
        known: The names that exist.
        most: Length of the answer at the most.
        kind: The most distant kind of likeness: 3 takes any name.

    Example:

    >>> nearest("mnist_CNN", ["mlp-mnist", "cnn-mnist"])
    ['cnn-mnist', 'mlp-mnist']
    """
    wanted = _normal(name)
    scored = sorted((_distance(wanted, _normal(other)), other) for other in known)
    if scored and scored[0][0] == (0, 0.0):
        return [scored[0][1]]
    return [other for (found, _), other in scored if found <= kind][:most]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns the end of an error message: the nearest names, or all of them if they are few."""
    known = sorted(known)
    close = nearest(name, known) or (nearest(name, known, kind=3) if len(known) > MANY else [])
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(known) or 'none'}."


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-")


def _distance(wanted: str, other: str) -> tuple[int, float]:
    """Ranks by kind of likeness (same words, part of the name, spelling), then by spelling."""
    import difflib  # for mistakes alone

    spelling = 1 - difflib.SequenceMatcher(None, wanted, other).ratio()
    if sorted(wanted.split("-")) == sorted(other.split("-")):
        return 0, spelling
    if wanted and (wanted in other or other in wanted):
        return 1, spelling
    return (2, spelling) if spelling < 0.5 else (3, spelling)
