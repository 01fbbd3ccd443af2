"""Refuses targets that only happen to broadcast against a model's outputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from kerastut.arrays import Array
from kerastut.data import SPLITS, Data
from kerastut.errors import DataError
from kerastut.train.keras_internals import function_of


@dataclass(frozen=True)
class Output:
    """One output of a model."""

    key: str | None  # its name, or `None` where it is the only one
    shape: tuple[int | None, ...]  # without the batch; `None` where a size is free
    loss: str  # name of its loss, or "" where it is not one of Keras's


def check_targets(model: keras.Model, data: Data) -> None:
    """Refuses targets that Keras would broadcast, or of more classes than there are outputs."""
    outputs = list(_outputs(model))
    for split in SPLITS:
        y = getattr(data, split).y
        wanted = sorted(str(output.key) for output in outputs if output.key is not None)
        found = sorted(y) if isinstance(y, dict) else []
        if wanted != found:
            raise DataError(
                f"{split}.y: expected targets {', '.join(wanted) or 'in one array'}, received"
                f" {', '.join(found) or 'one array'}. Name the targets as the outputs."
            )
        for output in outputs:
            name = f"{split}.y" if output.key is None else f"{split}.y[{output.key!r}]"
            array: Array = y if output.key is None else y[output.key]
            _check(f"{name} {array.shape}", array, output)


def _outputs(model: keras.Model) -> Iterator[Output]:
    # A Sequential model has a list of one output, but no `output` before it is called.
    outputs = getattr(model, "output", None)
    if outputs is None:
        outputs = model.outputs[0]
    if isinstance(outputs, (list, tuple)):
        outputs = dict(zip(model.output_names, outputs, strict=True))
    if not isinstance(outputs, dict):
        yield Output(None, tuple(outputs.shape[1:]), _loss_name(model.loss))
        return
    for key, tensor in outputs.items():
        loss = model.loss.get(key) if isinstance(model.loss, dict) else model.loss
        yield Output(key, tuple(tensor.shape[1:]), _loss_name(loss))


def _loss_name(loss: Any) -> str:
    """Returns the name of Keras's function behind an alias, a function or a `Loss`."""
    found = keras.losses.get(loss) if isinstance(loss, str) else loss
    function = function_of(found)
    own = str(getattr(function, "__module__", "")).partition(".")[0] == "keras"
    return str(getattr(function, "__name__", "")) if own else ""


def _check(label: str, y: Array, output: Output) -> None:
    sparse = output.loss.startswith("sparse_")
    # A loss of the reader's own may take either.
    wanted = [] if sparse else [output.shape]
    if output.shape and (sparse or not output.loss or output.shape[-1] == 1):
        wanted.append(output.shape[:-1])
    if not any(fits(y.shape[1:], shape) for shape in wanted):
        shapes = " or ".join(_shown(shape) for shape in wanted)
        # The two that the tutorials have; by these words `kerastut why` knows them.
        if len(output.shape) > max(y.ndim - (y.shape[1:] == output.shape[-1:]), 1):
            raise DataError(
                f"{label}: expected one row of outputs for each sample, received"
                f" {_shown(output.shape)}. Flatten missing?"
            )
        whole = y.dtype.kind in "iu" and y.shape[1:] in ((), (1,))
        if whole and output.loss.startswith("categorical_"):
            raise DataError(
                f"{label}: expected one-hot labels {shapes} for {output.loss}, received whole"
                " numbers. Is sparse_categorical_crossentropy meant?"
            )
        raise DataError(
            f"{label}: expected shape {shapes} for the output {_shown(output.shape)} and the loss"
            f" {output.loss or 'given'}. Keras would broadcast: reshape the targets, or choose"
            " another loss."
        )
    if y.dtype.kind in "iu":
        _check_classes(label, y, output, sparse)


def _check_classes(label: str, y: Array, output: Output, sparse: bool) -> None:
    binary = output.loss.startswith("binary_")
    most = output.shape[-1] if sparse and output.shape else 2 if binary else None
    if most is not None and int(y.min()) < 0:
        raise DataError(
            f"{label}: expected class numbers from 0 to {most - 1}, received {int(y.min())}. Number"
            " the classes from 0."
        )
    if most is not None and int(y.max()) >= most:
        advice = (
            "a sparse_categorical_crossentropy loss" if binary else "as many outputs as classes"
        )
        raise DataError(
            f"{label}: the model tells {most} classes apart; received class {int(y.max())}."
            f" The model needs {advice}."
        )


def fits(found: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    """Tells whether a shape is the wanted one, where `None` stands for any size."""
    return len(found) == len(wanted) and all(
        size in (None, got) for size, got in zip(wanted, found, strict=True)
    )


def _shown(shape: tuple[int | None, ...]) -> str:
    return f"({', '.join(['n', *('any' if size is None else str(size) for size in shape)])})"
