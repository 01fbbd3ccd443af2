"""The Keras models of a program: their layers in order and what is done with them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .facts import Call, Result
from .scopes import Instance, UserClass, is_instance_of
from .values import Attribute, Constant, Display, Join, Parameter, Value, options

_LOADERS = re.compile(
    r"keras\.((models|saving)\.load_model|models\.(model_from_(json|yaml|config)|clone_model)"
    r"|utils\.multi_gpu_model|(Sequential|Model)\.from_config)"
)
_MOST = 200  # layers that are followed; models may share them
_KINDS = {"keras.Sequential": "sequential", "keras.Model": "functional"}


@dataclass(eq=False, repr=False)
class Model:
    """A model that the program makes.

    Of one that is not complete, only `layers[0]` of a sequential model and `layers[-1]` of others
    are certain.
    """

    value: Value  # identifies it
    call: Call | None  # what makes it; None for `self` in a class of the document
    kind: str  # `sequential`, `functional`, `subclass`, `application` or `loaded`
    layers: list[Call] = field(default_factory=list)  # what makes them, from the input on
    complete: bool = True  # whether every layer was understood
    ends: bool = False  # whether the last one that was added was
    methods: dict[str, list[Call]] = field(default_factory=dict)  # by name, in order
    _called: dict[tuple[str, ...], list[Call]] = field(default_factory=dict)

    def called(self, *names: str) -> Sequence[Call]:
        """Returns the calls of these methods, in order."""
        if names not in self._called:
            calls = [call for name in names for call in self.methods.get(name, [])]
            self._called[names] = sorted(calls, key=lambda call: call.order)
        return self._called[names]

    def add(self, value: Value | None) -> None:
        """Puts a layer at the end."""
        layer = layer_call(value)
        self.ends = layer is not None
        if layer is not None:
            self.layers.append(layer)
        else:
            self.complete = False

    @cached_property
    def dense(self) -> Call | None:
        """The last layer that is no Activation, Dropout or Softmax, if it is a Dense."""
        plain = ("keras.layers.Activation", "keras.layers.Dropout", "keras.layers.Softmax")
        heads = [layer for layer in self.layers if layer.name not in plain]
        return heads[-1] if heads and heads[-1].name == "keras.layers.Dense" else None

    @cached_property
    def units(self) -> object:
        """The number of units of the last Dense layer; an ellipsis if it is not known."""
        return self.dense.literal(0, "units", "output_dim") if self.dense is not None else ...

    @cached_property
    def activation(self) -> str | None:
        """The name of the last activation; "linear" where there is none; None if not known."""
        return activation_of(self.layers[-1]) if self.layers else None


def activation_of(layer: Call) -> str | None:
    """Returns the name of a layer's activation, "linear" where it has none; None of others."""
    if layer.name == "keras.layers.Softmax":
        return "softmax"
    if layer.name == "keras.layers.Activation":
        return activation_name(layer.value(0, "activation"))
    if layer.name == "keras.layers.Dense":
        return activation_name(layer.value(1, "activation"))
    return None


def activation_name(value: Value | None) -> str | None:
    """Returns the name of an activation given as a string or a function of Keras."""
    if value is None or (isinstance(value, Constant) and value.value is None):
        return "linear"
    if isinstance(value, Constant):
        return str(value.value)
    name = getattr(value, "canonical", "") or ""
    return name.rpartition(".")[2] or None


def find_models(calls: Iterable[Call]) -> dict[int, Model]:
    """Returns the models of a program, by `key_of`, in the order in which they are made."""
    models: dict[int, Model] = {}
    for call in calls:
        if call.method is not None and call.receiver is not None:
            for value in model_values(call.receiver):
                key = key_of(value)
                model = models.get(key) or models.setdefault(key, _make(value))
                model.methods.setdefault(call.method, []).append(call)
                if call.method == "add":
                    model.add(call.value(0, "layer"))
        if _kind(call) is not None:
            models.setdefault(key_of(call.result), _make(call.result))
    return models


