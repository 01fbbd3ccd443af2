"""The reader's own data: read, said, trained on, recorded, resumed."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import kerastut
from kerastut import DataOptions
from kerastut.cli import build_parser, main
from kerastut.cli.run import read_settings
from kerastut.data.own.images import mode_of
from kerastut.errors import DataError, ParameterError, ResumeError
from kerastut.plotting.fonts import PLAIN, family
from kerastut.registry.command import as_command
from kerastut.registry.settings import resolve
from kerastut.runs.reopening import reopen
from kerastut.train.preparation import prepare

FASHION = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
IMAGES = (
    *("cnn-mnist", "mlp-mnist", "cnn-augmented"),
    *("cnn-functional", "dropout-mlp", "regularized-mlp"),
)
TEXTS = ("text-lstm", "mlp-reviews")
SHORT: dict[str, Any] = {"epochs": 1, "batch_size": 16, "verbose": 0}


def pictures(folder: Path, colours: bool, per_class: int = 12) -> Path:
    """Draws round, square and empty pictures of all sizes."""
    rng = np.random.default_rng(0)
    for number, name in enumerate(("方", "empty", "a long name")):
        (folder / name).mkdir(parents=True)
        for index in range(per_class):
            height, width = rng.integers(20, 60, 2)
            pixels = np.zeros((height, width, 3), np.uint8)
            pixels[5 : 15 - 4 * number, 5:15] = (255, 30, 30) if colours else 255
            Image.fromarray(pixels).save(folder / name / f"{index}.png")
    return folder


def table(path: Path, names: tuple[str, str], classes: tuple[str, ...], rows: int = 60) -> Path:
    """Writes a table of short texts."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(names)
        for row in range(rows):
            name = classes[row % len(classes)]
            lines.writerow([f"{name}的东西{row}", name])
    return path


def idx(folder: Path, classes: int = 3) -> Path:
    """Writes idx files of 8x9 pixels."""
    folder.mkdir()
    for part, count in (("train", 40), ("t10k", 12)):
        labels = (np.arange(count) % classes).astype(np.uint8)
        images = np.full((count, 8, 9), 20, np.uint8) * labels[:, None, None]
        sizes = [size.to_bytes(4, "big") for size in (count, 8, 9)]
        for kind, array in (("labels", labels), ("images", images)):
            magic = bytes([0, 0, 8, array.ndim])
            content = b"".join([magic, *sizes[: array.ndim], array.tobytes()])
            (folder / f"{part}-{kind}-idx{array.ndim}-ubyte").write_bytes(content)
    return folder


def test_coloured_pictures_are_trained_on_and_reopened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(pictures(tmp_path / "pets", colours=True))
    options = DataOptions(image_size=(20, 24))
    settings = SHORT | {"verbose": 2, "data": data, "data_options": options}
    run = kerastut.run("cnn-mnist", output_dir=tmp_path / "run", **settings)
    said = (
        f"data: {data}: pictures resized to 20x24, in colour; 28 to train, 4 to validate,"
        " 4 to test; 3 classes: a long name, empty, 方"
    )
    assert said in capsys.readouterr().err
    assert run.model.input_shape[1:] == (20, 24, 3)
    assert run.model.output_shape[1:] == (3,)
    found = json.loads((tmp_path / "run" / "run.json").read_text())
    assert found["settings"]["data_options"] == {"image_size": [20, 24]}
    again = reopen(tmp_path / "run")
    assert again.settings == run.settings
    assert again.data.classes == ("a long name", "empty", "方")
    assert again.data.sha256 == run.data.sha256
    assert (tmp_path / "run" / "mistakes.png").is_file()


def test_grey_pictures_have_one_channel(tmp_path: Path) -> None:
    """Saved with three equal channels, as most programs do."""
    folder = pictures(tmp_path / "pets", colours=False)
    assert mode_of(sorted(folder.rglob("*.*"))) == "L"
    assert kerastut.load(str(folder)).train.x.shape[1:] == (28, 28, 1)
    Image.new("RGB", (9, 9), (200, 10, 10)).save(folder / "empty" / "red.jpg")
    assert mode_of(sorted(folder.rglob("*.*"))) == "RGB"


