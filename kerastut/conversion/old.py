"""What is read from an old file: a configuration, and weights that are not read yet."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kerastut.arrays import Array
from kerastut.errors import DataError, KerastutError, TrainingError, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory

# A configuration holds no more than this: the largest known models have a tenth of it.
LAYERS, VALUES, DEPTH = 4_000, 1_000_000, 60
# Bytes that are taken by one of JSON, by one of weights while they are converted, and by one of the
# largest of them while Keras fills it.
PARSED, CONVERTED, FILLED = 32, 3, 4
LAMBDA = ("Lambda", "__lambda__")


class ConversionError(KerastutError):
    """An old model that cannot be converted, or not as asked."""


class DisagreementError(TrainingError):
    """A converted model that does not compute what the old one computes."""


@dataclass(frozen=True)
class Weight:
    """An array in a file.

    Args:
        name: What the old Keras called it.
        shape: Known before it is read.
        read: Reads it.
    """

    name: str
    shape: tuple[int, ...]
    read: Callable[[], Array] = field(repr=False)


@dataclass(frozen=True)
class Old:
    """An old model.

    Args:
        path: Where it was read from.
        config: `{"class_name": ..., "config": ...}`, or `None` for weights alone.
        training: Loss, metrics and optimizer, or `None`.
        keras: Version of the Keras that wrote it; empty if it told none, as early ones.
        backend: `"tensorflow"`, `"theano"`, or empty.
        weights: The arrays of each layer by name, in the file's order.
        optimizer: The arrays of the optimizer's state, in the file's order.
        by_layer: Whether `weights` go layer by layer; else trainable ones come first.
    """

    path: Path
    config: dict[str, Any] | None
    training: dict[str, Any] | None = None
    keras: str = ""
    backend: str = ""
    weights: Mapping[str, list[Weight]] = field(default_factory=dict)
    optimizer: tuple[Weight, ...] = ()
    by_layer: bool = False

    def check_size(self) -> None:
        """Refuses weights that would take more memory than they may while they are converted."""
        held = [*self.weights.values(), self.optimizer]
        sizes = [4 * math.prod(weight.shape) for weights in held for weight in weights]
        needed = CONVERTED * sum(sizes) + FILLED * max(sizes, default=0)
        check_memory(f"{shown_path(self.path)}: converting its weights", needed)

    @property
    def from_theano(self) -> bool:
        """Whether Theano computed it, whose convolutions turn kernels; its names have no `:0`."""
        names = [weight.name for weights in self.weights.values() for weight in weights]
        early = self.first and not any(name.endswith(":0") for name in names)
        return self.backend == "theano" or (early and not self.backend)

    @property
    def apart(self) -> bool:
        """Whether it is of Keras as a package of its own, before TensorFlow's took its place."""
        numbers = [int(part) for part in re.findall(r"\d+", self.keras)[:2]]
        return self.first or (numbers < [2, 4] and "-tf" not in self.keras)

    @property
    def image_order(self) -> str | None:
        """What layers of images had that do not tell: that of the others, in Keras 1."""
        if not self.first:
            return None
        orders = {inner.get("dim_ordering") for _, inner in settings(self.config)}
        return "channels_first" if "th" in orders else "channels_last"

    @property
    def first(self) -> bool:
        """Whether Keras 1 wrote it."""
        return not self.keras or self.keras.startswith(("0.", "1."))


def content_of(path: Path, expected: str, own: bool = False) -> bytes:
    """Returns what is in a file that is parsed as a whole; the arguments are those of `opened`."""
    with opened(path, expected, own=own) as file:
        size = file.seek(0, 2)
        check_memory(f"{shown_path(path)}: parsing it", PARSED * size)
        file.seek(0)
        return file.read(size)


def parsed(path: Path, content: str | bytes, name: str) -> Any:
    """Returns what JSON of unknown origin holds.

    Raises:
        DataError: If it is none, or would take more memory than it may.
    """
    check_memory(f"{shown_path(path)}: its {name}", PARSED * len(content))
    with refused(path, f"Its {name} is not JSON.", ValueError, RecursionError):
        return json.loads(content)


def check_config(path: Path, config: Any) -> dict[str, Any]:
    """Returns a configuration that describes a model, of a size and depth that can be worked on.

    Raises:
        DataError: If it does not.
    """
    if not isinstance(config, dict) or not {"class_name", "config"} <= config.keys():
        raise DataError(
            f"{shown_path(path)}: expected the configuration of a model, received"
            f" {shown(config, 40)}. Save the model again with the old Keras."
        )
    values = 0
    waiting: list[tuple[Any, int]] = [(config, 0)]
    while waiting:
        value, depth = waiting.pop()
        children = value.values() if isinstance(value, dict) else value
        inner = children if isinstance(value, (dict, list)) else ()
        values += len(inner)
        if values <= VALUES:
            waiting += [(child, depth + 1) for child in inner]
        if depth > DEPTH or values > VALUES:
            raise DataError(
                f"{shown_path(path)}: its configuration is nested more than {DEPTH} deep or holds"
                f" more than {VALUES:,} values, as no Keras writes it."
            )
    return config


def nodes(config: Any) -> Iterator[dict[str, Any]]:
    """Yields everything in a configuration that names a class."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def settings(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields class and settings of everything in a configuration that names a class."""
    for node in nodes(config):
        if isinstance(node.get("config"), dict):
            yield str(node["class_name"]), node["config"]


def place(node: Mapping[str, Any]) -> str:
    """Returns what to call a layer in a message."""
    config = node.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return f"layer {shown(name or node.get('name'))!r} ({shown(node['class_name'])})"
