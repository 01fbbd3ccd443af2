"""Predictions for a reader's own pictures, texts and numbers."""

import io
import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import kerastut
from kerastut import Run
from kerastut.arrays import Array
from kerastut.cli import main
from kerastut.data.background import background_of, is_light
from kerastut.data.own import images
from kerastut.digits import Digit, FoundDigits
from kerastut.digits.placing import placed
from kerastut.errors import DataError
from kerastut.export import FORMATS
from kerastut.predict.answering import notes_of, readings
from kerastut.predict.inputs import Inputs, read_inputs, trained_on
from kerastut.predict.pictures import Fitted, Trained
from kerastut.predict.probabilities import Prediction, class_probabilities, predict
from kerastut.runs import subject
from tests.warm import warm

RECIPES = ("mlp-mnist", "mlp-reviews", "linear-regression", "logistic-regression")
MNIST = Trained("mnist", "dark")
PAGE = Path(__file__).parents[2] / "docs" / "deploying.md"


def pixels_of(found: Inputs) -> Array:
    """Returns the samples of a model of pictures."""
    samples = found.array()
    assert isinstance(samples, np.ndarray)
    return samples


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("runs")
    return {
        name: kerastut.run(name, epochs=1, limit=300, output_dir=folder / name, verbose=0)
        for name in RECIPES
    }


@pytest.fixture
def digits(runs: dict[str, Run]) -> Array:
    images: Array = runs["mlp-mnist"].data.test.x[:, :, :, 0]
    return images


def save(pixels: Array, path: Path) -> str:
    Image.fromarray(pixels).save(path)
    return str(path)


def status(*arguments: object) -> Any:
    with pytest.raises(SystemExit) as stopped:
        main(["predict", *map(str, arguments)])
    return stopped.value.code


def drawn(digit: Array, size: tuple[int, int], side: int, place: tuple[int, int]) -> Array:
    """Returns a digit in dark ink somewhere on a light page."""
    page = np.full(size, 200, np.uint8)
    ink = np.asarray(Image.fromarray(digit).resize((side, side)), np.float32) / 255
    top, left = place
    page[top : top + side, left : left + side] = np.round(200 - 150 * ink)
    return page


