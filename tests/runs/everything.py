"""Everything that a resumed training can get wrong, in one small net.

Augmentation, batch normalisation, two kinds of dropout, Adam, a learning rate that a callback
lowers, and early stopping that goes back to the best weights.
"""

import keras
from keras import layers

from kerastut.registry.recipe import Recipe

RECIPE = Recipe(
    dataset="mnist",
    epochs=8,
    batch_size=32,
    expect={"accuracy": (0.0, 1.0)},
    tutorials=("T4 4",),
)


def callbacks(patience: int = 2) -> list[keras.callbacks.Callback]:
    """Lowers the rate after one epoch without progress, stops after `patience`."""
    return [
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1),
        keras.callbacks.EarlyStopping(
            monitor="val_loss", patience=patience, restore_best_weights=True
        ),
    ]


def build(learning_rate: float = 6e-2) -> keras.Model:
    """Builds the net; the rate is so high that the validation loss soon rises."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(4),
            layers.SpatialDropout2D(0.2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
