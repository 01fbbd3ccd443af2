"""Everything that a training needs: data, encoder, model."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from types import ModuleType
from typing import Any

import keras
import tensorflow as tf

from kerastut.data import load
from kerastut.data.checks import check
from kerastut.data.splits import Data
from kerastut.data.targets import check_targets
from kerastut.encoding import encoded
from kerastut.errors import DataError, ParameterError, RecipeError, one_line
from kerastut.recipe import Recipe
from kerastut.registry import load_module
from kerastut.settings import Settings


@dataclass(frozen=True)
class Prepared:
    """Everything that a training needs.

    Args:
        module: The recipe's module.
        data: The data, raw.
        inputs: The data as the model sees them.
        encoder: The layer between the two, or `None`.
        model: Built and compiled.
    """

    module: ModuleType
    data: Data
    inputs: Data
    encoder: keras.Layer | None
    model: keras.Model


def prepare(settings: Settings, arrays: Data | None = None) -> Prepared:
    """Loads the data and builds the model, with the seed set.

    Args:
        settings: The run's settings.
        arrays: Data of the caller's, in place of those that the settings name.
    """
    data = load_data(settings, arrays)
    check(data)
    module = load_module(settings.recipe)
    keras.utils.set_random_seed(settings.seed)
    # Without it the gradient of an embedding is summed in an order that changes from run to run.
    tf.config.experimental.enable_op_determinism()
    _check_kind(module, settings, data)
    encoder = build_encoder(module, settings, data)
    inputs = encoded(data, encoder)
    model = build_model(module, settings, len(inputs.train))
    _check_shape(model, settings, inputs)
    check_targets(model, inputs)
    return Prepared(module=module, data=data, inputs=inputs, encoder=encoder, model=model)


def _check_kind(module: ModuleType, settings: Settings, data: Data) -> None:
    texts = not isinstance(data.train.x, dict) and data.train.x.dtype == object
    if texts != hasattr(module, "encoder"):
        wanted, found = ("numbers", "texts") if texts else ("texts", "numbers")
        raise DataError(f"{settings.recipe.name} takes {wanted}, but {data.name} has {found}.")


def _check_shape(model: keras.Model, settings: Settings, inputs: Data) -> None:
    """Refuses shapes that Keras would broadcast, or report in a page of text."""
    wanted = {tensor.name: tuple(tensor.shape[1:]) for tensor in model.inputs}
    x = inputs.train.x if isinstance(inputs.train.x, dict) else {next(iter(wanted)): inputs.train.x}
    found = {name: array.shape[1:] for name, array in x.items()}
    if wanted.keys() != found.keys() or not all(_fits(wanted[n], found[n]) for n in wanted):
        raise DataError(
            f"{settings.recipe.name} takes samples of shape {_shown(wanted)},"
            f" but {inputs.name} has {_shown(found)}."
        )


def _fits(wanted: tuple[int | None, ...], found: tuple[int, ...]) -> bool:
    return len(wanted) == len(found) and all(
        size in (None, got) for size, got in zip(wanted, found, strict=True)
    )


def _shown(shapes: Mapping[str, tuple[int | None, ...]]) -> str:
    if len(shapes) == 1:
        return str(*shapes.values())
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())


def load_data(settings: Settings, arrays: Data | None = None) -> Data:
    """Loads the data of a run, with the recipe's own number of training samples."""
    limit, seed = settings.limit, settings.seed
    if arrays is None:
        data = load(settings.dataset, limit=limit, seed=seed)
    else:
        data = arrays if limit is None else arrays.limited(limit, seed)
    samples = settings.recipe.samples
    return data if samples is None else data.limited(samples, settings.seed, ("train",))


def build_encoder(module: ModuleType, settings: Settings, data: Data) -> keras.Layer | None:
    """Returns the layer that turns raw inputs into the model's, adapted to the training split."""
    if not hasattr(module, "encoder"):
        return None
    with _reader_errors(settings.recipe):
        return module.encoder(data.train.x, **accepted(module.encoder, settings.parameters))


def build_model(module: ModuleType, settings: Settings, samples: int) -> keras.Model:
    """Returns the recipe's compiled model.

    Args:
        module: The recipe's module.
        settings: The run's settings.
        samples: Training samples, from which the number of optimizer steps follows.

    Raises:
        ParameterError: If the builder refuses a value.
    """
    steps = -(-samples // settings.batch_size)
    supplied = {"total_steps": steps * settings.epochs}
    with _reader_errors(settings.recipe):
        model = module.build(**accepted(module.build, {**settings.parameters, **supplied}))
    if not getattr(model, "compiled", False):
        raise RecipeError(
            f"{settings.recipe.name}: build must return a compiled keras.Model;"
            f" received {type(model).__name__}, not compiled."
        )
    # Fewer returns to Python between steps; about 20 of them keep the bar and Ctrl-C alive.
    model.steps_per_execution = max(1, min(50, steps // 20))
    return model


def accepted(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values that the function has an argument for."""
    names = signature(function).parameters
    return {name: value for name, value in values.items() if name in names}


@contextmanager
def _reader_errors(recipe: Recipe) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, MemoryError, tf.errors.OpError) as error:
        raise ParameterError(f"{recipe.name} cannot be built: {one_line(error)}") from error