def test_a_jpeg_in_grey_is_grey(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8)
    Image.fromarray(noise).convert("RGB").save(tmp_path / "noise.jpg", quality=30)
    (tmp_path / "damaged.png").write_bytes(b"none")
    assert mode_of(sorted(tmp_path.iterdir())) == "L"


@pytest.mark.parametrize("name", IMAGES)
def test_image_recipes_take_other_sizes_and_classes(name: str, tmp_path: Path) -> None:
    data = str(pictures(tmp_path / "pets", colours=True))
    options = DataOptions(image_size=(16, 20))
    settings = resolve(kerastut.get_recipe(name), {}, data=data, data_options=options)
    model = prepare(settings).model
    assert (model.input_shape[1:], model.output_shape[1:]) == ((16, 20, 3), (3,))


@pytest.mark.parametrize("name", TEXTS)
def test_two_classes_of_texts_share_one_unit(name: str, tmp_path: Path) -> None:
    data = str(table(tmp_path / "reviews.csv", ("评论", "标签"), ("差评", "好评")))
    model = prepare(resolve(kerastut.get_recipe(name), {}, data=data)).model
    assert (model.output_shape[1:], model.loss) == ((1,), "binary_crossentropy")


@pytest.mark.parametrize("name", TEXTS)
def test_three_classes_of_texts_have_a_unit_each(name: str, tmp_path: Path) -> None:
    data = str(table(tmp_path / "reviews.csv", ("评论", "标签"), ("中评", "好评", "差评")))
    run = kerastut.run(name, data=data, output_dir=tmp_path / "run", **SHORT)
    assert run.model.loss == "sparse_categorical_crossentropy"
    assert run.data.classes == ("中评", "好评", "差评")
    assert (tmp_path / "run" / "confusion.png").is_file()
    reloaded = keras.models.load_model(tmp_path / "run" / "model.keras")
    assert reloaded.output_shape[1:] == (3,)


