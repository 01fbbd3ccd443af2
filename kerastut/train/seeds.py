"""One seed decides everything: initial weights, the order of samples, dropout, augmentation."""

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.train.keras_internals import random_states


def epoch_order(samples: int, seed: int, epoch: int) -> Array:
    """Returns the order in which an epoch visits the samples.

    It depends on `(seed, epoch)` alone, so a resumed run continues as the uninterrupted one would.
    Keras's own `fit(shuffle=True)` repeats one permutation in every epoch once
    `keras.utils.set_random_seed` has been called (seen on Keras 3.15.1).

    Args:
        samples: How many there are.
        seed: The run's seed.
        epoch: Counted from 0.

    Returns:
        A permutation of `0 .. samples - 1`, int64.
    """
    return np.random.default_rng([seed, epoch]).permutation(samples)


def seed_layers(model: keras.Model, seed: int, epoch: int) -> None:
    """Sets every random layer's state to a function of `(seed, epoch, position)`."""
    for position, state in enumerate(random_states(model)):
        state.assign(np.random.SeedSequence([seed, epoch, position]).generate_state(2, np.uint32))
