"""Writes a mended file: whole or not at all, with its owner, rights, attributes and other names."""

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from ..errors import UnwritableError


def write(path: Path, before: bytes, after: bytes) -> None:
    """Gives a file another content.

    A new file takes the old one's place, so that nobody ever meets half of it. Where the new one
    cannot be made like the old one, which may have other names (hard links), another owner or
    attributes that not everybody may set, the old one is written over, next to a copy that is there
    until this is done.

    Args:
        path: The file; a symbolic link is followed where it leads into its own folder.
        before: What the file must still hold.
        after: What it shall hold.

    Raises:
        UnwritableError: It cannot be written, has changed, or lies elsewhere; it stays as it is.
    """
    try:
        target = path.resolve()
        if not target.is_relative_to(path.parent.resolve()):
            raise UnwritableError(
                f"{path}: cannot be written: the link leads out of its folder; name its target."
            )
        descriptor = os.open(target, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or _content(descriptor) != before:
                raise UnwritableError(
                    f"{path}: cannot be written: its bytes are no longer those that were read;"
                    " check it again."
                )
            if status.st_nlink > 1 or not _replace(target, status, after):
                _write_over(target, descriptor, before, after)
        finally:
            os.close(descriptor)
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError
        reason = getattr(error, "strerror", None) or str(error)
        raise UnwritableError(f"{path}: cannot be written: {reason}; check its rights.") from error


def _replace(target: Path, status: os.stat_result, content: bytes) -> bool:
    """Puts a new file in a file's place; returns False if it is not like the old one."""
    new = _beside(target, content)
    try:
        with suppress(OSError, AttributeError):  # not every system, not every user
            os.chown(new, status.st_uid, status.st_gid)
        shutil.copystat(target, new)
        os.utime(new)
        if _kept(new) != _kept(target):
            return False
        with suppress(PermissionError):  # Windows replaces no file that is open
            new.replace(target)
            return True
        return False
    finally:
        new.unlink(missing_ok=True)


def _write_over(target: Path, descriptor: int, before: bytes, after: bytes) -> None:
    copy = _beside(target, before)
    try:
        _put(descriptor, after)
    except BaseException:
        try:
            _put(descriptor, before)
        except OSError as error:  # the copy stays
            reason = f"{error.strerror}; its text lies in {copy}"
            raise UnwritableError(f"{target}: cannot be written: {reason}.") from error
        copy.unlink()
        raise
    copy.unlink()


def _beside(target: Path, content: bytes) -> Path:
    """Returns a new file in the same folder."""
    descriptor, name = tempfile.mkstemp(prefix=".kerastut-", dir=target.parent)
    try:
        _put(descriptor, content)
    except BaseException:
        Path(name).unlink()
        raise
    finally:
        os.close(descriptor)
    return Path(name)


def _put(descriptor: int, content: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)


def _content(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def _kept(path: Path) -> tuple[object, ...]:
    """Returns what a new file has to have in common with the old one."""
    status, attributes = path.stat(), {}
    with suppress(OSError, AttributeError):  # not every system, not every disk has them
        attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    flags = getattr(status, "st_flags", 0)
    return status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode), flags, attributes
