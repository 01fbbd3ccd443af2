"""Any `.keras` file stands where a finished run may: for `predict`, `export` and `demo`."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from kerastut.cli import main
from kerastut.demo import open_net
from kerastut.errors import DataError
from kerastut.runs import subject

PIXELS = np.arange(36, dtype="uint8").reshape(6, 6) * 7


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> keras.Model:
    """Three classes of pictures of six pixels a side; in the working directory."""
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    found = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(2, 3, name="conv"),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )
    found.save("old.keras")
    Image.fromarray(PIXELS).save("one.png")
    Path("names.txt").write_text("cat\ndog\n\ncow\n")
    return found


def status(*words: object) -> Any:
    with pytest.raises(SystemExit) as stopped:
        main([*map(str, words)])
    return stopped.value.code


@pytest.mark.parametrize("unit", [False, True])
def test_predict(unit: bool, model: keras.Model, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--classes", "names.txt", "--json", *(["--unit-pixels"] if unit else [])]
    assert status("predict", "old.keras", "one.png", *words) == 0
    (told,) = json.loads(capsys.readouterr().out)
    x = PIXELS.astype("float32")[None, ..., None] / (255 if unit else 1)
    expected = np.asarray(model(x))[0]
    assert list(told["probabilities"]) == ["cat", "dog", "cow"]
    np.testing.assert_allclose(list(told["probabilities"].values()), expected, atol=1e-6)


def test_classes_are_numbers_where_nobody_names_them(
    model: keras.Model, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("predict", "old.keras", "one.png", "--json") == 0
    assert set(json.loads(capsys.readouterr().out)[0]["probabilities"]) == {"0", "1", "2"}


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ("a\nb", "old.keras: expected 3 class names, one for each output, received 2."),
        ("a\nb\na", "names.txt: names the class 'a' twice."),
    ],
)
def test_names_that_do_not_fit(
    names: str, text: str, model: keras.Model, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("names.txt").write_text(names)
    assert status("predict", "old.keras", "one.png", "--classes", "names.txt") == 2
    assert capsys.readouterr().err.startswith(f"kerastut: error: {text}")


def test_a_run_knows_its_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("predict", tmp_path, "one.png", "--classes", "names.txt") == 2
    assert "a run knows the names of its classes" in capsys.readouterr().err


def test_export(model: keras.Model, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--format", "keras", "--classes", "names.txt")
    assert status("export", "old.keras", *words) == 0
    assert "random inputs" in capsys.readouterr().out
    assert "dog" in Path("old-keras", "README.md").read_text()


def test_demo(model: keras.Model) -> None:
    net = open_net(subject(Path("old.keras"), Path("names.txt")), 1 / 255)
    prediction, maps = net.look(PIXELS.astype("float32")[..., None])
    x = PIXELS.astype("float32")[None, ..., None] / 255
    expected = np.asarray(model(x))[0]
    np.testing.assert_allclose(list(prediction.probabilities.values()), expected, atol=1e-6)
    assert maps["conv"].shape == (4, 4, 2)
    Path("names.txt").write_text("a\nb")
    with pytest.raises(DataError, match="expected 3 class names"):
        open_net(subject(Path("old.keras"), Path("names.txt")))
