"""Each thing that can be wrong with a machine is told with what mends it."""

import ast
import json
import os
import platform
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kerastut.cli import main
from kerastut.doctor import examining, importing, machine, packages
from kerastut.doctor.line import BAD, NOTE, OK, Line
from kerastut.language import chinese

FOLDER = Path(packages.__file__).parent
SUBJECT = "import of TensorFlow and Keras"


def only(lines: Iterator[Line]) -> dict[str, str]:
    """Returns the one line that is not fine, as it is told."""
    (line,) = [line for line in lines if line.state != OK]
    assert line.told("zh").keys() == line.told("en").keys()
    return line.told("en")


def test_this_machine_is_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language, expected in (
        ("en", "Keras computes with tensorflow"),
        ("zh", "后端是 tensorflow"),
    ):
        with pytest.raises(SystemExit) as end:
            main(["doctor", "--lang", language])
        told = capsys.readouterr().out
        assert end.value.code == 0
        assert expected in told
        assert "! " not in told


def test_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [Line("memory", "{total} GiB, {free} free", details={"total": "8", "free": "4"})]
    monkeypatch.setattr(examining, "EXAMINATIONS", (lambda: iter(lines),))
    with pytest.raises(SystemExit) as end:
        main(["doctor", "--json", "--lang", "en"])
    assert end.value.code == 0
    assert json.loads(capsys.readouterr().out) == [
        {"state": "ok", "subject": "memory", "value": "8 GiB, 4 free", "mend": ""}
    ]
    lines.append(Line("disk", "not installed", BAD))
    with pytest.raises(SystemExit) as end:
        main(["doctor", "--json", "--lang", "en"])
    assert end.value.code == 1


def test_every_text_has_a_twin() -> None:
    texts = [*packages.DISTURBING.values(), packages.TOGETHER]
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Line"), args=args):
                    texts += [str(a.value) for a in args if isinstance(a, ast.Constant)]
                case ast.Assign(targets=[ast.Name(id="value" | "mend")], value=ast.Constant(text)):
                    texts.append(str(text))
    assert len(texts) > 40
    names = re.compile(r"[{}a-z ]*\}|Python|kerastut|GPU|[A-Z_]+|")
    assert [text for text in texts if text not in chinese() and not names.fullmatch(text)] == []


@pytest.mark.parametrize(("version", "bits"), [((3, 14), 8), ((3, 10), 8), ((3, 12), 4)])
def test_a_python_that_tensorflow_has_no_wheels_for(
    version: tuple[int, int], bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "sys", SimpleNamespace(version_info=version, executable="py"))
    monkeypatch.setattr(struct, "calcsize", lambda _: bits)
    told = only(packages.python())
    assert told["state"] == BAD
    assert told["mend"].endswith("3.13 -m venv .venv")


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "keras":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(packages, "version", version)
    assert only(packages.packages()) == {
        "state": BAD,
        "subject": "keras",
        "value": "not installed",
        "mend": "python -m pip install keras",
    }


