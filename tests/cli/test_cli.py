"""The command line, as a user meets it."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kerastut
from kerastut.cli import COMMANDS, build_parser, list_, main
from tests.warm import warm

HEAVY = ("keras", "tensorflow", "numpy", "matplotlib", "rich", "tensorflow_datasets")


def call(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a process of its own."""
    command = [*warm(), "-m", "kerastut", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def test_list_names_every_recipe() -> None:
    finished = call("list")
    assert finished.returncode == 0
    assert finished.stderr == ""
    for recipe in kerastut.list_recipes():
        assert f"{recipe.name} " in finished.stdout


def test_list_json() -> None:
    found = json.loads(call("list", "--json").stdout)
    assert [entry["name"] for entry in found] == [r.name for r in kerastut.list_recipes()]
    for entry in found:
        assert set(entry) == {"name", "summary", "dataset", "tutorials", "expect"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["--help"],
        ["show", "cnn-mnist"],
        ["run", "--help"],
        ["copy", "cnn-mnist", "x.py"],
        ["copy", "cnn-mnist", "--script"],
        ["new", "my-net", "--from", "cnn-mnist"],
    ],
)
def test_light_commands_load_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr))"
        "\nfrom kerastut.cli import main\nmain(sys.argv[1:])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert finished.stderr.endswith("[]\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        build_parser().parse_args([command, "--help"])
    assert caught.value.code == 0
    assert f"Example: kerastut {command}" in capsys.readouterr().out


def test_show_explains(tmp_path: Path) -> None:
    finished = call("show", "cnn-mnist")
    assert "conv_dropout" in finished.stdout
    assert "0.989 to 0.996" in finished.stdout
    found = json.loads(call("show", "text-lstm", "--json").stdout)
    assert found["parameters"]["cell"]["choices"] == ["lstm", "gru", "simple_rnn"]


def test_run_json_and_files(tmp_path: Path) -> None:
    target = tmp_path / "run"
    finished = call(
        "run", "mlp-mnist", "--limit", "300", "--epochs", "2", "-b", "50", "--lr", "0.002",
        "--set", "units=16", "--set", "activation=tanh", "--seed", "4", "--json", "-q",
        "--output-dir", target,
    )  # fmt: skip
    assert finished.returncode == 0
    assert finished.stderr == ""
    found = json.loads(finished.stdout)
    assert list(found) == [
        "recipe", "parameters", "data", "seed", "epochs", "metrics", "expected", "within_band",
        "seconds", "samples_per_second", "dir",
    ]  # fmt: skip
    assert found["parameters"] == 784 * 16 + 16 + 16 * 10 + 10
    assert (found["recipe"], found["data"], found["seed"]) == ("mlp-mnist", "mnist", 4)
    assert (found["epochs"], found["within_band"]) == (2, False)
    assert found["dir"] == str(target)
    assert sorted(path.name for path in target.iterdir()) == [
        "checkpoints", "confusion.png", "history.csv", "history.png", "model.keras", "run.json",
    ]  # fmt: skip
    settings = json.loads((target / "run.json").read_text())["settings"]
    assert settings["parameters"]["activation"] == "tanh"
    assert settings["parameters"]["learning_rate"] == 0.002
    assert settings["batch_size"] == 50


def test_run_prints_two_lines_an_epoch_and_a_table_when_piped(tmp_path: Path) -> None:
    finished = call("run", "linear-regression", "--epochs", "3", cwd=tmp_path)
    assert finished.returncode == 0
    lines = finished.stderr.splitlines()
    assert lines[::2] == ["Epoch 1/3", "Epoch 2/3", "Epoch 3/3"]
    assert all(line.startswith("1/1 - ") and " - val_loss: " in line for line in lines[1::2])
    assert len(lines) == 6
    labels = [line.split("  ")[0] for line in finished.stdout.splitlines()]
    assert labels == [
        "recipe", "data", "parameters", "epochs", "test loss", "test weight_error",
        "test bias_error", "seconds", "samples per second", "files",
    ]  # fmt: skip
    (folder,) = (tmp_path / "runs").iterdir()
    assert f"files               runs/{folder.name}" in finished.stdout


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    finished = call("run", "cnn-mnist", "--limit", "960", "--dry-run", "--json", cwd=tmp_path)
    found = json.loads(finished.stdout)
    assert (found["parameters"], found["samples"], found["steps"]) == (225_034, 960, 32)
    assert list(tmp_path.iterdir()) == []


def test_copy_then_run_the_copy(tmp_path: Path) -> None:
    assert call("copy", "linear-regression", "mine.py", cwd=tmp_path).stdout == "mine.py\n"
    text = (tmp_path / "mine.py").read_text().replace("epochs=20", "epochs=2")
    (tmp_path / "mine.py").write_text(text)
    finished = call("run", "./mine.py", "--json", "-q", "--output-dir", "out", cwd=tmp_path)
    found = json.loads(finished.stdout)
    assert (found["recipe"], found["epochs"]) == ("mine", 2)
    again = call("copy", "linear-regression", "mine.py", cwd=tmp_path)
    assert again.returncode == 2
    assert again.stderr == "kerastut: error: mine.py: exists already. Choose another name.\n"
    assert (tmp_path / "mine.py").read_text() == text


def test_plot_draws_again_the_same(tmp_path: Path) -> None:
    call("run", "linear-regression", "-q", "--output-dir", tmp_path / "run")
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.png")}
    finished = call("plot", tmp_path / "run", "--output-dir", tmp_path / "again")
    assert finished.returncode == 0
    after = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert after == before


