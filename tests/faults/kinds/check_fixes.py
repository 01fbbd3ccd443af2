"""Files that a mending checker must not harm, nor write to by mistake."""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from ..case import Case, Outcome

CODINGS = (
    "utf-8 utf-8-sig utf-16 gbk big5 shift_jis euc_kr latin-1 utf-7 hz iso2022_jp cp1252 koi8-r"
)
SUFFIXES = (".py", ".py", ".md", ".ipynb")
ENDS = ("\n", "\r\n", "\r")
ROOT = os.geteuid() == 0


class State(NamedTuple):
    """What a file is, and what of it has to stay."""

    mode: int
    owner: tuple[int, int]
    names: int
    attributes: dict[str, bytes]
    target: str


def state(path: Path) -> State:
    """Returns what a path is, not followed."""
    found = path.lstat()
    attributes = {}
    with suppress(OSError):
        listed = os.listxattr(path, follow_symlinks=False)
        attributes = {name: os.getxattr(path, name, follow_symlinks=False) for name in listed}
    target = str(path.readlink()) if path.is_symlink() else ""
    return State(found.st_mode, (found.st_uid, found.st_gid), found.st_nlink, attributes, target)


def content(path: Path) -> bytes:
    """Returns what a regular file holds, also where nobody may read it."""
    if path.is_symlink() or not path.is_file():
        return b""
    mode = path.stat().st_mode
    path.chmod(mode | 0o400)
    found = path.read_bytes()
    path.chmod(mode)
    return found


def program(random: Random, path: Path, coding: str) -> tuple[bytes, bytes]:
    """Writes a file with one thing to mend; returns it, and what it is to become."""
    comment = random.choice(("", "学习率", "é", "\u3000", "+AC0-", "~{", "\x1b$B", "\f\v\x85"))
    lines = ["from keras.optimizers import SGD", f"x = 1  # {comment}", "SGD(lr=0.1)  # lr"]
    if path.suffix == ".md":
        mark = random.choice(("", "> ", "  "))
        lines = [mark + line for line in ("```python", *lines, "```")]
    elif not coding.startswith("utf-8"):
        lines.insert(0, f"# coding: {coding}")
    ends = random.choices(ENDS, k=3) if random.random() < 0.3 else [random.choice(ENDS)]
    text = "".join(line + random.choice(ends) for line in lines)
    if path.suffix == ".ipynb":
        cell = {"cell_type": "code", "source": random.choice((text, re.split(r"(?<=\n)", text)))}
        text = json.dumps({"cells": [cell]}, indent=random.choice((None, 1)))
    mended = text.replace("(lr=", "(learning_rate=")
    before, after = text.encode(coding, "ignore"), mended.encode(coding, "ignore")
    path.write_bytes(before)
    return before, after


def linked_out(random: Random, path: Path) -> None:
    """A link that leads to a file outside."""
    outside = path.parent.parent / "outside"
    path.rename(outside / path.name)
    path.symlink_to(random.choice((f"../outside/{path.name}", outside / path.name)))


def linked_in(random: Random, path: Path) -> None:
    """A link to another file."""
    path.with_name(f"link-{path.name}").symlink_to(path.name)


def folder_linked(random: Random, path: Path) -> None:
    """A link to a folder outside."""
    outside = path.parent.parent / "outside"
    path.rename(outside / path.name)
    path.symlink_to("../outside")


def hard_linked(random: Random, path: Path) -> None:
    """Further names of a file."""
    for _ in range(random.randint(1, 3)):
        folder = random.choice((path.parent, path.parent.parent / "outside"))
        (folder / f"{random.randrange(10**9)}{path.suffix}").hardlink_to(path)


def rights(random: Random, path: Path) -> None:
    """Unusual rights."""
    path.chmod(random.choice((0o600, 0o640, 0o755, 0o4755, 0o2750, 0o1644, 0o666, 0o777)))


def read_only(random: Random, path: Path) -> None:
    """A file that may not be written."""
    path.chmod(random.choice((0o444, 0o400, 0o555, 0o000)))


def folder_read_only(random: Random, path: Path) -> None:
    """A folder that may not be written."""
    inner = path.with_name(f"folder-{path.stem}")
    inner.mkdir()
    path.rename(inner / path.name)
    inner.chmod(0o555)


def owned(random: Random, path: Path) -> None:
    """Another owner, if that can be."""
    with suppress(PermissionError):
        os.chown(path, random.randrange(60000), random.randrange(60000))
    path.chmod(random.choice((0o644, 0o4755, 0o660)))


