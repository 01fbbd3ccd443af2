"""A straight line plus noise: the best answer is known by least squares."""

import numpy as np

from kerastut.data.splits import Data, Split, digest

SLOPE, INTERCEPT, NOISE = 2.0, 1.0, 0.1
SIZES = {"train": 1000, "validation": 200, "test": 1000}


def read(seed: int) -> Data:
    """Draws inputs `(n, 1)` float32, uniform on -1 to 1, and targets `(n,)` float32.

    Targets are `2 x + 1` plus noise of standard deviation 0.1, so that no model has a test error
    below 0.01 but by chance.
    """
    rng = np.random.default_rng(seed)
    splits = {name: _draw(rng, size) for name, size in SIZES.items()}
    return Data(
        name="line",
        **splits,
        classes=(),
        source=f"generated: y = {SLOPE:g} x + {INTERCEPT:g} + noise of deviation {NOISE:g}",
        sha256=digest(splits),
    )


def _draw(rng: np.random.Generator, size: int) -> Split:
    x = rng.uniform(-1, 1, (size, 1))
    y = SLOPE * x[:, 0] + INTERCEPT + rng.normal(0, NOISE, size)
    return Split(x.astype(np.float32), y.astype(np.float32))
