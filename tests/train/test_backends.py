"""Recipes on Keras's JAX backend, each in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerastut.registry.lookup import list_recipes

# A model that takes strings needs TensorFlow.
TEXTS = ("mlp-reviews", "text-lstm")
# The same of a table's columns of words; one of numbers can do without.
WORDS = ("mlp-table",)
POSSIBLE = [recipe.name for recipe in list_recipes() if recipe.name not in TEXTS + WORDS]
QUICK = ("linear-regression", "logistic-regression", "gradient-descent")
needs_jax = pytest.mark.skipif(not importlib.util.find_spec("jax"), reason="needs jax")


def call(*words: str, backend: str = "jax") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kerastut", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "KERAS_BACKEND": backend},
        check=False,
    )


@needs_jax
@pytest.mark.parametrize("name", QUICK)
def test_quick_recipes_reach_their_bands_on_jax(name: str, tmp_path: Path) -> None:
    reaches_its_band(name, tmp_path / "run")


@needs_jax
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in POSSIBLE if name not in QUICK])
def test_every_recipe_reaches_its_band_on_jax(name: str, tmp_path: Path) -> None:
    reaches_its_band(name, tmp_path / "run")


def reaches_its_band(name: str, folder: Path) -> None:
    done = call("run", name, "-q", "--json", "--output-dir", str(folder))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["within_band"], done.stdout
    assert json.loads((folder / "run.json").read_text())["backend"] == "jax"


@needs_jax
def test_a_run_extended_on_jax_is_one_that_was_not(tmp_path: Path) -> None:
    words = ["run", "dropout-mlp", "-q", "--limit", "300", "--set", "schedule=constant"]
    for folder, epochs, *more in (("a", "2"), ("b", "1"), ("b", "2", "--resume")):
        done = call(*words, "--epochs", epochs, "--output-dir", str(tmp_path / folder), *more)
        assert done.returncode == 0, done.stderr
    histories = [(tmp_path / folder / "history.csv").read_text() for folder in "ab"]
    assert histories[0] == histories[1]


@needs_jax
@pytest.mark.parametrize("name", TEXTS)
def test_texts_need_tensorflow(name: str, tmp_path: Path) -> None:
    done = call("run", name, "--limit", "64", "--output-dir", str(tmp_path / "run"))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"kerastut: error: {name} needs the TensorFlow backend, since its model takes strings;"
        " received jax. Set KERAS_BACKEND=tensorflow."
    ]
    assert list(tmp_path.iterdir()) == []


@needs_jax
def test_words_in_a_table_need_tensorflow(tmp_path: Path) -> None:
    done = call("run", "mlp-table", "--output-dir", str(tmp_path / "run"))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "kerastut: error: penguins needs the TensorFlow backend, since its columns island, sex hold"
        " words; received jax. Set KERAS_BACKEND=tensorflow."
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(bool(importlib.util.find_spec("jax")), reason="jax is installed")
def test_a_missing_backend_is_named(tmp_path: Path) -> None:
    done = call("run", "linear-regression", "--output-dir", str(tmp_path / "run"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "kerastut: error: KERAS_BACKEND=jax needs the package jax, which is not installed:"
        ' pip install "kerastut[jax]", or unset KERAS_BACKEND.'
    )
    assert list(tmp_path.iterdir()) == []
