"""How a training is often resumed: from its weights and nothing else."""

import warnings
from pathlib import Path

import keras

from kerastut.train import Run


def from_weights(run: Run, checkpoint: Path, epochs: int) -> list[float]:
    """Loads a checkpoint's weights into a new net and goes on training.

    Args:
        run: The run that was stopped, for the net and the data.
        checkpoint: Folder with `model.weights.h5`.
        epochs: How many are left.

    Returns:
        The training loss of each of them.
    """
    keras.utils.set_random_seed(run.settings.seed)
    model, train = keras.models.clone_model(run.model), run.data.train
    rate = run.settings.parameters["learning_rate"]
    model.compile(keras.optimizers.Adam(rate), run.model.loss)
    with warnings.catch_warnings():  # that the optimizer's state is left out
        warnings.simplefilter("ignore")
        model.load_weights(checkpoint / "model.weights.h5")
    size = run.settings.batch_size
    history = model.fit(train.x, train.y, batch_size=size, epochs=epochs, verbose=0).history
    losses: list[float] = history["loss"]
    return losses
