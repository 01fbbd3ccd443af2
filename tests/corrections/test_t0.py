"""Demonstrations of the faults of tutorial T0: what breaks, and beside it the form that works."""

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import layers

Array = npt.NDArray[Any]

SEED = 11
SHAPE_WARNING = "Do not pass an `input_shape`/`input_dim` argument to a layer"
LR_MESSAGE = re.escape("Argument(s) not recognized: {'lr': ")
SAME_RANK = re.escape("Arguments `target` and `output` must have the same rank (ndim)")


@pytest.fixture(autouse=True)
def _same_seed() -> None:
    """Start every test from the same seed."""
    keras.utils.set_random_seed(SEED)


def net(*stack: Any, loss: str, optimizer: Any = "sgd", metrics: Any = None, **more: Any) -> Any:
    """A compiled Sequential model; the optimizer is built here so that fit traces only once."""
    model = keras.Sequential(list(stack))
    more = {"jit_compile": False, **more}
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics, **more)
    model.optimizer.build(model.trainable_variables)
    return model


def full_batch_steps(model: Any, x: Array, y: Array, steps: int) -> None:
    """Take `steps` gradient steps, each on the whole set, in one cheap epoch."""
    many_x, many_y = np.concatenate([x] * steps), np.concatenate([y] * steps)
    model.fit(many_x, many_y, batch_size=len(x), shuffle=False, epochs=1, verbose=0)


def straight_line(rate: float, at_once: int = 50) -> Any:
    """One affine unit, trained by plain gradient descent on the squared error."""
    optimizer = keras.optimizers.SGD(learning_rate=rate)
    return net(
        keras.Input(shape=(1,)),
        layers.Dense(1),
        loss="mse",
        optimizer=optimizer,
        steps_per_execution=at_once,
    )


def answer(model: Any, x: Array) -> Array:
    """What the model says, without the overhead of predict."""
    return np.asarray(model(x, training=False))


def squared_error(model: Any, x: Array, y: Array) -> float:
    """Mean squared error of the model."""
    return float(np.mean((answer(model, x) - y) ** 2))


def share_right(model: Any, x: Array, labels: Array) -> float:
    """Accuracy of a sigmoid unit or of a softmax."""
    said = answer(model, x)
    chosen = said[:, 0] > 0.5 if said.shape[1] == 1 else said.argmax(axis=1)
    return float(np.mean(chosen == labels))


def least_squares(x: Array, y: Array) -> tuple[float, float, float]:
    """Slope, intercept and mean squared error of the best straight line."""
    design = np.column_stack([x[:, 0], np.ones(len(x))])
    (slope, intercept), *_ = np.linalg.lstsq(design, y[:, 0], rcond=None)
    error = float(np.mean((design @ [slope, intercept] - y[:, 0]) ** 2))
    return float(slope), float(intercept), error


def uniform_column(n: int, low: float = 0.0, high: float = 1.0, seed: int = 3) -> Array:
    """n numbers as a column."""
    return np.random.default_rng(seed).uniform(low, high, size=(n, 1)).astype("float32")


def no_warning(build: Any) -> Any:
    """Call `build` and turn any UserWarning into a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return build()


def recorded_fit(x: Array, *before: Any, epochs: int, **options: Any) -> Array:
    """Every input that reaches the network behind the layers `before` during fit."""
    seen: list[Array] = []

    def note(batch: Any) -> Any:
        seen.append(keras.ops.convert_to_numpy(batch))
        return batch

    model = net(
        keras.Input(shape=x.shape[1:]),
        *before,
        layers.Lambda(note, output_shape=x.shape[1:]),
        layers.Flatten(),
        layers.Dense(1),
        loss="mse",
        run_eagerly=True,
    )
    seen.clear()
    model.fit(x, np.zeros((len(x), 1)), epochs=epochs, verbose=0, **options)
    return np.concatenate(seen)


GOOD = ["splendid", "charming", "delightful", "brilliant"]
BAD = ["dreadful", "tedious", "clumsy", "awful"]
PLAIN = ["plot", "actor", "scene", "music", "ending", "dialogue"]


def sentences(n: int, seed: int) -> tuple[list[str], Array]:
    """Generated reviews: three plain words and one word that decides the label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, size=n)
    lines = []
    for label in labels:
        words = [*rng.choice(PLAIN, size=3), str(rng.choice(GOOD if label else BAD))]
        lines.append(" ".join(rng.permutation(words)))
    return lines, labels


