"""A finished run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from kerastut.arrays import Array
from kerastut.data import Data, Split
from kerastut.errors import TrainingError
from kerastut.registry import Settings, bands, in_band, load_module, slips
from kerastut.train.batches import for_evaluation
from kerastut.train.by_class import NAMED, by_class
from kerastut.train.encoding import ENCODER, apply, encoded_names, target_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass
class Run:
    """A trained recipe.

    Args:
        settings: What decided the run.
        data: The data, raw.
        model: Trained and compiled `keras.Model`; takes raw inputs (pixels 0 to 255, strings).
        parameter_count: Weights and biases of the model.
        history: For each metric, one value an epoch; `val_` marks the validation split.
        metrics: Metrics on the test split, and the recipe's own scores.
        seconds: Duration of the training, with validation.
        retrain: Trains with other settings, for comparisons.
        extended_from: Numbers of epochs that the run had before it was extended.
        devices: The devices that trained it, or `None` for one.
        dir: The run's folder, or `None` if nothing was written.
    """

    settings: Settings
    data: Data
    model: keras.Model
    parameter_count: int
    history: dict[str, list[float]]
    metrics: dict[str, float]
    seconds: float
    retrain: Callable[[Settings], "Run"] = field(repr=False)
    extended_from: tuple[int, ...] = ()
    devices: str | None = None
    dir: Path | None = None
    _predicted: dict[str, "Array"] = field(default_factory=dict, repr=False)
    _varied: dict[tuple[str, Any], "Run"] = field(default_factory=dict, repr=False)

    @property
    def epochs(self) -> int:
        """Epochs that ran: fewer than asked for after early stopping."""
        return len(self.history["loss"])

    @property
    def samples_per_second(self) -> float:
        """Training samples a second, validation included."""
        return self.epochs * len(self.data.train) / self.seconds

    @property
    def expected(self) -> dict[str, tuple[float, float]]:
        """Bands of test metrics after a full run; none for data or a copy of the reader's own."""
        return bands(self.settings.recipe, self.settings.dataset)

    @property
    def within_band(self) -> bool | None:
        """Whether every expected metric lies in its band; `None` where nothing is expected."""
        found = [in_band(self.metrics.get(name), band) for name, band in self.expected.items()]
        return all(found) if found else None

    def summary(self) -> dict[str, Any]:
        """Returns the result in the form that `kerastut run --json` prints."""
        return {
            "recipe": self.settings.recipe.name,
            "parameters": self.parameter_count,
            "data": self.data.name,
            "seed": self.settings.seed,
            "epochs": self.epochs,
            "metrics": self.metrics,
            "expected": {name: list(band) for name, band in self.expected.items()},
            "within_band": self.within_band,
            "seconds": round(self.seconds, 3),
            "samples_per_second": round(self.samples_per_second, 1),
            "dir": str(self.dir) if self.dir else None,
        }

    def plot(self) -> "list[Axes]":
        """Draws the history: one axes a metric, training and validation, epoch by epoch."""
        from kerastut.plotting import history

        return history(self.history)

    def figures(self) -> "dict[str, Axes]":
        """Draws everything that there is to see of the run.

        Returns:
            For each figure one of its axes, by file name: `history`, then the recipe's own.
        """
        recipe = self.settings.recipe
        own = getattr(load_module(recipe), "figures", None) if recipe.path.name else None
        with slips(recipe, TrainingError):
            drawn = {"history": self.plot()[0], **(own(self) if own else {})}
        # The recipes' own data have classes of one size.
        others = self.settings.balance or self.settings.dataset != recipe.dataset
        if others and (found := self.by_class()) and len(self.data.classes) <= NAMED:
            from kerastut.plotting import class_scores

            drawn["classes"] = class_scores(found["classes"])
        return drawn

    def by_class(self) -> dict[str, Any] | None:
        """Measures each class on the test split; see `kerastut.train.by_class.by_class`."""
        return by_class(self.data, self.predict)

    def predict(self, split: str = "test") -> "Array":
        """Returns the model's outputs for a split, kept so that figures share them."""
        if split not in self._predicted:
            part: Split = getattr(self.data, split)
            batches = for_evaluation(part, self.settings.evaluation_batch)
            self._predicted[split] = self.model.predict(batches, verbose=0)
        return self._predicted[split]

    def features(self, split: str = "train") -> "tuple[list[str], Array, Array]":
        """Returns what a model of rows computes on.

        Returns:
            The features' names, their values `(n, features)`, and the targets `(n,)`. Of a table
            these are normalised, and words are zeros and ones.
        """
        part: Split = getattr(self.data, split)
        if not self.data.columns:
            return [f"x{n}" for n in range(1, part.x.shape[1] + 1)], part.x, part.y
        encoder = self.model.get_layer(ENCODER)
        deviation, mean = target_scale(self.data) or (1, 0)
        y = part.y if self.data.classes else (part.y - mean) / deviation
        return encoded_names(encoder, self.data.columns), apply(encoder, part.x), y

    def vary(self, name: str, values: Sequence[Any]) -> dict[Any, "Run"]:
        """Trains the same recipe again for each value of one hyperparameter, all else equal.

        Args:
            name: A hyperparameter.
            values: What it takes in turn; this run stands for its own value.

        Returns:
            Runs by value. They are kept, so that scores and figures share them.
        """
        own = self.settings.parameters
        for value in values:
            if value != own[name] and (name, value) not in self._varied:
                changed = replace(self.settings, parameters={**own, name: value})
                self._varied[name, value] = self.retrain(changed)
        return {value: self._varied.get((name, value), self) for value in values}
