"""What decides the bits of a run; resuming with anything else would give another result."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import ValidationError, convert

from kerastut.data import DataOptions
from kerastut.errors import ResumeError, shown
from kerastut.registry import Choices, Recipe, Settings, from_record
from kerastut.runs.environment import packages
from kerastut.version import __version__

if TYPE_CHECKING:
    from kerastut.data import Data

LONGEST = 1000  # letters of what is told to differ


def identity(settings: Settings, data: "Data", devices: str | None = None) -> dict[str, Any]:
    """Returns what decides the outcome, in simple types, as a checkpoint keeps it.

    `extended_from` will hold the numbers of epochs that the run was to have before it was extended;
    `environment` holds the packages' versions, Keras's backend and dtype policy, the devices if
    they are several, and the threads of a kernel: TensorFlow's convolutions add up in another order
    on another number of them.
    """
    import keras

    from kerastut.train import of_a_kernel

    return {
        "recipe": settings.recipe.name,
        "recipe_sha256": settings.recipe.sha256,
        "data_sha256": data.sha256,
        **settings.record(),
        "extended_from": [],
        "environment": {
            **packages(),
            "threads": of_a_kernel(),
            "backend": keras.config.backend(),
            "devices": devices,
            "dtype_policy": keras.config.dtype_policy().name,
        },
    }


def continued(
    before: dict[str, Any],
    recipe: Recipe,
    parameters: dict[str, Any],
    data_options: DataOptions,
    **given: Any,
) -> Settings:
    """Returns the settings to go on with: what is given, and the run's own for all else.

    Args:
        before: What decides the run, as its checkpoint keeps it.
        recipe: The recipe.
        parameters: The hyperparameters that are given.
        data_options: Those that are given.
        **given: What else is given of the arguments of `kerastut.registry.resolve`.

    Raises:
        ResumeError: If the recipe, or anything given but more epochs, differs from the run's.
    """
    require_same(before, {**before, "recipe": recipe.name, "recipe_sha256": recipe.sha256}, True)
    try:
        settings = from_record(recipe, convert(before, Choices), parameters, data_options, **given)
    except ValidationError:
        raise _of_another_version(before) from None
    require_same(before, {**before, **settings.record()}, True)
    return settings


def _of_another_version(before: dict[str, Any]) -> ResumeError:
    begun_by = shown(before["environment"].get("kerastut"))
    return ResumeError(
        f"Cannot resume: the run was begun by kerastut {begun_by}, and {__version__} does"
        " not go on with its records. Install that one, or start anew."
    )


def require_same(before: dict[str, Any], now: dict[str, Any], force: bool) -> None:
    """Refuses a resumed run whose result would be another than the uninterrupted one's.

    `force` allows for other versions, devices and another number of threads.
    """
    if before.keys() != now.keys():
        raise _of_another_version(before)
    if found := list(_differences(before, now)):
        raise ResumeError(
            f"Cannot resume: {shown('; '.join(found), LONGEST)}. Ask for the same, or start anew."
        )
    if now["epochs"] < before["epochs"]:
        raise ResumeError(
            f"Cannot resume: it was to run {before['epochs']} epochs, now {now['epochs']}."
            f" Pass --epochs {before['epochs']}, or more to extend it."
        )
    other = list(_differences(before["environment"], now["environment"]))
    if other and not force:
        raise ResumeError(
            f"Cannot resume with the same bits: {shown('; '.join(other), LONGEST)}."
            " Restore the old ones, or pass --force to go on all the same."
        )


def _differences(before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        was, is_now = before.get(name), now.get(name)
        if was == is_now or name in ("epochs", "extended_from", "environment"):
            continue
        if name == "dataset" and all(Path(str(one)).is_absolute() for one in (was, is_now)):
            continue  # data of the reader's own may have moved: their digest decides
        if isinstance(was, dict) and isinstance(is_now, dict):
            yield from _differences(was, is_now)
        elif name.endswith("_sha256"):
            yield f"{shown(name.removesuffix('_sha256'))}: another content since"
        else:
            yield f"{shown(name)} was {shown(repr(was))}, now {shown(repr(is_now))}"