def word_ids(lines: list[str]) -> Array:
    """Fixed ids, 0 for padding at the end."""
    known = {word: i + 1 for i, word in enumerate(GOOD + BAD + PLAIN)}
    rows = [[known[word] for word in line.split()] for line in lines]
    return np.asarray(keras.utils.pad_sequences(rows, maxlen=5, padding="post"))


def reading_scores(reader: Any, rule: Any, shuffled_labels: bool) -> tuple[float, float]:
    """Training and test accuracy after eight passes; `reader` turns word vectors into one."""
    (lines, labels), (new_lines, new_labels) = sentences(256, 1), sentences(200, 2)
    if shuffled_labels:
        labels = np.random.default_rng(4).integers(0, 2, size=len(labels))
    model = net(
        keras.Input(shape=(5,), dtype="int32"),
        layers.Embedding(15, 6, mask_zero=True),
        reader,
        layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        optimizer=rule,
    )
    model.fit(np.concatenate([word_ids(lines)] * 8), np.concatenate([labels] * 8), verbose=0)
    return (
        share_right(model, word_ids(lines), labels),
        share_right(model, word_ids(new_lines), new_labels),
    )


def bands(n: int, seed: int) -> tuple[Array, Array]:
    """Noise images of 10 by 10; the label is the row that was made brighter."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, size=n)
    images = rng.random((n, 10, 10, 1)).astype("float32")
    images[np.arange(n), labels] += 1.0
    return images, labels


# 4.1 linear regression


def test_t0_01_a_line_cannot_fit_a_square() -> None:
    """On y = x*x one Dense unit stops at the least-squares floor; a hidden relu layer passes."""
    x = uniform_column(128)
    y = x**2
    slope, intercept, floor = least_squares(x, y)
    assert 0.0035 < floor < 0.0075
    model = straight_line(0.5)
    full_batch_steps(model, x, y, 300)
    error = squared_error(model, x, y)
    assert floor - 1e-6 < error < floor + 3e-4
    assert 1 - error / float(np.var(y)) > 0.9
    kernel, bias = (float(np.ravel(w)[0]) for w in model.get_weights())
    assert kernel == pytest.approx(slope, abs=0.03) == pytest.approx(1, abs=0.1)
    assert bias == pytest.approx(intercept, abs=0.03) == pytest.approx(-1 / 6, abs=0.05)
    assert 8 < answer(model, np.array([[10.0]]))[0, 0] < 12

    curved = net(
        keras.Input(shape=(1,)),
        layers.Dense(16, activation="relu"),
        layers.Dense(1),
        loss="mse",
        optimizer=keras.optimizers.Adam(0.03),
        steps_per_execution=50,
    )
    full_batch_steps(curved, x, y, 300)
    assert squared_error(curved, x, y) < floor / 10

    line = straight_line(0.5)
    full_batch_steps(line, x, 2 * x + 1, 300)
    assert squared_error(line, x, 2 * x + 1) < 1e-4


def test_t0_02_runs_differ_without_a_seed() -> None:
    """Two unseeded runs differ in data and first weights; a seed makes loss and weights equal."""

    def start() -> tuple[Array, Any]:
        return np.random.rand(40, 1), straight_line(0.1)

    (points, model), (other_points, other) = start(), start()
    assert not np.array_equal(points, other_points)
    assert not np.array_equal(model.get_weights()[0], other.get_weights()[0])

    ends = []
    for _ in range(2):
        keras.utils.set_random_seed(23)
        points, model = start()
        loss = model.fit(points, 3 * points, epochs=2, verbose=0).history["loss"]
        ends.append((points, model.get_weights()[0], loss))
    assert np.array_equal(ends[0][0], ends[1][0])
    assert np.array_equal(ends[0][1], ends[1][1])
    assert ends[0][2] == ends[1][2]


def test_t0_03_input_dim_warns() -> None:
    """input_dim on a layer still builds but warns; keras.Input does not."""
    with pytest.warns(UserWarning, match=SHAPE_WARNING):
        old = keras.Sequential([layers.Dense(3, input_dim=2)])
    new = no_warning(lambda: keras.Sequential([keras.Input(shape=(2,)), layers.Dense(3)]))
    assert old.count_params() == new.count_params() == 9


def test_t0_04_optimizers_reject_lr() -> None:
    """lr= raises, and the uncompiled model then cannot be fitted; learning_rate= works."""
    with pytest.raises(ValueError, match=LR_MESSAGE):
        keras.optimizers.SGD(lr=0.02)
    assert float(keras.optimizers.SGD(learning_rate=0.02).learning_rate) == pytest.approx(0.02)
    assert float(keras.optimizers.SGD(0.02).learning_rate) == pytest.approx(0.02)
    with pytest.warns(UserWarning, match="Argument `decay` is no longer supported"):
        keras.optimizers.SGD(learning_rate=0.02, decay=1e-3)

    x = uniform_column(8)
    model = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=re.escape("You must call `compile()` before using")):
        model.fit(x, x, verbose=0)
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.02), loss="mse")
    assert np.isfinite(model.fit(x, x, verbose=0).history["loss"][0])


def test_t0_05_default_verbosity_floods_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """The default prints two lines an epoch for four updates; a larger step needs fewer epochs."""
    x = uniform_column(100)
    y = 2 * x + 1
    model = straight_line(0.01, at_once=1)
    capsys.readouterr()
    model.fit(x, y, epochs=6)
    loud = capsys.readouterr().out
    assert loud.count("\n") == 2 * 6
    assert len(loud) > 100 * 6
    assert int(model.optimizer.iterations) == 4 * 6
    model.fit(x, y, epochs=6, verbose=0)
    assert capsys.readouterr().out == ""

    slow, fast = straight_line(0.05), straight_line(0.5)
    slow.set_weights(fast.get_weights())
    full_batch_steps(slow, x, y, 1000)
    full_batch_steps(fast, x, y, 100)
    for a, b in zip(slow.get_weights(), fast.get_weights(), strict=True):
        assert np.ravel(a)[0] == pytest.approx(np.ravel(b)[0], abs=0.02)
    assert np.ravel(fast.get_weights()[0])[0] == pytest.approx(2, abs=0.03)


def test_t0_06_only_held_out_data_and_weights_reveal_the_misfit() -> None:
    """The training loss falls as steeply for a wrong target; new data tell the two apart."""
    x = uniform_column(200)
    new = uniform_column(100, 1.0, 2.0, seed=8)
    noise = np.random.default_rng(6).normal(0, 0.02, size=(300, 1)).astype("float32")
    fall, fresh = {}, {}
    for name, target in (("square", x**2), ("line", 2 * x + 1 + noise[:200])):
        model = straight_line(0.5)
        model.set_weights([np.full((1, 1), -1.0), np.zeros(1)])
        before = squared_error(model, x, target)
        full_batch_steps(model, x, target, 300)
        fall[name] = squared_error(model, x, target) / before
        truth = new**2 if name == "square" else 2 * new + 1 + noise[200:]
        fresh[name] = squared_error(model, new, truth)
        slope, intercept, _ = least_squares(x, target)
        learned = [float(np.ravel(w)[0]) for w in model.get_weights()]
        assert learned == pytest.approx([slope, intercept], abs=0.03)
    assert fall["square"] < 0.02
    assert fall["line"] < 0.02
    assert fresh["square"] > 0.2
    assert fresh["line"] < 0.01


# 4.2 convolution


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


# 4.3 text


def test_t0_17_tokenizer_was_never_imported() -> None:
    """The name does not exist; TextVectorization builds the vocabulary and pads at the end."""
    with pytest.raises(NameError, match="name 'Tokenizer' is not defined"):
        exec("from keras.utils import pad_sequences\nwords = Tokenizer()", {})
    lines = ["Rain falls on the hill", "Snow falls on the hill"]
    to_ids = layers.TextVectorization(output_mode="int", output_sequence_length=7)
    to_ids.adapt(lines)
    assert to_ids.get_vocabulary()[:2] == ["", "[UNK]"]
    assert to_ids.vocabulary_size() == 2 + 6
    ids = np.asarray(to_ids(lines))
    assert ids.shape == (2, 7)
    assert (ids[:, :5] > 1).all()
    assert (ids[:, 5:] == 0).all()
    assert keras.preprocessing.sequence.pad_sequences is keras.utils.pad_sequences
    assert keras.utils.pad_sequences([[4, 5]], maxlen=3).tolist() == [[0, 4, 5]]


def test_t0_18_keras_preprocessing_text_is_gone() -> None:
    """The obvious import fails; only a legacy shim under tensorflow and the layer are left."""
    with pytest.raises(
        ModuleNotFoundError, match=re.escape("No module named 'keras.preprocessing.text'")
    ):
        exec("from keras.preprocessing.text import Tokenizer", {})
    scope: dict[str, Any] = {}
    exec("from tensorflow.keras.preprocessing.text import Tokenizer", scope)
    assert scope["Tokenizer"].__module__.startswith("keras.src.legacy")
    to_ids = layers.TextVectorization(vocabulary=["rain", "snow"])
    assert np.asarray(to_ids(["snow rain hail"])).tolist() == [[3, 2, 1]]


def test_t0_19_random_labels_on_two_sentences() -> None:
    """Two random labels agree half of the time; readable labels can be learned, random ones not."""
    pairs = np.random.default_rng(12).integers(0, 2, size=(10_000, 2))
    assert 0.48 < float(np.mean(pairs[:, 0] == pairs[:, 1])) < 0.52
    test = {}
    for shuffled in (True, False):
        rule = keras.optimizers.Adam(0.05)
        _, test[shuffled] = reading_scores(layers.GlobalAveragePooling1D(), rule, shuffled)
    assert 0.35 < test[True] < 0.65
    assert test[False] > 0.97


def test_t0_20_embedding_needs_the_number_of_words() -> None:
    """num_words is None and Embedding refuses it; the count of words is one too small."""
    import tensorflow as tf
    from tensorflow.keras.preprocessing.text import Tokenizer

    counter = Tokenizer()
    counter.fit_on_texts(["rain on snow", "snow on ice"])
    assert counter.num_words is None
    with pytest.raises(ValueError, match="`input_dim` must be a positive integer"):
        layers.Embedding(counter.num_words, 3)
    size = len(counter.word_index)
    ids = np.array(counter.texts_to_sequences(["rain on snow ice"]))
    assert ids.max() == size == 4
    with (
        tf.device("/CPU:0"),
        pytest.raises(tf.errors.InvalidArgumentError, match=re.escape("is not in [0, 4)")),
    ):
        layers.Embedding(size, 3)(ids)
    assert layers.Embedding(size + 1, 3)(ids).shape == (1, 4, 3)
    to_ids = layers.TextVectorization()
    to_ids.adapt(["rain on snow", "snow on ice"])
    assert to_ids.vocabulary_size() == size + 2


def test_t0_21_input_length_is_deprecated() -> None:
    """input_length warns and leaves the model unbuilt; Input builds it."""
    with pytest.warns(UserWarning, match="Argument `input_length` is deprecated"):
        old = keras.Sequential([layers.Embedding(9, 4, input_length=6), layers.LSTM(3)])
    assert not old.built
    new = no_warning(
        lambda: keras.Sequential(
            [keras.Input(shape=(6,), dtype="int32"), layers.Embedding(9, 4), layers.LSTM(3)]
        )
    )
    assert new.built
    assert new.count_params() == 9 * 4 + 4 * 3 * (4 + 3 + 1)


def test_t0_22_padding_is_read_as_a_word_without_a_mask() -> None:
    """Without mask_zero padded zeros change the LSTM's answer; with it they do not."""
    short = np.array([[3, 1, 4]])
    padded = np.array([[3, 1, 4, 0, 0, 0, 0, 0]])
    gap = {}
    for masked in (False, True):
        words, reader = layers.Embedding(6, 5, mask_zero=masked), layers.LSTM(4)
        words.build()
        words.embeddings.assign(10 * words.embeddings)
        gap[masked] = float(np.abs(reader(words(short)) - reader(words(padded))).max())
    assert gap[False] > 1e-2
    assert gap[True] < 1e-6


