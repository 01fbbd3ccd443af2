"""Writes the table of Keras's public API that `kerastut check` reads."""

import inspect
import json
import re
import sys
import types
from functools import cache
from pathlib import Path
from typing import Any

import keras
from keras._tf_keras import keras as tf_keras

_BASES = (keras.Model, keras.Layer, keras.Optimizer, keras.Metric)
TABLE = Path(__file__).parent.parent / "kerastut" / "lint" / "rules" / "api.json"


def read_api() -> dict[str, Any]:
    """Returns the names of every public module and the arguments of every public callable."""
    modules, calls = _read_package(keras)
    tensorflow, _ = _read_package(tf_keras)
    extra = {
        name: sorted(set(names) - set(modules.get(name, ()))) for name, names in tensorflow.items()
    }
    for method in ("compile", "fit", "evaluate", "predict"):
        names = inspect.signature(getattr(keras.Model, method)).parameters
        calls[f"Model.{method}"] = [name for name in names if name not in ("self", "kwargs")]
    return {
        "modules": dict(sorted(modules.items())),
        "tensorflow": {name: names for name, names in sorted(extra.items()) if names},
        "calls": dict(sorted(calls.items())),
        "members": {base.__name__: _members(base) for base in _BASES},
    }


def _read_package(package: types.ModuleType) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    modules: dict[str, list[str]] = {}
    calls: dict[str, list[str]] = {}
    waiting = [("keras", package)]
    while waiting:
        name, module = waiting.pop()
        modules[name] = sorted(item for item in dir(module) if item[0] != "_" and item != "src")
        for item in list(modules[name]):
            member = getattr(module, item)
            if isinstance(member, types.ModuleType):
                if member.__name__ == f"{module.__name__}.{item}":
                    waiting.append((f"{name}.{item}", member))
                else:
                    modules[name].remove(item)
            elif callable(member):
                arguments = _arguments(member)
                if arguments is not None:
                    calls[f"{name}.{item}"] = arguments
    return modules, calls


def _arguments(member: Any) -> list[str] | None:
    """Returns the names of the arguments, or None where any may be given."""
    try:
        parameters = inspect.signature(member).parameters.values()
    except (TypeError, ValueError):
        return None
    names = [
        item.name for item in parameters if item.kind not in (item.VAR_KEYWORD, item.VAR_POSITIONAL)
    ]
    names = [name for name in names if name != "self"]
    if not any(item.kind == item.VAR_KEYWORD for item in parameters):
        return names
    if isinstance(member, type) and issubclass(member, keras.layers.Layer):
        return _layer_arguments(member, names)
    if isinstance(member, type) and issubclass(member, keras.optimizers.Optimizer):
        return [*names, "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor"]
    return None


def _layer_arguments(member: type, names: list[str]) -> list[str] | None:
    """Returns a layer's own arguments and those that every layer passes on."""
    if issubclass(member, keras.Model):
        return None
    base = ["name", "dtype", "trainable", "activity_regularizer", "autocast"]
    shapes = ["input_shape", "batch_shape", "batch_input_shape", "input_dtype", "batch_size"]
    shapes += ["weights", "input_dim", "input_length"]  # with a warning, or rules of their own
    return [*dict.fromkeys([*names, *base, *shapes])]


def _members(base: type) -> list[str]:
    """Returns every attribute that an object of a public class derived from this one may have."""
    names = {"history"} if base is keras.Model else set()  # `fit` sets it
    for kind in _derived(base):
        for parent in kind.__mro__[:-1]:
            names |= {*vars(parent), *_own(parent.__module__)}
    return sorted(name for name in names if not name.startswith("__"))


def _derived(base: type) -> set[type]:
    kinds, waiting = set[type](), [base]
    while waiting:
        kind = waiting.pop()
        if kind not in kinds and kind.__module__.startswith("keras."):
            kinds.add(kind)
            waiting += kind.__subclasses__()
    return kinds


@cache
def _own(module: str) -> set[str]:
    """Returns the attributes that the methods in a module of Keras give or ask of `self`."""
    if not module.startswith("keras."):
        return set()
    return set(re.findall(r"\bself\.(\w+)", inspect.getsource(sys.modules[module])))


if __name__ == "__main__":
    TABLE.write_text(json.dumps(read_api(), indent=0) + "\n", encoding="utf-8")
