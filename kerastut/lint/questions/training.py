"""What detectors want to know of a training: its loss, its labels, its arrays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kerastut.lint.semantics import Call, Constant, Display, Model, Program, Ref, Result
from kerastut.lint.semantics.values import options

_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
FITS = ("fit", "fit_generator")


@dataclass(frozen=True)
class Loss:
    """The loss of a `compile`.

    Attributes:
        name: As a function: `sparse_categorical_crossentropy`.
        from_logits: Whether it is told that the outputs are raw scores.
        text: Whether it is given as a string, in lower case.
    """

    name: str
    from_logits: bool = False
    text: bool = False


def fits(program: Program) -> Iterator[tuple[Model, Call]]:
    """Returns every training of a model of this document."""
    for model in program.models:
        for call in model.called(*FITS):
            yield model, call


def compile_before(model: Model, call: Call) -> Call | None:
    """Returns the `compile` that a model's method relies on."""
    return next(
        (item for item in reversed(model.called("compile")) if item.order < call.order), None
    )


def loss_of(compiled: Call | None) -> Loss | None:
    """Returns the loss that `compile` is given, if it can be known."""
    value = compiled.value(1, "loss") if compiled is not None else None
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Loss(_SHORT.get(value.value.lower(), _snake(value.value)), text=True)
    if isinstance(value, Ref) and value.canonical.startswith("keras.losses."):
        return Loss(_last(value.canonical))
    if isinstance(value, Result) and value.call.name.startswith("keras.losses."):
        logits = value.call.literal(0, "from_logits") is True
        return Loss(_snake(_last(value.call.name)), logits)
    return None


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def is_regression(loss: Loss) -> bool:
    """Tells whether a loss measures distances between numbers."""
    return loss.name.startswith(("mean_", "huber", "log_cosh"))


def single_unit(model: Model) -> bool:
    """Tells whether a model ends in one unit."""
    return units_of(model) == 1


def units_of(model: Model) -> object:
    """Returns the number of units of the last Dense layer; an ellipsis if it is not known."""
    head = model.head
    if head is None or head.name != "keras.layers.Dense":
        return ...
    return head.literal(0, "units")


def ends_for_certain(model: Model) -> bool:
    """Tells whether a model's last layer is known."""
    return bool(model.layers) and (model.complete or model.kind == "functional")


def has_validation(fit: Call) -> bool:
    """Tells whether `fit` may have validation data."""
    starred = any(keyword.arg is None for keyword in fit.node.keywords)
    return starred or fit.has("validation_data", "validation_split") or len(fit.args) > 6


def callbacks(fit: Call) -> Iterator[Call]:
    """Returns the calls that make the callbacks of a `fit`, as far as they are listed."""
    for option in options(fit.value(5, "callbacks") or Constant(None)):
        items = option.items if isinstance(option, Display) else (option,)
        for item in items:
            if isinstance(item, Result):
                yield item.call
