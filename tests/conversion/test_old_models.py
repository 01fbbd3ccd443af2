"""Every old model of tests/conversion/models, converted, gives the outputs that it gave."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import kerastut
from kerastut.conversion.converting import Converted, _converted
from kerastut.conversion.old import ConversionError
from kerastut.conversion.tables import TABLES

from .tools import (
    ARCHIVES,
    FOLDER,
    REFUSED,
    REFUSED_IN,
    difference,
    kept,
    models,
    unpacked,
    weights_of,
)

TOLERANCE = 1e-5
# What stands in the place of the Lambda of the models of that name.
DOUBLE = {"double": lambda x: x * 2.0}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("old")


def converted(path: Path) -> Converted:
    return _converted(path, weights_of(path), None, {}, {})


def test_the_archives_are_those_that_were_made() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    assert lines == [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in ARCHIVES.values()
    ]
    assert len(ARCHIVES) >= 6


@pytest.mark.parametrize("version", ARCHIVES)
def test_a_version(version: str, base: Path) -> None:
    """Each model either gives the old outputs or is refused by a line that says why."""
    differences = {}
    for path in models(unpacked(version, base)):
        reason = REFUSED.get(path.stem) or REFUSED_IN.get((version, path.stem))
        if reason is None:
            differences[path.name] = difference(converted(path).model, *kept(path))
        else:
            with pytest.raises(ConversionError, match=reason) as refusal:
                converted(path)
            assert "\n" not in str(refusal.value)
    assert differences
    assert {name: d for name, d in differences.items() if not d <= TOLERANCE} == {}


@pytest.mark.parametrize("version", [name for name in ARCHIVES if "tensorflow" in name])
def test_a_lambda_is_named_and_converts_with_a_function(version: str, base: Path) -> None:
    path = unpacked(version, base) / "lambda.h5"
    with pytest.raises(ConversionError) as refusal:
        kerastut.convert(path)
    assert str(refusal.value) == (
        "layer 'double' (Lambda), after 'dense': holds Python bytecode, which is never run. It"
        " takes (None, 4) and gives 4 along the last axis, by the weights of 'dense_1'. Write a"
        " function on keras.ops: --lambda double=module:function, or name one of them, such as"
        " --lambda double=square."
    )
    model = kerastut.convert(path, lambdas=DOUBLE)
    assert difference(model, *kept(path)) <= TOLERANCE
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in model.layers)


def test_a_layer_that_keras_3_dropped_converts_with_a_class(base: Path) -> None:
    path = unpacked("tensorflow-2.4.4", base) / "locally.h5"
    model = kerastut.convert(path, layers={"LocallyConnected1D": Local})
    assert difference(model, *kept(path)) <= TOLERANCE


class Local(keras.layers.Layer):  # type: ignore[misc]
    """LocallyConnected1D as it was, without strides."""

    def __init__(self, filters: int, kernel_size: list[int], name: str, **_: Any) -> None:
        super().__init__(name=name)
        self.filters, self.size = filters, kernel_size[0]

    def build(self, shape: tuple[int, ...]) -> None:
        steps = shape[1] - self.size + 1
        self.kernel = self.add_weight((steps, self.size * shape[2], self.filters), name="kernel")
        self.bias = self.add_weight((steps, self.filters), name="bias")

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        steps = [x[:, i : i + self.size] for i in range(self.kernel.shape[0])]
        flat = [keras.ops.reshape(step, (-1, 1, self.kernel.shape[1])) for step in steps]
        patches = keras.ops.concatenate(flat, axis=1)
        return keras.ops.einsum("nsk,skf->nsf", patches, self.kernel) + self.bias

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Local":
        return cls(**config)


@pytest.mark.parametrize(
    ("version", "name", "steps"),
    [
        ("keras-2.2.4", "mlp.h5", 4),
        ("keras-2.3.1", "mlp.h5", 4),
        ("tensorflow-2.0.4", "mlp.h5", 4),
        ("tensorflow-2.4.4", "mlp.h5", 4),
        ("tensorflow-2.15.1", "mlp.h5", 4),
        ("tensorflow-2.15.1", "mlp.keras", 4),
        ("tensorflow-2.4.4", "objects.h5", 4),
    ],
)
def test_the_optimizer_goes_on_where_it_was(
    version: str, name: str, steps: int, base: Path
) -> None:
    found = converted(unpacked(version, base) / name)
    kind = type(found.model.optimizer).__name__
    assert found.optimizer == f"state of {kind} kept, {steps} steps"
    assert int(found.model.optimizer.iterations) == steps
    slots = TABLES["optimizers"][kind]
    for slot in slots:
        arrays = [
            np.asarray(v) for v in found.model.optimizer.variables if v.path.endswith(f"_{slot}")
        ]
        assert [a.shape for a in arrays] == [
            tuple(v.shape) for v in found.model.trainable_variables
        ]
        assert all(np.any(a) for a in arrays)


def test_loss_metrics_and_rates_are_kept(base: Path) -> None:
    model = converted(unpacked("tensorflow-2.4.4", base) / "objects.h5").model
    assert model.loss.get_config()["from_logits"] is True
    assert model.loss.get_config()["label_smoothing"] == 0.1
    schedule = model.optimizer._learning_rate
    assert isinstance(schedule, keras.optimizers.schedules.ExponentialDecay)
    x, y = np.zeros((4, 3), "float32"), np.eye(3, dtype="float32")[[0, 1, 2, 0]]
    assert set(model.evaluate(x, y, verbose=0, return_dict=True)) == {"loss", "share", "two", "mse"}


def test_decay_becomes_a_schedule(base: Path) -> None:
    model = converted(unpacked("keras-2.2.4", base) / "mlp.h5").model
    rates = model.optimizer._learning_rate
    assert isinstance(rates, keras.optimizers.schedules.InverseTimeDecay)
    assert float(rates(1000)) == pytest.approx(0.01 / (1 + 0.001 * 1000))


def test_frozen_layers_stay_frozen(base: Path) -> None:
    model = converted(unpacked("tensorflow-2.4.4", base) / "nested_frozen.h5").model
    (frozen,) = [layer for layer in model.get_layer("base").layers if not layer.trainable]
    assert frozen.name == "frozen"


def test_weights_alone(base: Path, tmp_path: Path) -> None:
    folder = unpacked("tensorflow-2.4.4", base)
    whole = kerastut.convert(folder / "architecture.json", folder / "architecture_weights.h5")
    for layer in whole.layers:
        layer.set_weights([0 * w for w in layer.get_weights()])
    whole.save(tmp_path / "like.keras")
    weights = folder / "architecture_weights.h5"
    model = kerastut.convert(weights, like=tmp_path / "like.keras")
    assert difference(model, *kept(folder / "architecture.json")) <= TOLERANCE
    with pytest.raises(ConversionError, match=r"holds weights alone\. Tell what model"):
        kerastut.convert(weights)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    other.save(tmp_path / "other.keras")
    with pytest.raises(
        ConversionError, match="expected the weights of 1 layers, received those of 2"
    ):
        kerastut.convert(weights, like=tmp_path / "other.keras")


@pytest.mark.parametrize("name", ["mlp", "bigru", "nested_frozen", "cells"])
def test_weights_alone_by_the_classes_of_layers(name: str, base: Path, tmp_path: Path) -> None:
    packed = unpacked("tensorflow-2.15.1", base) / f"{name}.keras"
    whole = kerastut.convert(packed)
    whole.set_weights([0 * w for w in whole.get_weights()])
    whole.save(tmp_path / "like.keras")
    with zipfile.ZipFile(packed) as archive:
        weights = Path(archive.extract("model.weights.h5", tmp_path))
    model = kerastut.convert(weights, like=tmp_path / "like.keras")
    assert difference(model, *kept(packed)) <= TOLERANCE
    with pytest.raises(ConversionError, match=r"holds weights alone\. Tell what model"):
        kerastut.convert(weights)
