"""`kerastut copy`: recipes, plain programs, and the data that these read."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import kerastut
from kerastut.cli import main
from kerastut.data import content_beside
from kerastut.data.bundled import embedded
from kerastut.registry import get_recipe
from kerastut.teaching import plain_program


def call(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `kerastut copy` in a process of its own, in English unless told otherwise."""
    return subprocess.run(
        [sys.executable, "-m", "kerastut", "copy", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        check=False,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_script_in_either_language(language: str, tmp_path: Path) -> None:
    finished = call("cnn-mnist", "--script", "--lang", language, cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "cnn_mnist.py\n")
    following = {"en": "Next: ", "zh": "接下来请执行："}[language]
    assert finished.stderr == (
        f"{following}kerastut copy --data mnist\n{following}python cnn_mnist.py\n"
    )
    expected = plain_program(get_recipe("cnn-mnist"), language)
    assert (tmp_path / "cnn_mnist.py").read_text(encoding="utf-8") == expected


def test_the_locale_chooses_the_language(tmp_path: Path) -> None:
    call("mlp-mnist", "--script", cwd=tmp_path, LC_ALL="zh_CN.UTF-8")
    expected = plain_program(get_recipe("mlp-mnist"), "zh")
    assert (tmp_path / "mlp_mnist.py").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["mlp-reviews", "my net.py", "--script"],
        ["--script", "mlp-reviews", "my net.py"],
        ["mlp-reviews", "--script", "my net.py"],
        ["mlp-reviews", "--lang", "en", "my net.py", "--script"],
    ],
)
def test_options_stand_anywhere(arguments: list[str], tmp_path: Path) -> None:
    finished = call(*arguments, cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "my net.py\n")
    assert finished.stderr == ("Next: kerastut copy --data reviews\nNext: python 'my net.py'\n")


def test_what_to_do_next_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    told = call("text-lstm", "work", "--script", cwd=tmp_path).stderr
    assert told == (
        "Next: kerastut copy --data reviews work\nNext: cd work\nNext: python text_lstm.py\n"
    )
    (tmp_path / "work" / "mnist.npz").touch()
    for recipe in ("functional-multi-io", "linear-regression"):
        told = call(recipe, "work", "--script", cwd=tmp_path).stderr
        assert told == (f"Next: cd work\nNext: python {recipe.replace('-', '_')}.py\n")


def test_how_to_run_a_copy_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "my work").mkdir()
    for place, command in (("a.py", "./a.py"), ("my work/a b.py", "'my work/a b.py'")):
        told = call("mlp-mnist", place, cwd=tmp_path).stderr
        assert told == f"Edit it, then: kerastut run {command}\n"


def test_mnist_as_keras_has_it(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    finished = call("--data", "mnist", "work", cwd=tmp_path)
    assert (finished.stdout, finished.stderr) == ("work/mnist.npz\n", "")
    data = kerastut.load("mnist", seed=7)
    order = np.random.default_rng(7).permutation(60_000)
    with np.load(tmp_path / "work" / "mnist.npz") as file:
        assert {name: (file[name].shape, file[name].dtype) for name in file} == {
            "x_train": ((60_000, 28, 28), np.uint8),
            "y_train": ((60_000,), np.uint8),
            "x_test": ((10_000, 28, 28), np.uint8),
            "y_test": ((10_000,), np.uint8),
        }
        np.testing.assert_array_equal(file["x_train"][order[:55_000]], data.train.x[..., 0])
        np.testing.assert_array_equal(file["y_train"][order[55_000:]], data.validation.y)
        np.testing.assert_array_equal(file["x_test"], data.test.x[..., 0])
        np.testing.assert_array_equal(file["y_test"], data.test.y)


def test_reviews_in_the_order_of_their_splits(tmp_path: Path) -> None:
    assert call("--data", "reviews", cwd=tmp_path).stdout == "reviews.csv\n"
    with (tmp_path / "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    data = kerastut.load("reviews")
    splits = (data.train, data.validation, data.test)
    assert [row["text"] for row in rows] == [text for split in splits for text in split.x]
    assert [int(row["label"]) for row in rows] == [label for split in splits for label in split.y]
    assert set(rows[0]) == {"text", "label"}


def test_penguins_as_a_table(tmp_path: Path) -> None:
    assert call("--data", "penguins", cwd=tmp_path).stdout == "penguins.csv\n"
    with (tmp_path / "penguins.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["species"] for row in rows) == {
        "Adelie": 152,
        "Gentoo": 124,
        "Chinstrap": 68,
    }
    sizes = [float(row["body_mass_g"]) for row in rows if row["body_mass_g"] != "NA"]
    assert (len(sizes), min(sizes), max(sizes)) == (342, 2700, 6300)


def test_its_own_files_are_data_that_kerastut_takes(tmp_path: Path) -> None:
    """What `copy` writes, `--data` reads."""
    for name, file in (("mnist", "m.npz"), ("reviews", "r.csv")):
        (tmp_path / file).write_bytes(content_beside(name))
        assert len(kerastut.load(str(tmp_path / file), limit=200).train) == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Expected a recipe, a name from 'kerastut list', or --data."),
        (["cnn-minst", "--script"], "Unknown recipe 'cnn-minst'. Did you mean cnn-mnist"),
        (["own.py", "--script"], "own.py: only recipes of 'kerastut list' have a plain program."),
        (["mlp-mnist", "kept.py", "--script"], "kept.py: exists already. Choose another name."),
        (["mlp-mnist", "kept.py"], "kept.py: exists already. Choose another name."),
        (["mlp-mnist", "a.txt", "--script"], "a.txt: expected a folder, or a name that ends in"),
        (["mlp-mnist", "no/a.py", "--script"], "no/a.py: cannot write there: No such file"),
        (["mlp-mnist", "a.py", "b.py"], "unrecognized arguments: b.py"),
        (["--data", "cifar"], "invalid choice: 'cifar' (choose from"),
        (["--data", "mnist", "link.npz"], "link.npz: exists already. Choose another name."),
        (["--data", "mnist", "a.csv"], "a.csv: expected a folder, or a name that ends in .npz."),
        (["--data", "mnist", "a.npz", "b.npz"], "--data takes one FILE; received a.npz b.npz."),
        (["--data", "mnist", "--script"], "not allowed with argument"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "kept.py").write_text("mine")
    (tmp_path / "own.py").write_bytes(get_recipe("mlp-mnist").path.read_bytes())
    (tmp_path / "link.npz").symlink_to("nowhere.npz")
    finished = call(*arguments, cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert len(finished.stderr.splitlines()) == 1
    assert message in finished.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.py", "link.npz", "own.py"]
    assert (tmp_path / "kept.py").read_text() == "mine"


def test_damaged_data_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(embedded, "FOLDER", tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["copy", "--data", "reviews", str(tmp_path / "reviews.csv")])
    assert stop.value.code == 2
    assert "reviews.tsv.xz: cannot read this embedded file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_file_that_cannot_be_written_whole_is_not_left(tmp_path: Path) -> None:
    command = f"ulimit -f 100; {sys.executable} -m kerastut copy --data mnist"
    finished = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert finished.returncode == 1
    assert finished.stderr == "kerastut: error: mnist.npz: cannot write there: File too large.\n"
    assert list(tmp_path.iterdir()) == []
