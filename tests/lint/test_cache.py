"""What was found before is not looked for again, and nothing else is believed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kerastut.lint import cache, configuration, main
from kerastut.lint import check as check_module

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
Check = Callable[..., str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Works in a folder of its own, with a home of its own."""
    place = tmp_path / "project"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    configuration.forget()
    return place


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the names of the files that were really checked."""
    names: list[str] = []
    real = check_module.check_document

    def checked(document: Any, *rest: Any) -> Any:
        names.append(document.filename)
        return real(document, *rest)

    monkeypatch.setattr(check_module, "check_document", checked)
    return names


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Returns a function that checks and returns the output."""

    def call(*words: str) -> str:
        configuration.forget()
        with pytest.raises(SystemExit):
            main("1", words)
        return capsys.readouterr().out

    return call


def entries() -> list[Path]:
    return [path for path in Path(cache.NAME).iterdir() if len(path.name) == 32]


def test_an_unchanged_file_is_not_checked_again(check: Check, seen: list[str]) -> None:
    Path("x.py").write_text(STALE)
    first = check(".")
    assert seen == ["x.py"]
    assert check(".") == first
    assert seen == ["x.py"]
    Path("x.py").touch()
    assert check("x.py") == first
    assert seen == ["x.py"]
    assert (Path(cache.NAME) / ".gitignore").read_text() == "*\n"


def test_whatever_decides_counts(check: Check, seen: list[str]) -> None:
    Path("x.py").write_text(STALE)
    check("x.py")
    outputs = [
        check("x.py", *words)
        for words in (
            ["--select", "KT1"],
            ["--ignore", "KT2"],
            ["--target-version", "2.15"],
            ["--format", "json"],
            ["--lang", "zh"],
            ["--no-cache"],
        )
    ]
    assert len(seen) == 7
    assert outputs[:3] == ["", "", ""]
    Path("y.py").write_text(STALE)
    assert check("y.py").startswith("y.py:2:5")
    Path("x.py").write_text(STALE.replace("lr", "learning_rate"))
    assert check("x.py") == ""
    Path("x.py").write_text(STALE)
    Path("pyproject.toml").write_text("[tool.kerastut.per-file-ignores]\n'x.py' = ['KT2']\n")
    assert check("x.py") == ""
    assert len(seen) == 10


def test_another_checker_has_entries_of_its_own(
    check: Check, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.py").write_text(STALE)
    check("x.py")
    monkeypatch.setattr(cache, "_stamp", lambda version: "another")
    check("x.py")
    assert len(seen) == 2


@pytest.mark.parametrize("words", [["--fix"], ["--diff"], ["--add-noqa"], ["--no-cache"]])
def test_what_mends_neither_reads_nor_writes(check: Check, words: list[str]) -> None:
    Path("x.py").write_text(STALE)
    check("x.py", *words)
    assert not Path(cache.NAME).exists()


# What strangers bring


def test_a_strangers_entries_count_for_nothing(
    check: Check, seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("x.py").write_text(STALE)
    found = check("x.py")
    (entry,) = entries()
    mark, _, body = entry.read_bytes().partition(b"\n")
    for content in (mark + b"\n" + b'["", []]', b'["", []]', b"", b"\n", b"{" * 10, mark, body):
        entry.write_bytes(content)
        assert check("x.py") == found
    entry.unlink()
    for target in ("/dev/zero", "x.py", ".", "nowhere"):
        entry.symlink_to(target)
        assert check("x.py") == found
        assert not entry.is_symlink()
        entry.unlink()
    os.mkfifo(entry)
    assert check("x.py") == found
    before = len(seen)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another user's"))
    assert check("x.py") == found
    assert len(seen) == before + 1


def test_a_link_in_place_of_the_folder_is_left_alone(check: Check, folder: Path) -> None:
    Path("x.py").write_text(STALE)
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    for target in (elsewhere, folder / "nowhere"):
        Path(cache.NAME).symlink_to(target)
        assert check("x.py").startswith("x.py:2:5")
        Path(cache.NAME).unlink()
    assert list(elsewhere.iterdir()) == []
    Path(cache.NAME).write_text("a file")
    assert check("x.py").startswith("x.py:2:5")


def test_no_home_and_no_room_are_no_trouble(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path("x.py").write_text(STALE)
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert check("x.py").startswith("x.py:2:5")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cache, "_write", full)
    assert check("x.py").startswith("x.py:2:5")


def test_the_secret_is_the_users_alone(check: Check, tmp_path: Path) -> None:
    Path("x.py").write_text(STALE)
    check("x.py")
    (secret,) = (tmp_path / "home").rglob("secret")
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_bytes()) == 32


def test_it_stays_bounded(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 10)
    for number in range(25):
        Path("x.py").write_text(f"{STALE}# {number}\n")
        check("x.py")
        assert len(entries()) <= 10
    Path(cache.NAME, "mine.txt").write_text("kept")
    monkeypatch.setattr(cache, "_MOST_BYTES", 1)
    Path("x.py").write_text(STALE)
    check("x.py")
    assert entries() == []
    assert Path(cache.NAME, "mine.txt").exists()
