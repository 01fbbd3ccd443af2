"""Demonstrations of T0's faults in 4.3, texts: what breaks, and beside it the form that works."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from .nets import LR_MESSAGE, SAME_RANK, Array, answer, net, no_warning, share_right

pytestmark = pytest.mark.usefixtures("same_seed")

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
