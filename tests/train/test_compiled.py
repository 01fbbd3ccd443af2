"""The training function that XLA compiles, against the same steps in NumPy."""

import keras
import numpy as np
import pytest

from kerastut.arrays import Array
from kerastut.data.splits import Split
from kerastut.train import batches as pipeline
from kerastut.train.batches import Batches
from kerastut.train.seeds import epoch_order
from kerastut.train.speed.compiled import CompiledSteps

SAMPLES, BATCH, RATE, SEED = 22, 4, 0.1, 3
RNG = np.random.default_rng(0)
X = RNG.normal(size=(SAMPLES, 3)).astype(np.float32)
Y = (X @ [1.0, -2.0, 0.5] + 0.1 * RNG.normal(size=SAMPLES)).astype(np.float32)


def descended(epochs: int, first: int = 0) -> tuple[Array, list[float]]:
    """Returns the weights after gradient descent in NumPy, and each epoch's mean loss."""
    weights, losses = np.zeros(3), []
    for epoch in range(epochs):
        order, squares = epoch_order(SAMPLES, SEED, epoch)[first * BATCH :], 0.0
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            residuals = X[part] @ weights - Y[part]
            squares += float((residuals**2).sum())
            weights -= RATE * 2 * X[part].T @ residuals / len(part)
        losses.append(squares / len(order))
    return weights, losses


def trained(epochs: int, calls_of: int, first: int = 0) -> tuple[Array, list[float], list[int]]:
    """Returns the weights, the losses, and the steps after which callbacks were called."""
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
    )
    model.compile(keras.optimizers.SGD(RATE), "mse", steps_per_execution=calls_of)
    batches = Batches(Split(X, Y[:, None]), BATCH, SEED)
    compiled, ends = CompiledSteps(batches, first), list[int]()
    noted = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: ends.append(batch)
    )
    history = model.fit(
        compiled.numbers(),
        epochs=epochs,
        callbacks=[batches, compiled, noted],
        verbose=0,
        shuffle=False,
    )
    return model.get_weights()[0][:, 0], history.history["loss"], ends


@pytest.mark.parametrize("copied", [0, pipeline.COPIED])
@pytest.mark.parametrize("calls_of", [1, 2, 3, 6, 50])
def test_every_step_is_taken_once_and_in_order(
    calls_of: int, copied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last batch has two samples; 6 calls of one step, 3 of two, ..., 1 of all."""
    monkeypatch.setattr(pipeline, "COPIED", copied)
    weights, losses, ends = trained(3, calls_of)
    expected, expected_losses = descended(3)
    np.testing.assert_allclose(weights, expected, rtol=1e-5)
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-5)
    assert len(ends) == 3 * -(-6 // calls_of)


def test_an_epoch_goes_on_from_any_step() -> None:
    weights, losses, _ = trained(1, 2, first=3)
    expected, expected_losses = descended(1, first=3)
    np.testing.assert_allclose(weights, expected, rtol=1e-5)
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-5)


def test_the_size_of_a_call_does_not_change_the_bits() -> None:
    """Else a run would depend on how often it is asked whether to stop."""
    one, two = (trained(3, calls_of)[0] for calls_of in (2, 50))
    assert one.tobytes() == two.tobytes()