def test_pictures_give_what_the_arrays_give(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runs["mlp-mnist"]
    files = [save(digits[i], tmp_path / f"{i}.png") for i in range(3)]
    assert status(run.dir, *files, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    as_mnist = np.stack([placed(digit / np.float32(255)) for digit in digits[:3]])[..., None]
    expected = run.model.predict(as_mnist, verbose=0)
    assert [entry["input"] for entry in found] == files
    for entry, probabilities in zip(found, expected, strict=True):
        assert list(entry)[:4] == ["input", "label", "probability", "probabilities"]
        assert entry["box"] == [0, 0, 28, 28]
        assert list(entry["probabilities"]) == list("0123456789")
        assert np.allclose(list(entry["probabilities"].values()), probabilities, atol=1e-6)
        assert entry["label"] == str(probabilities.argmax())
        assert entry["probability"] == max(entry["probabilities"].values())


def test_table_of_the_most_probable(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = save(digits[0], tmp_path / "digit.png")
    assert status(runs["mlp-mnist"].dir, file, "--top", 3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["input", "label", "probability"]
    shares = [float(line.split()[-1]) for line in lines[1:]]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)


def test_light_background_is_inverted_and_said(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = save(255 - digits[0], tmp_path / "light.png")
    assert status(runs["mlp-mnist"].dir, file) == 0
    error = capsys.readouterr().err
    assert error.startswith(f"kerastut: {file}: light background, so it was inverted.\n")
    dark = save(digits[0], tmp_path / "dark.png")
    found = read_inputs([file, dark], runs["mlp-mnist"].model, MNIST)
    assert found.notes == [f"{file}: light background, so it was inverted."]
    assert len(found.samples) == len(found.pictures) == 2
    assert (pixels_of(found)[0] == pixels_of(found)[1]).all()


def test_pictures_without_a_common_background_are_left(
    runs: dict[str, Run], digits: Array, tmp_path: Path
) -> None:
    file = save(255 - digits[0], tmp_path / "light.png")
    found = read_inputs([file], runs["mlp-mnist"].model, Trained("own", None))
    assert found.notes == []
    assert (pixels_of(found)[0, :, :, 0] == 255 - digits[0]).all()


@pytest.mark.parametrize(("fit", "channels"), [("squash", 1), ("crop", 3), ("pad", 1)])
def test_pictures_are_fitted_as_they_were_for_the_training(
    tmp_path: Path, fit: Any, channels: int
) -> None:
    """Also of sixteen bits, of which one picture would alone be taken for one of eight."""
    rng, files = np.random.default_rng(0), []
    for number in range(12):
        folder = tmp_path / "pets" / ("cat", "dog")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 200 if number == 0 else 4096, (30, 70), np.uint16)
        if channels == 3:
            pixels = rng.integers(0, 256, (150, 1200, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
        files.append(str(folder / f"{number:02}.png"))
    options = kerastut.DataOptions(fit=fit, image_size=(9, 12))
    settings: dict[str, Any] = {
        "data": str(tmp_path / "pets"),
        "data_options": options,
        "units": 4,
        "epochs": 1,
    }
    run = kerastut.run("mlp-mnist", **settings, output_dir=tmp_path / "run", verbose=0)
    known = subject(tmp_path / "run")
    trained = Trained(known.data, known.background, known.fit, known.bits)
    found = read_inputs(sorted(files), run.model, trained)
    assert trained_on(run.data, fit) == trained
    whole = images.read(tmp_path / "pets", (9, 12), fit).parts["whole"]
    np.testing.assert_array_equal(found.array(), whole.x)


def test_backgrounds(digits: Array) -> None:
    images = digits[..., None]
    assert background_of(images) == "dark"
    assert background_of(255 - images) == "light"
    assert background_of(np.concatenate([images, 255 - images])) is None
    assert background_of(images.astype(np.float32)) is None
    assert not any(map(is_light, digits))


def test_a_drawn_digit_is_put_where_mnist_has_it(
    runs: dict[str, Run], digits: Array, tmp_path: Path
) -> None:
    alike = []
    for digit in digits[:40]:
        file = save(drawn(digit, (300, 400), 150, (20, 230)), tmp_path / "page.png")
        found = pixels_of(read_inputs([file], runs["mlp-mnist"].model, MNIST))[0, :, :, 0]
        alike.append(np.corrcoef(found.ravel(), digit.ravel())[0, 1])
    assert np.median(alike) > 0.9


def test_several_digits_and_none(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = runs["mlp-mnist"].dir
    page = np.hstack([drawn(digits[n], (600, 400), 150, (200, 120)) for n in range(2)])
    two = save(np.pad(page, ((0, 0), (0, 600)), constant_values=200), tmp_path / "two.png")
    blank = save(np.full((300, 400), 200, np.uint8), tmp_path / "blank.png")
    assert status(folder, blank, two, "--json") == 1
    output, error = capsys.readouterr()
    several, none = json.loads(output)
    assert f"error: {blank}: no digit found: the page is blank." in error
    assert none == {
        "input": blank,
        "label": None,
        "reason": "no digit found: the page is blank",
    }
    first, second = several["digits"]
    assert several["label"] == first["label"] + second["label"]
    assert several["probability"] == min(first["probability"], second["probability"])
    # In pixels of the picture's own, which is larger than what is looked at.
    assert 120 < first["box"][0] < first["box"][2] < 270
    assert 520 < second["box"][0] < second["box"][2] < 670
    assert 200 < first["box"][1] < first["box"][3] < 350
    assert status(folder, two) == 0
    line = capsys.readouterr().out.splitlines()[1].split()
    assert line[1] == several["label"]
    assert line[2:] == [f"{digit['probability']:.4f}" for digit in several["digits"]]
    assert status(folder, blank) == 1
    assert capsys.readouterr().out == ""


def test_explaining(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, figure = runs["mlp-mnist"].dir, tmp_path / "out.png"
    one = save(drawn(digits[0], (300, 400), 150, (20, 230)), tmp_path / "one.png")
    blank = save(np.full((300, 400), 200, np.uint8), tmp_path / "blank.png")
    assert status(folder, one, "--explain", figure) == 0
    first = figure.read_bytes()
    with Image.open(figure) as drawn_figure:
        assert drawn_figure.size > (800, 300)
    assert status(folder, one, "--explain", figure) == 0
    assert figure.read_bytes() == first
    assert status(folder, blank, "--explain", figure) == 1
    assert figure.read_bytes() != first
    capsys.readouterr()
    assert status(folder, one, one, "--explain", figure) == 2
    assert "expected a name that ends in .png and one picture" in capsys.readouterr().err
    assert status(folder, one, "--explain", tmp_path / "none" / "out.png") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blank.png", "one.png", "out.png"]


def test_a_digit_that_is_unsure_is_turned_and_doubt_is_said() -> None:
    ink = np.zeros((100, 70), np.float32)
    ink[:, 30:40] = 1
    seen: list[int] = []

    def ask(samples: Array) -> list[Prediction]:
        seen.append(len(samples))
        return [Prediction((), {"1": 0.5 + 0.1 * n, "7": 0.2}) for n in range(len(samples))]

    digit = Digit((10, 20, 110, 90), ink, -3.0)
    picture = Fitted([digit.pixels[..., None]], found=FoundDigits([digit]), scale=2.0)
    (reading,) = readings(picture, [Prediction((), {"1": 0.4, "7": 0.2})], ask)
    assert seen == [4]
    assert (reading.turned, reading.prediction.probability) == (16, 0.8)
    assert reading.box == (40, 20, 180, 220)
    assert notes_of([reading]) == [
        "turned by 16 degrees",
        "doubtful: 1, which looks little like a digit",
    ]
    (sure,) = readings(picture, [Prediction((), {"1": 0.96, "7": 0.02})], ask)
    assert (sure.turned, len(seen)) == (0, 1)


@pytest.mark.parametrize("grey", [255, 20])
def test_ink_on_transparent_ground(
    grey: int, runs: dict[str, Run], digits: Array, tmp_path: Path
) -> None:
    cover = np.asarray(Image.fromarray(digits[0]).resize((200, 200)))
    layers = np.dstack([np.full((200, 200, 3), grey, np.uint8), cover])
    file = save(layers, tmp_path / "drawn.png")
    found = read_inputs([file], runs["mlp-mnist"].model, MNIST)
    assert np.corrcoef(found.samples[0].ravel(), digits[0].ravel())[0, 1] > 0.8


def test_sixteen_bits_that_hold_eight(runs: dict[str, Run], digits: Array, tmp_path: Path) -> None:
    page = drawn(digits[0], (300, 400), 150, (20, 230))
    files = [
        save(page, tmp_path / "8.png"),
        save(page.astype(np.uint16), tmp_path / "low.png"),
        save(page.astype(np.uint16) << 8, tmp_path / "high.png"),
    ]
    eight, low, high = read_inputs(files, runs["mlp-mnist"].model, MNIST).samples
    assert (eight == low).all()
    assert (eight == high).all()


def test_photographs_are_turned_upright(runs: dict[str, Run], tmp_path: Path) -> None:
    stripe = np.zeros((60, 120), np.uint8)
    stripe[:, :30] = 255  # at the left; upright, after a quarter turn, at the top
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(stripe).save(tmp_path / "turned.png", exif=exif)
    found = read_inputs(
        [str(tmp_path / "turned.png")], runs["mlp-mnist"].model, Trained("own", None)
    )
    pixels = pixels_of(found)[0, :, :, 0]
    assert pixels[:6].min() == 255
    assert pixels[8:].max() == 0


def test_colour(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((8, 6, 3)), keras.layers.Flatten()])
    Image.new("RGB", (90, 30), (200, 100, 50)).save(tmp_path / "red.bmp")
    found = read_inputs([str(tmp_path / "red.bmp")], model, Trained("own", None))
    assert pixels_of(found).shape == (1, 8, 6, 3)
    assert (pixels_of(found) == [200, 100, 50]).all()


def test_a_bad_picture_is_named_and_the_rest_goes_on(
    runs: dict[str, Run], digits: Array, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = runs["mlp-mnist"].dir
    good, bad = save(digits[0], tmp_path / "good.png"), tmp_path / "bad.png"
    bad.write_bytes(Path(good).read_bytes()[:60])
    (tmp_path / "page.txt").write_text("no picture")
    (tmp_path / "empty.png").touch()
    others = [tmp_path / name for name in ("page.txt", "empty.png", "missing.png")]
    assert status(folder, bad, good, *others, tmp_path) == 1
    output, error = capsys.readouterr()
    assert len(output.splitlines()) == 2
    lines = [line for line in error.splitlines() if "error: " in line]
    assert len(lines) == 5
    for line, path in zip(lines, [bad, *others, tmp_path], strict=True):
        assert line.startswith(f"kerastut: error: {path}: ")
    assert status(folder, bad) == 2
    assert capsys.readouterr().out == ""


def test_texts(
    runs: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    folder, model = runs["mlp-reviews"].dir, runs["mlp-reviews"].model
    (tmp_path / "lines.txt").write_bytes("\ufeff很好\r\n\r\n不好，很差\n".encode())
    stdin = SimpleNamespace(buffer=io.BytesIO("东西不错\n".encode()))
    monkeypatch.setattr("kerastut.predict.inputs.sys.stdin", stdin)
    assert status(folder, "物流很快", tmp_path / "lines.txt", "-", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    texts = ["物流很快", "很好", "不好，很差", "东西不错"]
    assert [entry["input"] for entry in found] == texts
    expected = model.predict(keras.ops.convert_to_tensor(texts), verbose=0)[:, 0]
    for entry, positive in zip(found, expected, strict=True):
        assert list(entry["probabilities"]) == ["negative", "positive"]
        assert entry["probabilities"]["positive"] == pytest.approx(positive, abs=1e-6)
        assert sum(entry["probabilities"].values()) == pytest.approx(1)


def test_bad_texts(
    runs: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin, blank = tmp_path / "latin.txt", tmp_path / "blank.txt"
    latin.write_bytes("gut für uns".encode("latin-1"))
    blank.write_text("\n \n")
    words = [latin, blank, tmp_path / "missing.txt", "", "\udce4"]
    assert status(runs["mlp-reviews"].dir, "很好", *words) == 1
    output, error = capsys.readouterr()
    assert len(output.splitlines()) == 2
    lines = error.splitlines()
    assert len(lines) == len(words)
    assert "Save the text as UTF-8" in lines[0]
    assert lines[1].endswith("expected a text, received nothing.")


def test_numbers(runs: dict[str, Run], capsys: pytest.CaptureFixture[str]) -> None:
    run = runs["linear-regression"]
    assert status(run.dir, "0.5", "x", "1,2", "nan", "--json") == 1
    output, error = capsys.readouterr()
    expected = run.model.predict(np.array([[0.5]]), verbose=0)
    assert json.loads(output) == [
        {"input": "0.5", "values": [pytest.approx(float(expected[0, 0]), abs=1e-6)]}
    ]
    assert error.splitlines() == [
        f"kerastut: error: {word}: expected 1 number with commas between them."
        for word in ("x", "1,2", "nan")
    ]
    assert status(runs["logistic-regression"].dir, "--", "-1,0.5") == 0
    assert capsys.readouterr().out.startswith("input   label")


def test_a_digit_is_put_where_mnist_has_it_for_a_model_of_that_size_alone(tmp_path: Path) -> None:
    path = save(np.full((40, 40), 255, np.uint8), tmp_path / "x.png")
    small = keras.Sequential([keras.Input((9, 11, 1)), keras.layers.Flatten()])
    assert pixels_of(read_inputs([path], small, MNIST)).shape == (1, 9, 11, 1)


def test_models_that_predict_cannot_ask() -> None:
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    pair = keras.Model({"left": left, "right": right}, keras.layers.Add()([left, right]))
    with pytest.raises(DataError, match=r"one of 2 \(left, right\)"):
        read_inputs(["1,2"], pair, MNIST)
    series = keras.Sequential([keras.Input((None, 4)), keras.layers.LSTM(2)])
    with pytest.raises(DataError, match=r"received one of \(None, 4\)"):
        read_inputs(["1,2"], series, MNIST)
    two = keras.Model(left, {"double": left * 2, "half": left / 2})
    with pytest.raises(DataError, match=r"received 2 outputs \(double, half\)"):
        predict(two, (), np.ones((1, 2)))


def test_outputs_that_are_no_probabilities() -> None:
    assert class_probabilities(np.array([[0.2, 0.9]]), 2) is None
    assert class_probabilities(np.array([[-3.0]]), 2) is None
    assert class_probabilities(np.array([[0.5]]), 0) is None
    found = class_probabilities(np.array([[0.25]]), 2)
    assert found is not None
    assert found.tolist() == [[0.75, 0.25]]


def test_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path, "x.png") == 2
    assert "expected the folder of a finished run" in capsys.readouterr().err
    (tmp_path / "run.json").write_text("{}")
    assert status(tmp_path, "x.png") == 2
    reason = "Object missing required field `recipe`. Expected the record of a finished run of this"
    assert (
        f"{tmp_path / 'run.json'}: {reason} version: train it again.\n" in capsys.readouterr().err
    )


def test_what_a_run_was_trained_on(runs: dict[str, Run]) -> None:
    for name, background in (("mlp-mnist", "dark"), ("mlp-reviews", None)):
        folder, data = runs[name].dir, runs[name].data
        assert folder is not None
        record = json.loads((folder / "run.json").read_text())
        assert record["classes"] == list(data.classes)
        assert record["background"] == trained_on(data).background == background


def test_nothing_but_results_is_printed(runs: dict[str, Run]) -> None:
    command = [*warm(), "-m", "kerastut", "predict", str(runs["mlp-reviews"].dir), "-"]
    finished = subprocess.run(
        command, input="很好\n不好\n".encode(), capture_output=True, check=True
    )
    assert finished.stderr == b""
    assert len(finished.stdout.splitlines()) == 3


def test_the_script_of_the_documentation(tmp_path: Path) -> None:
    for format in FORMATS.values():
        for package in format.packages:
            pytest.importorskip(package)
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "deploy.py").write_text(script, encoding="utf-8")
    finished = subprocess.run(
        [*warm(), "deploy.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    (predicted,) = re.findall(r"predicted (\d, probability 0\.\d{2})", finished.stdout)
    for runtime in ("Keras", "SavedModel", "ONNX Runtime", "LiteRT"):
        assert f"{runtime}: {predicted}" in finished.stdout
    assert predicted.startswith("7")
    assert "digit.png: light background, so it was inverted." in finished.stdout
