"""One hostile thing, the command that meets it, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HEAD = "head"


@dataclass(frozen=True)
class Outcome:
    """What a command left behind.

    Args:
        status: Its exit status; negative for a signal.
        output: Standard output, cut after some megabytes.
        errors: Standard error, likewise.
        seconds: From its start to its end, but for those in which it waited for a processor; of a
            server, from Ctrl-C to its end.
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
        folder: What the command may write to, and where it starts; all else must stay as it is.
        stdin: What standard input holds.
        environment: Variables in addition to those of the process.
        statuses: The exit statuses that are right.
        program: `kerastut`, or `kerastut-check` for the checker that stands alone.
        faults: How many things are wrong with it at the most, each of which may have its line.
        wrong: Returns what else is wrong with an outcome, or an empty text.
        closed: Descriptors that are closed when the command starts.
        ends: Where descriptors lead in place of a pipe: a path such as `/dev/full`, or `HEAD`, a
            reader that leaves after the first line (one reader for all descriptors with it).
        limits: Soft limits of the process by their names, such as `{"RLIMIT_FSIZE": 4096}`.
        gone: Whether the working directory is an empty folder that has been removed.
        fresh: Whether to start Python anew, since it matters what is imported with which
            variables. What `environment` says to Python, Keras or matplotlib does so by itself.
        meanwhile: For a command that serves until Ctrl-C: what to do with it, given the first line
            of its output; returns what is wrong, or an empty text. Ctrl-C follows.
        hides: Packages that are as if they were not installed.
    """

    name: str
    argv: tuple[str, ...]
    folder: Path
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    statuses: frozenset[int] = frozenset({2})
    program: str = "kerastut"
    faults: int = 1
    wrong: Callable[[Outcome], str] = lambda outcome: ""
    closed: tuple[int, ...] = ()
    ends: Mapping[int, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    gone: bool = False
    fresh: bool = False
    meanwhile: Callable[[str], str] | None = None
    hides: tuple[str, ...] = ()
