"""Two overlapping classes in the plane: the best accuracy is known."""

import math

import numpy as np

from kerastut.data.splits import Data, Split, digest

MEANS = np.array([[-0.3, -0.2], [1.3, 1.0]])
DEVIATION = 1.0
SIZES = {"train": 2000, "validation": 500, "test": 20_000}


def read(seed: int) -> Data:
    """Draws points `(n, 2)` float32 and labels `(n,)` int32, as many of either class.

    Both classes are round and equally wide, so the best border is a straight line;
    `bayes_accuracy()` is the share that the best classifier gets right.
    """
    rng = np.random.default_rng(seed)
    splits = {name: _draw(rng, size) for name, size in SIZES.items()}
    return Data(
        name="blobs",
        **splits,
        classes=("first", "second"),
        source=f"generated: two Gaussian classes of deviation {DEVIATION:g}, 2 apart",
        sha256=digest(splits),
    )


def bayes_accuracy() -> float:
    """Returns the accuracy of the best classifier there can be, from the normal distribution."""
    distance = float(np.linalg.norm(MEANS[1] - MEANS[0]))
    return 0.5 * (1 + math.erf(distance / (2 * DEVIATION) / math.sqrt(2)))


def _draw(rng: np.random.Generator, size: int) -> Split:
    labels = rng.permutation(np.arange(size) % 2)
    points = MEANS[labels] + rng.normal(0, DEVIATION, (size, 2))
    return Split(points.astype(np.float32), labels.astype(np.int32))
