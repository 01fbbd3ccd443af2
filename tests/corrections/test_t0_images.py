"""Demonstrations of T0's faults in 4.2, images: what breaks, and beside it the form that works."""

import re
import sys
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from .nets import (
    LR_MESSAGE,
    SAME_RANK,
    SHAPE_WARNING,
    Array,
    answer,
    bands,
    full_batch_steps,
    net,
    no_warning,
    recorded_fit,
    share_right,
)

pytestmark = pytest.mark.usefixtures("same_seed")


def test_t0_07_image_data_generator_is_gone() -> None:
    """The import fails; preprocessing layers augment, in training only and in their own units."""
    with pytest.raises(
        ImportError, match=re.escape("cannot import name 'ImageDataGenerator' from 'keras.prepro")
    ):
        exec("from keras.preprocessing.image import ImageDataGenerator", {})
    assert hasattr(keras.preprocessing.image, "load_img")

    with pytest.raises(ValueError, match=re.escape("in the range [-1, 1]")):
        layers.RandomRotation(20)
    picture = np.zeros((1, 8, 8, 1), "float32")
    picture[0, 2, 2, 0] = 1.0
    turn = layers.RandomRotation(20 / 360, fill_mode="constant")
    down = layers.RandomTranslation((0.25, 0.25), (0.0, 0.0), fill_mode="constant")
    assert layers.RandomRotation(0.1).fill_mode == "reflect"
    for layer in (turn, down):
        assert np.array_equal(layer(picture, training=False), picture)
        assert float(np.abs(layer(picture, training=True) - picture).mean()) > 1e-4
    moved = np.asarray(down(picture, training=True))[0, :, :, 0]
    assert divmod(int(moved.argmax()), 8) in {(4, 2), (0, 2)}