def model_values(value: Value | None) -> list[Value]:
    """Returns those of a value's options that are models; of `self` also what it is given later."""
    return [option for option in options(_held(value)) if _is_model(option)]


def _held(value: Value | None) -> Value | None:
    """Returns what an attribute of `self` is given anywhere in the class, else the value."""
    if isinstance(value, Attribute) and isinstance(value.of, Instance):
        return value.of.kind.members.get(value.name)
    return value


def _is_model(value: Value) -> bool:
    if isinstance(value, Result):
        return _kind(value.call) is not None or (value.compiled and _is_foreign(value.call))
    if isinstance(value, (Parameter, Attribute)):
        return value.compiled
    return is_instance_of(value, *_KINDS)


def _is_foreign(call: Call) -> bool:
    """Tells whether a call is one of another module's function, or of an unknown method."""
    foreign = call.ref is not None and call.ref.via is None and not is_class(call.last)
    return foreign or isinstance(call.callee, Attribute)


def is_class(name: str) -> bool:
    """Tells whether a name is written as those of classes are: `Net`, but not `C3D_model`."""
    return name[:1].isupper() and "_" not in name


def key_of(value: Value) -> int:
    """Returns what two values of one model have in common: `self` is the same in all methods."""
    return id(value.kind) if isinstance(value, Instance) else id(value)


def _kind(call: Call) -> str | None:
    if isinstance(call.callee, UserClass):
        return "subclass" if call.callee.inherits(*_KINDS) else None
    return _kind_by_name(call.name)


@lru_cache(10_000)
def _kind_by_name(name: str) -> str | None:
    if name.startswith("keras.applications.") and name.rpartition(".")[2][:1].isupper():
        return "application"
    return _KINDS.get(name) or ("loaded" if _LOADERS.fullmatch(name) else None)


def _make(value: Value) -> Model:
    if not isinstance(value, Result):
        kind = "loaded" if isinstance(value, Parameter) else "subclass"
        return Model(value, None, kind, complete=False)
    model = Model(value, value.call, _kind(value.call) or "loaded")
    if model.kind == "sequential":
        layers = value.call.value(0, "layers")
        items = layers.items if isinstance(layers, Display) else ()
        for item in items[:_MOST]:
            model.add(item)
        absent = layers is None or (isinstance(layers, Constant) and layers.value is None)
        known = absent or isinstance(layers, Display)
        model.complete = model.complete and known and len(items) <= _MOST
    elif model.kind == "functional":
        model.layers, model.complete = _chain(value.call.value(1, "outputs", "output"))
    else:
        main = getattr(value.call.callee, "members", {}).get("call")
        model.layers, _ = _chain(getattr(main, "returned", None))
        model.ends = bool(model.layers)
        model.complete = False
    return model


def layer_call(value: Value | None) -> Call | None:
    """Returns the call that makes a layer, if a value is a layer of Keras."""
    if isinstance(value, Result):
        call = value.call
        module, _, last = call.name.rpartition(".")
        layer = module == "keras.layers" and last[:1].isupper() and last != "InputSpec"
        return call if layer or call.name == "keras.Input" else None
    return None


def _chain(outputs: Value | None) -> tuple[list[Call], bool]:
    """Returns the layers that lead to a tensor, input first, and whether all were understood."""
    layers: list[Call] = []
    value, complete = outputs, True
    while True:
        if isinstance(value, Display) and len(value.items) == 1:
            value = value.items[0]
        elif isinstance(value, Join):
            value, complete = value.options[-1], False
        elif isinstance(value, Result):
            made = layer_call(value)
            if made is not None and made.name == "keras.Input":
                return [made, *reversed(layers)], complete
            applied = layer_call(_held(value.call.callee))
            if applied is None or len(layers) >= _MOST:
                return layers[::-1], False
            layers.append(applied)
            value = value.call.value(0, "inputs")
        else:
            return layers[::-1], False
