"""What runs on Windows and macOS alone, with such a system played."""

import contextlib
import ctypes
import errno
import io
import mmap
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras  # noqa: F401  before another system is played
import pytest
from filelock import FileLock, Timeout

from kerastut import files, memory, quiet
from kerastut.cli import main as command
from kerastut.conversion import oracle, proof
from kerastut.data.own import layouts
from kerastut.doctor import machine
from kerastut.errors import CheckpointError, OutputError, TrainingError, quoted
from kerastut.lint import lean, runner
from kerastut.lint.fixes.writing import write
from kerastut.runs import environment, folder
from kerastut.runs.resume import checkpoint
from kerastut.streams import Shown


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")


def test_windows_flushes_what_is_open_for_writing(
    windows: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    flushed: list[int] = []
    usual = os.open

    def remember(path: Path, flags: int) -> int:
        if path.is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        opened.append(flags)
        return usual(path, flags)

    monkeypatch.setattr(os, "open", remember)
    monkeypatch.setattr(os, "fsync", flushed.append)
    (tmp_path / "file").write_bytes(b"x")
    files.flush(tmp_path / "file")
    files.flush(tmp_path)
    assert opened == [os.O_RDWR]
    assert len(flushed) == 1


def test_a_folder_is_flushed_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    files.flush(tmp_path)
    assert len(flushed) == 1


def test_no_locked_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = shutil.rmtree

    def remove(path: Path, ignore_errors: bool = False) -> None:
        for lock in Path(path).rglob(".lock"):
            try:
                FileLock(lock).acquire(timeout=0).lock.release()
            except Timeout:
                raise PermissionError(errno.EACCES, "it is open", str(lock)) from None
        usual(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", remove)
    run = tmp_path / "run"

    def train(error: type[Exception]) -> None:
        with folder.opened(run, resume=False):
            (run / "checkpoints" / "epoch-000001-step-000000").mkdir()
            raise error("it ended")

    with pytest.raises(TrainingError):
        train(TrainingError)
    assert not run.exists()
    with pytest.raises(CheckpointError):
        train(CheckpointError)
    assert checkpoint.exist(run / "checkpoints")


def refusing(number: int) -> SimpleNamespace:
    """Returns a stream that cannot be written, with a descriptor to close."""

    def write(text: str) -> int:
        raise OSError(number, os.strerror(number))

    return SimpleNamespace(write=write, fileno=lambda: os.dup(2))


def test_a_reader_that_has_gone_has_another_number_on_windows(windows: None) -> None:
    stream: Any = refusing(errno.EINVAL)
    Shown(stream, results=True).write("lost")
    full: Any = refusing(errno.ENOSPC)
    with pytest.raises(OutputError, match="no space"):
        Shown(full, results=True).write("lost")


def test_elsewhere_that_number_is_an_error() -> None:
    stream: Any = refusing(errno.EINVAL)
    with pytest.raises(OutputError, match="Invalid argument"):
        Shown(stream, results=True).write("lost")


@pytest.mark.parametrize(("system", "status"), [("win32", 0), ("linux", 1)])
def test_the_checker_alone_knows_that_number(
    system: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EINVAL, "Invalid argument")

        def fileno(self) -> int:
            return os.dup(2)

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "stdout", Gone())
    with pytest.raises(SystemExit) as ended:
        lean.main("1", ["rule", "KT201"])
    assert ended.value.code == status


def test_a_file_that_is_open_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "it is open")

    monkeypatch.setattr(Path, "replace", refuse)
    (tmp_path / "x.py").write_bytes(b"before")
    write(tmp_path / "x.py", b"before", b"after")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"after"]


def test_windows_waits_for_61_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    import concurrent.futures

    asked: list[int] = []

    def pool(workers: int) -> None:
        asked.append(workers)
        raise OSError("no processes here")

    monkeypatch.setattr(runner, "_processors", lambda: 128)
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(runner, "_check_some", lambda paths, job: [])
    assert list(runner._check_all([Path("x.py")] * 4000, runner.Job())) == []
    assert asked == [61]