def test_t0_08_legacy_generator_needs_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shim under tensorflow.keras imports, but without scipy its first batch fails."""
    from keras.src.legacy.preprocessing import image as legacy
    from keras.src.utils.module_utils import LazyModule
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

    assert ImageDataGenerator is legacy.ImageDataGenerator
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setattr(legacy, "scipy", LazyModule("scipy"))
    pictures, _ = bands(4, 0)
    stream = ImageDataGenerator(rotation_range=20).flow(pictures, batch_size=4)
    with pytest.raises(ImportError, match="This requires the scipy module"):
        next(stream)
    turned = layers.RandomRotation(20 / 360)(pictures, training=True)
    assert float(np.abs(turned - pictures).mean()) > 0.01


def test_t0_09_a_generator_beside_fit_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """fit on the arrays makes no call to the generator; a layer in the model changes the images."""
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

    calls: list[str] = []
    for name in ("flow", "random_transform", "apply_transform", "standardize"):
        monkeypatch.setattr(
            ImageDataGenerator, name, lambda *_, name=name, **__: calls.append(name)
        )
    pictures, _ = bands(12, 0)
    original = pictures.copy()
    generator = ImageDataGenerator(rotation_range=20, width_shift_range=0.2)
    generator.fit(pictures)
    assert generator.mean is None
    assert generator.std is None
    seen = recorded_fit(pictures, epochs=1, shuffle=False)
    assert calls == []
    assert np.array_equal(pictures, original)
    assert np.array_equal(seen, original)
    generator.flow(pictures)
    assert calls == ["flow"]

    inside = recorded_fit(pictures, layers.RandomTranslation(0.2, 0.2), epochs=1, shuffle=False)
    assert float(np.abs(inside - original).mean()) > 0.05


def test_t0_10_random_labels_teach_nothing() -> None:
    """Labels independent of the images can be memorised only; readable labels carry over."""

    def scores(images: Array, labels: Array, new: Array, answers: Array) -> tuple[float, float]:
        model = net(
            keras.Input(shape=(10, 10, 1)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
            loss="sparse_categorical_crossentropy",
            optimizer=keras.optimizers.Adam(0.01),
            steps_per_execution=20,
        )
        full_batch_steps(model, images, labels, 100)
        return share_right(model, images, labels), share_right(model, new, answers)

    rng = np.random.default_rng(17)
    noise, fresh = (rng.random((n, 10, 10, 1)).astype("float32") for n in (120, 2000))
    known, unknown = scores(noise, rng.integers(10, size=120), fresh, rng.integers(10, size=2000))
    assert known > 0.95
    assert 0.06 < unknown < 0.14
    known, unknown = scores(*bands(400, 1), *bands(1000, 2))
    assert known > 0.95
    assert unknown > 0.9


def test_t0_11_without_flatten_no_loss_fits() -> None:
    """Dense on a feature map keeps its rank: it builds, and fit raises for either label form."""
    images, labels = bands(20, 0)
    one_hot = keras.utils.to_categorical(labels, 10)

    def stack(*bridge: Any, loss: str) -> Any:
        return net(
            keras.Input(shape=(10, 10, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            *bridge,
            layers.Dense(10, activation="softmax"),
            loss=loss,
            metrics=["accuracy"],
        )

    flat = stack(layers.Flatten(), loss="sparse_categorical_crossentropy")
    assert flat.output_shape == (None, 10)
    assert flat.count_params() == 40 + 4 * 4 * 4 * 10 + 10
    rank = re.escape("Argument `output` must have rank (ndim) `target.ndim - 1`")
    for loss, target, message in (
        ("categorical_crossentropy", labels, SAME_RANK),
        ("categorical_crossentropy", one_hot, "."),
        ("sparse_categorical_crossentropy", labels, rank),
    ):
        broken = stack(loss=loss)
        assert broken.output_shape == (None, 4, 4, 10)
        assert broken.count_params() == 40 + 4 * 10 + 10
        with pytest.raises(ValueError, match=message):
            broken.fit(images, target, verbose=0)
    assert np.isfinite(flat.fit(images, labels, verbose=0).history["loss"][0])


def test_t0_12_input_shape_on_a_convolution_warns() -> None:
    """input_shape on Conv2D warns; an Input before it gives the same shape without a warning."""
    with pytest.warns(UserWarning, match=SHAPE_WARNING):
        old = keras.Sequential([layers.Conv2D(2, 3, input_shape=(9, 9, 1))])
    new = no_warning(lambda: keras.Sequential([keras.Input(shape=(9, 9, 1)), layers.Conv2D(2, 3)]))
    assert old.output_shape == new.output_shape == (None, 7, 7, 2)


def test_t0_13_the_convolution_is_not_compiled_with_lr() -> None:
    """With lr= the network stays uncompiled; with learning_rate= it takes a step."""
    images, labels = bands(10, 0)
    model = keras.Sequential(
        [keras.Input(shape=(10, 10, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(10)]
    )
    with pytest.raises(ValueError, match=LR_MESSAGE):
        model.compile(optimizer=keras.optimizers.SGD(lr=0.05), loss="mse")
    assert not model.compiled
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss=loss)
    model.train_on_batch(images, labels)
    assert int(model.optimizer.iterations) == 1


def test_t0_14_integer_labels_need_the_sparse_loss() -> None:
    """Integer labels with the categorical loss raise, one-hot with sparse too; matched work."""
    images, labels = bands(30, 0)
    one_hot = keras.utils.to_categorical(labels, 10)
    model = keras.Sequential(
        [keras.Input(shape=(10, 10, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
    )
    model.compile(optimizer="sgd", loss="categorical_crossentropy")
    with pytest.raises(ValueError, match=SAME_RANK):
        model.fit(images, labels, verbose=0)
    dense = model.evaluate(images, one_hot, verbose=0)
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="rank"):
        model.fit(images, one_hot, verbose=0)
    assert model.evaluate(images, labels, verbose=0) == pytest.approx(dense, abs=1e-5)


def test_t0_15_ten_validation_samples_move_in_tenths() -> None:
    """validation_split=0.1 of 100 rows scores the last ten; hundreds are needed to be steady."""
    rng = np.random.default_rng(9)
    x = rng.normal(size=(6000, 3)).astype("float32")
    hidden = x @ [1.0, -2.0, 0.5] + rng.normal(0, 1.5, size=6000)
    y = (hidden > 0).astype("int32")
    model = net(
        keras.Input(shape=(3,)),
        layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        metrics=["accuracy"],
        optimizer=keras.optimizers.SGD(0.5),
    )
    history = model.fit(x[:100], y[:100], validation_split=0.1, epochs=3, verbose=0).history
    tenths = 10 * np.array(history["val_accuracy"])
    assert np.allclose(tenths, tenths.round(), atol=1e-4)
    last = share_right(model, x[90:100], y[90:100])
    assert last == pytest.approx(history["val_accuracy"][-1], abs=1e-6)

    hits = (answer(model, x)[:, 0] > 0.5) == y
    small, large = (hits.reshape(-1, size).mean(axis=1) for size in (10, 600))
    assert np.ptp(small) >= 0.5
    assert np.ptp(large) < 0.1


def test_t0_16_shared_names_carry_the_wrong_data() -> None:
    """A name left by one scenario is taken up by the next; a function has nothing to leak."""
    shared: dict[str, Any] = {"np": np, "layers": layers, "keras": keras, "net": net}
    exec("data = np.ones((20, 1)); answers = data[:, 0]", shared)
    with pytest.raises(ImportError):
        exec("from keras.preprocessing.image import ImageDataGenerator\ndata = 'images'", shared)
    block = (
        "net(keras.Input(shape=(10, 10, 1)), layers.Flatten(), layers.Dense(1), loss='mse')"
        ".fit(data, answers, verbose=0)"
    )
    with pytest.raises(ValueError, match=r"(?s)shape=\(None, 1\).*[Ee]xpected shape"):
        exec(block, shared)

    def scenario() -> float:
        data, answers = bands(20, 0)
        model = net(keras.Input(shape=(10, 10, 1)), layers.Flatten(), layers.Dense(1), loss="mse")
        return float(model.fit(data, answers, verbose=0).history["loss"][0])

    assert np.isfinite(scenario())
