"""Loss, metrics and optimizer of an old model; the optimizer's state where both sides have it."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import keras

from kerastut.conversion.arguments import accepted, clean
from kerastut.conversion.old import Old, Weight
from kerastut.conversion.tables import TABLES
from kerastut.errors import one_line, shown

FRESH = "training goes on with a fresh optimizer"
WRAPPERS = ("MeanMetricWrapper", "SumOverBatchSizeMetricWrapper", "LossFunctionWrapper")


class UnknownError(Exception):
    """A loss, metric or optimizer that Keras 3 does not have."""


def compile_model(model: keras.Model, old: Old, own: Mapping[str, Any]) -> list[str]:
    """Compiles a converted model as the old one was.

    Args:
        model: Built, with its weights.
        old: Tells loss, metrics and optimizer.
        own: Functions and classes of the reader's by name.

    Returns:
        What could not be kept.
    """
    training = old.training
    if not isinstance(training, dict):
        return ["it was not compiled; compile it before training."]
    notes: list[str] = []
    try:
        optimizer = _optimizer(training.get("optimizer_config", training.get("optimizer")), own)
        loss = _mapped(training.get("loss"), lambda v: _function(keras.losses, "losses", v, own))
    except UnknownError as error:
        return [f"{error} is not known here, so it is not compiled; compile it before training."]

    def metric(value: Any) -> Any:
        try:
            return _function(keras.metrics, "metrics", value, own)
        except UnknownError as error:
            notes.append(f"the metric {error} is not known here and was left out.")
            return None

    try:
        model.compile(
            optimizer,
            loss,
            metrics=_metrics(training.get("metrics"), metric, len(model.outputs)),
            loss_weights=_named(training.get("loss_weights")),
            weighted_metrics=_metrics(training.get("weighted_metrics"), metric, len(model.outputs)),
        )
    except Exception as error:
        return [f"compiling it as before failed ({one_line(error)}); compile it before training."]
    return notes


def restore(model: keras.Model, old: Old, order: Sequence[tuple[str, Any]] | None) -> str:
    """Gives the optimizer its old state.

    Args:
        model: Compiled.
        old: Holds the state.
        order: Old names and variables of all weights in the old order, or `None` if some have
            changed their form, so that their state would have to.

    Returns:
        What came of it, for the reader.
    """
    stored = list(old.optimizer)
    scalars = [stored.pop(0) for _ in range(_leading(stored))]
    if not stored:
        return f"the file has no state: {FRESH}"
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    if order is None:
        return f"weights were rearranged: {FRESH}"
    trained = [pair for pair in order if pair[1].trainable]
    if old.first:  # which sorted them by name
        trained.sort(key=lambda pair: pair[0])
    variables = [variable for _, variable in trained]
    slots = TABLES["optimizers"].get(type(optimizer).__name__, ())
    groups = [[v for v in optimizer.variables if v.path.endswith(f"_{slot}")] for slot in slots]
    groups = [group for group in groups if group]
    if len(stored) == 3 * len(variables) and {w.shape for w in stored[2 * len(variables) :]} == {
        (1,)
    }:
        stored = stored[: 2 * len(variables)]  # stand-ins for what amsgrad would have kept
    found = _dealt(stored, [tuple(v.shape) for v in variables], len(groups))
    if not groups or found is None:
        return f"the state of {type(optimizer).__name__} has another form: {FRESH}"
    places = {id(v): place for place, v in enumerate(model.trainable_variables)}
    for group, weights in zip(groups, found, strict=True):
        for variable, weight in zip(variables, weights, strict=True):
            group[places[id(variable)]].assign(weight.read())
    if scalars:
        optimizer.iterations.assign(int(scalars[0].read()))
    return f"state of {type(optimizer).__name__} kept, {int(optimizer.iterations):,} steps"


def _leading(stored: Sequence[Weight]) -> int:
    """Returns how many numbers stand before the arrays, such as the count of steps."""
    return next((i for i, weight in enumerate(stored) if weight.shape), len(stored))


def _dealt(
    stored: Sequence[Weight], shapes: Sequence[tuple[int, ...]], slots: int
) -> list[list[Weight]] | None:
    """Returns the arrays of each slot, one for each variable; `None` if they do not fit.

    They stand slot by slot or variable by variable; where both would fit, names decide.
    """
    count = len(shapes)
    if len(stored) != slots * count:
        return None
    deals = (
        [list(stored[i * count : (i + 1) * count]) for i in range(slots)],
        [list(stored[i::slots]) for i in range(slots)],
    )
    fitting = [deal for deal in deals if all([w.shape for w in g] == list(shapes) for g in deal)]
    return max(fitting, key=_alike) if fitting else None


def _alike(deal: Sequence[Sequence[Weight]]) -> int:
    """Returns how many slots have names that agree at one end."""
    ends = [[weight.name.split("/") for weight in group] for group in deal]
    return sum(
        len({parts[-1] for parts in group}) == 1 or len({tuple(parts[:2]) for parts in group}) == 1
        for group in ends
    )


def _optimizer(value: Any, own: Mapping[str, Any]) -> Any:
    name, config = _parts(value)
    if name == "LossScaleOptimizer":
        inner = config.get("inner_optimizer", config.get("optimizer"))
        return keras.optimizers.LossScaleOptimizer(_optimizer(inner, own))
    if name in own:
        return own[name].from_config(dict(config))
    cls = _class(keras.optimizers, name, keras.optimizers.Optimizer)
    settings = {"learning_rate" if key == "lr" else key: v for key, v in config.items()}
    if isinstance(settings.get("learning_rate"), dict):
        kind, inner = _parts(settings["learning_rate"])
        schedule = _class(
            keras.optimizers.schedules, kind, keras.optimizers.schedules.LearningRateSchedule
        )
        settings["learning_rate"] = schedule(**_fitting(schedule, inner))
    elif settings.get("decay") and name != "Nadam":  # whose decay was that of the momentum
        settings["learning_rate"] = keras.optimizers.schedules.InverseTimeDecay(
            settings["learning_rate"], 1, settings["decay"]
        )
    if settings.get("epsilon", 0) is None:
        del settings["epsilon"]
    return cls(**_fitting(cls, {**settings, "name": clean(settings.get("name") or name)}))


def _function(module: ModuleType, table: str, value: Any, own: Mapping[str, Any]) -> Any:
    """Returns a loss or metric."""
    if value is None:
        return None
    name, config = _parts(value)
    if name in WRAPPERS:
        function = config.get("fn")
        found = _function(module, table, _parts(function)[0], own)
        return _renamed(found, config.get("name")) if table == "metrics" else found
    if name in own:
        return own[name]
    name = TABLES[table].get(name, name)
    found = getattr(module, name, None)
    if isinstance(found, type) and isinstance(value, dict):
        settings = _fitting(found, config)
        if settings.get("reduction") == "auto":
            del settings["reduction"]
        return found(**settings)
    try:
        module.get(name)
    except ValueError:
        raise UnknownError(shown(name)) from None
    return name


def _renamed(function: Any, name: Any) -> Any:
    """Returns a metric under the name that its values had in the history."""
    known = keras.metrics.get(function) if isinstance(function, str) else function
    if not isinstance(name, str) or name == function or not callable(known):
        return function
    if isinstance(known, keras.Metric):
        return type(known)(name=name)
    return keras.metrics.MeanMetricWrapper(known, name=name)


def _metrics(value: Any, convert: Any, outputs: int) -> Any:
    found = _named(_mapped(value, convert))
    if isinstance(found, list) and outputs == 1 and len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if isinstance(found, list):
        kept = [
            [m for m in item if m is not None] if isinstance(item, list) else item for item in found
        ]
        return kept if outputs > 1 else [item for item in kept if item is not None]
    return found


def _mapped(value: Any, convert: Any) -> Any:
    """Returns a structure of lists and of outputs by name with each entry converted."""
    if isinstance(value, list):
        return [_mapped(item, convert) for item in value]
    if isinstance(value, dict) and "class_name" not in value:
        return {clean(key): _mapped(item, convert) for key, item in value.items()}
    return convert(value)


def _named(value: Any) -> Any:
    return {clean(key): item for key, item in value.items()} if isinstance(value, dict) else value


def _parts(value: Any) -> tuple[str, dict[str, Any]]:
    """Returns the name and the settings of what a configuration names."""
    if isinstance(value, str):
        return value, {}
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        config = value.get("config")
        if value["class_name"] == "function" and isinstance(config, str):
            return config, {}
        return value["class_name"].rpartition(">")[2], config if isinstance(config, dict) else {}
    raise UnknownError(shown(value))


def _class(module: ModuleType, name: str, base: type) -> Any:
    """Returns a class by its name, in any case."""
    known = {key.lower(): item for key, item in vars(module).items() if isinstance(item, type)}
    found = known.get(name.lower())
    if found is None or not issubclass(found, base):
        raise UnknownError(f"the optimizer {shown(name)}")
    return found


def _fitting(cls: type, config: Mapping[str, Any]) -> dict[str, Any]:
    known = accepted(cls)
    fits = {key: v for key, v in config.items() if key in known and not isinstance(v, dict)}
    return {key: v for key, v in fits.items() if key != "dtype"}