def test_verify(tmp_path: Path) -> None:
    finished = call("verify", "linear-regression", "--json")
    assert finished.returncode == 0
    rows = json.loads(finished.stdout)
    assert [row["metric"] for row in rows] == ["loss", "weight_error", "bias_error"]
    assert all(row["ok"] and row["low"] <= row["value"] <= row["high"] for row in rows)
    call("copy", "linear-regression", tmp_path / "slow.py")
    text = (
        (tmp_path / "slow.py")
        .read_text()
        .replace("learning_rate: float = 0.75", "learning_rate: float = 75.0")
    )
    (tmp_path / "slow.py").write_text(text)
    broken = call("verify", tmp_path / "slow.py")
    assert broken.returncode == 1
    assert "kerastut: out of band: slow" in broken.stderr


def test_data() -> None:
    names = [entry["name"] for entry in json.loads(call("data", "list", "--json").stdout)]
    assert names == ["blobs", "line", "mnist", "mnist-pairs", "penguins", "reviews"]
    finished = call("data", "verify")
    assert finished.returncode == 0
    assert finished.stdout.count("  ok") == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "cnn"], "kerastut: error: Unknown recipe 'cnn'. Did you mean cnn-mnist"),
        (
            ["run", "cnn-mnist", "--set", "dropout=1"],
            "It takes filters, conv_dropout, dense_dropout",
        ),
        (["run", "cnn-mnist", "--set", "units"], "expected NAME=VALUE, received 'units'"),
        (
            ["run", "cnn-mnist", "--set", "units=x"],
            "units must be like its default 128; received 'x'",
        ),
        (["run", "cnn-mnist", "--epochs", "0"], "expected a positive integer, received '0'"),
        (["run", "cnn-mnist", "--epochs", "x"], "expected a positive integer, received 'x'"),
        (["run", "cnn-mnist", "--limit", "-1"], "expected a positive integer, received '-1'"),
        (["run", "cnn-mnist", "--seed", "-1"], "expected an integer from 0 to 4294967295"),
        (["run", "cnn-mnist", "--lr", "nan"], "expected a positive number, received 'nan'"),
        (
            ["run", "cnn-mnist", "--output-dir", "file/run"],
            "cannot write there: file is not a folder",
        ),
        (["run", "cnn-mnist", "--data", "minst"], "Unknown data set 'minst'. Did you mean mnist?"),
        (
            ["run", "cnn-mnist", "--data", "line"],
            "cnn-mnist takes samples of shape (28, 28, 1), but line has (1,).",
        ),
        (
            ["run", "cnn-mnist", "--data", "reviews"],
            "cnn-mnist takes numbers, but reviews has texts",
        ),
        (["run", "text-lstm", "--data", "mnist"], "text-lstm takes texts, but mnist has numbers"),
        (
            ["run", "./none.py"],
            "none.py: No such file or directory. Expected a recipe file: check the path.",
        ),
        (["run"], "the following arguments are required: RECIPE"),
        (["show", "nothing-like-it"], "Unknown recipe 'nothing-like-it'."),
        (["plot", "nowhere"], "nowhere: expected the folder of a finished run, with run.json."),
        (["verify"], "Expected either names of recipes to verify or --all."),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "file").write_text("x")
    finished = call(*arguments, cwd=tmp_path)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert len(finished.stderr.splitlines()) == 1
    assert message in finished.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_command_shows_the_help() -> None:
    assert call().stdout == call("--help").stdout
    assert call().returncode == 0


def test_a_python_without_the_packages_is_told_in_a_line() -> None:
    """As the system's Python is, in a checkout whose packages lie in an environment."""
    code = "import sys; sys.modules['keras'] = None; from kerastut.__main__ import main; main()"
    command = [sys.executable, "-c", code, "run", "cnn-mnist"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert "has no package 'keras'. Enter the environment" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_corrupted_embedded_file_is_one_line(tmp_path: Path) -> None:
    """On a copy of the package, so that the real one stays whole."""
    root = Path(kerastut.__file__).parent.parent
    for name in ("kerastut", "recipes"):
        shutil.copytree(root / name, tmp_path / name)
    damaged = tmp_path / "kerastut" / "data" / "files" / "mnist" / "t10k-labels-idx1-ubyte.gz"
    content = bytearray(damaged.read_bytes())
    content[100] ^= 4
    damaged.write_bytes(content)
    finished = subprocess.run(
        [*warm(), "-m", "kerastut", "run", "mlp-mnist", "--output-dir", "out"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert finished.returncode == 2
    assert len(finished.stderr.splitlines()) == 1
    assert "t10k-labels-idx1-ubyte.gz: damaged" in finished.stderr
    assert not (tmp_path / "out").exists()


def test_a_diverging_run_fails_and_leaves_nothing(tmp_path: Path) -> None:
    finished = call(
        "run", "linear-regression", "--lr", "1e30", "-q", "--output-dir", "out", cwd=tmp_path
    )
    assert finished.returncode == 1
    assert "The loss became inf in epoch 2, step 1: training diverged" in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m kerastut show cnn-mnist | head -1"
    finished = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert finished.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kerastut", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == "kerastut: error: standard output: no space left on the disk.\n"
    assert done.returncode == 1


def test_a_full_disk_is_told_with_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(options: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "notes.md")

    monkeypatch.setattr(list_, "list_command", full)
    with pytest.raises(SystemExit) as stop:
        main(["list"])
    assert stop.value.code == 1
    assert capsys.readouterr().err == "kerastut: error: notes.md: no space left on the disk.\n"
