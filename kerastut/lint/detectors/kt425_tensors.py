"""KT425: TensorFlow's functions on the symbolic tensors of Keras."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Call, Display, Program, Result, Value
from kerastut.lint.semantics.models import layer_call

_MERGING = ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")
_DEPTH = 300


@detects("KT425")
def tensorflow_function(program: Program) -> Iterator[Finding]:
    """Finds `tf.reduce_mean(x)` and the like in a functional model."""
    for call in program.all_calls:
        callee = _tensorflow(call)
        if callee is not None and any(map(is_symbolic, _tensors(call))):
            yield from program.report("KT425", call, callee=callee)


def _tensorflow(call: Call) -> str | None:
    """Returns how one writes a function of TensorFlow; `tf.keras.backend` holds some as well."""
    if call.name.startswith("tensorflow."):
        return "tf." + call.name.removeprefix("tensorflow.")
    ref = call.ref
    if ref is not None and ref.via == "tf" and ref.name.startswith("keras.backend."):
        return f"tf.{ref.name}"
    return None


def _tensors(call: Call) -> Iterator[Value]:
    for value in (*call.args[:2], *call.keywords.values()):
        yield from value.items if isinstance(value, Display) else (value,)


def is_symbolic(value: Value) -> bool:
    """Follows the first tensor of each layer back to a `keras.Input`."""
    for _ in range(_DEPTH):
        if isinstance(value, Display) and value.items:
            value = value.items[0]
        elif not isinstance(value, Result):
            return False
        elif value.call.name == "keras.Input":
            return True
        elif _takes_tensors(value.call) and value.call.args:
            value = value.call.args[0]
        else:
            return False
    return False


def _takes_tensors(call: Call) -> bool:
    """Tells whether a call applies a layer: `Dense(3)(x)`, `concatenate([x, y])`."""
    merged = call.name.startswith("keras.layers.") and call.name[13:] in _MERGING
    return merged or layer_call(call.callee) is not None
