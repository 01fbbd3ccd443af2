"""Turns a layer's old arguments into those of its class in Keras 3."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

import keras

from kerastut.conversion.old import ConversionError
from kerastut.conversion.tables import TABLES
from kerastut.errors import shown

# Every layer takes these beside the arguments of its class.
COMMON = {"name", "dtype", "activity_regularizer"}
IGNORED = set(TABLES["ignored"]["names"])
ACTIVATIONS = ("ReLU", "LeakyReLU", "ELU", "Softmax")  # layers that may stand for a function
ORDERS = {"th": "channels_first", "tf": "channels_last"}


@dataclass
class Arguments:
    """Translates arguments.

    Args:
        own: Classes and functions of the reader's, by the name that the file has for them.
        image_order: `data_format` of layers that do not tell theirs.
        notes: Where it is said what a layer lost.
    """

    own: Mapping[str, Any]
    image_order: str | None = None
    notes: list[str] = field(default_factory=list)

    def of(self, cls: type, kind: str, config: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Returns the keyword arguments for a class.

        Args:
            cls: A class of Keras 3.
            kind: The class's name in the file.
            config: The arguments in the file.
            where: What to call the layer in an error.

        Raises:
            ConversionError: If an argument is unknown there and asks for something.
        """
        known = accepted(cls)
        found: dict[str, Any] = {}
        # Flatten went by the order as it was, and did not know of channels.
        images = "data_format" in known and kind != "Flatten"
        usual = {"data_format": self.image_order} if images else {}
        old = {**usual, **TABLES["defaults"].get(kind, {}), **config}
        for name, value in _sizes(old, known).items():
            new = name if name in known else _renamed(name, known)
            if new is not None:
                found[new] = self._value(new, value, where)
            elif name == "dropout" and value:
                self.notes.append(
                    f"{where}: {name}={shown(value)} was left out; it matters for training alone."
                )
            elif not _is_nothing(name, value):
                raise ConversionError(
                    f"{where}: has {shown(name)}={shown(value)}, which {cls.__name__} of Keras 3"
                    " does not know. Give a class of your own: --layer"
                    f" {shown(kind)}=module:Class."
                )
        if cls is keras.layers.Embedding and "int" in str(found.get("dtype")):
            del found["dtype"]  # which was that of the numbers that it takes
        return found

    def _value(self, name: str, value: Any, where: str) -> Any:
        if value is None:
            return None
        if name.endswith("_initializer"):
            return self._object(keras.initializers, "initializers", value, where)
        if name.endswith("_regularizer"):
            return self._object(keras.regularizers, "regularizers", value, where)
        if name.endswith("_constraint"):
            return self._object(keras.constraints, "constraints", value, where)
        if name in ("activation", "recurrent_activation"):
            return self.activation(value, where)
        if name == "name":
            return clean(value)
        if name == "dtype":
            return policy(value)
        if name == "data_format":
            return ORDERS.get(value, None if value == "default" else value)
        if name == "axis" and isinstance(value, list) and len(value) == 1:
            return value[0]
        if name == "vocabulary" and isinstance(value, str):
            raise ConversionError(f"{where}: names a file of words, which is not opened.")
        if isinstance(value, dict):
            raise ConversionError(f"{where}: has {shown(name)}={shown(value)}, which is no value.")
        return value

    def activation(self, value: Any, where: str) -> Any:
        """Returns an activation by its name."""
        if isinstance(value, dict):
            config = value.get("config")
            named = value.get("class_name") in ("function", None)
            value = config if named else value.get("class_name")
            if not named and value in ACTIVATIONS and isinstance(config, dict):
                cls = getattr(keras.layers, value)
                return cls(**self.of(cls, value, config, where))
        if isinstance(value, str) and value in self.own:
            return self.own[value]
        if isinstance(value, str) and callable(getattr(keras.activations, value, None)):
            return value
        raise ConversionError(
            f"{where}: has the activation {shown(value)}, a function of its author's. Give one that"
            f" does the same: --layer {shown(value)}=module:function."
        )

    def _object(self, module: ModuleType, table: str, value: Any, where: str) -> Any:
        """Returns an initializer, regularizer or constraint; `None` for one that is not known."""
        name, config = value, {}
        if isinstance(value, dict):
            name = value.get("class_name", value.get("name"))
            inner = value.get("config")
            config = (
                inner
                if isinstance(inner, dict)
                else {k: v for k, v in value.items() if k != "name"}
            )
        if name in self.own:
            return self.own[name](**config)
        name = TABLES[table].get(name, name)
        cls = getattr(module, name, None) if isinstance(name, str) else None
        if isinstance(cls, type):
            known = accepted(cls)
            named = {_renamed(k, known) or k: v for k, v in config.items()}
            if named.get("distribution") == "normal":
                named["distribution"] = "truncated_normal"
            return cls(**{k: v for k, v in named.items() if k in known and not isinstance(v, dict)})
        if callable(cls):
            return name
        self.notes.append(
            f"{where}: its {table[:-1]} {shown(name)} is not known and was left out; it matters for"
            " further training alone."
        )
        return None


@cache
def accepted(cls: type) -> frozenset[str]:
    """Returns the names of a class's arguments."""
    function: Callable[..., Any] = cls.__init__  # type: ignore[misc]
    found = inspect.signature(function).parameters
    open_end = any(p.kind is p.VAR_KEYWORD for p in found.values())
    extra = COMMON if issubclass(cls, keras.Layer) and open_end else set()
    return frozenset({*found, *extra} - {"self", "kwargs", "args", "weights"})


def clean(name: Any) -> str:
    """Returns a layer's name in a form that Keras 3 takes."""
    return str(name).replace("/", "_")


def policy(value: Any) -> Any:
    """Returns the name of a type or policy."""
    if isinstance(value, dict):
        config = value.get("config")
        return policy(config.get("name")) if isinstance(config, dict) else None
    return value


def _renamed(name: str, known: frozenset[str]) -> str | None:
    return next((new for new in TABLES["arguments"].get(name, ()) if new in known), None)


def _is_nothing(name: str, value: Any) -> bool:
    """Tells whether an argument that is not known asks for nothing, or for training alone."""
    new = TABLES["arguments"].get(name, [name])[0]
    training = new.endswith(("_initializer", "_regularizer", "_constraint"))
    return training or name in IGNORED or not value or (name, value) == ("groups", 1)


def _sizes(config: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Puts together the sizes that Keras 1 told apart, as of a kernel."""
    found = dict(config)
    parts = [
        n for n in ("nb_row", "nb_col", "kernel_dim1", "kernel_dim2", "kernel_dim3") if n in found
    ]
    if parts and "kernel_size" in known:
        found["kernel_size"] = [found.pop(name) for name in parts]
    return {name: value for name, value in found.items() if name != "trainable"}
