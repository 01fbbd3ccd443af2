"""The same checks over every recipe of the registry: a new one is tested for free."""

import math
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerastut
from kerastut import Run, list_recipes
from kerastut.arrays import Array, map_arrays
from kerastut.data.bundled.blobs import bayes_accuracy
from kerastut.registry.lookup import load_module
from kerastut.registry.settings import resolve
from kerastut.runs.reopening import reopen
from kerastut.train.encoding import to_model_input
from kerastut.train.preparation import prepare

NAMES = [recipe.name for recipe in list_recipes()]

# The tutorials' own architectures; a recipe that is none of theirs is not listed.
PARAMETER_COUNTS = {
    "linear-regression": 2,
    "mlp-mnist": 407_050,
    "cnn-mnist": 225_034,
    "cnn-functional": 421_642,
    "cnn-augmented": 54_410,
    "dropout-mlp": 55_050,
    "logistic-regression": 3,
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
    five = map_arrays(lambda array: array[:5], prepared.inputs.test.x)
    classes = len(prepared.data.classes)
    for outputs in keras.tree.flatten(prepared.model.predict(five, verbose=0)):
        assert outputs.shape in ((5, 1), (5, classes)), "expected one output, or one for each class"
        if classes:
            assert ((outputs >= 0) & (outputs <= 1)).all(), "expected probabilities, from 0 to 1"


@pytest.mark.parametrize("name", NAMES)
def test_a_short_training_lowers_the_loss(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    settings = run.settings
    prepared = prepare(settings)
    test = prepared.inputs.test
    before = prepared.model.evaluate(test.x, test.y, verbose=0, return_dict=True)
    assert run.metrics["loss"] < before["loss"], "2 epochs of 384 samples in batches of 32"
    assert all(math.isfinite(value) for value in run.metrics.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_of_a_run(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    found = {path.name for path in run.dir.iterdir()}
    assert {"run.json", "history.csv", "model.keras", "history.png"} <= found
    assert len([file for file in found if file.endswith(".png")]) >= 2, "expected `figures`"
    for path in run.dir.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_the_saved_model_takes_raw_inputs_and_predicts_the_same(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    reloaded = keras.models.load_model(run.dir / "model.keras")
    x = to_model_input(run.data.test.x)
    again = reloaded.predict(x, batch_size=run.settings.evaluation_batch, verbose=0)
    keras.tree.map_structure(np.testing.assert_array_equal, again, run.predict())


@pytest.mark.parametrize("name", NAMES)
def test_a_run_read_back_is_the_same(name: str, folder: Path) -> None:
    run = short_run(name, folder)
    assert run.dir is not None
    again = reopen(run.dir)
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
    assert set(run.settings.recipe.expect) <= set(run.metrics), "expect names what is not measured"


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


def test_logistic_regression_reaches_newton_and_the_bayes_accuracy() -> None:
    run = kerastut.run("logistic-regression", seed=4, verbose=0)
    x, y = run.data.train.x.astype(np.float64), run.data.train.y
    weights, bias = run.model.get_weights()
    probability = 1 / (1 + np.exp(-(x @ weights[:, 0] + bias[0])))
    # At the optimum the gradient is zero; no solver is needed to see that.
    assert np.abs((probability - y) @ x).max() / len(x) < 1e-3
    assert run.metrics["accuracy"] == pytest.approx(bayes_accuracy(), abs=0.01)
    assert run.within_band


def test_gradient_by_hand_against_finite_differences() -> None:
    module = load_module(kerastut.get_recipe("gradient-descent"))
    rng = np.random.default_rng(0)
    x, y, at = rng.normal(size=50), rng.normal(size=50), np.array([0.3, -0.7])

    def loss(weights: Array) -> float:
        return float(((weights[0] * x + weights[1] - y) ** 2).mean())

    by_differences = [(loss(at + step) - loss(at - step)) / 2e-6 for step in np.eye(2) * 1e-6]
    np.testing.assert_allclose(module.gradient(x, y, at), by_differences, atol=1e-8)
    np.testing.assert_allclose(module.tape_gradient(x, y, at), by_differences, atol=1e-8)


@pytest.mark.parametrize("batch_size", [1, 32, 1000])
def test_descent_by_hand_takes_the_steps_of_keras(batch_size: int) -> None:
    run = kerastut.run("gradient-descent", epochs=2, batch_size=batch_size, seed=9, verbose=0)
    assert run.metrics["step_difference"] < 1e-6
    assert run.metrics["wrong_wells"] == 2


def test_augmentation_is_off_in_prediction_and_on_in_training() -> None:
    module = load_module(kerastut.get_recipe("cnn-augmented"))
    images = kerastut.load("mnist", limit=64).test.x.astype(np.float32)
    layers = module.augmentation(seed=0)
    np.testing.assert_array_equal(layers(images, training=False), images)
    assert np.abs(np.asarray(layers(images, training=True)) - images).mean() > 1


def test_the_tower_of_functional_multi_io_is_shared() -> None:
    prepared = prepare(resolve(kerastut.get_recipe("functional-multi-io"), {}, limit=64))
    towers = [layer for layer in prepared.model.layers if layer.name == "tower"]
    assert len(towers) == 1
    x = prepared.inputs.test.x
    assert set(x) == {"left", "right"}
    assert set(prepared.model.predict(x, verbose=0)) == {"sum", "parity"}


def test_a_review_without_any_character_has_an_answer() -> None:
    for name in ("mlp-reviews", "text-lstm"):
        run = kerastut.run(name, limit=64, epochs=1, verbose=0)
        answer = run.model.predict(tf.constant(["", "..."]), verbose=0)
        assert np.isfinite(answer).all()
