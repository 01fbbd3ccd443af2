"""Everything that a training needs: data, encoder, model."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from inspect import signature
from types import ModuleType
from typing import Any

import keras
import tensorflow as tf

from kerastut.data import NAMES, Data, check, load
from kerastut.errors import DataError, KerastutError, ParameterError, RecipeError, one_line, shown
from kerastut.quiet import BACKENDS
from kerastut.registry import Recipe, Settings, load_module, place, slips
from kerastut.streams import say
from kerastut.train.by_class import rare
from kerastut.train.devices.slices import adapt, require_samples
from kerastut.train.devices.team import Team
from kerastut.train.encoding import encoded, table_encoder
from kerastut.train.targets import check_targets, fits

NAMED = 12  # classes whose names are told


@dataclass(frozen=True)
class Prepared:
    """Everything that a training needs."""

    module: ModuleType  # the recipe's
    data: Data  # raw
    inputs: Data  # as the model sees them
    encoder: keras.Layer | None  # the layer between the two
    model: keras.Model  # built and compiled
    team: Team | None = None  # the devices that train it, or `None` for one


def prepare(
    settings: Settings, arrays: Data | None = None, verbose: int | str = 0, team: Team | None = None
) -> Prepared:
    """Loads the data and builds the model, with the seed set.

    Args:
        settings: The run's settings.
        arrays: Data of the caller's, in place of those that the settings name.
        verbose: 0 silent, else data that are not kerastut's own are described.
        team: The devices to build the model on, or `None` for one.
    """
    data = load_data(settings, arrays)
    if verbose != 0 and settings.dataset not in NAMES:
        say(f"data: {described(data)}")
        if warning := rare(data):
            say(f"warning: {warning}")
    check(data)
    module = load_module(settings.recipe)
    _check_backend(module, settings.recipe.name, data)
    keras.utils.set_random_seed(settings.seed)
    # Without it the gradient of an embedding is summed in an order that changes from run to run.
    tf.config.experimental.enable_op_determinism()
    _check_kind(module, settings, data)
    encoder = build_encoder(module, settings, data)
    inputs = encoded(data, encoder)
    with team.strategy.scope() if team else nullcontext():
        model = build_model(module, settings, inputs)
    _check_shape(model, settings, inputs)
    check_targets(model, inputs)
    if team:
        require_samples(team, settings, inputs)
        adapt(team, model, inputs.train)
    return Prepared(module, data, inputs, encoder, model, team)


def _check_backend(module: ModuleType, name: str, data: Data) -> None:
    """Refuses a recipe or data that cannot run on the backend that `KERAS_BACKEND` names."""
    backend = keras.config.backend()
    if backend not in BACKENDS:
        raise ParameterError(
            f"kerastut runs on the backends {' and '.join(BACKENDS)}; received {backend}."
            " Set KERAS_BACKEND to one of them."
        )
    if backend != "tensorflow" and hasattr(module, "encoder"):
        raise ParameterError(
            f"{name} needs the TensorFlow backend, since its model takes strings; received"
            f" {backend}. Set KERAS_BACKEND=tensorflow."
        )
    x = data.train.x
    words = [column for column in x if x[column].dtype == object] if isinstance(x, dict) else []
    if backend != "tensorflow" and words:
        raise ParameterError(
            f"{data.name} needs the TensorFlow backend, since its columns {', '.join(words)} hold"
            f" words; received {backend}. Set KERAS_BACKEND=tensorflow."
        )


def _check_kind(module: ModuleType, settings: Settings, data: Data) -> None:
    x, name = data.train.x, settings.recipe.name
    texts = not isinstance(x, dict) and x.dtype == object
    found = "a table of numbers and words" if data.columns else "texts" if texts else "numbers"
    arguments = signature(module.build).parameters
    wanted = "texts" if hasattr(module, "encoder") else "numbers"
    if found != wanted and not (data.columns and "features" in arguments):
        advice = (
            " Take linear-regression, logistic-regression or mlp-table." if data.columns else ""
        )
        raise DataError(f"{name} takes {wanted}, but {data.name} has {found}.{advice}")
    if data.columns and data.classes and "classes" not in arguments:
        raise DataError(
            f"{name} predicts a number, but the label of {data.name} was read as"
            f" {len(data.classes)} classes. Pass --task regression, or take logistic-regression."
        )


def _check_shape(model: keras.Model, settings: Settings, inputs: Data) -> None:
    """Refuses shapes that Keras would broadcast, or report in a page of text."""
    wanted = {tensor.name: tuple(tensor.shape[1:]) for tensor in model.inputs}
    x = inputs.train.x if isinstance(inputs.train.x, dict) else {next(iter(wanted)): inputs.train.x}
    found = {name: array.shape[1:] for name, array in x.items()}
    if wanted.keys() != found.keys() or not all(fits(found[n], wanted[n]) for n in wanted):
        raise DataError(
            f"{settings.recipe.name} takes samples of shape {_shown(wanted)},"
            f" but {inputs.name} has {_shown(found)}."
        )


def _shown(shapes: Mapping[str, tuple[int | None, ...]]) -> str:
    if len(shapes) == 1:
        return str(*shapes.values())
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())


def load_data(settings: Settings, arrays: Data | None = None) -> Data:
    """Loads the data of a run, with the recipe's own number of training samples."""
    limit, seed = settings.limit, settings.seed
    if arrays is None:
        data = load(settings.dataset, limit, seed, settings.data_options)
    else:
        data = arrays if limit is None else arrays.limited(limit, seed)
    samples = settings.recipe.samples
    return data if samples is None else data.limited(samples, settings.seed, ("train",))


