"""The calls of an old functional model, done again with layers of Keras 3."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import keras

from kerastut.conversion.old import ConversionError, place
from kerastut.errors import KerastutError, one_line, shown

MODELS = ("Sequential", "Model", "Functional", "Container")
CONSTANT = "_CONSTANT_VALUE"
WITH_STATES = (keras.layers.RNN, keras.layers.Bidirectional)


@dataclass(frozen=True)
class Step:
    """One layer of an old model.

    Args:
        name: Its name.
        call: What it does to tensors: mostly the layer itself.
        layer: The layer of Keras 3, or `None` where operations stand for it.
    """

    name: str
    call: Callable[..., Any]
    layer: keras.Layer | None = None


class Layers(Protocol):
    """Makes the layers of a graph; `after` is the name of the one before."""

    after: str

    def input(self, config: Mapping[str, Any]) -> Any: ...

    def step(self, entry: Mapping[str, Any], given: Any = None) -> Step: ...


@contextmanager
def located(where: str) -> Iterator[None]:
    """Turns whatever Keras raises into a line that names the layer."""
    try:
        yield
    except KerastutError:
        raise
    except Exception as error:
        raise ConversionError(f"{where}: {one_line(error)}") from error


class Graph:
    """The graph of a configuration.

    Args:
        builder: Makes the layers.
        config: The model's configuration.
    """

    def __init__(self, builder: Layers, config: Mapping[str, Any]) -> None:
        self._builder = builder
        self._entries = {str(entry["name"]): entry for entry in config["layers"]}
        if len(self._entries) < len(config["layers"]):
            raise ConversionError("two layers of the model have the same name.")
        self._outputs: dict[str, list[list[Any]]] = {name: [] for name in self._entries}
        self._first = self._offsets(config)
        self.steps: dict[str, Step] = {}
        self._replay()

    def _replay(self) -> None:
        waiting = {name: list(map(_call, _nodes(e))) for name, e in self._entries.items()}
        for name, entry in self._entries.items():
            if entry["class_name"] == "InputLayer":
                self._outputs[name].append([self._builder.input(entry["config"])])
        while any(waiting.values()):
            before = sum(map(len, waiting.values()))
            for name, calls in waiting.items():
                while calls and self._is_ready(calls[0]):
                    self._apply(name, *calls.pop(0))
            if sum(map(len, waiting.values())) == before:
                stuck = next(name for name, calls in waiting.items() if calls)
                raise ConversionError(
                    f"layer {shown(stuck)!r} is called on outputs that no layer gives. The"
                    " configuration is damaged."
                )

    def _offsets(self, config: Mapping[str, Any]) -> dict[str, int]:
        """Returns the number of each layer's first call: a model had one before, its own."""
        found: dict[str, int] = {}
        calls = [node for entry in self._entries.values() for node in _nodes(entry)]
        for name, number, _ in self._references([calls, config["output_layers"]]):
            found[name] = min(number, found.get(name, number))
        return {
            name: found.get(name, 0) if entry["class_name"] in MODELS else 0
            for name, entry in self._entries.items()
        }

    def _is_ready(self, call: Any) -> bool:
        return all(
            0 <= number - self._first[name] < len(self._outputs[name])
            for name, number, _ in self._references(call)
        )

    def _references(self, value: Any) -> Iterator[tuple[str, int, int]]:
        """Yields each reference to a tensor in a structure."""
        if self._refers(value):
            yield value[0], value[1], value[2]
        elif isinstance(value, (list, tuple, dict)):
            for item in value.values() if isinstance(value, dict) else value:
                yield from self._references(item)

    def _refers(self, value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) >= 3
            and isinstance(value[0], str)
            and value[0] in self._entries
            and all(isinstance(number, int) for number in value[1:3])
        )

    def _apply(self, name: str, given: Any, settings: Any) -> None:
        found, settings = self.tensors(given), self.tensors(settings)
        entry = self._entries[name]
        if name not in self.steps:
            self.steps[name] = self._builder.step(entry, found)
        step = self.steps[name]
        self._builder.after = next((n for n, _, _ in self._references(given)), "")
        if isinstance(found, list) and isinstance(step.layer, WITH_STATES):
            settings["initial_state"] = found[1:]
            found = found[0]
        with located(place(entry)):
            outputs = step.call(found, **settings)
        self._outputs[name].append(
            list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        )

    def tensors(self, value: Any) -> Any:
        """Returns a structure with tensors in place of what refers to them."""
        if self._refers(value):
            return self._outputs[value[0]][value[1] - self._first[value[0]]][value[2]]
        if isinstance(value, list):
            if len(value) >= 3 and value[0] == CONSTANT:
                return value[2]
            return [self.tensors(item) for item in value]
        if isinstance(value, dict):
            return {key: self.tensors(item) for key, item in value.items()}
        return value


def single(found: Any) -> Any:
    """Returns the only item of a list of one; anything else as it is."""
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def _nodes(entry: Mapping[str, Any]) -> list[Any]:
    found = entry.get("inbound_nodes")
    return found if isinstance(found, list) else []


def _call(node: Any) -> tuple[Any, dict[str, Any]]:
    """Returns what a layer is called on, and with which further arguments."""
    settings: dict[str, Any] = {}

    def bare(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], str):
            if len(value) > 3 and isinstance(value[3], dict):
                settings.update({k: v for k, v in value[3].items() if v is not None})
            return value[:3]
        if isinstance(value, dict):
            return {key: bare(item) for key, item in value.items()}
        return [bare(item) for item in value] if isinstance(value, list) else value

    return single(bare(node)), settings
