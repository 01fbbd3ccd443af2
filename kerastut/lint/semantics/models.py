"""The Keras models of a program: their layers in order and what is done with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kerastut.lint.semantics.facts import Call
from kerastut.lint.semantics.values import (
    Constant,
    Display,
    Instance,
    Join,
    Result,
    UserClass,
    Value,
    kind_of,
    options,
)

_LOADERS = {
    "keras.models.load_model",
    "keras.saving.load_model",
    "keras.models.model_from_json",
    "keras.models.model_from_yaml",
    "keras.models.model_from_config",
    "keras.models.clone_model",
    "keras.utils.multi_gpu_model",
    "keras.Sequential.from_config",
    "keras.Model.from_config",
}
_MODEL_CLASSES = ("keras.Model", "keras.Sequential")


@dataclass(eq=False, repr=False)
class Model:
    """A model that the program makes.

    Attributes:
        value: Identifies it.
        call: What makes it; None for `self` in a class of the document.
        kind: `sequential`, `functional`, `subclass`, `application` or `loaded`.
        layers: The calls that make its layers, from the input to the output.
        complete: Whether every layer was understood; if not, only `layers[-1]` of a functional and
            `layers[0]` of a sequential model are certain.
        methods: The calls of its methods by name, in order: `model.methods["fit"]`.
        inputs: For a functional model, the value at the end of the chain, such as an Input.
    """

    value: Value
    call: Call | None
    kind: str
    layers: list[Call] = field(default_factory=list)
    complete: bool = True
    methods: dict[str, list[Call]] = field(default_factory=dict)

    def called(self, *names: str) -> list[Call]:
        """Returns the calls of these methods, in order."""
        calls = [call for name in names for call in self.methods.get(name, [])]
        return sorted(calls, key=lambda call: call.order)

    @property
    def head(self) -> Call | None:
        """The last layer that has weights or changes values: no Activation, no Dropout."""
        plain = ("keras.layers.Activation", "keras.layers.Dropout", "keras.layers.Softmax")
        return next((layer for layer in reversed(self.layers) if layer.name not in plain), None)

    @property
    def activation(self) -> str | None:
        """The name of the last activation; "linear" where there is none; None if not known."""
        last = self.layers[-1] if self.layers else None
        if last is None:
            return None
        if last.name == "keras.layers.Softmax":
            return "softmax"
        if last.name == "keras.layers.Activation":
            return activation_name(last.value(0, "activation"))
        if last.name == "keras.layers.Dense":
            return activation_name(last.value(1, "activation"))
        return None


def activation_name(value: Value | None) -> str | None:
    """Returns the name of an activation given as a string or a function of Keras."""
    if value is None or (isinstance(value, Constant) and value.value is None):
        return "linear"
    if isinstance(value, Constant):
        return str(value.value)
    name = getattr(value, "canonical", "") or ""
    return name.rpartition(".")[2] or None


def find_models(calls: Iterable[Call]) -> list[Model]:
    """Returns the models of a program in the order in which they are made."""
    models: dict[int, Model] = {}
    for call in calls:
        if call.method is not None and call.receiver is not None:
            for value in model_values(call.receiver):
                model = models.setdefault(_key(value), _make(value))
                model.methods.setdefault(call.method, []).append(call)
                if call.method == "add":
                    _add(model, call.value(0, "layer"))
        kind = _kind(call)
        if kind is not None:
            models.setdefault(_key(call.result), _make(call.result))
    return list(models.values())


def model_values(value: Value) -> list[Value]:
    """Returns those of a value's options that are models."""
    return [option for option in options(value) if _is_model(option)]


def _is_model(value: Value) -> bool:
    if isinstance(value, Result) and _kind(value.call) is not None:
        return True
    return isinstance(value, Instance) and value.kind.inherits(*_MODEL_CLASSES)


def _key(value: Value) -> int:
    return id(value.kind) if isinstance(value, Instance) else id(value)


def _kind(call: Call) -> str | None:
    if isinstance(call.callee, UserClass):
        return "subclass" if call.callee.inherits(*_MODEL_CLASSES) else None
    if call.name == "keras.Sequential":
        return "sequential"
    if call.name == "keras.Model":
        return "functional"
    if call.name in _LOADERS:
        return "loaded"
    if call.name.startswith("keras.applications."):
        last = call.name.rpartition(".")[2]
        return "application" if last[:1].isupper() else None
    return None


def _make(value: Value) -> Model:
    if not isinstance(value, Result):
        kind = kind_of(value)
        return Model(value, None, "subclass" if kind else "loaded", complete=False)
    model = Model(value, value.call, _kind(value.call) or "loaded")
    if model.kind == "sequential":
        _read_list(model, value.call.value(0, "layers"))
    elif model.kind == "functional":
        outputs = value.call.value(1, "outputs", "output")
        model.layers, model.complete = chain(outputs)
    else:
        model.complete = False
    return model


def _read_list(model: Model, layers: Value | None) -> None:
    if layers is None or (isinstance(layers, Constant) and layers.value is None):
        return
    if not isinstance(layers, Display):
        model.complete = False
        return
    for item in layers.items:
        _add(model, item)


def _add(model: Model, value: Value | None) -> None:
    layer = layer_call(value)
    if layer is not None:
        model.layers.append(layer)
    else:
        model.complete = False


def layer_call(value: Value | None) -> Call | None:
    """Returns the call that makes a layer, if a value is a layer of Keras."""
    if isinstance(value, Result):
        name = value.call.name
        if name == "keras.Input" or (
            name.startswith("keras.layers.") and name.rpartition(".")[2][:1].isupper()
        ):
            return value.call
    return None


def chain(outputs: Value | None) -> tuple[list[Call], bool]:
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
            applied = layer_call(value.call.callee)
            if applied is None or len(layers) > 500:
                return layers[::-1], False
            layers.append(applied)
            value = value.call.value(0, "inputs")
        else:
            return layers[::-1], False