def test_t0_23_no_optimizer_takes_lr() -> None:
    """The repeated block fails in the same way, as any other optimizer would, until renamed."""
    ids, labels = np.ones((4, 5), "int32"), np.ones(4)
    for name in ("SGD", "Adam", "RMSprop", "Adagrad"):
        rule = getattr(keras.optimizers, name)
        with pytest.raises(ValueError, match=LR_MESSAGE):
            rule(lr=0.03)
        assert float(rule(learning_rate=0.03).learning_rate) == pytest.approx(0.03)
    model = net(
        keras.Input(shape=(5,), dtype="int32"),
        layers.Embedding(15, 3),
        layers.GlobalMaxPooling1D(),
        layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=0.03),
    )
    assert 0.6 < float(model.train_on_batch(ids, labels)) < 0.8


def test_t0_24_two_class_text_needs_a_matching_loss() -> None:
    """Integer labels (n,) with the categorical loss raise; the two matching pairs train."""
    lines, labels = sentences(16, 3)
    ids = word_ids(lines)

    def reader(units: int, activation: str, loss: str) -> Any:
        return net(
            keras.Input(shape=(5,), dtype="int32"),
            layers.Embedding(15, 3),
            layers.GlobalAveragePooling1D(),
            layers.Dense(units, activation=activation),
            loss=loss,
        )

    wrong = reader(2, "softmax", "categorical_crossentropy")
    shapes = re.escape("Received: target.shape=(None,), output.shape=(None, 2)")
    with pytest.raises(ValueError, match=f"(?s){SAME_RANK}.*{shapes}"):
        wrong.fit(ids, labels, verbose=0)
    for right in (
        reader(2, "softmax", "sparse_categorical_crossentropy"),
        reader(1, "sigmoid", "binary_crossentropy"),
    ):
        assert 0.6 < float(right.train_on_batch(ids, labels)) < 0.8


