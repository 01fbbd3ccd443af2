"""Which class of Keras an object is of."""

from ..semantics import Attribute, Part, Program, Result, Value, layer_call, options
from .arrays import attribute


def is_metric(value: Value) -> bool:
    """Tells whether a value is a metric of Keras."""
    ref = value.call.ref if isinstance(value, Result) else None
    known = ref is not None and ref.via in ("keras", "tf")
    return known and isinstance(value, Result) and _is_class_of(value.call.name, "keras.metrics.")


def is_optimizer(program: Program, value: Value) -> bool:
    """Tells whether a value is an optimizer of Keras."""
    for option in options(value):
        if isinstance(option, Result) and _is_class_of(option.call.name, "keras.optimizers."):
            return True
        if isinstance(option, Attribute) and option.name == "optimizer":
            return program.is_model(option.of)
    return False


def is_layer(program: Program, value: Value) -> bool:
    """Tells whether a value is a layer of Keras: made here, or one of a model's."""
    if isinstance(value, Part):
        while isinstance(value, Part):
            value = value.of
        model = attribute(value, "layers")
        return model is not None and program.is_model(model)
    if isinstance(value, Result):
        call = value.call
        if call.method == "get_layer" and call.receiver is not None:
            return program.is_model(call.receiver)
        return layer_call(value) is not None and call.name != "keras.Input"
    return False


def is_tensor(value: Value) -> bool:
    """Tells whether a value is a symbolic tensor: an Input, or what a layer returns."""
    return isinstance(value, Result) and (
        value.call.name == "keras.Input" or layer_call(value.call.callee) is not None
    )


def _is_class_of(name: str, module: str) -> bool:
    last = name.removeprefix(module)
    return name.startswith(module) and "." not in last and last[:1].isupper()