def test_columns_are_guessed_and_said_or_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "r.csv", ("body", "mood"), ("no", "yes"))
    with pytest.raises(DataError, match="cannot tell the column of text and label") as caught:
        kerastut.load(str(table(tmp_path / "x.csv", ("one", "two"), ("no", "yes"))))
    assert "\n" not in str(caught.value)
    kerastut.run("mlp-reviews", data=str(path), **(SHORT | {"verbose": 2}))
    assert "text from column 'body', label from column 'mood'" in capsys.readouterr().err
    kerastut.run("mlp-reviews", data=str(path), **SHORT)
    assert capsys.readouterr().err == ""
    named = DataOptions(text_column="mood", label_column="body")
    with pytest.raises(DataError, match="too few samples to train on"):
        kerastut.load(str(path), options=named)


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Runs the command line in this process; returns what it printed."""
    with pytest.raises(SystemExit, match="0"):
        main(words)
    return capsys.readouterr()


def test_the_command_line_reads_a_table_and_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "r.csv", ("one", "two"), ("no", "yes"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    words = [
        "run",
        "mlp-reviews",
        "--data",
        str(path),
        "--text-column",
        "one",
        "--label-column",
        "two",
        "--encoding",
        "gb18030",
    ]
    words += ["--output-dir", str(tmp_path / "run"), "--set", "max_tokens=100"]
    said = call(capsys, *words, "--epochs", "1").err
    assert f"data: {path}: text from column 'one', label from column 'two'; 48 to train" in said
    assert call(capsys, *words, "--epochs", "2", "--resume", "-q").err == ""
    run = reopen(tmp_path / "run")
    assert run.epochs == 2
    assert run.settings.data_options == DataOptions("one", "two", "gb18030")
    assert as_command(run.settings, tmp_path / "run") == (
        f"kerastut run mlp-reviews --data {path} --epochs 2 --text-column one --label-column two"
        f" --encoding gb18030 --set max_tokens=100 --output-dir {tmp_path / 'run'}"
    )


def test_other_options_are_another_run(tmp_path: Path) -> None:
    data = str(pictures(tmp_path / "pets", colours=False))
    kerastut.run("mlp-mnist", data=data, units=8, output_dir=tmp_path / "run", **SHORT)
    options = DataOptions(image_size=(9, 9))
    settings = SHORT | {"data": data, "data_options": options, "units": 8}
    said = "image_size was None, now [9, 9]; data: another content since"
    with pytest.raises(ResumeError, match=re.escape(said)):
        kerastut.run("mlp-mnist", output_dir=tmp_path / "run", resume=True, **settings)


def test_the_size_of_pictures_in_the_command() -> None:
    options = build_parser().parse_args(
        ["run", "cnn-mnist", "--data", "pets", "--image-size", "20x24", "--data-dir", "prepared"]
    )
    settings = resolve(kerastut.get_recipe("cnn-mnist"), {}, **read_settings(options))
    assert settings.data_options == DataOptions(image_size=(20, 24), data_dir="prepared")
    assert as_command(settings, Path("run")) == (
        "kerastut run cnn-mnist --data pets --image-size 20x24 --data-dir prepared --output-dir run"
    )


@pytest.mark.parametrize(
    "text", ["", "28", "28x", "0x5", "-1x5", "5x5x5", "axb", "９x９", "9999x9"]
)
def test_sizes_that_are_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        build_parser().parse_args(["run", "cnn-mnist", f"--image-size={text}"])
    assert f"each from 1 to 4096, received {text!r}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (
            "mnist",
            {"image_size": (9, 9)},
            "--image-size goes with a folder of pictures or tfds",
        ),
        ("mnist", {"data_dir": "x"}, "--data-dir goes with tfds:NAME; received the data 'mnist'."),
        (
            "idx",
            {"image_size": (9, 9)},
            "--image-size goes with a folder of pictures or tfds:",
        ),
        ("pets", {"encoding": "utf-8"}, "--encoding goes with a table such as a .csv file;"),
        ("r.csv", {"image_size": (9, 9)}, "--image-size goes with a folder of pictures"),
        ("r.csv", {"text_column": "x"}, "expected a column 'x' in line 1"),
        (
            "tfds:mnist",
            {"text_column": "x"},
            "--text-column goes with a table such as a .csv",
        ),
        ("none.csv", {"text_column": "x"}, "received nothing there."),
    ],
)
def test_options_without_effect_are_refused(
    data: str,
    options: dict[str, Any],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    pictures(Path("pets"), colours=False)
    table(Path("r.csv"), ("text", "label"), ("no", "yes"))
    idx(Path("idx"))
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        kerastut.load(data, options=DataOptions(**options))
    assert "\n" not in str(caught.value)


def test_options_go_by_what_the_data_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is one whatever its name; a bundled name means the bundled data."""
    monkeypatch.chdir(tmp_path)
    pictures(Path("shots.csv"), colours=True)
    pictures(Path("mnist"), colours=True)
    options = DataOptions(image_size=(9, 9))
    assert kerastut.load("shots.csv", options=options).train.x.shape[1:] == (9, 9, 3)
    assert kerastut.load("./mnist", options=options).train.x.shape[1:] == (9, 9, 3)
    with pytest.raises(DataError, match="--image-size goes with a folder of pictures or tfds:"):
        kerastut.load("mnist", options=options)


def test_names_beside_idx_files(tmp_path: Path) -> None:
    folder = idx(tmp_path / "idx")
    assert kerastut.load(str(folder)).classes == ("0", "1", "2")
    (folder / "classes.txt").write_text("T-shirt\n裤子\nBag\n", encoding="utf-8")
    data = kerastut.load(str(folder))
    assert data.classes == ("T-shirt", "裤子", "Bag")
    run = kerastut.run("mlp-mnist", data=str(folder), units=8, **SHORT)
    assert run.model.input_shape[1:] == (8, 9, 1)
    assert run.predict().shape == (12, 3)