def test_commands_are_shown_as_the_shells_take_them(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("kerastut", "run", "a b.py", "--set", "units=(64, 32)", "--vary", "lr=1,2", "C:\\x")
    assert quoted(*words[:4]) == "kerastut run 'a b.py' --set"
    monkeypatch.setattr(sys, "platform", "win32")
    told = 'kerastut run "a b.py" --set "units=(64, 32)" --vary "lr=1,2" C:\\x'
    assert quoted(*words) == told
    assert quoted("数据/猫 狗", "a&b") == '"数据/猫 狗" "a&b"'


def test_windows_leaves_patterns_to_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.py", "a.py"):
        Path(name).write_text("from keras.layers.core import Dense\n", encoding="utf-8")
    words = ["predict", "*.py", "units=[64]", "what*ever?"]
    assert files.matching(words) == words
    monkeypatch.setattr(sys, "platform", "win32")
    assert files.matching(words) == ["predict", "a.py", "b.py", *words[2:]]
    for main in (command, partial(lean.main, "1")):
        words = ["check"] if main is command else []
        with pytest.raises(SystemExit):
            main([*words, "*.py", "--format", "concise"])
        told = capsys.readouterr().out
        assert told.index("a.py") < told.index("b.py")


class Junction:
    """A folder's entry, that Windows tells to be a junction if it is called so."""

    def __init__(self, entry: "os.DirEntry[str]") -> None:
        self._entry = entry

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def is_junction(self) -> bool:
        return self._entry.name.startswith("junction")


def test_a_junction_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = os.scandir
    inner, outer = tmp_path / "here" / "junction-in", tmp_path / "here" / "junction-out"
    for name in ("a.py", "a.png", "junction-in/b.py", "junction-in/b.png", "junction-out/c.py"):
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")

    def scandir(folder: Path) -> Any:
        with usual(folder) as entries:
            found = iter([Junction(entry) for entry in entries])
        return contextlib.nullcontext(found)

    monkeypatch.setattr(os, "scandir", scandir)
    found, problems = runner.find_files([tmp_path / "here"])
    assert ([path.name for path in found], problems) == (["a.py"], [])
    monkeypatch.setattr(layouts, "_inside", lambda path, real: path != outer)
    layout = layouts.Layout()
    pictures = list(layouts._pictures(tmp_path / "here", layout))
    assert [path.name for path in pictures] == ["a.png"]
    assert layout.bad == {outer: layouts.LINK}
    assert inner not in layout.bad


@pytest.mark.parametrize("work", [memory.bounded, lambda: quiet.startup(verbose=True)])
def test_windows_has_no_limit_on_memory(
    work: Callable[[], Any], windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(resource, "setrlimit", never)
    monkeypatch.setattr(mmap, "mmap", never)
    with work():
        pass


def test_macos_may_refuse_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def refuse(kind: int, limits: tuple[int, int]) -> None:
        asked.append(limits)
        if len(asked) == 1:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    with memory.bounded():
        pass
    assert asked[1] == resource.getrlimit(resource.RLIMIT_AS)


def test_a_model_is_compared_where_no_limit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"memory": 1, "model": "nosuch.keras"}'))
    told = io.StringIO()
    monkeypatch.setattr(sys, "stdout", told)
    oracle.main()
    assert "nosuch" not in told.getvalue()
    assert told.getvalue().startswith('{"reason": ')


def test_weights_are_compared_without_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "symlink_to", None)
    (tmp_path / "old.hdf5").write_bytes(b"weights")
    (tmp_path / "here").mkdir()
    found = proof._unpacked(tmp_path / "old.hdf5", tmp_path / "here")
    assert (found.name, found.read_bytes()) == ("weights.h5", b"weights")


@pytest.mark.parametrize(("system", "mebibytes"), [("win32", None), ("darwin", 3), ("linux", 3072)])
def test_the_peak_of_memory(
    system: str, mebibytes: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux counts in KiB, macOS in bytes."""
    usage = SimpleNamespace(ru_maxrss=3 * 2**20)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(resource, "getrusage", lambda who: usage)
    assert environment.peak_memory() == mebibytes


def test_the_code_page_is_told(windows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = SimpleNamespace(GetConsoleOutputCP=lambda: 936)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    console = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    monkeypatch.setattr(sys, "stdout", console)
    [line] = machine.terminal()
    assert "gbk (code page 936)" in line.told("en")["value"]
    assert line.state == "ok"  # GBK has Chinese


def test_macos_tells_its_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(command: list[str], **_: Any) -> SimpleNamespace:
        assert command[0].endswith("sysctl")
        return SimpleNamespace(stdout="FPU SSE4.2 AVX1.0 FMA\nAVX2 BMI2\n")

    def missing(path: Path, **_: Any) -> str:
        raise FileNotFoundError(errno.ENOENT, "none")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", tell)
    monkeypatch.setattr(Path, "read_text", missing)
    assert {"avx", "avx2", "fma"} <= machine._features()
    monkeypatch.setattr(sys, "platform", "win32")
    assert machine._features() == set()
