"""Runs hostile cases in processes of their own, and says what is wrong with what came of them."""

import os
import random
import re
import secrets
import shutil
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, NamedTuple

from .case import Case, Outcome

FORKING = Path(__file__).with_name("forking.py")
KINDS = Path(__file__).with_name("kinds")
SECONDS, MEBIBYTES = 20.0, 1536.0
# What acts when Python starts, or when a library is imported.
AT_IMPORT = re.compile("PYTHON|KERAS_|MPL|LD_|OMP_|MALLOC_|TF_CPP|TF_ENABLE|CUDA|LC_|LANG$")
BIDIRECTIONAL = {*"\u061c\u200e\u200f", *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}
ERROR = re.compile("^kerastut[a-z -]*(: error: |：错误：)".encode(), re.MULTILINE)
OWN_ERROR = re.compile("kerastut(: error:|：错误：)".encode())  # the program's, not argparse's
LARGEST = 2**24  # bytes of a file in which the secret is looked for
Snapshot = dict[Path, tuple[int, ...]]


class Fault(NamedTuple):
    """What is wrong.

    Args:
        kind: `executed`, `files`, `traceback`, or what else of the outcome is not as it must be.
        text: What is wrong, in a line.
    """

    kind: str
    text: str


@dataclass
class Judge:
    """A server that forks commands, and the ground on which the cases lie.

    Args:
        base: An empty folder.
    """

    base: Path
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        self.ground, self.home, self.temporary, self.canary = (
            self.base / name for name in ("ground", "home", "temporary", "canary")
        )
        for folder in (self.ground, self.home, self.temporary):
            folder.mkdir()
        (self.ground / "secret.txt").write_text(f"{self.secret}\n")

    def __enter__(self) -> "Judge":
        self.line, theirs = Pipe()
        environment = {"LC_ALL": "C.UTF-8", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}
        with theirs:
            self.server = subprocess.Popen(
                [sys.executable, "-P", str(FORKING), str(theirs.fileno())],
                env={**os.environ, "HOME": str(self.home), **environment},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.line.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()
        self.server.wait()

    def cases(self, kind: str, seed: int) -> Iterator[Case]:
        """Draws cases of a kind, without an end; each lies in a folder of its own."""
        module = import_module(f"{__package__}.kinds.{kind}")
        yield from module.cases(random.Random(f"{kind} {seed}"), self.ground)

    def run(self, case: Case) -> tuple[Outcome, list[Fault]]:
        """Runs a case, removes its folder, and returns what came of it and what is wrong."""
        before = dict(self._outside(case)), dict(snapshot(case.folder))
        outcome, problems = self._outcome(case)
        problems += self._told(case, outcome)
        problems += self._left(case, *before)
        remove(case.folder)
        return outcome, problems

    def _outcome(self, case: Case) -> tuple[Outcome, list[Fault]]:
        where = case.folder / "gone" if case.gone else case.folder
        where.mkdir(exist_ok=True)
        surroundings = {"HOME": self.home, "TMPDIR": self.temporary, "KERASTUT_CANARY": self.canary}
        environment = {
            **{name: str(path) for name, path in surroundings.items()},
            **case.environment,
        }
        self.line.send(
            {
                "program": case.program,
                "argv": list(case.argv),
                "cwd": str(where),
                "stdin": case.stdin,
                "environment": environment,
                "closed": case.closed,
                "ends": dict(case.ends),
                "limits": dict(case.limits),
                "gone": case.gone,
                "hides": case.hides,
                "fresh": case.fresh or any(map(AT_IMPORT.match, case.environment)),
                "serves": case.meanwhile is not None,
                "seconds": SECONDS,
            }
        )
        answer: dict[str, Any] = self.line.recv()
        problems = []
        if "line" in answer:
            assert case.meanwhile
            try:
                if wrong := case.meanwhile(answer["line"].decode()):
                    problems.append(Fault("wrong", wrong))
            finally:
                self.line.send("stop")
                answer = self.line.recv()
        if killed := answer.pop("killed"):
            problems.append(Fault(killed, f"killed, since it took too much {killed}"))
        return Outcome(**answer), problems

    def _told(self, case: Case, outcome: Outcome) -> Iterator[Fault]:
        """Yields what is wrong with the status, the output and the needs."""
        said = outcome.output + outcome.errors
        if outcome.status not in case.statuses:
            yield Fault("status", f"status {outcome.status}, expected {sorted(case.statuses)}")
        if b"Traceback (most recent call last)" in said:
            yield Fault("traceback", said[said.index(b"Traceback") :].decode(errors="replace"))
        lines = len(ERROR.findall(outcome.errors))
        if len(OWN_ERROR.findall(outcome.errors)) > case.faults:
            yield Fault("lines", f"{lines} lines of error")
        heard = 2 not in {*case.closed, *case.ends}
        if outcome.status == 2 and heard and not lines:
            yield Fault("lines", "no line of error")
        if strange := unprintable(said, strict="PYTHONIOENCODING" not in case.environment):
            yield Fault("bytes", f"printed {strange}")
        if self.secret.encode() in said:
            yield Fault("files", "printed the secret")
        if outcome.mebibytes > MEBIBYTES:
            yield Fault("memory", f"{outcome.mebibytes:,.0f} MiB")
        if wrong := case.wrong(outcome):
            yield Fault("wrong", wrong)

    def _left(self, case: Case, outside: Snapshot, inside: Snapshot) -> Iterator[Fault]:
        """Yields what is wrong with the files."""
        if self.canary.exists():
            remove(self.canary)
            yield Fault("executed", "ran what a stranger's file says")
        for path in changed(outside, dict(self._outside(case))):
            yield Fault("files", f"touched {path.relative_to(self.base)}")
        for path in changed(inside, dict(snapshot(case.folder))):
            if holds(path, self.secret.encode()):
                yield Fault("files", f"wrote the secret to {path.relative_to(case.folder)}")
        for path in self.temporary.iterdir():
            yield Fault("files", f"left {path.name} in the temporary folder")
            remove(path)

    def _outside(self, case: Case) -> Iterator[tuple[Path, tuple[int, ...]]]:
        """Yields what the case must not touch: neighbours, and the home but for its caches."""
        caches = [self.home / name for name in (".cache", ".config", ".keras")]
        free = {self.temporary, self.canary, case.folder, *caches}
        for path, state in snapshot(self.base):
            if free.isdisjoint((path, *path.parents)):
                yield path, state


def snapshot(folder: Path) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """Yields all below a folder: of a file whatever changes with it, of a folder that it is one."""
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(parent, name)
            with suppress(OSError):
                found = path.lstat()
                state = (
                    found.st_mode,
                    found.st_ino,
                    found.st_size,
                    found.st_mtime_ns,
                    found.st_ctime_ns,
                )
                yield path, state[:1] if stat.S_ISDIR(found.st_mode) else state


def changed(before: Snapshot, after: Snapshot) -> list[Path]:
    """Returns what has come, gone or become another."""
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def holds(path: Path, secret: bytes) -> bool:
    """Returns whether a regular file holds some bytes."""
    with suppress(OSError):
        if stat.S_ISREG(path.lstat().st_mode):
            with path.open("rb") as file:
                return secret in file.read(LARGEST)
    return False


def unprintable(said: bytes, strict: bool) -> str:
    """Returns what could move a terminal's cursor, colour it or turn its lines around."""
    text = said.decode("utf-8", "surrogateescape")
    kinds = {"Cc", "Cs"} if strict else {"Cc"}
    found = {c for c in set(text) - {"\n", "\t"} if unicodedata.category(c) in kinds}
    return " ".join(sorted(ascii(c) for c in found | (BIDIRECTIONAL & set(text))))


def remove(path: Path) -> None:
    """Removes a file or folder, whatever it allows."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for parent, folders, _ in os.walk(path):
        for name in ("", *folders):
            with suppress(OSError):
                if not Path(parent, name).is_symlink():
                    Path(parent, name).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)


def kinds() -> list[str]:
    """Returns the names of the kinds."""
    return sorted(path.stem for path in KINDS.glob("[a-z]*.py"))


def drawn(cases: Iterator[Case], numbers: range) -> Iterator[tuple[int, Case]]:
    """Yields the cases that have these numbers; the others are drawn and removed."""
    for number, case in enumerate(islice(cases, numbers.stop)):
        if number in numbers:
            yield number, case
        else:
            remove(case.folder)