def test_t0_25_two_samples_leave_one_for_validation() -> None:
    """The split keeps floor(0.9 n) rows; with n = 2 a perfect score rests on one sample."""
    model = net(
        keras.Input(shape=(1,)),
        layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        optimizer=keras.optimizers.SGD(1.0),
        metrics=["accuracy"],
        run_eagerly=True,
    )
    for rows, kept in ((2, 1), (3, 2), (10, 9), (11, 9)):
        before = int(model.optimizer.iterations)
        same = np.ones((rows, 1))
        model.fit(same, same[:, 0], batch_size=1, validation_split=0.1, verbose=0)
        assert int(model.optimizer.iterations) - before == kept
    tiny = model.fit(same[:2], same[:2, 0], validation_split=0.1, epochs=3, verbose=0).history
    assert tiny["val_accuracy"] == tiny["accuracy"] == [1.0, 1.0, 1.0]
    with pytest.raises(ValueError, match="Training data contains 1 samples, which is not suff"):
        model.fit(same[:1], same[:1, 0], validation_split=0.1, verbose=0)

    labels = np.repeat([0, 1], [300, 100])
    order = np.random.default_rng(0).permutation(400)
    held = np.concatenate([order[labels[order] == c][: n // 5] for c, n in ((0, 300), (1, 100))])
    assert len(held) == 80
    assert labels[held].mean() == labels.mean()


def test_t0_26_plain_sgd_does_not_train_the_lstm() -> None:
    """Eight passes of SGD(0.01) stay near chance on readable labels; Adam solves them."""
    sgd_train, sgd_test = reading_scores(layers.LSTM(6), keras.optimizers.SGD(0.01), False)
    assert sgd_train < 0.75
    assert sgd_test < 0.75
    adam_train, adam_test = reading_scores(layers.LSTM(6), keras.optimizers.Adam(0.02), False)
    assert adam_train > 0.97
    assert adam_test > 0.97


def test_t0_27_a_test_score_and_a_vectorizer_kept_with_the_model(tmp_path: Path) -> None:
    """Ids of a vectorizer adapted anew differ; kept inside the model, raw text can be predicted."""
    import tensorflow as tf

    (lines, labels), (new_lines, new_labels) = sentences(256, 1), sentences(100, 2)
    to_ids = layers.TextVectorization(output_sequence_length=5)
    to_ids.adapt(lines)
    other = layers.TextVectorization(output_sequence_length=5)
    other.adapt(["a clumsy scene", "a clumsy plot", *new_lines[:2]])
    assert not np.array_equal(to_ids(new_lines), other(new_lines))

    core = net(
        keras.Input(shape=(5,), dtype="int64"),
        layers.Embedding(to_ids.vocabulary_size(), 4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(1, activation="sigmoid"),
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(0.05),
        metrics=["accuracy"],
    )
    core.fit(np.concatenate([to_ids(lines)] * 8), np.concatenate([labels] * 8), verbose=0)
    assert core.evaluate(to_ids(new_lines), new_labels, verbose=0)[1] > 0.95
    assert share_right(core, other(new_lines), new_labels) < 0.9

    whole = keras.Sequential([keras.Input(shape=(1,), dtype="string"), to_ids, core])
    whole.save(tmp_path / "reader.keras")
    again = keras.models.load_model(tmp_path / "reader.keras")
    fresh = tf.constant([["charming music scene"], ["tedious plot ending"]])
    said = again.predict(fresh, verbose=0)
    assert said[0, 0] > 0.5 > said[1, 0]
    assert np.allclose(said, answer(whole, fresh), atol=1e-6)


# statements


@pytest.mark.parametrize("name", ["theano", "cntk"])
def test_t0_28_old_backends_are_unknown(name: str) -> None:
    """Keras does not start on Theano or CNTK; the backend in use here is one it knows."""
    run = subprocess.run(
        [sys.executable, "-c", "import keras"],
        env={**os.environ, "KERAS_BACKEND": name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert f"ValueError: Unable to import backend : {name}" in run.stderr
    assert keras.config.backend() in {"tensorflow", "jax", "torch", "numpy", "openvino"}


def test_t0_29_weights_belong_to_connections() -> None:
    """A Dense layer has one weight a connection and one bias a unit, not one weight a node."""
    for inputs, units, total in ((12, 5, 65), (784, 64, 50_240)):
        layer = layers.Dense(units)
        layer.build((None, inputs))
        assert [tuple(w.shape) for w in layer.weights] == [(inputs, units), (units,)]
        assert layer.count_params() == units * (inputs + 1) == total
        assert layer.count_params() > 2 * units


@pytest.mark.parametrize(
    "layer",
    [
        layers.MaxPooling2D(2),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Activation("relu"),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_t0_30_pooling_has_no_parameters(layer: Any) -> None:
    """Pooling and its like add nothing to the count; the convolution before them does."""
    base = [keras.Input(shape=(6, 6, 1)), layers.Conv2D(3, 3)]
    model = keras.Sequential([*base, layer])
    assert layer.weights == []
    assert model.count_params() == 3 * (3 * 3 + 1)


def test_t0_31_one_sigmoid_unit_serves_two_classes() -> None:
    """Both heads reach the same accuracy; the mixes in between raise or answer 1.0 for all."""
    import tensorflow as tf

    rng = np.random.default_rng(21)
    x = rng.normal(size=(600, 3)).astype("float32")
    chance = 1 / (1 + np.exp(-(x @ [2.0, -3.0, 1.0])))
    y = (rng.random(600) < chance).astype("int32")
    best = float(np.mean((chance > 0.5) == y))

    def head(units: int, activation: str, loss: str) -> Any:
        return net(
            keras.Input(shape=(3,)),
            layers.Dense(units, activation=activation),
            loss=loss,
            optimizer=keras.optimizers.Adam(0.1),
            steps_per_execution=20,
        )

    one = head(1, "sigmoid", "binary_crossentropy")
    two = head(2, "softmax", "sparse_categorical_crossentropy")
    for model in (one, two):
        full_batch_steps(model, x, y, 60)
    first, second = share_right(one, x, y), share_right(two, x, y)
    assert min(first, second) > best - 0.03
    assert abs(first - second) < 0.02
    assert (one.count_params(), two.count_params()) == (4, 8)

    for loss in ("binary_crossentropy", "categorical_crossentropy"):
        with pytest.raises(ValueError, match="rank"):
            head(2, "softmax", loss).fit(x, y, verbose=0)
    # The second wording is TensorFlow's when op determinism is on, as after `kerastut.run`.
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?i)label|1 is not in \[0, 1\)"):
        head(1, "sigmoid", "sparse_categorical_crossentropy").fit(x, y, verbose=0)
    stuck = head(1, "softmax", "binary_crossentropy")
    with pytest.warns(UserWarning, match="The softmax operation will always return the value 1"):
        full_batch_steps(stuck, x, y, 20)
    with pytest.warns(UserWarning, match="softmax"):
        said = answer(stuck, x)
    assert np.array_equal(said, np.ones((600, 1)))
    assert share_right(one, x, y) > float(y.mean()) + 0.1


def test_t0_32_depth_without_activation_stays_a_line() -> None:
    """Two Dense layers without activation bend nowhere; with relu between them they do."""
    grid = np.linspace(-1, 1, 41, dtype="float32")[:, None]

    def bend(activation: str | None) -> float:
        model = keras.Sequential(
            [keras.Input(shape=(1,)), layers.Dense(16, activation=activation), layers.Dense(1)]
        )
        assert model.count_params() == 49
        return float(np.abs(np.diff(answer(model, grid)[:, 0], 2)).max())

    assert bend(None) < 1e-6
    assert bend("relu") > 1e-3


def test_t0_33_adam_is_not_adagrad() -> None:
    """Under a constant gradient Adagrad's step shrinks and Adam's does not; SGD takes batches."""

    def last_over_first(rule: Any) -> float:
        place = keras.Variable(np.zeros(1, "float32"))
        rule.build([place])
        path = [0.0]
        for _ in range(50):
            rule.apply([keras.ops.ones(1)], [place])
            path.append(float(place.numpy()[0]))
        steps = np.diff(path)
        return float(steps[-1] / steps[0])

    assert last_over_first(keras.optimizers.Adam(0.01)) == pytest.approx(1, abs=0.02)
    assert last_over_first(keras.optimizers.Adagrad(0.01)) == pytest.approx(
        np.sqrt(1.1 / 50.1), rel=0.05
    )
    model = net(keras.Input(shape=(1,)), layers.Dense(1), loss="mse", optimizer="sgd")
    model.fit(np.ones((100, 1)), np.ones((100, 1)), verbose=0)
    assert int(model.optimizer.iterations) == 4


@pytest.mark.parametrize(
    ("label_form", "right"),
    [
        ("integer", "sparse_categorical_crossentropy"),
        ("one-hot", "categorical_crossentropy"),
        ("zero-one", "binary_crossentropy"),
    ],
)
def test_t0_34_cross_entropy_is_three_losses(label_form: str, right: str) -> None:
    """Each label form has its loss, all three the same number; the wrong one raises."""
    chance = np.array([0.9, 0.2, 0.6, 0.3])
    pair = np.column_stack([1 - chance, chance])
    truth = np.array([1, 0, 0, 1])
    by_hand = -np.log(np.where(truth == 1, chance, 1 - chance)).mean()
    targets: dict[str, tuple[Array, Array]] = {
        "integer": (truth, pair),
        "one-hot": (np.eye(2)[truth], pair),
        "zero-one": (truth[:, None].astype("float64"), chance[:, None]),
    }
    target, output = targets[label_form]
    value = float(np.mean(keras.losses.get(right)(target, output)))
    assert value == pytest.approx(by_hand, abs=1e-5)
    wrong = {"integer": "categorical_crossentropy", "one-hot": "sparse_categorical_crossentropy"}
    if label_form in wrong:
        with pytest.raises(ValueError, match="rank"):
            keras.losses.get(wrong[label_form])(target, output)


def test_t0_35_a_square_is_not_linear_regression() -> None:
    """The best line on (0, 1) is x - 1/6 with error 1/180; with x*x as a feature it is exact."""
    x = ((np.arange(2000) + 0.5) / 2000)[:, None]
    slope, intercept, error = least_squares(x, x**2)
    assert (slope, intercept) == pytest.approx((1, -1 / 6), abs=1e-4)
    assert error == pytest.approx(1 / 180, abs=1e-5)

    def keras_error(features: Array, weights: list[float], bias: float) -> float:
        model = net(keras.Input(shape=(features.shape[1],)), layers.Dense(1), loss="mse")
        model.set_weights([np.array(weights)[:, None], np.array([bias])])
        return squared_error(model, features, x**2)

    assert keras_error(x, [slope], intercept) == pytest.approx(1 / 180, abs=1e-5)
    assert keras_error(np.hstack([x, x**2]), [0.0, 1.0], 0.0) < 1e-10


@pytest.mark.parametrize(
    ("options", "updates"), [({}, 4), ({"batch_size": 100}, 1), ({"batch_size": 1}, 100)]
)
def test_t0_36_default_batch_size_is_32(options: dict[str, int], updates: int) -> None:
    """A hundred rows are four updates by default, one or a hundred at other batch sizes."""
    x = uniform_column(100)
    model = straight_line(0.01, at_once=1)
    model.fit(x, x, verbose=0, **options)
    assert int(model.optimizer.iterations) == updates
    if not options:
        rows = np.arange(100, dtype="float32")[:, None]
        order = recorded_fit(rows, epochs=1)
        assert not np.array_equal(order, rows)
        assert np.array_equal(np.sort(order, axis=0), rows)
        assert np.array_equal(recorded_fit(rows, epochs=1, shuffle=False), rows)


def test_t0_37_nothing_is_augmented_by_fitting_a_generator() -> None:
    """Three epochs show the same eight images three times; with a layer, twenty-four new ones."""
    from tensorflow.keras.preprocessing.image import ImageDataGenerator

    pictures, _ = bands(8, 0)
    ImageDataGenerator(rotation_range=20, height_shift_range=0.2).fit(pictures)

    def distinct(*before: Any) -> int:
        seen = recorded_fit(pictures, *before, epochs=3, batch_size=8)
        return len(np.unique(seen.reshape(len(seen), -1), axis=0))

    assert distinct() == 8
    assert distinct(layers.RandomRotation(20 / 360), layers.RandomTranslation(0.2, 0.2)) == 24


def test_t0_38_the_described_stack_does_not_classify() -> None:
    """Convolution, pooling, Dense gives a vector a position; Flatten gives one an image."""

    def outputs(*bridge: Any) -> tuple[int | None, ...]:
        stack = [layers.Conv2D(5, 3), layers.MaxPooling2D(), *bridge, layers.Dense(4)]
        shape: tuple[int | None, ...] = keras.Sequential(
            [keras.Input(shape=(16, 16, 1)), *stack]
        ).output_shape
        return shape

    assert outputs() == (None, 7, 7, 4)
    assert outputs(layers.Flatten()) == (None, 4)
    assert outputs(layers.GlobalAveragePooling2D()) == (None, 4)


def test_t0_40_the_recurrent_model_has_three_kinds_of_layer() -> None:
    """Embedding and head have parameters of their own: 70, 840 and 22 at the tutorial's sizes."""

    def counts(words: int, width: int, cells: int, classes: int) -> list[int]:
        return [words * width, 4 * cells * (width + cells + 1), classes * (cells + 1)]

    assert counts(7, 10, 10, 2) == [70, 840, 22]
    assert sum(counts(7, 10, 10, 2)) == 932
    model = keras.Sequential(
        [
            keras.Input(shape=(6,), dtype="int32"),
            layers.Embedding(13, 5),
            layers.LSTM(8),
            layers.Dense(3),
        ]
    )
    assert [layer.count_params() for layer in model.layers] == counts(13, 5, 8, 3)
