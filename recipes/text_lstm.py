"""x."""

from typing import Any, Literal

import keras
from keras import layers
import tensorflow as tf

from kerastut.recipe import Recipe

RECIPE = Recipe(
    dataset="reviews",
    epochs=4,
    batch_size=64,
    expect={"accuracy": (0.80, 0.90)},
    tutorials=("T0 4.3",),
)


def encoder(texts: Any, max_tokens: int = 3000, length: int = 100):
    layer = layers.TextVectorization(
        max_tokens=max_tokens, split="character", output_sequence_length=length
    )
    layer.adapt(tf.constant(texts))
    return layer


def build(
    max_tokens: int = 3000,
    length: int = 100,
    cell: Literal["lstm", "gru", "simple_rnn"] = "lstm",
    bidirectional: bool = True,
    pooling: Literal["last", "max", "average"] = "max",
    embedding: int = 64,
    units: int = 64,
    dropout: float = 0.3,
    recurrent: float = 0.0,
    emb_dropout: float = 0.3,
    conv: int = 0,
    learning_rate: float = 2e-3,
    schedule: Literal["constant", "one_cycle"] = "one_cycle",
    total_steps: int = 1720,
) -> keras.Model:
    rate = learning_rate
    if schedule != "constant":
        rate = keras.optimizers.schedules.CosineDecay(
            learning_rate / 10,
            int(total_steps * 0.8),
            alpha=0.0,
            warmup_target=learning_rate,
            warmup_steps=total_steps // 5,
        )
    inp = keras.Input((length,), dtype="int32")
    x = layers.Embedding(max_tokens, embedding, mask_zero=True)(inp)
    mask = x._keras_mask if hasattr(x, "_keras_mask") else None
    x = layers.SpatialDropout1D(emb_dropout)(x)
    C = {"lstm": layers.LSTM, "gru": layers.GRU, "simple_rnn": layers.SimpleRNN}[cell]
    c = C(units, return_sequences=pooling != "last")
    x = (layers.Bidirectional(c) if bidirectional else c)(x)
    if pooling == "max":
        x = layers.GlobalMaxPooling1D()(x)
    elif pooling == "average":
        x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(1, activation="sigmoid")(x)
    model = keras.Model(inp, x)
    model.compile(
        optimizer=keras.optimizers.Adam(rate), loss="binary_crossentropy", metrics=["accuracy"]
    )
    return model
