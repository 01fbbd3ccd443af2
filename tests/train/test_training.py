"""Training: the order of samples, seeds, settings, files."""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import kerastut
from kerastut.data.splits import Split
from kerastut.errors import (
    KerastutError,
    OutputError,
    ParameterError,
    RecipeError,
    TrainingError,
    UnknownNameError,
)
from kerastut.files import staged
from kerastut.registry.settings import resolve
from kerastut.runs.history import read_history, write_history
from kerastut.train import batches as pipeline
from kerastut.train.batches import Batches, for_evaluation
from kerastut.train.devices.slices import batched
from kerastut.train.schedules import warmup_cosine
from kerastut.train.seeds import epoch_order
from tests.warm import warm


class Recorder(keras.layers.Layer):  # type: ignore[misc]
    """Passes its input on and writes down every number that it sees in training."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = self.add_weight(shape=())
        self.seen: list[int] = []

    def call(self, inputs: Any, training: bool = False) -> Any:
        if training:
            self.seen.extend(int(value) for value in np.asarray(inputs)[:, 0])
        return inputs * 0.0 + self.bias


def visited(seed: int, epochs: int, steps_per_execution: int = 1) -> list[list[int]]:
    """Returns the samples in the order in which `fit` showed them, epoch by epoch."""
    samples = 10
    x = np.arange(samples, dtype=np.float32)[:, None]
    recorder = Recorder()
    model = keras.Sequential([keras.Input((1,)), recorder])
    model.compile("sgd", "mse", run_eagerly=True, steps_per_execution=steps_per_execution)
    batches = Batches(Split(x, x[:, 0]), 4, seed)
    model.fit(batches.dataset(), epochs=epochs, callbacks=[batches], verbose=0, shuffle=False)
    return np.array(recorder.seen).reshape(epochs, samples).tolist()


@pytest.mark.parametrize("copied", [0, pipeline.COPIED])
@pytest.mark.parametrize("steps_per_execution", [1, 2, 3])
def test_the_order_differs_between_epochs_and_follows_the_seed(
    steps_per_execution: int, copied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras's own shuffle repeats one permutation once a seed is set; this must not."""
    monkeypatch.setattr(pipeline, "COPIED", copied)
    epochs = visited(seed=7, epochs=4, steps_per_execution=steps_per_execution)
    assert epochs == [epoch_order(10, 7, epoch).tolist() for epoch in range(4)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 4
    assert visited(seed=8, epochs=1) != epochs[:1]


def test_no_pipeline_is_tuned_as_it_runs() -> None:
    """The end of an epoch would wait for the tuner."""
    split = Split(np.zeros((10, 1)), np.zeros(10))
    batches = Batches(split, 4, seed=0)
    pipelines = batches.dataset(), for_evaluation(split, 4), batched(split, 4)
    assert [pipeline.options().autotune.enabled for pipeline in pipelines] == [False] * 3


def test_the_trap_that_the_pipeline_avoids_is_still_there() -> None:
    """If this fails, Keras shuffles anew in every epoch and the comments here are out of date."""
    keras.utils.set_random_seed(7)
    x = np.arange(10, dtype=np.float32)[:, None]
    recorder = Recorder()
    model = keras.Sequential([keras.Input((1,)), recorder])
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(x, x, epochs=2, batch_size=4, verbose=0)
    assert recorder.seen[:10] == recorder.seen[10:]


def test_dropout_differs_between_epochs_and_follows_the_seed() -> None:
    from kerastut.train.seeds import seed_layers

    model = keras.Sequential([keras.Input((50,)), keras.layers.Dropout(0.5)])
    ones = np.ones((1, 50), np.float32)

    def mask(seed: int, epoch: int) -> bytes:
        seed_layers(model, seed, epoch)
        return np.asarray(model(ones, training=True)).tobytes()

    assert mask(1, 0) == mask(1, 0)
    assert len({mask(1, 0), mask(1, 1), mask(2, 0)}) == 3


def run_apart(folder: Path, seed: int, name: str = "cnn-mnist") -> tuple[str, list[bytes]]:
    """Runs the command line in a process of its own; returns history and weights."""
    command = [*warm(), "-m", "kerastut", "run", name, "--seed", str(seed), "-q", "--json"]
    options = ["--limit", "500", "--epochs", "2", "--output-dir", str(folder)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    weights = keras.models.load_model(folder / "model.keras").get_weights()
    return (folder / "history.csv").read_text(), [weight.tobytes() for weight in weights]


def test_same_seed_same_bits_in_another_process(tmp_path: Path) -> None:
    one, again = run_apart(tmp_path / "one", 3), run_apart(tmp_path / "again", 3)
    assert one == again
    other = run_apart(tmp_path / "other", 4)
    assert other[0] != one[0]
    assert other[1] != one[1]
    pictures = [
        [hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((tmp_path / run).glob("*.png"))]
        for run in ("one", "again")
    ]
    assert pictures[0] == pictures[1]


def test_run_json_repeats_the_run(tmp_path: Path) -> None:
    run = kerastut.run(
        "mlp-mnist", units=16, limit=200, epochs=1, seed=2, output_dir=tmp_path / "a", verbose=0
    )
    found = json.loads((tmp_path / "a" / "run.json").read_text())
    assert found["settings"]["parameters"]["units"] == 16
    assert found["settings"]["limit"] == 200
    assert found["data_sha256"] == run.data.sha256
    assert found["versions"]["keras"] == keras.__version__
    assert found["samples"] == {"train": 200, "validation": 200, "test": 200}
    assert "machine" in found


def test_python_call_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = kerastut.run("linear-regression", epochs=1, verbose=0)
    assert run.dir is None
    assert list(tmp_path.iterdir()) == []
    assert [axes.get_title("left") for axes in run.plot()] == ["loss"]


def test_history_is_kept_to_the_last_bit(tmp_path: Path) -> None:
    history = {"loss": [0.1 + 0.2, 1e-17], "val_loss": [1 / 3, 2.0]}
    write_history(history, tmp_path / "history.csv")
    assert read_history(tmp_path / "history.csv") == history


@pytest.mark.parametrize(
    ("parameters", "options", "error", "message"),
    [
        (
            {"unit": 3},
            {},
            UnknownNameError,
            "mlp-mnist has no parameter 'unit'. Did you mean units",
        ),
        (
            {"units": "many"},
            {},
            ParameterError,
            "units must be like its default 512; received 'many'",
        ),
        ({"units": 2.5}, {}, ParameterError, "units must be like its default 512; received 2.5"),
        ({"units": -2}, {}, ParameterError, "mlp-mnist cannot be built: "),
        ({"activation": "x"}, {}, ParameterError, "activation must be one of relu, tanh, sigmoid"),
        ({"learning_rate": 0.0}, {}, ParameterError, "learning_rate must be positive"),
        ({"learning_rate": float("nan")}, {}, ParameterError, "learning_rate must be positive"),
        ({}, {"epochs": 0}, ParameterError, "epochs must be a positive integer; received 0."),
        ({}, {"epochs": True}, ParameterError, "epochs must be a positive integer"),
        ({}, {"batch_size": -1}, ParameterError, "batch_size must be a positive integer"),
        ({}, {"limit": 0}, ParameterError, "limit must be a positive integer; received 0."),
        ({}, {"seed": -1}, ParameterError, "seed must be an integer from 0 to 4294967295"),
        (
            {},
            {"data": "rewiews"},
            UnknownNameError,
            "Unknown data set 'rewiews'. Did you mean reviews?",
        ),
    ],
)
def test_bad_settings_leave_nothing(
    tmp_path: Path,
    parameters: dict[str, object],
    options: dict[str, object],
    error: type[KerastutError],
    message: str,
) -> None:
    target = tmp_path / "deep" / "run"
    with pytest.raises(error, match=re.escape(message)) as caught:
        kerastut.run("mlp-mnist", output_dir=target, verbose=0, **parameters, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_integers_do_for_float_parameters() -> None:
    settings = resolve(kerastut.get_recipe("cnn-mnist"), {"conv_dropout": 0})
    assert settings.parameters["conv_dropout"] == 0


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(OutputError, match="expected a new or empty folder, found files in it"):
        kerastut.run("linear-regression", output_dir=tmp_path, verbose=0)
    assert (tmp_path / "mine.txt").read_text() == "keep me"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    with staged(tmp_path) as folder:
        (folder / "file").write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path / "a" / "b") as folder:
            (folder / "file").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot write there: Permission denied"):
        kerastut.run("linear-regression", output_dir=tmp_path / "run", verbose=0)


def test_a_parent_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"cannot write there: .*file is not a folder"):
        kerastut.run("linear-regression", output_dir=tmp_path / "file" / "run", verbose=0)


def test_the_schedule_climbs_for_a_fifth_and_ends_at_zero() -> None:
    rate = warmup_cosine(0.5, 100)
    values = [float(rate(step)) for step in range(101)]
    assert values[0] == pytest.approx(0.05)
    assert values[20] == pytest.approx(0.5)
    assert values[60] == pytest.approx(0.25)  # half a cosine is half way down in the middle
    assert values[100] == pytest.approx(0)
    assert np.argmax(values) == 20


def test_embeddings_give_the_same_bits_again() -> None:
    """Without op determinism their gradient is summed in an order that changes."""
    runs = [kerastut.run("mlp-reviews", epochs=1, limit=3000, verbose=0) for _ in range(2)]
    assert runs[0].history == runs[1].history
    one, again = (run.model.get_weights() for run in runs)
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ("    return model", "    return None", RecipeError, "received NoneType, not compiled."),
        ("model.compile(", "dict(", RecipeError, "received Sequential, not compiled."),
        (
            '"mean_squared_error"',
            '"sparse_categorical_crossentropy"',
            TrainingError,
            "mine cannot be",
        ),
        ("    distance =", "    [][1]\n    distance =", TrainingError, ": IndexError: list"),
        ("import keras\n", "raise RuntimeError('a\\nb')\n", RecipeError, ": RuntimeError: a b"),
    ],
)
def test_a_slip_in_a_recipe_is_one_line(
    tmp_path: Path, old: str, new: str, error: type[KerastutError], message: str
) -> None:
    text = kerastut.get_recipe("linear-regression").path.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "mine.py").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(error, match=re.escape(message)) as caught:
        kerastut.run(tmp_path / "mine.py", epochs=1, verbose=0, output_dir=tmp_path / "run")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_a_slip_in_a_figure_keeps_the_training(tmp_path: Path) -> None:
    text = kerastut.get_recipe("linear-regression").path.read_text(encoding="utf-8")
    text = text.replace(
        '        lines = {"learned"', '        raise KeyError("slip")\n        lines = {"learned"'
    )
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    with pytest.warns(UserWarning, match=r"A figure .*mine\.py:\d+: KeyError: 'slip'"):
        kerastut.run(tmp_path / "mine.py", epochs=1, verbose=0, output_dir=tmp_path / "run")
    assert (tmp_path / "run" / "model.keras").is_file()
