"""Proposes a recipe's bands from trainings with several seeds."""

import math
from collections.abc import Iterator, Mapping, Sequence

from kerastut.compare.grid import make_grid
from kerastut.compare.summary import deviation, mean
from kerastut.errors import TrainingError
from kerastut.registry import Recipe

# Deviations to either side. A further run with another seed lies within with a probability of about
# 0.95 where three seeds were seen, and 0.99 where five were (Student's t of one more value).
WIDTH = 5
LEAST = 1e-3  # of the mean, where all seeds have the same value


def seeded(recipe: Recipe, seeds: int) -> Iterator[dict[str, float]]:
    """Trains a recipe in full with the seeds from 0 on.

    Args:
        recipe: What to train, with its own settings.
        seeds: How many seeds.

    Yields:
        The metrics of one training on the test split, without the loss where there are others; of a
        recipe that has bands, those that have one.

    Raises:
        KerastutError: If one cannot be trained.
    """
    import keras

    from kerastut.train import finish, train

    for trial in make_grid(recipe, {}, {}, seeds):
        keras.utils.clear_session()  # else every model stays in memory
        metrics = finish(train(trial.settings)).metrics
        wanted = recipe.expect or metrics.keys() - {"loss"} or {"loss"}
        found = {name: float(value) for name, value in metrics.items() if name in wanted}
        if not found or not all(map(math.isfinite, found.values())):
            raise TrainingError(
                f"{recipe.name}: expected numbers for {', '.join(sorted(wanted))} with the seed"
                f" {trial.settings.seed}, received {found}. See metrics and score of the recipe."
            )
        yield found


def band(values: Sequence[float], metric: str) -> tuple[float, float]:
    """Returns what a correct run's metric lies between, to either side of what was seen.

    Args:
        values: One for each seed.
        metric: Its name: no loss or error falls below 0, and no accuracy exceeds 1.

    Example:

    >>> band([0.9919, 0.9928, 0.9932], "accuracy")
    (0.989, 0.996)
    """
    centre = mean(values)
    margin = max(WIDTH * deviation(values), LEAST * abs(centre), 1e-9)
    # Outwards to one digit of the margin, but for what is left of computing with fractions.
    digits = -math.floor(math.log10(margin))
    low = math.floor(round((centre - margin) * 10**digits, 6)) / 10**digits
    high = math.ceil(round((centre + margin) * 10**digits, 6)) / 10**digits
    if metric.endswith(("loss", "error")) and min(values) >= 0:
        low = max(low, 0.0)
    return low, min(high, 1.0) if metric.endswith("accuracy") else high


def bands_of(runs: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Returns a band for each metric of several runs."""
    return {name: band([run[name] for run in runs], name) for name in runs[0]}
