"""A mended file is what it was but for its content; what cannot be written stays as it is."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kerastut.lint.errors import UnwritableError
from kerastut.lint.fixes import writing
from kerastut.lint.fixes.writing import write
from kerastut.lint.runner import Job, check_file

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
MENDED = STALE.replace("lr", "learning_rate")
FIX = Job(fix="write")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "x.py"
    file.write_bytes(b"before")
    return file


def alone(path: Path) -> bool:
    """Tells whether nothing lies beside a file."""
    return list(path.parent.iterdir()) == [path]


def refusal(path: Path, before: bytes = b"before", after: bytes = b"after") -> str:
    """Returns the line with which a file is not written; it must be as it was, and alone."""
    held, inode = path.read_bytes(), path.stat().st_ino
    with pytest.raises(UnwritableError) as raised:
        write(path, before, after)
    assert (path.read_bytes(), path.stat().st_ino) == (held, inode)
    assert str(path) in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o4755, 0o2666, 0o1644])
def test_rights_stay(path: Path, mode: int) -> None:
    path.chmod(mode)
    old = path.stat()
    write(path, b"before", b"after")
    assert path.read_bytes() == b"after"
    assert (path.stat().st_mode, path.stat().st_ino != old.st_ino) == (old.st_mode, True)
    assert alone(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="gives a file away")
def test_an_owner_stays(path: Path) -> None:
    os.chown(path, 12345, 23456)
    path.chmod(0o4750)
    write(path, b"before", b"after")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 23456, 0o4750)


def test_an_owner_that_cannot_be_given_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another user's file that the group may write: it is written over."""
    kept = writing._kept
    monkeypatch.setattr(writing, "_kept", lambda one: (kept(one), one.stat().st_ino))
    inode = path.stat().st_ino
    write(path, b"before", b"after")
    assert (path.read_bytes(), path.stat().st_ino) == (b"after", inode)
    assert alone(path)


def test_attributes_stay(path: Path) -> None:
    try:
        os.setxattr(path, "user.note", b"mine")
    except (AttributeError, OSError):
        pytest.skip("the system, or the disk, has no attributes")
    write(path, b"before", b"after")
    assert os.getxattr(path, "user.note") == b"mine"


def test_other_names_stay(path: Path) -> None:
    other = path.with_name("y.py")
    other.hardlink_to(path)
    write(path, b"before", b"after, longer")
    assert other.read_bytes() == path.read_bytes() == b"after, longer"
    assert path.samefile(other)
    assert len(list(path.parent.iterdir())) == 2
    write(other, b"after, longer", b"short")
    assert path.read_bytes() == b"short"


def test_times_are_those_of_the_writing(path: Path) -> None:
    os.utime(path, (1, 1))
    write(path, b"before", b"after")
    assert path.stat().st_mtime > 1e9


def test_a_file_that_has_changed_is_not_written(path: Path) -> None:
    path.write_bytes(b"before that")
    assert "no longer those that were read" in refusal(path)


@pytest.mark.parametrize("target", ["../y.py", "/dev/null", "x.py", "inner/../../y.py"])
def test_a_link_out_of_its_folder_is_not_followed(tmp_path: Path, target: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "y.py").write_bytes(b"before")
    link = inner / "x.py"
    link.symlink_to(target)
    refused = r"leads out|cannot be written: .*(loop|symbolic links)"
    with pytest.raises(UnwritableError, match=refused):
        write(link, b"before", b"after")
    assert (tmp_path / "y.py").read_bytes() == b"before"
    assert str(link.readlink()) == target
    assert alone(link)


def test_a_link_into_its_folder_stays_one(tmp_path: Path) -> None:
    path, link = tmp_path / "x.py", tmp_path / "y.py"
    path.write_text(STALE, "utf-8")
    link.symlink_to(path)
    assert check_file(link, FIX).fixed == 1
    assert link.is_symlink()
    assert path.read_text("utf-8") == MENDED


def full(after: int) -> Callable[[int, memoryview], int]:
    """Returns a function that writes some bytes, and then finds the disk full, as long as asked."""
    real, left = os.write, [after]

    def put(descriptor: int, content: memoryview) -> int:
        if left[0] <= 0:
            left[0] += 1000  # what is deleted makes room
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(descriptor, content[: left[0]])
        left[0] -= written
        return written

    return put


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("room", [0, 3, 8])
def test_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch, room: int, linked: bool) -> None:
    if linked:
        path.with_name("y.py").hardlink_to(path)
    monkeypatch.setattr(os, "write", full(room))
    assert "No space left on device" in refusal(path, after=b"after and more")
    assert len(list(path.parent.iterdir())) == 1 + linked


@pytest.mark.parametrize("linked", [False, True])
def test_an_interrupt(path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool) -> None:
    if linked:
        path.with_name("y.py").hardlink_to(path)
    real = os.fsync
    calls: list[int] = []

    def interrupted(descriptor: int) -> None:
        real(descriptor)
        calls.append(descriptor)
        if len(calls) == 1 + linked:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"before", b"after")
    assert path.read_bytes() == b"before"
    assert len(list(path.parent.iterdir())) == 1 + linked


def test_a_disk_that_fails_for_good_leaves_the_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.with_name("y.py").hardlink_to(path)
    put = writing._put
    calls: list[bytes] = []

    def broken(descriptor: int, content: bytes) -> None:
        calls.append(content)
        if len(calls) > 1:
            raise OSError(errno.EIO, "Input/output error")
        put(descriptor, content)

    monkeypatch.setattr(writing, "_put", broken)
    with pytest.raises(
        UnwritableError, match=r"Input/output error.*its text lies in .*\.kerastut-"
    ):
        write(path, b"before", b"after")
    (copy,) = path.parent.glob(".kerastut-*")
    assert copy.read_bytes() == b"before"


def test_what_cannot_be_written_is_not_counted_and_is_still_found(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(STALE, "utf-8")
    monkeypatch.setattr(os, "write", full(0))
    outcome = check_file(path, FIX)
    assert (outcome.fixed, outcome.counts.total()) == (0, 1)
    assert outcome.error is not None
    assert "No space left on device" in outcome.error
    assert path.read_text("utf-8") == STALE


@pytest.mark.parametrize("ends", ["\n", "\r", "\r\n", "\n\r", "\r\r\n"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "iso2022_jp", "utf-7"])
def test_all_other_bytes_stay(path: Path, coding: str, ends: str) -> None:
    head = "" if coding.startswith("utf-8") or coding == "utf-16" else f"# coding: {coding}\n"
    text = (head + STALE + "# 学\x0c\x0b\x85 +A- ~{\n").replace("\n", ends)
    before, after = (
        one.encode(coding, "ignore") for one in (text, text.replace("lr=", "learning_rate="))
    )
    path.write_bytes(before)
    outcome = check_file(path, FIX)
    if outcome.error is not None:  # several ways to write a text
        assert coding in ("iso2022_jp", "utf-7")
        assert (path.read_bytes(), outcome.fixed) == (before, 0)
    else:
        assert (path.read_bytes(), outcome.fixed) == (after, 1)