def described(data: Data) -> str:
    """Returns what was read, how, and how it was divided, on one line."""
    sizes = ", ".join(
        f"{len(getattr(data, part)):,} to {purpose}"
        for part, purpose in (("train", "train"), ("validation", "validate"), ("test", "test"))
    )
    named = ", ".join(shown(name, 20) for name in data.classes[:NAMED])
    more = ", ..." if len(data.classes) > NAMED else ""
    classes = f"; {len(data.classes)} classes: {named}{more}" if data.classes else ""
    return f"{data.source}; {sizes}{classes}"


def build_encoder(module: ModuleType, settings: Settings, data: Data) -> keras.Layer | None:
    """Returns the layer that turns raw inputs into the model's, adapted to the training split."""
    if data.columns:
        return table_encoder(data.train.x)
    if not hasattr(module, "encoder"):
        return None
    with one_line_of(ParameterError, settings.recipe, "cannot be built", MemoryError):
        return module.encoder(data.train.x, **accepted(module.encoder, settings.parameters))


def build_model(module: ModuleType, settings: Settings, inputs: Data) -> keras.Model:
    """Returns the recipe's compiled model.

    Args:
        module: The recipe's module.
        settings: The run's settings.
        inputs: The data as the model sees them, from which the number of optimizer steps and the
            sizes of inputs and outputs follow.

    Raises:
        ParameterError: If the builder refuses a value.
    """
    steps = -(-len(inputs.train) // settings.batch_size)
    supplied = {"total_steps": steps * settings.epochs, **_sizes(inputs)}
    with one_line_of(ParameterError, settings.recipe, "cannot be built", MemoryError):
        model = module.build(**accepted(module.build, {**settings.parameters, **supplied}))
    if not getattr(model, "compiled", False):
        raise RecipeError(
            f"{place(settings.recipe, 'build')}: build must return a compiled keras.Model;"
            f" received {type(model).__name__}, not compiled."
        )
    if model.steps_per_execution == 1:  # else the recipe has chosen
        # Fewer returns to Python between steps; eight an epoch keep the bar and Ctrl-C alive.
        model.steps_per_execution = max(1, min(50, steps // 8))
    return model


def _sizes(inputs: Data) -> dict[str, Any]:
    """Returns the number of classes and the sizes of images or rows, for data that have them."""
    x = inputs.train.x
    known = inputs.classes or inputs.columns
    sizes: dict[str, Any] = {"classes": len(inputs.classes)} if known else {}
    if not isinstance(x, dict) and x.ndim == 4:
        sizes["shape"] = tuple(x.shape[1:])
    if not isinstance(x, dict) and x.ndim == 2:
        sizes["features"] = x.shape[1]
    return sizes


def accepted(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values that the function has an argument for."""
    names = signature(function).parameters
    return {name: value for name, value in values.items() if name in names}


@contextmanager
def one_line_of(
    kind: type[KerastutError], recipe: Recipe, what: str, *also: type[Exception]
) -> Iterator[None]:
    """Turns what Keras, TensorFlow or a recipe raises into an error of one line."""
    try:
        with slips(recipe, kind):
            yield
    except (ValueError, TypeError, tf.errors.OpError, *also) as error:
        raise kind(f"{recipe.name} {what}: {one_line(error)}") from error
