"""What the tutorials print for a scenario that a recipe has, repaired only as far as it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Counterpart:
    """A tutorial's settings beside a recipe.

    Args:
        recipe: The recipe; its data and architecture are used on both sides.
        tutorial: Where it is printed.
        model: The tutorial's net, in `benchmarks.models`.
        optimizer: The tutorial's.
        epochs: As printed.
        batch_size: As printed; 32, Keras's default, where nothing is.
        rate: Learning rate, if printed.
        validation: `"test"` if the tutorial validates on the test set, or a share of the training
            data, or `None`.
        everything: Whether the tutorial trains on the recipe's validation split as well, because
            it has none of its own.
        metric: What is compared, on the test split; of `loss` the lower is the better.
        parameters: Hyperparameters that give the recipe the tutorial's architecture, and fit it.
        counted: Whether the ratio is in the geometric mean.
        note: What had to be chosen, or why it is not counted.
    """

    recipe: str
    tutorial: str
    model: str
    optimizer: str
    epochs: int
    batch_size: int = 32
    rate: float | None = None
    validation: str | float | None = None
    everything: bool = True
    metric: str = "accuracy"
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    counted: bool = True
    note: str = ""

    @property
    def name(self) -> str:
        """Recipe and tutorial, since two tutorials print the same scenario."""
        return f"{self.recipe} ({self.tutorial})"


COUNTERPARTS = (
    Counterpart("cnn-mnist", "T4 4", "cnn", "adam", 10, 128, validation="test"),
    Counterpart("mlp-mnist", "T3 5.1", "mlp", "adam", 10, validation="test"),
    Counterpart(
        "mlp-mnist",
        "T1 4",
        "small_mlp",
        "adam",
        10,
        parameters={"units": 64, "learning_rate": 5e-3},
        note="with learning_rate=0.005, which the narrower net bears; the default is for 512 units",
    ),
    Counterpart(
        "cnn-functional",
        "T2 3 (2)",
        "functional",
        "adam",
        20,
        128,
        validation=0.2,
        note="batch size printed without a value; 128 as in T4",
    ),
    Counterpart(
        "dropout-mlp",
        "T2 3 (2)",
        "dropout_mlp",
        "adam",
        20,
        128,
        validation=0.2,
        note="batch size printed without a value; 128 as in T4",
    ),
    Counterpart(
        "linear-regression",
        "T0 4.1",
        "line",
        "sgd",
        1000,
        rate=0.01,
        everything=False,
        metric="loss",
        note="on the recipe's line in place of the square",
    ),
    Counterpart(
        "mlp-reviews",
        "T2 3 (1)",
        "bag",
        "rmsprop",
        10,
        everything=False,
        note="on the recipe's reviews; the tutorial has no data",
    ),
    Counterpart(
        "cnn-augmented",
        "T0 4.2",
        "small_cnn",
        "sgd",
        10,
        rate=0.01,
        validation=0.1,
        everything=False,
        note="on the recipe's 2,000 images; the tutorial augments nothing that it trains on",
    ),
    Counterpart(
        "regularized-mlp",
        "T1 3.5",
        "penalised_mlp",
        "adam",
        10,
        everything=False,
        note="on the recipe's 1,000 images; epochs and batch size from T1 4.2",
    ),
    Counterpart(
        "logistic-regression",
        "T3 4.2",
        "unit",
        "sgd",
        10,
        rate=0.01,
        everything=False,
        counted=False,
        note="not counted: the tutorial prints formulas alone; rate, batch and epochs are Keras's"
        " defaults and the tutorials' usual ten",
    ),
)


def counterpart(name: str) -> Counterpart:
    """Returns a counterpart by its name."""
    return next(found for found in COUNTERPARTS if found.name == name)