def test_names_are_not_read_through_a_link(tmp_path: Path) -> None:
    folder = idx(tmp_path / "idx")
    (tmp_path / "secret").write_bytes(b"one\ntwo\nthree\n")
    (folder / "classes.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(DataError, match=r"classes\.txt: expected no symbolic link"):
        kerastut.load(str(folder))


@pytest.mark.parametrize("size", [10_001, 2**20])
def test_more_names_than_there_may_be_classes(size: int, tmp_path: Path) -> None:
    folder = idx(tmp_path / "idx")
    (folder / "classes.txt").write_text("\n".join(map(str, range(size))))
    with pytest.raises(DataError, match=r"classes\.txt: expected 3 different class names"):
        kerastut.load(str(folder))


@pytest.mark.parametrize("content", [b"one\ntwo\n", b"one\ntwo\ntwo\n", b"one\n \nthree\n", b""])
def test_names_that_do_not_fit_the_idx_files(content: bytes, tmp_path: Path) -> None:
    folder = idx(tmp_path / "idx")
    (folder / "classes.txt").write_bytes(content)
    with pytest.raises(DataError, match=r"classes\.txt: expected 3 different class names"):
        kerastut.load(str(folder))


def test_names_that_are_no_text(tmp_path: Path) -> None:
    folder = idx(tmp_path / "idx")
    (folder / "classes.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(DataError, match="Expected the classes' names in UTF-8, one a line"):
        kerastut.load(str(folder))


def test_pictures_too_small_for_the_net_are_one_line(tmp_path: Path) -> None:
    data = str(pictures(tmp_path / "pets", colours=False))
    options = DataOptions(image_size=(4, 4))
    with pytest.raises(ParameterError, match="cnn-mnist cannot be built: ") as caught:
        kerastut.run("cnn-mnist", data=data, data_options=options, **SHORT)
    assert "\n" not in str(caught.value)


def test_numbers_in_place_of_classes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (40, 28, 28, 1), np.uint8), rng.normal(size=40).astype(np.float32)
    np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    with pytest.raises(kerastut.KerastutError) as caught:
        kerastut.run("mlp-mnist", data=str(tmp_path / "a.npz"), **SHORT)
    assert "\n" not in str(caught.value)


def test_a_dry_run_says_what_it_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(idx(tmp_path / "idx"))
    printed = call(capsys, "run", "mlp-mnist", "--data", folder, "--dry-run", "--json")
    assert "idx files; 36 to train, 4 to validate, 12 to test; 3 classes: 0, 1, 2" in printed.err
    assert json.loads(printed.out)["samples"] == 36


def test_a_font_is_looked_for_only_where_it_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert family(("cat", "Größe")) == [PLAIN]
    assert family(("猫",)) == [PLAIN, "Kerastut Sans SC"]
    assert capsys.readouterr().err == ""
    family(("𓀀", "一"))
    assert "No font here has" in capsys.readouterr().err


@pytest.mark.skipif(not FASHION.is_dir(), reason="needs Debian's dataset-fashion-mnist")
def test_fashion_mnist_is_read_and_fits() -> None:
    data = kerastut.load(str(FASHION))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [54000, 6000, 10000]
    assert np.bincount(data.test.y).tolist() == [1000] * 10
    run = kerastut.run("cnn-mnist", data=str(FASHION), limit=2000, **SHORT)
    assert run.metrics["accuracy"] > 0.6


@pytest.mark.slow
@pytest.mark.skipif(not FASHION.is_dir(), reason="needs Debian's dataset-fashion-mnist")
def test_fashion_mnist_in_full() -> None:
    """The authors' table has 0.876 to 0.925 for two convolutions without augmentation."""
    run = kerastut.run("cnn-mnist", data=str(FASHION), epochs=10, verbose=0)
    assert 0.91 <= run.metrics["accuracy"] <= 0.93
