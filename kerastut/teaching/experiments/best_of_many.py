"""How much of a winner's lead is luck."""

import numpy as np

from kerastut.arrays import Array


def best_of(correct: Array, size: int, draws: int = 1000, seed: int = 0) -> tuple[Array, Array]:
    """Picks the best of 1, 2, 3 ... models on a few images, and judges it there and elsewhere.

    Args:
        correct: Whether each model is right about each image, `(models, images)`.
        size: Images to choose on; the rest are fresh.
        draws: How often models and images are drawn anew; the results are averaged.
        seed: Of the draws.

    Returns:
        Mean accuracy of the winner on the images of the choice, and on the fresh ones, each
        `(models,)`: place `k - 1` is for the best of `k`.

    Example:

    >>> seen, fresh = best_of(correct, size=200)
    """
    rng = np.random.default_rng(seed)
    models, images = correct.shape
    seen, fresh = np.zeros(models), np.zeros(models)
    for _ in range(draws):
        shuffled = correct[rng.permutation(models)][:, rng.permutation(images)]
        here, elsewhere = shuffled[:, :size].mean(axis=1), shuffled[:, size:].mean(axis=1)
        winners = [int(np.argmax(here[: count + 1])) for count in range(models)]
        seen += here[winners]
        fresh += elsewhere[winners]
    return seen / draws, fresh / draws
