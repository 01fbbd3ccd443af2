"""One hostile thing, the command that meets it, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What a command left behind.

    Args:
        status: Its exit status; negative for a signal.
        output: Standard output.
        errors: Standard error.
        seconds: From its start to its end.
        mebibytes: Its largest resident memory.
    """

    status: int
    output: bytes
    errors: bytes
    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Case:
    """A hostile thing and the command that meets it.

    Args:
        name: What is hostile about it, in printable characters.
        argv: The words after the program's name.
        folder: What the command may write to; all else must stay as it is.
        stdin: What standard input holds.
        environment: Variables in addition to those of the process.
        statuses: The exit statuses that are right.
        program: `kerastut`, or `kerastut-check` for the checker that stands alone.
        wrong: Returns what else is wrong with an outcome, or an empty text.
        closed: Descriptors that are closed when the command starts.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    statuses: frozenset[int] = frozenset({2})
    program: str = "kerastut"
    wrong: Callable[[Outcome], str] = lambda outcome: ""
    closed: tuple[int, ...] = ()
