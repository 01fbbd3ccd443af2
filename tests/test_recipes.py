"""The same checks over every recipe of the registry: a new one is tested for free."""

import math
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest

import kerastut
from kerastut import Run, list_recipes
from kerastut.artifacts import read
from kerastut.encoding import to_model_input
from kerastut.preparation import prepare
from kerastut.settings import resolve

NAMES = [recipe.name for recipe in list_recipes()]

# The tutorials' own architectures; a recipe that is none of theirs is not listed.
PARAMETER_COUNTS = {
    "linear-regression": 2,
    "mlp-mnist": 407_050,
    "cnn-mnist": 225_034,
    "regularized-mlp": 50_890,
}


@cache
def short_run(name: str, folder: Path) -> Run:
    """Trains a recipe on a few hundred samples, once for all tests of this file."""
    return kerastut.run(
        name, epochs=2, limit=384, batch_size=32, output_dir=folder / name, verbose=0
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.mark.parametrize(("name", "count"), PARAMETER_COUNTS.items())
def test_parameter_count(name: str, count: int) -> None:
    assert prepare(resolve(kerastut.get_recipe(name), {}, limit=64)).model.count_params() == count


def test_the_smaller_net_of_mlp_mnist() -> None:
    settings = resolve(kerastut.get_recipe("mlp-mnist"), {"units": 64}, limit=64)
    assert prepare(settings).model.count_params() == 50_890


def test_shapes_of_the_convolutional_net() -> None:
    model = prepare(resolve(kerastut.get_recipe("cnn-mnist"), {}, limit=64)).model
    shapes = [layer.output.shape[1:] for layer in model.layers if "2d" in layer.name]
    assert shapes == [(26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64)]


@pytest.mark.parametrize("name", NAMES)
def test_output_fits_the_targets(name: str) -> None:
    prepared = prepare(resolve(kerastut.get_recipe(name), {}, limit=64))
    outputs = prepared.model.predict(prepared.inputs.test.x[:5], verbose=0)
    classes = len(prepared.data.classes)
    assert outputs.shape in ((5, 1), (5, classes))
    if classes:
        assert ((outputs >= 0) & (outputs <= 1)).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_short_training_lowers_the_loss(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    settings = run.settings
    prepared = prepare(settings)
    test = prepared.inputs.test
    before = prepared.model.evaluate(test.x, test.y, verbose=0, return_dict=True)
    assert run.metrics["loss"] < before["loss"]
    assert all(math.isfinite(value) for value in run.metrics.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_of_a_run(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    found = {path.name for path in run.dir.iterdir()}
    assert {"run.json", "history.csv", "model.keras", "history.png"} <= found
    assert len([file for file in found if file.endswith(".png")]) >= 2
    for path in run.dir.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_the_saved_model_takes_raw_inputs_and_predicts_the_same(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    reloaded = keras.models.load_model(run.dir / "model.keras")
    again = reloaded.predict(to_model_input(run.data.test.x), batch_size=1000, verbose=0)
    np.testing.assert_array_equal(again, run.predict())


@pytest.mark.parametrize("name", NAMES)
def test_a_run_read_back_is_the_same(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    again = read(run.dir)
    assert again.history == run.history
    assert again.summary() == {
        **run.summary(),
        "seconds": again.summary()["seconds"],
        "samples_per_second": again.summary()["samples_per_second"],
    }
    assert again.settings == run.settings


@pytest.mark.parametrize("name", NAMES)
def test_metrics_of_the_bands_are_measured(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert set(run.settings.recipe.expect) <= set(run.metrics)


def test_linear_regression_reaches_least_squares() -> None:
    run = kerastut.run("linear-regression", seed=5, verbose=0)
    x, y = run.data.train.x[:, 0].astype(np.float64), run.data.train.y
    slope, intercept = np.polyfit(x, y, 1)
    weight, bias = run.model.get_weights()
    assert weight[0, 0] == pytest.approx(slope, abs=1e-3)
    assert bias[0] == pytest.approx(intercept, abs=1e-3)
    assert run.within_band


def test_penalties_narrow_the_gap() -> None:
    run = kerastut.run("regularized-mlp", verbose=0)
    runs = run.vary("regularizer", ("none", "l1", "l2", "l1_l2"))
    gaps = {
        name: other.history["val_cross_entropy"][-1] - other.history["cross_entropy"][-1]
        for name, other in runs.items()
    }
    assert max(gaps["l1"], gaps["l2"], gaps["l1_l2"]) < 0.8 * gaps["none"]
    assert run.metrics["gap"] == gaps["l2"]
    assert run.metrics["gap_without"] == gaps["none"]
    assert run.within_band


@pytest.mark.parametrize("cell", ["lstm", "gru", "simple_rnn"])
def test_cells_of_text_lstm(cell: str) -> None:
    recipe = kerastut.get_recipe("text-lstm")
    prepared = prepare(resolve(recipe, {"cell": cell, "bidirectional": False}, limit=64))
    kinds = [type(layer).__name__.lower() for layer in prepared.model.layers]
    assert cell.replace("_", "") in kinds


def test_padding_does_not_change_what_text_lstm_says() -> None:
    prepared = prepare(resolve(kerastut.get_recipe("text-lstm"), {}, limit=64))
    x = prepared.inputs.test.x[:1]
    used = int((x != 0).sum())
    padded = prepared.model.predict(x, verbose=0)
    bare = prepared.model(x[:, :used], training=False)
    np.testing.assert_allclose(padded, bare, atol=1e-5)
