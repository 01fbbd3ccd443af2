"""Surroundings that are not as they should be: one line and the right status."""

import os
import subprocess
from pathlib import Path

import pytest

from kerastut.errors import printable
from tests.warm import warm

RUN = ("run", "linear-regression", "--limit", "40", "--epochs", "2", "-q", "--output-dir", "run")


def call(
    *words: str, cwd: Path, before: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Runs the command line in a shell, after what the shell shall do before."""
    return subprocess.run(
        ["bash", "-c", f'{before}\nexec "$@"', "-", *warm(), "-m", "kerastut", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | variables,
    )


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"KERAS_HOME": "."}, "Invalid `floatx` configuration."),
        ({"MATPLOTLIBRC": "damaged"}, "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_what_keras_refuses_at_its_import(
    variables: dict[str, str], text: str, tmp_path: Path
) -> None:
    (tmp_path / "keras.json").write_text('{"floatx": "int8"}')
    (tmp_path / "damaged").write_bytes(b"\xff")
    done = call(*RUN, cwd=tmp_path, **variables)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("kerastut: error: Keras cannot be imported: ")
    assert text in done.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("backend", ["no\x1b[31m", "torch", "theano"])
def test_a_backend_that_is_none_of_ours(backend: str, tmp_path: Path) -> None:
    """It is not offered as an extra that does not exist, and refused before Keras is imported."""
    done = call(*RUN, cwd=tmp_path, KERAS_BACKEND=backend)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "kerastut: error: kerastut runs on the backends tensorflow and jax; received"
        f" {printable(backend)}. Set KERAS_BACKEND to one of them.\n"
    )


def test_no_window_system_is_needed(tmp_path: Path) -> None:
    done = call(*RUN, cwd=tmp_path, MPLBACKEND="nonsense")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "run" / "history.png").is_file()


@pytest.mark.parametrize("mebibytes", [300, 1600, 2300])
def test_little_memory(mebibytes: int, tmp_path: Path) -> None:
    done = call(*RUN, cwd=tmp_path, before=f"ulimit -v {mebibytes * 1024}")
    assert done.returncode == 2
    assert done.stderr == (
        "kerastut: error: Keras needs 2.7 GiB of address space, and this process may take less."
        " Raise its limit: ulimit -v unlimited.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("check",), ("copy", "cnn-mnist"), ("run", "../own.py"), ("plot", "run")]
)
def test_a_working_folder_that_was_removed(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("")
    done = call(*words, cwd=tmp_path, before="mkdir gone; cd gone; rmdir ../gone")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("kerastut: error: ")
    listing = call("list", cwd=tmp_path, before="mkdir gone; cd gone; rmdir ../gone")
    assert (listing.returncode, listing.stderr) == (0, "")


@pytest.mark.parametrize("name", ["a" * 256, "线" * 200, "a/" * 2100])
@pytest.mark.parametrize(
    "words",
    [
        *(("plot", "{}"), ("predict", "{}", "1"), ("export", "{}", "--format", "keras")),
        *(("copy", "cnn-mnist", "{}.py"), ("show", "{}.py"), ("check", "{}.py")),
        ("compare", "linear-regression", "--vary", "epochs=1,2", "--output-dir", "{}"),
    ],
)
def test_names_that_no_system_takes(words: tuple[str, ...], name: str, tmp_path: Path) -> None:
    done = call(*(word.format(name) for word in words), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "File name too long" in done.stderr or "expected the folder of" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "left"), [(2_000, set()), (14_000, {"checkpoints"}), (20_000, {"checkpoints"})]
)
def test_a_full_disk_leaves_nothing_or_what_can_be_resumed(
    size: int, left: set[str], tmp_path: Path
) -> None:
    """The system refuses what exceeds a file's largest size, as it does on a full disk."""
    done = call(*RUN, cwd=tmp_path, before=f"ulimit -f {size // 1000}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "cannot write" in done.stderr
    run = tmp_path / "run"
    assert {path.name for path in run.glob("*")} == left
    assert run.exists() == bool(left)
    if left:
        assert "The training is kept: make room, and add --resume." in done.stderr
        assert call(*RUN, "--resume", cwd=tmp_path).returncode == 0
        assert (run / "run.json").is_file()


def test_a_full_disk_leaves_no_part_of_a_copy(tmp_path: Path) -> None:
    done = call("copy", "cnn-mnist", cwd=tmp_path, before="ulimit -f 1")
    assert done.returncode == 1
    assert done.stderr == "kerastut: error: cnn_mnist.py: cannot write there: File too large.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_utf_8_is_drawn_and_told(tmp_path: Path) -> None:
    """From pictures to an export, whose README has it too."""
    from PIL import Image

    for name in (os.fsdecode(b"caf\xe9"), "$\\frac{1$\x1b"):
        for number in range(12):
            picture = tmp_path / "pictures" / name / f"{number}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (4, 4), number * 20).save(picture)
    small = ("mlp-mnist", "--epochs", "1", "--set", "units=4", "--output-dir", "run")
    done = call("run", *small, "--data", "pictures", cwd=tmp_path)
    assert done.returncode == 0
    assert "2 classes: $\\frac{1$\\u001b, caf\\udce9\n" in done.stderr
    assert "could not be drawn" not in done.stderr
    assert (tmp_path / "run" / "confusion.png").read_bytes().startswith(b"\x89PNG")
    done = call("export", "run", "--format", "keras", "--output-dir", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "one number for each class: $\\frac{1$\\u001b, caf\\udce9" in text
