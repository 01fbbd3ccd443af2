"""The standard streams of a command: escaped, never missing, and outliving who reads them."""

import codecs
import errno
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import IO, Any

from kerastut.errors import printable, unwritable, written_out
from kerastut.language import told

# What texts of ours have and some encodings lack, such as GBK the first two.
PLAIN = {"−": "-", "²": "^2", "×": "x", "–": "-", "…": "...", "“": "'", "”": "'", "·": "*"}


class Shown:
    """A standard stream that lets nothing through but characters and ends of lines.

    What is written after its reader has gone is lost, which is no error: `| head` ends an output,
    not the work. It behaves as the stream behind it in all else.

    Args:
        stream: The stream behind it.
        results: Whether it takes results: that they cannot be written is an error. Messages get
            lost without one.
        escaped: Whether it escapes, or lets all through.
    """

    def __init__(self, stream: IO[str], results: bool, escaped: bool = True) -> None:
        self._stream, self._results, self._escaped = stream, results, escaped

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Writes the text, escaped."""
        self._try(self._stream.write, printable(text, "\n\t") if self._escaped else text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Writes several texts."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Hands on what was written."""
        self._try(self._stream.flush)

    def unescaped(self) -> "Shown":
        """Returns the same stream for who writes colours of his own, and nothing of strangers."""
        return Shown(self._stream, self._results, escaped=False)

    def _try(self, act: Callable[..., Any], *values: str) -> None:
        try:
            act(*values)
        except OSError as error:
            # What is pending goes nowhere either, or Python would fail on it again at its exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            # Windows says of a reader that has gone that the argument is wrong.
            gone = isinstance(error, BrokenPipeError) or (
                sys.platform == "win32" and error.errno == errno.EINVAL
            )
            if self._results and not gone:
                raise unwritable(error, "standard output") from error


@contextmanager
def standard_streams() -> Iterator[None]:
    """Puts `Shown` before standard output and standard error; a warning becomes one line."""
    _open_missing()
    # What the encoding of the locale lacks must not fail.
    codecs.register_error("written-out", _written_out)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="written-out")
    with (
        redirect_stdout(Shown(sys.stdout, results=True)),
        redirect_stderr(Shown(sys.stderr, results=False)),
        warnings.catch_warnings(),
    ):
        warnings.showwarning = lambda message, *_: say(f"kerastut: warning: {message}")
        yield


def _written_out(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter) or written_out(letter) for letter in letters), error.end


def say(text: str) -> None:
    """Prints a message that is no result: one line on standard error."""
    say_told(told(text))


def say_told(text: str) -> None:
    """Prints a message that is in the reader's language already."""
    print(printable(text), file=sys.stderr, flush=True)


def unescaped(stream: Any) -> Any:
    """Returns a stream for who writes colours of his own; see `Shown`."""
    return stream.unescaped() if isinstance(stream, Shown) else stream


def _open_missing() -> None:
    """Opens the descriptors that were closed, or the next file to be opened would take their place.

    Using one fails, as it does with a closed one.
    """
    for number, way in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, way)  # the lowest number that is free
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            stream = open(number, mode, errors="backslashreplace", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
