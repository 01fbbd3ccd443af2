"""The nets of the comparisons in plain Keras, not compiled; inputs are scaled outside."""

from collections.abc import Callable

import keras
from keras import layers, ops

Shape = tuple[int, ...]
IMAGE: Shape = (28, 28, 1)


def cnn(conv_dropout: float = 0.25, dense_dropout: float = 0.5) -> keras.Model:
    """Returns the convolutional net of T4, 225,034 parameters."""
    return keras.Sequential(
        [
            keras.Input(IMAGE),
            layers.Conv2D(32, 3, activation="relu", name="first"),
            layers.MaxPooling2D(),
            layers.Dropout(conv_dropout),
            layers.Conv2D(64, 3, activation="relu", name="second"),
            layers.MaxPooling2D(),
            layers.Dropout(conv_dropout),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(dense_dropout),
            layers.Dense(10, activation="softmax"),
        ]
    )


def mlp(units: int = 512, penalty: str | None = None) -> keras.Model:
    """Returns one hidden layer: T3's with 512 units, 407,050 parameters; T1's with 64."""
    return keras.Sequential(
        [
            keras.Input(IMAGE),
            layers.Flatten(),
            layers.Dense(units, activation="relu", kernel_regularizer=penalty),
            layers.Dense(10, activation="softmax"),
        ]
    )


def small_mlp() -> keras.Model:
    """Returns T1's net of 50,890 parameters."""
    return mlp(64)


def penalised_mlp() -> keras.Model:
    """Returns T1's net with its penalty, the string l2."""
    return mlp(64, "l2")


def dropout_mlp() -> keras.Model:
    """Returns T2's net of two hidden layers with dropout."""
    hidden = [
        layer
        for _ in range(2)
        for layer in (layers.Dense(64, activation="relu"), layers.Dropout(0.5))
    ]
    output = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input(IMAGE), layers.Flatten(), *hidden, output])


def functional() -> keras.Model:
    """Returns T2's convolutional net with padding, 421,642 parameters."""
    inputs = features = keras.Input(IMAGE)
    for filters in (32, 64):
        features = layers.Conv2D(filters, 3, padding="same", activation="relu")(features)
        features = layers.MaxPooling2D()(features)
    hidden = layers.Dense(128, activation="relu")(layers.Flatten()(features))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))


def small_cnn() -> keras.Model:
    """Returns T0's convolutional net with the Flatten that it lacks, 54,410 parameters."""
    return keras.Sequential(
        [
            keras.Input(IMAGE),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def line() -> keras.Model:
    """Returns T0's straight line."""
    return keras.Sequential([keras.Input((1,)), layers.Dense(1)])


def unit() -> keras.Model:
    """Returns one sigmoid unit over points in the plane."""
    return keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])


def bag(max_tokens: int = 20_000) -> keras.Model:
    """Returns T2's hidden layer of 64 units with dropout, over a bag of tokens."""
    tokens = keras.Input((None,), dtype="int64")
    present = ops.cast(ops.not_equal(tokens, 0), "float32")[..., None]
    length = ops.maximum(ops.sum(present, axis=1), 1.0)
    vectors = layers.Embedding(max_tokens, 64)(tokens)
    summed = ops.sum(vectors * present, axis=1) / ops.sqrt(length)
    hidden = layers.Dropout(0.5)(layers.Activation("relu")(summed))
    return keras.Model(tokens, layers.Dense(1, activation="sigmoid")(hidden))


EPOCHS: dict[str, Callable[[], keras.Model]] = {"cnn": cnn, "mlp": mlp}