def attributed(random: Random, path: Path) -> None:
    """Extended attributes."""
    names = ["user.a", "user.\u00e9", *["trusted.a", "security.a"] * ROOT]
    for name in random.sample(names, 2):
        with suppress(OSError):
            os.setxattr(path, name, random.randbytes(random.randint(0, 60)))


def controlled(random: Random, path: Path) -> None:
    """An access control list: its owner, a user, its group, a mask, others."""
    user = random.randrange(1, 60000)
    entries = ((1, 6, -1), (2, 4, user), (4, 4, -1), (16, 4, -1), (32, 0, -1))
    packed = b"".join(
        tag.to_bytes(2, "little")
        + right.to_bytes(2, "little")
        + (who % 2**32).to_bytes(4, "little")
        for tag, right, who in entries
    )
    with suppress(OSError):
        os.setxattr(path, "system.posix_acl_access", (2).to_bytes(4, "little") + packed)


def plain(random: Random, path: Path) -> None:
    """Nothing unusual."""


HARMLESS = (linked_in, hard_linked, rights, owned, attributed, controlled)
# Of these, or of a coding, a case has one, since each may be a line of error.
HARMS = (*HARMLESS, linked_out, folder_linked, read_only, folder_read_only, plain)


class Law(NamedTuple):
    """What holds after files are mended.

    Args:
        here: The folder of the case.
        named: The paths that are named, links among them, or nothing for the whole folder.
        states: What all paths were.
        files: Which of the files each path was.
        texts: What each of the files held, and what it was to become.
    """

    here: Path
    named: list[Path]
    states: dict[Path, State]
    files: dict[Path, int]
    texts: dict[int, tuple[bytes, bytes]]

    def broken(self, outcome: Outcome) -> str:
        """Tells which of it does not hold."""
        now = dict(look(self.here))
        if now.keys() != self.states.keys():
            return f"other files: {sorted(map(str, now.keys() ^ self.states.keys()))}"
        for path, state in self.states.items():
            if now[path] != state:
                return f"{path.name} was {state}, is {now[path]}"
        held = {path: content(path) for path in self.files}
        for path, file in self.files.items():
            if held[path] not in self.texts[file]:
                return f"{path.name} holds {held[path]!r}, expected one of {self.texts[file]!r}"
        mended = {file for path, file in self.files.items() if held[path] == self.texts[file][1]}
        stale = {file for path, file in self.files.items() if held[path] == self.texts[file][0]}
        if mended & stale:
            return "the names of a file are no longer one file's"
        told = re.search(rb"Fixed (\d+)\.", outcome.errors)
        if int(told[1] if told else 0) != len(mended):
            return f"{len(mended)} were mended, told: {told and told[0]!r}"
        walked = [path for path in self.files if self.here / "inner" in path.parents]
        asked = {self.files[path.resolve()] for path in self.named or walked}
        if mended - asked:
            return "what lies outside was mended"
        if (outcome.status == 2) != bool(asked & stale):
            return f"status {outcome.status}, left: {len(asked & stale)}"
        return ""


def look(here: Path) -> Iterator[tuple[Path, State]]:
    """Yields all below a folder, links not followed."""
    for parent, folders, names in os.walk(here):
        for name in (*folders, *names):
            yield Path(parent, name), state(Path(parent, name))


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Draws folders with files to mend, without an end."""
    for number in count():
        here = folder / f"fixes-{number}"
        inner = here / "inner"
        for one in (inner, here / "outside"):
            one.mkdir(parents=True)
        harms = [HARMS[number % len(HARMS)], *random.choices(HARMLESS, k=random.randint(0, 2))]
        texts: dict[int, tuple[bytes, bytes]] = {}
        for index, harm in enumerate(harms):
            path = inner / f"{index}{'x' * random.choice((1, 238))}{random.choice(SUFFIXES)}"
            own = path.suffix == ".py" and harm is plain
            text = program(random, path, random.choice(CODINGS.split()) if own else "utf-8")
            texts[path.stat().st_ino] = text
            harm(random, path)
        states = dict(look(here))
        regular = [path for path, one in states.items() if stat.S_ISREG(one.mode)]
        files = {path: path.stat().st_ino for path in regular}
        links = [path for path in states if path.is_symlink() and path.is_file()]
        named = [path for path in (*regular, *links) if inner in path.parents]
        named = random.sample(named, len(named)) if random.random() < 0.5 else []
        yield Case(
            name=f"{[harm.__name__ for harm in harms]} {number}",
            argv=(
                *["check"] * (number % 2),
                *([str(path.relative_to(here)) for path in named] or ["inner"]),
                "--fix",
                "--select=KT201",
            ),
            folder=here,
            statuses=frozenset({0, 2}),
            program="kerastut" if number % 2 else "kerastut-check",
            wrong=Law(here, named, states, files, texts).broken,
        )
