"""Predicts classes for inputs of the reader's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kerastut.arrays import Array, Arrays
from kerastut.errors import DataError, one_line
from kerastut.memory import check_memory

ANSWER = 200  # bytes of a number among the answers, with its class's name and as text

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Prediction:
    """What a model says of one input.

    Args:
        values: The model's outputs.
        probabilities: Probability of each class by name; empty if the outputs are none.
    """

    values: tuple[float, ...]
    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The most probable class."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def probability(self) -> float:
        """That class's probability."""
        return max(self.probabilities.values())

    def best(self, count: int) -> dict[str, float]:
        """Returns the most probable classes, the most probable first."""
        ranked = sorted(self.probabilities.items(), key=lambda item: -item[1])
        return dict(ranked[:count])


def predict(model: "keras.Model", classes: Sequence[str], inputs: Arrays) -> list[Prediction]:
    """Predicts a batch.

    Args:
        model: A trained model of one output; takes raw inputs.
        classes: Class names by class number; none for regression.
        inputs: Samples as in the training data: pixels 0 to 255, strings, numbers.

    Raises:
        DataError: If the model has several outputs, cannot compute on these inputs, or would take
            more memory for them than `KERASTUT_MAX_MIB` allows.

    Example:

    >>> run = kerastut.run("mlp-mnist", limit=6000)
    >>> predict(run.model, run.data.classes, run.data.test.x[:1])[0].label
    '7'
    """
    from kerastut.train import batch_for, numbers, to_model_input

    arrays = list(inputs.values()) if isinstance(inputs, dict) else [inputs]
    longest = max((length for array in arrays for length in _lengths(array)), default=1)
    try:
        kept = ANSWER * len(arrays[0]) * numbers(model, longest)
        check_memory(f"the answers to {len(arrays[0]):,} inputs", kept)
        batch = batch_for(model, longest)
        outputs = model.predict(to_model_input(inputs), batch_size=batch, verbose=0)
    except DataError:
        raise
    except Exception as error:  # Keras and TensorFlow may raise anything for a stranger's model
        raise DataError(
            f"the model cannot compute on these inputs: {one_line(error)}. Was it saved by this"
            " version of Keras?"
        ) from error
    return predictions(outputs, classes)


def _lengths(array: Array) -> Iterable[int]:
    """Returns the lengths of texts, or those of the samples' axes."""
    return map(len, array) if array.dtype == object else array.shape[1:]


def predictions(outputs: Any, classes: Sequence[str]) -> list[Prediction]:
    """Returns what a batch of outputs says.

    Args:
        outputs: `(n, ...)`, of a model of one output.
        classes: Class names by class number; none for regression.

    Raises:
        DataError: If there are several outputs.
    """
    if isinstance(outputs, (dict, list, tuple)):
        names = f" ({', '.join(map(str, outputs))})" if isinstance(outputs, dict) else ""
        raise DataError(
            f"expected a model of one output, received {len(outputs)} outputs{names}. Use"
            " model.predict in Python."
        )
    flat = np.asarray(outputs, np.float64).reshape(len(outputs), -1)
    probabilities = class_probabilities(flat, len(classes))
    if probabilities is None:
        return [Prediction(tuple(row), {}) for row in flat.tolist()]
    return [
        Prediction(tuple(row), dict(zip(classes, shares, strict=True)))
        for row, shares in zip(flat.tolist(), probabilities.tolist(), strict=True)
    ]


def class_probabilities(outputs: Array, classes: int) -> Array | None:
    """Returns probabilities `(n, classes)`, or `None` if the outputs `(n, k)` are no such thing.

    They are a distribution over the classes, or the probability of the second of two.
    """
    if not ((outputs >= 0) & (outputs <= 1)).all():
        return None
    if outputs.shape[1] == 1 and classes == 2:
        return np.hstack([1 - outputs, outputs])
    whole = np.allclose(outputs.sum(axis=1), 1, atol=1e-3)
    return outputs if outputs.shape[1] == classes > 1 and whole else None
