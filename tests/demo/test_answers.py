"""What the page shows is what the model says."""

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import kerastut
from kerastut import Run
from kerastut.cli import main
from kerastut.demo import answers
from kerastut.demo.answers import COLUMNS, GAP, MOST, mosaic
from kerastut.demo.net import LONGEST, Net, open_net, reference
from kerastut.errors import DataError
from kerastut.predict.probabilities import Prediction
from kerastut.runs.subjects import Subject
from kerastut.train.encoding import to_model_input

from .tools import opened, pixels_of, png


@pytest.mark.parametrize("inverted", [False, True])
def test_pictures_give_what_predict_gives(
    inverted: bool,
    digits: Run,
    digit_net: Net,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = np.pad(digits.data.test.x[0, :, :, 0].repeat(9, axis=0).repeat(9, axis=1), (40, 70))
    path = tmp_path / "digit.png"
    Image.fromarray(255 - page if inverted else page).save(path)
    with pytest.raises(SystemExit):
        main(["predict", str(digits.dir), str(path), "--json"])
    (expected,) = json.loads(capsys.readouterr().out)
    found = answers.of_picture(path.read_bytes(), digit_net)
    assert found["label"] == expected["label"] == "7"
    assert dict(found["rows"]) == pytest.approx(expected["probabilities"], abs=1e-6)
    assert found["inverted"] == inverted
    assert pixels_of(found["seen"]).shape == (28, 28)


def test_feature_maps_are_the_layers_outputs(digits: Run, digit_net: Net) -> None:
    pixels = digits.data.test.x[3]
    _, maps = digit_net.look(pixels)
    x, expected = pixels[None].astype(np.float32), {}
    for layer in digit_net.model.layers:
        x = layer(x, training=False) if isinstance(layer, keras.layers.Dropout) else layer(x)
        if isinstance(layer, keras.layers.Conv2D):
            expected[layer.name] = np.asarray(x)[0]
    assert list(maps) == list(expected)
    assert [found.shape for found in maps.values()] == [(26, 26, 32), (11, 11, 64)]
    for name, found in maps.items():
        assert np.allclose(found, expected[name], atol=1e-5)
    answer = answers.of_picture(png(pixels[..., 0]), digit_net)
    _, maps = digit_net.look(pixels_of(answer["seen"])[..., None])
    for shown, (name, found) in zip(answer["layers"], maps.items(), strict=True):
        assert (shown["name"], shown["shape"]) == (name, found.shape)
        assert (pixels_of(shown["image"]) == mosaic(found)).all()


def test_a_net_without_convolution_has_no_maps(tmp_path: Path) -> None:
    run = kerastut.run("mlp-mnist", epochs=1, limit=300, output_dir=tmp_path / "run", verbose=0)
    net = opened(run)
    prediction, maps = net.look(run.data.test.x[0])
    expected = run.model.predict(run.data.test.x[:1], verbose=0)[0]
    assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-6)
    assert maps == {}
    assert answers.of_picture(png(run.data.test.x[0, :, :, 0]), net)["layers"] == []


def test_mosaic() -> None:
    maps = np.random.default_rng(0).random((5, 3, 11), np.float32)
    maps[..., 9] = 0
    found = mosaic(maps)
    assert found.shape == (2 * (5 + GAP) - GAP, COLUMNS * (3 + GAP) - GAP, 4)
    brightness = found[..., :3].sum(axis=2, dtype=int)
    for number in range(11):
        row, column = divmod(number, COLUMNS)
        pane = brightness[row * 6 : row * 6 + 5, column * 4 : column * 4 + 3]
        order = np.argsort(maps[..., number].ravel(), kind="stable")
        assert (np.diff(pane.ravel()[order]) >= 0).all()
    assert (found[5::6, :, 3] == 0).all()
    assert mosaic(np.zeros((2, 2, 3))).shape == (2, 3 * 3 - GAP, 4)
    assert mosaic(np.zeros((1, 1, 200))).shape[0] == MOST // COLUMNS * 2 - GAP


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG", b"data:image/png;base64,AAAA", b'{"path": "/etc/hostname"}']
)
def test_what_is_no_picture(content: bytes, digit_net: Net) -> None:
    with pytest.raises(DataError):
        answers.of_picture(content, digit_net)


def test_contributions_against_leaving_out_one_by_one(reviews: Run, review_net: Net) -> None:
    text = "房间很干净，<b>可惜</b> {{吵}}\n"

    def positive(text: str) -> float:
        array = to_model_input(np.array([text], dtype=object))
        return float(reviews.model.predict(array, verbose=0)[0, 0])

    prediction, shares, name = review_net.weigh(text)
    assert name == "positive"
    assert prediction.probabilities["positive"] == pytest.approx(positive(text), abs=1e-6)
    expected = [positive(text) - positive(text[:i] + text[i + 1 :]) for i in range(len(text))]
    assert shares == pytest.approx(expected, abs=1e-5)
    assert max(map(abs, shares)) > 0.01
    found = answers.of_text(text.encode(), review_net)
    assert (found["text"], found["shares"], found["reference"]) == (text, shares, name)


@pytest.mark.parametrize("text", ["好", "\ud83d", "a" * 3000, "x.txt", "-", "\0"])
def test_any_text_can_be_typed(text: str, review_net: Net) -> None:
    found = answers.of_text(text.encode("utf-8", "surrogatepass"), review_net)
    assert found["label"] in ("negative", "positive")
    assert len(found["shares"]) == len(found["text"]) <= LONGEST
    assert json.loads(json.dumps(found))["shares"] == found["shares"]


def test_class_of_the_contributions() -> None:
    three = Prediction((0.2, 0.7, 0.1), {"a": 0.2, "b": 0.7, "c": 0.1})
    assert reference(three, "abc") == "b"
    two = Prediction((0.2,), {"negative": 0.8, "positive": 0.2})
    assert reference(two, ("negative", "positive")) == "positive"


def test_of_many_classes_the_most_probable_are_shown(digits: Run, digit_net: Net) -> None:
    outputs = keras.layers.Dense(100, activation="softmax")(digit_net.model.outputs[0])
    model = keras.Model(digit_net.model.inputs, outputs)
    net = replace(digit_net, model=model, classes=tuple(map(str, range(100))))
    found = answers.of_picture(png(digits.data.test.x[0, :, :, 0]), net)
    prediction, _ = net.look(pixels_of(found["seen"])[..., None])
    shares = list(prediction.probabilities.values())
    assert [name for name, _ in found["rows"]] == [str(n) for n in np.argsort(shares)[:-11:-1]]
    assert found["label"] == found["rows"][0][0]
    assert len(answers.describe(net, "en")["classes"]) == 10


def test_outputs_that_are_no_probabilities(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
    model.add(keras.layers.Dense(2, bias_initializer="ones"))
    model.save(tmp_path / "model.keras")
    with pytest.raises(DataError, match=r"received a model whose outputs are no probabilities\.$"):
        open_net(Subject("own", tmp_path / "model.keras", ("a", "b"), "own"))