@pytest.mark.parametrize(
    ("have", "asked", "value"),
    [
        (
            {"tensorflow": "2.15.1", "numpy": "2.1.0"},
            ["numpy<2.0.0,>=1.23.5"],
            "tensorflow asks for numpy<2.0.0,>=1.23.5; there is 2.1.0",
        ),
        (
            {"tensorflow": "2.21.0", "protobuf": "4.25.3"},
            ["protobuf<8.0.0,>=6.31.1", 'six; extra == "gcs"', 'libclang; python_version < "3"'],
            "tensorflow asks for protobuf<8.0.0,>=6.31.1; there is 4.25.3",
        ),
        (
            {"tensorflow": "2.21.0"},
            ["h5py>=3.11.0"],
            "tensorflow asks for h5py>=3.11.0; there is none",
        ),
    ],
)
def test_packages_that_do_not_fit(
    have: dict[str, str], asked: list[str], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name not in have:
            raise PackageNotFoundError(name)
        return have[name]

    def requires(name: str) -> list[str]:
        version(name)
        return asked

    monkeypatch.setattr(packages, "version", version)
    monkeypatch.setattr(packages, "requires", requires)
    told = only(packages.fitting())
    assert (told["state"], told["value"]) == (BAD, value)
    assert told["mend"].startswith("python -m pip install --upgrade tensorflow")


def test_a_package_that_disturbs(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name != "tensorflow-metal":
            raise PackageNotFoundError(name)
        return "1.2.0"

    monkeypatch.setattr(packages, "version", version)
    monkeypatch.setattr(packages, "requires", lambda name: [])
    told = only(packages.fitting())
    assert (told["state"], told["subject"]) == (NOTE, "tensorflow-metal 1.2.0")
    assert told["mend"] == "pip uninstall tensorflow-metal"


@pytest.mark.parametrize("place", ["keras.py", "tensorflow/__init__.py"])
def test_a_file_that_hides_a_package(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    told = only(packages.surroundings())
    assert (told["state"], told["subject"]) == (BAD, place.replace("/", os.sep))
    assert told["mend"].startswith(f"rename {told['subject']}")


def test_another_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    (tmp_path / "keras.json").write_text('{"backend": "to\\u001brch"}')
    assert "computes with to?rch" in only(packages.surroundings())["value"]
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert only(packages.surroundings())["mend"] == "unset TF_USE_LEGACY_KERAS"


@pytest.mark.parametrize(
    ("probe", "value", "mend"),
    [
        ("raise ImportError('DLL load failed while importing _pywrap_tensorflow_internal: x')",
         "ImportError: DLL load failed", "Visual C++ Redistributable"),
        ("import no_such_package", "No module named 'no_such_package'", "python -m pip check"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "lacks an instruction", "AVX"),
        ("import os; os._exit(7)", "it ended with status 7 and no message", ""),
        ("import time; time.sleep(60)", "it did not end within", ""),
    ],
)  # fmt: skip
def test_tensorflow_cannot_be_imported(
    probe: str, value: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PROBE", probe)
    monkeypatch.setattr(importing, "PATIENCE", 1 if "sleep" in probe else 60)
    told = only(importing.importing())
    assert (told["state"], told["subject"]) == (BAD, SUBJECT)
    assert value in told["value"]
    assert mend in told["mend"]


@pytest.mark.parametrize(
    ("system", "tools", "wsl", "value"),
    [
        ("Windows", (), False, "none on Windows"),
        ("Linux", (), True, "Windows has lent it no driver"),
        ("Linux", ("nvidia-smi",), False, "though NVIDIA's driver is there"),
    ],
)
def test_no_gpu_though_there_may_be_one(
    system: str,
    tools: tuple[str, ...],
    wsl: bool,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(importing, "WSL", tmp_path if wsl else tmp_path / "none")
    monkeypatch.setattr(shutil, "which", lambda name, path=None: name if name in tools else None)
    told = importing._gpu({"gpus": []}).told("en")
    assert told["state"] == NOTE
    assert value in told["value"]
    assert importing._gpu({"gpus": ["A100"]}).told("zh")["value"] == "A100"


def test_a_processor_without_avx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(machine, "_features", lambda: {"sse4_2"})
    assert only(machine.processor())["value"].endswith("AVX is missing")


def test_little_memory_and_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    little: Any = SimpleNamespace(total=2**32, available=2**30, free=2**20)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: little)
    assert only(machine.memory())["value"] == "4.0 GiB, 1.0 free"
    assert "--output-dir" in only(machine.disk())["mend"]
    monkeypatch.setattr(os, "access", lambda folder, mode: False)
    assert only(machine.disk())["state"] == BAD


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_without_chinese(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    told = only(machine.terminal())
    assert "chcp 65001" in told["mend"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_terminal_with_chinese(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    assert [line.state for line in machine.terminal()] == [OK]


def test_an_examination_that_fails_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[Line]:
        raise OSError("no such thing")
        yield

    monkeypatch.setattr(examining, "EXAMINATIONS", (broken, machine.processor))
    first, second = examining.examine()
    assert first.told("en")["value"] == "cannot be examined: OSError: no such thing"
    assert second.state == OK
