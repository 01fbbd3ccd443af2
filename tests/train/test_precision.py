"""Recipes under Keras's mixed precision, on the processor."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest

import kerastut
from kerastut.errors import ResumeError
from tests.warm import warm

NAMES = [recipe.name for recipe in kerastut.list_recipes()]


@pytest.fixture(autouse=True)
def usual_policy() -> Iterator[None]:
    yield
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_trains_and_answers_in_full_precision(name: str) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    run = kerastut.run(name, limit=100, epochs=1, verbose=0)
    outputs = keras.tree.flatten(run.predict())
    assert all(values.dtype.itemsize >= 4 for values in outputs)
    layers = run.model._flatten_layers()
    assert all(layer.compute_dtype == layer.variable_dtype for layer in layers)
    assert np.isfinite(run.history["loss"] + list(run.metrics.values())).all()


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_the_cnn_learns_as_well(policy: str, tmp_path: Path) -> None:
    usual = kerastut.run("cnn-mnist", limit=2000, epochs=2, verbose=0)
    keras.config.set_dtype_policy(policy)
    run = kerastut.run("cnn-mnist", limit=2000, epochs=2, verbose=0, output_dir=tmp_path)
    assert run.metrics["accuracy"] == pytest.approx(usual.metrics["accuracy"], abs=0.02)
    again = kerastut.run(
        "cnn-mnist", limit=2000, epochs=2, verbose=0, output_dir=tmp_path, resume=True
    )
    assert again.metrics == run.metrics
    keras.config.set_dtype_policy("float32")
    with pytest.raises(ResumeError, match="dtype_policy was '" + policy):
        kerastut.run("cnn-mnist", limit=2000, epochs=2, output_dir=tmp_path, resume=True)


def test_the_command_line_sets_the_policy(tmp_path: Path) -> None:
    arguments = ["dropout-mlp", "--limit", "100", "--epochs", "1", "--quiet"]
    policy = ["--dtype-policy", "mixed_bfloat16"]
    command = [*warm(), "-m", "kerastut", "run", *arguments, *policy]
    subprocess.run([*command, "--output-dir", str(tmp_path / "run")], check=True)
    model = keras.models.load_model(tmp_path / "run" / "model.keras")
    assert {layer.compute_dtype for layer in model._flatten_layers()} == {"float32"}
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["dtype_policy"] == "mixed_bfloat16"
