"""Memory is bounded by what a file may ask for; `KERASTUT_MAX_MIB` sets another bound."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

import kerastut
from kerastut.cli import main
from kerastut.data.own.images import picture
from kerastut.errors import DataError, ResumeError
from kerastut.memory import VARIABLE, check_memory
from kerastut.predict import Prediction, predict
from kerastut.predict.inputs import read_inputs
from kerastut.predict.pictures import Trained
from kerastut.runs import load_model
from kerastut.runs.resume.checkpoint import newest
from kerastut.runs.weights import MOST_OBJECTS, check_weights

from . import crafted
from .corpus import read, refused, trials
from .crafted import Node, line, line_weights, node, sequential, source, write
from .tiny import sign

WORDS = Trained("reviews", None)


def loaded(path: Path, model: Any, weights: bytes | None = None) -> str:
    """Returns why such a model is refused."""
    write(path, model, weights)
    with trials("model") as attempt:
        text = attempt(path, lambda: load_model(path))
    assert text, "was accepted"
    return text


def test_a_model_put_together_by_hand_is_good(tmp_path: Path) -> None:
    write(tmp_path / "a.keras", line(), line_weights())
    model = load_model(tmp_path / "a.keras")
    assert predict(model, (), np.array([[3.0]], np.float32)) == [Prediction((3.0,), {})]


def test_two_layers_of_400_000_units(tmp_path: Path) -> None:
    wide = [node("Dense", name=name, units=400_000) for name in ("one", "two")]
    text = loaded(tmp_path / "a.keras", sequential(source(), *wide))
    assert "a.keras: the weights, the largest in layer 'two', would take about 3,05" in text


def test_the_limit_can_be_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.keras"
    keras.Sequential([keras.Input((64,)), layers.Dense(2**14, name="wide")]).save(path)
    monkeypatch.setenv(VARIABLE, "31")
    with pytest.raises(
        DataError, match=r"layer 'wide', would take about 33 MiB; KERASTUT_MAX_MIB=31"
    ):
        load_model(path)
    monkeypatch.setenv(VARIABLE, "33")
    assert load_model(path).count_params() == 65 * 2**14


def in_pipeline(inner: Node) -> Node:
    return node("Pipeline", name="layer", layers=[inner])


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (node("ReLU", name="n" * 1001), "has a name of over 1,000 characters."),
        (node("Unstack", "keras.src.ops.core", name="layer"), "'layer': states no num; give the"),
        (
            node("Split", "keras.src.ops.numpy", name="layer", indices_or_sections=10**9),
            "'layer': states indices_or_sections=1000000000; expected at most 4,096.",
        ),
        (
            node(
                "TextVectorization", name="layer", ngrams={"class_name": "__tuple__", "items": [99]}
            ),
            "'layer': states ngrams=99; expected at most 16.",
        ),
        (
            node(
                "Normalization", name="layer", mean=node("__numpy__", "", value=[1], dtype="U9999")
            ),
            "'layer': expected an array of numbers of 1 to 16 bytes.",
        ),
        (
            in_pipeline(node("TimeDistributed", name="a", layer=node("ReLU", name="b"))),
            "holds a TimeDistributed, whose steps nobody counts there. Put it beside the Pipeline.",
        ),
        (in_pipeline(node("LSTM", name="a", units=1, unroll=True)), "holds a LSTM, whose steps"),
    ],
)
def test_what_keras_counts_up(tmp_path: Path, layer: Node, message: str) -> None:
    assert message in loaded(tmp_path / "a.keras", sequential(source(), layer))


@pytest.mark.parametrize("key", ["num_thresholds", "num_classes"])
def test_metrics_of_any_size(tmp_path: Path, key: str) -> None:
    metric = node("AUC", "keras.metrics", name="metric", **{key: 10**9})
    model = line() | {"compile_config": {"optimizer": "sgd", "loss": "mse", "metrics": [metric]}}
    assert f"'metric': states {key}=1000000000" in loaded(tmp_path / "a.keras", model)


def test_20_000_layers(tmp_path: Path) -> None:
    many = [node("ReLU", name=f"layer_{i}") for i in range(20_000)]
    text = loaded(tmp_path / "a.keras", sequential(source(), *many))
    assert "its config.json describes over 4,096 objects; KERASTUT_MAX_MIB=512 allows" in text


def test_a_configuration_of_120_megabytes(tmp_path: Path) -> None:
    text = loaded(tmp_path / "a.keras", b"[" * 120_000_000)
    assert "its config.json would take about 3,663 MiB" in text
    assert (tmp_path / "a.keras").stat().st_size < 300_000


def of_zeros(group: h5py.Group) -> None:
    group.create_dataset("0", (10**9,), "f4", chunks=(2**20,), fillvalue=1.0)


def packed(group: h5py.Group) -> None:
    group.create_dataset("0", data=np.zeros(10**6, "f4"), compression="gzip")


def linked(group: h5py.Group) -> None:
    group["0"] = h5py.ExternalLink("other.h5", "/")


def external(group: h5py.Group) -> None:
    group.create_dataset("0", (1, 1), "f4", external=[("/etc/passwd", 0, 4)])


def in_circles(group: h5py.Group) -> None:
    group["0"] = group


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (of_zeros, "/layers/dense/vars/0 stores fewer bytes than its shape has. Save it again"),
        (packed, "/layers/dense/vars/0 stores fewer bytes than its shape has."),
        (external, "/layers/dense/vars/0 stores fewer bytes than its shape has."),
        (linked, "/layers/dense/vars/0 is a link. Save it again with this version of Keras."),
        (in_circles, f"holds over {MOST_OBJECTS:,} sets."),
    ],
)
def test_weights_that_are_not_there(
    tmp_path: Path, fill: Callable[[h5py.Group], None], message: str
) -> None:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file.create_group("layers/dense/vars"))
    assert message in loaded(tmp_path / "a.keras", line(), content.getvalue())


def test_weights_as_keras_writes_them(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.compile("adam", "mse")
    model.fit(np.ones((8, 4)), np.ones((8, 3)), verbose=0)
    model.save_weights(tmp_path / "a.weights.h5")
    with (tmp_path / "a.weights.h5").open("rb") as file:
        check_weights(tmp_path / "a.weights.h5", file)


def test_weights_of_a_checkpoint(tmp_path: Path) -> None:
    kerastut.run("linear-regression", epochs=1, limit=40, output_dir=tmp_path / "run", verbose=0)
    kept = max((tmp_path / "run" / "checkpoints").glob("epoch-*"))
    assert newest(kept.parent)[0] is not None
    with h5py.File(kept / "model.weights.h5", "w") as file:
        of_zeros(file.create_group("layers/dense/vars"))
    sign(kept / "model.weights.h5")
    with pytest.raises(ResumeError, match="/layers/dense/vars/0 stores fewer bytes than its shape"):
        newest(kept.parent)


@pytest.mark.skipif(not find_spec("jax"), reason="needs jax")
def test_weights_on_jax(tmp_path: Path) -> None:
    wide = [node("Dense", name=name, units=400_000) for name in ("one", "two")]
    write(tmp_path / "a.keras", sequential(source(), *wide))
    code = "import kerastut.runs as r, sys; r.load_model(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.keras"],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the weights, the largest in layer 'two', would take about 3,05" in done.stderr


def test_a_prediction_that_fails_is_told_in_a_line(tmp_path: Path) -> None:
    write(tmp_path / "a.keras", sequential(source((), "string"), node("Identity", name="a")))
    model = load_model(tmp_path / "a.keras")
    with pytest.raises(
        DataError, match=r"the model cannot compute on these inputs: .*Was it saved"
    ):
        predict(model, (), np.ones((1, 3), np.float32))


def test_answers_of_any_size(tmp_path: Path) -> None:
    write(tmp_path / "a.keras", sequential(source(), node("RepeatVector", name="a", n=2**22)))
    model = load_model(tmp_path / "a.keras")
    with pytest.raises(DataError, match=r"the answers to 1 inputs would take about 801 MiB"):
        predict(model, (), np.ones((1, 1), np.float32))


def texts_of(path: Path, content: bytes) -> list[str]:
    inputs = keras.Input((), dtype="string")
    model = keras.Model(inputs, layers.Identity()(inputs))
    path.write_bytes(content)
    return read_inputs([str(path)], model, WORDS).problems


def test_texts_of_any_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    assert texts_of(path, b"a" * 2**16) == []
    told = f"{path}: a text of 65,537 characters would take about 513 MiB; {VARIABLE}=512 allows"
    assert texts_of(path, b"a" * (2**16 + 1))[0].startswith(told)
    assert "would take about 513 MiB" in texts_of(path, b"\n" * (2**24 + 1))[0]
    assert texts_of(path, b"a\n" * 2**17) == []
    assert ": 131,073 texts would take about 513 MiB" in texts_of(path, b"a\n" * (2**17 + 1))[0]
    monkeypatch.setenv(VARIABLE, "520")
    assert texts_of(path, b"a\n" * (2**17 + 1)) == []


def test_inputs_of_any_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = keras.Sequential([keras.Input((512, 512, 3)), layers.Flatten()])
    monkeypatch.setenv(VARIABLE, "18")
    with pytest.raises(DataError, match=r"2 inputs of \(512, 512, 3\) would take about 37 MiB"):
        read_inputs(["a.png", "b.png"], model, WORDS)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        ("\n" * 5_000_000, "620"),
        ("\r" * 5_000_000, "620"),
        ("a,1\n" * 3_000_000, "573"),
        ("," * 10_000_000, "630"),
        ("\U0001f600,1\n" + "a" * 90_000_000, "515"),
    ],
)
def test_tables_of_any_length(tmp_path: Path, content: str, size: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,label\n{content}", encoding="utf-8")
    assert f"a.csv would take about {size} MiB; {VARIABLE}=512 allows" in refused("table", path)


def test_a_table_of_usual_length_and_any_line_ends(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        rows = [f'"one{end}two {row}",{row % 2}' for row in range(10)]
        (tmp_path / "a.csv").write_bytes(end.join(["text,label", *rows]).encode())
        texts = sorted(read(tmp_path / "a.csv").train.x)
        assert texts[0].startswith(f"one{end}two")


def test_arrays_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.arange(40) % 2
    arrays = {"x_train": np.zeros((40, 99, 99), "u1"), "y_train": labels}
    arrays |= {"x_test": arrays["x_train"], "y_test": labels}
    np.savez(tmp_path / "plain.npz", **arrays)  # type: ignore[arg-type]
    np.savez_compressed(tmp_path / "packed.npz", **arrays)  # type: ignore[arg-type]
    texts = {name: x if name[0] == "y" else np.full(40, "a") for name, x in arrays.items()}
    np.savez(tmp_path / "texts.npz", **texts)  # type: ignore[arg-type]
    monkeypatch.setenv(VARIABLE, "2")
    assert read(tmp_path / "plain.npz").test.x.shape == (40, 99, 99, 1)
    assert read(tmp_path / "texts.npz").test.x.shape == (40,)
    text = refused("npz", tmp_path / "packed.npz")
    assert "expected at most 699,050; KERASTUT_MAX_MIB=2 allows no more." in text
    monkeypatch.setenv(VARIABLE, "3")
    assert read(tmp_path / "packed.npz").test.x.shape == (40, 99, 99, 1)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA"])
def test_pictures_of_any_size(tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    Image.new(mode, (512, 256)).save(path)
    monkeypatch.setenv(VARIABLE, "2")
    assert picture(path, (4, 4), "RGB").shape == (4, 4, 3)
    Image.new(mode, (512, 257)).save(path)
    with pytest.raises(DataError, match="131,584 pixels take about 2 MiB, more than KERASTUT_MAX_"):
        picture(path, (4, 4), "RGB")
    Image.new("RGB", (512, 500)).save(path, "JPEG")  # decoded at a fraction of its size
    assert picture(path, (4, 4), "RGB").shape == (4, 4, 3)


def test_memory_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "2")
    check_memory("a", 2 * 2**20)
    with pytest.raises(DataError, match=r"^a would take about 3 MiB; KERASTUT_MAX_MIB=2 allows no"):
        check_memory("a", 2 * 2**20 + 1)
    with pytest.raises(DataError, match=r"about 9,536,7[0-9,]*\.\.\. MiB"):
        check_memory("a", 10**400)


def test_crafted_models_nest(tmp_path: Path) -> None:
    """What the generators of hostile models are made of."""
    random = Random(1)
    inner = crafted.within(random, node("Dense", name="dense", units=10**9))
    assert json.dumps(inner).count("Sequential") > 0
    assert "layer 'dense'" in loaded(tmp_path / "a.keras", sequential(source(), *inner))


def test_the_command_says_it_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "none")
    with pytest.raises(SystemExit) as stop:
        main(["run", "mlp-reviews", "--data", str(tmp_path / "a.csv"), "-q"])
    assert stop.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
