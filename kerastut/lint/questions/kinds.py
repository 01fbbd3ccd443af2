"""Which class of Keras an object is of."""

from kerastut.lint.semantics import Attribute, Part, Program, Result, Value
from kerastut.lint.semantics.models import layer_call
from kerastut.lint.semantics.values import options


def is_metric(value: Value) -> bool:
    """Tells whether a value is a metric of Keras."""
    made = made_by(value)
    return made is not None and _is_class_of(made, "keras.metrics.")


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
        of = value.of
        while isinstance(of, Part):
            of = of.of
        return isinstance(of, Attribute) and of.name == "layers" and program.is_model(of.of)
    if isinstance(value, Result):
        call = value.call
        if call.method == "get_layer" and call.receiver is not None:
            return program.is_model(call.receiver)
        return layer_call(value) is not None and call.name != "keras.Input"
    return False


def made_by(value: Value) -> str | None:
    """Returns the name of what a value is the result of."""
    if isinstance(value, Result) and value.call.ref is not None:
        return value.call.name if value.call.ref.via in ("keras", "tf") else None
    return None


def _is_class_of(name: str, module: str) -> bool:
    last = name.removeprefix(module)
    return name.startswith(module) and "." not in last and last[:1].isupper()
