"""What was found before, so that a file that has not changed is not checked again.

An entry lies in `.kerastut_cache`. Its name is a digest of all that decides what is found: the
file's name and bytes, the settings, the checker's own files. Digest and content are keyed with a
secret of the user's, so that an entry that came with a stranger's files counts for nothing.
"""

import hmac
import json
import os
import re
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from .documents.text import read_bytes
from .errors import LintError

NAME = ".kerastut_cache"
_ENTRY = re.compile(r"[0-9a-f]{32}|\.new-.*")
_LARGEST = 5_000_000  # bytes of an entry
_MOST, _MOST_BYTES = 20_000, 200_000_000  # entries, and what they may have together
_HEADS = {
    ".gitignore": b"*\n",
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n",
}


@dataclass(frozen=True)
class Cache:
    """A folder of entries."""

    folder: Path
    secret: bytes
    stamp: str  # of the checker

    def key(self, content: bytes, *settings: object) -> str:
        """Returns the name of the entry for a file's bytes under some settings."""
        head = repr((self.stamp, *settings)).encode("utf-8", "surrogatepass")
        return self._digest(len(head).to_bytes(8, "big"), head, content)

    def _digest(self, *parts: bytes) -> str:
        return blake2b(b"".join(parts), key=self.secret, digest_size=16).hexdigest()

    def get(self, key: str) -> Any:
        """Returns what was put there; None if there is nothing, or it is not ours."""
        try:
            mark, _, body = read_bytes(self.folder / key, _LARGEST, own=True).partition(b"\n")
        except LintError:
            return None
        known = self._digest(b"entry", key.encode(), body).encode()
        return json.loads(body) if hmac.compare_digest(mark, known) else None

    def put(self, key: str, value: object) -> None:
        """Keeps a value, if the disk takes it."""
        body = json.dumps(value).encode()
        content = self._digest(b"entry", key.encode(), body).encode() + b"\n" + body
        if len(content) <= _LARGEST:
            with suppress(OSError):
                if not self.folder.exists():
                    self.folder.mkdir(exist_ok=True)
                    for name, head in _HEADS.items():
                        _write(self.folder / name, head)
                _write(self.folder / key, content)

    def trim(self) -> None:
        """Removes the oldest entries where there are too many, or too large ones."""
        with suppress(OSError), os.scandir(self.folder) as entries:
            regular = [one for one in entries if one.is_file(follow_symlinks=False)]
            found = [(one.stat(follow_symlinks=False), one) for one in regular]
            ours = [pair for pair in found if _ENTRY.fullmatch(pair[1].name)]
            ours.sort(key=lambda pair: pair[0].st_mtime_ns, reverse=True)
            size = 0
            full = len(ours) > _MOST or sum(status.st_size for status, _ in ours) > _MOST_BYTES
            for index, (status, one) in enumerate(ours if full else ()):
                size += status.st_size
                if index >= _MOST // 2 or size > _MOST_BYTES // 2:
                    Path(one.path).unlink(missing_ok=True)


def open_cache(folder: Path, version: str) -> Cache | None:
    """Returns the cache of a folder, which is made with its first entry; None if it cannot be."""
    inner = folder / NAME
    try:
        if os.path.lexists(inner):
            status = inner.lstat()
            mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
            if not stat.S_ISDIR(status.st_mode) or not mine:
                return None  # a link may lead to a folder where nothing of ours belongs
        return Cache(inner, _secret(), _stamp(version))
    except (OSError, RuntimeError, LintError):  # a user without a home is a RuntimeError
        return None


def _secret() -> bytes:
    """Returns the user's secret, which no file of a project can know."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    file = root / "kerastut-check" / "secret"
    with suppress(LintError):
        found = read_bytes(file, 1000, own=True)
        if len(found) == 32:
            return found
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(file, secrets.token_bytes(32))
    return read_bytes(file, 1000, own=True)


def _stamp(version: str) -> str:
    """Returns what changes with the checker, also where its files are edited in place."""
    here = next(path for path in Path(__file__).parents if path.exists())  # or a .pyz
    files = sorted(here.rglob("*.*")) if here.is_dir() else [here]
    states = [(one.name, one.stat()) for one in files if one.suffix != ".pyc"]
    told = [(name, state.st_size, state.st_mtime_ns) for name, state in states]
    return blake2b(repr((version, sys.version, told)).encode()).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Writes a file that appears whole, for its user alone."""
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
