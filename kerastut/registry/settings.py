"""The settings of a run, complete and checked before anything heavy is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kerastut.data import DataOptions, located
from kerastut.errors import ParameterError, UnknownNameError, did_you_mean, shown
from kerastut.registry.recipe import Parameter, Recipe

EVALUATION_BATCH = 100


@dataclass(frozen=True, kw_only=True)
class Choices:
    """All of a run's settings but the recipe: what `run.json` and checkpoints keep of them."""

    parameters: Mapping[str, Any]  # every hyperparameter by name
    dataset: str  # name of the data
    epochs: int
    batch_size: int
    seed: int  # from 0 to 2**32 - 1
    limit: int | None  # most samples in each split
    balance: bool = False  # whether samples weigh the more, the fewer their class has
    data_options: DataOptions = field(default_factory=DataOptions)


@dataclass(frozen=True, kw_only=True)
class Settings(Choices):
    """Everything that decides the outcome of a run."""

    recipe: Recipe

    @property
    def evaluation_batch(self) -> int:
        """Samples evaluated at once.

        More are no faster on a processor, and batches of 1,000 images cost a CNN 300 MB; small
        batches would slow evaluation down.
        """
        return max(self.batch_size, EVALUATION_BATCH)

    def changes(self) -> dict[str, Any]:
        """Returns what differs from the recipe's own settings, but for its hyperparameters."""
        own = {name: getattr(self.recipe, name) for name in ("dataset", "epochs", "batch_size")}
        own |= {"seed": 0, "limit": None, "balance": False}
        return {name: getattr(self, name) for name in own if getattr(self, name) != own[name]}

    @property
    def full(self) -> bool:
        """Whether these are the recipe's own settings, for which its band holds with any seed."""
        return self.changes().keys() <= {"seed"} and dict(self.parameters) == self.recipe.defaults()

    def record(self) -> dict[str, Any]:
        """Returns the `Choices` in simple types."""
        found = {name: value for name, value in vars(self).items() if name != "recipe"}
        how = self.data_options.given()
        if "data_dir" in how:
            how["data_dir"] = str(Path(how["data_dir"]).absolute())
        found |= {"dataset": located(self.dataset), "data_options": how}
        simple: dict[str, Any] = _with(list, found)
        return simple


def from_record(
    recipe: Recipe,
    record: Choices,
    parameters: Mapping[str, Any] | None = None,
    data_options: DataOptions | None = None,
    **given: Any,
) -> Settings:
    """Returns the settings that `Settings.record` gave, but for what `resolve` takes instead.

    Raises:
        KerastutError: If a value is unfit.
    """
    kept = {**vars(record), "data": record.dataset, **given}
    if kept.pop("dataset") == located(recipe.dataset):
        kept["data"] = given.get("data")
    if data_options:
        kept["data_options"] = replace(record.data_options, **data_options.given())
    own = _with(tuple, kept.pop("parameters")) | dict(parameters or {})
    return resolve(recipe, own, **kept)


def _with(sequence: type[list[Any]] | type[tuple[Any, ...]], value: Any) -> Any:
    """Returns the value with lists in place of tuples, as JSON gives it back, or with tuples."""
    if isinstance(value, Mapping):
        return {name: _with(sequence, item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return sequence(_with(sequence, item) for item in value)
    return value


def resolve(
    recipe: Recipe,
    parameters: Mapping[str, Any],
    *,
    data: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    balance: bool = False,
    data_options: DataOptions | None = None,
) -> Settings:
    """Completes the caller's settings with the recipe's, and checks them.

    Raises:
        UnknownNameError: If the recipe has no such hyperparameter.
        ParameterError: If a value is of the wrong type or out of range.
    """
    for name, value in parameters.items():
        check_parameter(recipe, name, value)
    settings = Settings(
        recipe=recipe,
        parameters={**recipe.defaults(), **parameters},
        dataset=recipe.dataset if data is None else data,
        epochs=recipe.epochs if epochs is None else epochs,
        batch_size=recipe.batch_size if batch_size is None else batch_size,
        seed=seed,
        limit=limit,
        balance=balance,
        data_options=data_options or DataOptions(),
    )
    for name in ("epochs", "batch_size", "limit"):
        value = getattr(settings, name)
        if value is not None and (type(value) is not int or value < 1):
            raise ParameterError(
                f"{name} must be a positive integer; received {shown(repr(value))}."
            )
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise ParameterError(
            f"seed must be an integer from 0 to {2**32 - 1}; received {shown(repr(seed))}."
        )
    return settings


def check_parameter(recipe: Recipe, name: str, value: Any) -> None:
    """Checks one hyperparameter against what the recipe's signature says."""
    if name not in recipe.parameters:
        raise UnknownNameError(
            f"{recipe.name} has no parameter {shown(repr(name))}."
            f" {did_you_mean(name, recipe.parameters)}"
            f" It takes {', '.join(recipe.parameters)}."
        )
    parameter = recipe.parameters[name]
    if parameter.choices and value not in parameter.choices:
        raise ParameterError(
            f"{name} must be one of {', '.join(map(str, parameter.choices))};"
            f" received {shown(repr(value))}."
        )
    if not _same_type(value, parameter):
        raise ParameterError(
            f"{name} must be like its default {parameter.default!r}; received {shown(repr(value))}."
        )
    if name == "learning_rate" and not 0 < value < float("inf"):
        raise ParameterError(f"learning_rate must be positive; received {value!r}.")


def parse_parameter(recipe: Recipe, name: str, text: str) -> Any:
    """Reads a hyperparameter's value from the command line.

    Args:
        recipe: Whose it is.
        name: The hyperparameter.
        text: Its value: a word, a number, `true` or `false`, or numbers with commas between.

    Raises:
        UnknownNameError: If the recipe has no such hyperparameter.
        ParameterError: If the text cannot be read as the default's type.
    """
    parameter = recipe.parameters.get(name)
    default = parameter.default if parameter else text
    try:
        value = _convert(text, default)
    except ValueError:
        raise ParameterError(
            f"{name} must be like its default {default!r}; received {text!r}."
        ) from None
    check_parameter(recipe, name, value)
    return value


def as_text(value: Any) -> str:
    """Returns a hyperparameter's value in the form in which `parse_parameter` takes it."""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _convert(text: str, default: Any) -> Any:
    match default:
        case bool():
            return {"true": True, "false": False}.get(text.lower(), text)
        case int() | float():
            return type(default)(text)
        case tuple():
            kind = type(default[0]) if default else int
            return tuple(kind(part) for part in text.split(",") if part.strip())
    return text


def _same_type(value: Any, parameter: Parameter) -> bool:
    default = parameter.default
    if default is None or parameter.choices:
        return True
    if isinstance(default, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is type(default)
