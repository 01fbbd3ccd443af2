"""Layers that do not fit each other, or do nothing."""

import ast
import re
from itertools import chain, pairwise

from ..finding import Edit, span_of
from ..fixes.edits import add_argument, insert, replace, wrapped
from ..fixes.inputs import begin_with_input
from ..questions.arrays import attribute, is_float, is_largest, is_number, is_tokenizer
from ..questions.sizes import places, sizes
from ..questions.training import fits
from ..registering import Findings, detects
from ..semantics.facts import Call, Result, origins, read_elsewhere
from ..semantics.models import Model, activation_name
from ..semantics.program import Program
from ..semantics.scopes import LAYERS, is_instance_of
from ..semantics.values import Attribute, Constant, Display, Operation, Value


def _layers(names: str) -> frozenset[str]:
    return frozenset(f"keras.layers.{name}" for name in names.split())


_MAPS = _layers(
    "Conv2D Convolution2D Conv3D SeparableConv2D DepthwiseConv2D MaxPooling2D MaxPool2D"
    " MaxPooling3D AveragePooling2D AvgPool2D ZeroPadding2D"
)
_PLAIN = _layers(
    "Dense Dropout SpatialDropout2D Activation BatchNormalization LayerNormalization LeakyReLU ReLU"
    " Softmax"
)
_RECURRENT = _layers("LSTM GRU SimpleRNN RNN Bidirectional")
_BETWEEN = _layers("Dropout SpatialDropout1D")
_KERAS1: tuple[str, ...] = ("border_mode", "subsample", "dim_ordering", "init", "W_regularizer")
_KERAS1 += ("b_regularizer", "W_constraint", "b_constraint")
_VOCABULARY = re.compile(r"vocab|(max|num|n|nb)_?(words|features)", re.I)
_TENSORS = {"keras.Model": "inputs", "keras.Input": "tensor"}
_VALUED = re.compile(
    r"keras\.backend\.(variable|constant)|(keras|tensorflow)\.Variable|get_next"
    r"|tensorflow\.([a-z]\w*\.)*[a-z]\w*"  # a function: models and layers of it are no values
)
_SYMBOLIC = re.compile(  # and what is to become one
    r"keras\.(layers\.|applications\.(\w+\.)?)?[A-Z]\w+(?<!Variable)|.*\.placeholder"
)
_IDLE = ("fit", "adapt", "build", "summary", "add")


@detects("KT403")
def softmax_of_one_unit(program: Program) -> Findings:
    """Finds `Dense(1, activation="softmax")`, `Conv2D` so, and `Dense(1)` before a `Softmax`."""
    for call in program.calls("keras.layers.Dense", *_MAPS, *_layers("Conv1D Conv2DTranspose")):
        place = 1 if call.last == "Dense" else None
        softmax = activation_name(call.value(place, "activation")) == "softmax"
        first = "channels_first" in program.document.text and place is None
        if softmax and call.literal(0, "units", "filters", "nb_filter") == 1 and not first:
            activation = call.expression(place, "activation")
            changes = [replace(activation, '"sigmoid"')] if activation is not None else []
            yield from program.report("KT403", call, changes)
    for model in program.models:
        head = model.dense if model.units == 1 and model.activation == "softmax" else None
        if head is not None and head is not model.layers[-1]:
            yield from program.report("KT403", head)


@detects("KT404")
def dense_on_a_feature_map(program: Program) -> Findings:
    """Finds models that go from convolution to Dense without flattening."""
    for model in program.models:
        head = _head(program, model) if model.complete else None
        if head is not None:
            yield from program.report("KT404", head)


def _head(program: Program, model: Model) -> Call | None:
    """Returns the last Dense layer if only plain layers lie between it and the last map."""
    dense = None
    for layer in reversed(model.layers):
        if layer.name in _MAPS:
            return dense if dense and not program.apart(layer, dense) else None
        if layer.name not in _PLAIN:
            return None
        if dense is None and layer.name == "keras.layers.Dense":
            dense = layer
    return None


@detects("KT405")
def augmentation_never_used(program: Program) -> Findings:
    """Finds generators and `Random...` layers that have a name and no use."""
    if not any(True for _ in fits(program)):
        return
    idle = program.receivers(*_IDLE)
    made = [
        (definition, definition.value.call)
        for definition in program.definitions
        if isinstance(definition.value, Result) and _augments(program, definition.value.call)
    ]
    # A page may show one, and then another that it uses.
    used = any(read_elsewhere([one], idle) or one.name in program.hidden for one, _ in made)
    for definition, call in made if not used else ():
        yield from program.report("KT405", call, name=definition.name)


def _augments(program: Program, made: Call) -> bool:
    if made.name.endswith("preprocessing.image.ImageDataGenerator"):
        return any(word.endswith(("_range", "_flip")) for word in made.keywords)
    if _is_random(made):
        return True
    model = program.model_of(made.result)
    layers = [layer for layer in model.layers if layer.name != "keras.Input"] if model else []
    return model is not None and model.complete and bool(layers) and all(map(_is_random, layers))


def _is_random(call: Call) -> bool:
    return call.name.startswith("keras.layers.Random")


@detects("KT408")
def embedding_size(program: Program) -> Findings:
    """Finds `Embedding(tokenizer.num_words)` without a number, `(64, words)` and a row too few."""
    for call in program.calls("keras.layers.Embedding"):
        size, given = call.value(0, "input_dim"), call.expression(0, "input_dim")
        other = call.expression(1, "output_dim")
        if given is None:
            continue
        changes: list[Edit] = []
        second = program.source(other) if other is not None else ""
        if other and isinstance(given, ast.Constant) and _VOCABULARY.search(second):
            nodes = (given, other), (other, given)
            changes = [replace(one, program.source(another)) for one, another in nodes]
        elif _lacks_padding(size) or is_largest(size):
            changes = [insert(span_of(given).end, " + 1")]
        if changes or _is_none(size):
            yield from program.report("KT408", call, changes, given, size=program.source(given))


def _is_none(size: Value | None) -> bool:
    tokenizer = attribute(size, "num_words")
    if isinstance(tokenizer, Result) and is_tokenizer(tokenizer):
        size = tokenizer.call.value(0, "num_words") or Constant(None)
    return isinstance(size, Constant) and size.value is None


def _lacks_padding(size: Value | None) -> bool:
    if not isinstance(size, Result) or size.call.name not in ("len", "builtins.len"):
        return False
    tokenizer = attribute(size.call.value(0), "word_index")
    return tokenizer is not None and is_tokenizer(tokenizer)


@detects("KT363")
def values_as_inputs(program: Program) -> Findings:
    """Finds `Input(tensor=K.variable(image))`, and a model of what has values already."""
    for call in program.all_calls:
        applied = call.name.startswith("keras.applications.")
        word = "input_tensor" if applied else _TENSORS.get(call.name)
        given = call.given(0 if word == "inputs" else None, word) if word else None
        values = origins(given[0]) if given else ()
        names = [one.call.name or one.call.method or "" for one in values if type(one) is Result]
        valued = any(map(_VALUED.fullmatch, names))
        if given and valued and not any(map(_SYMBOLIC.fullmatch, names)):
            yield from program.report("KT363", call, at=given[1], callee=call.last)


@detects("KT411")
def padding_not_masked(program: Program) -> Findings:
    """Finds `Embedding` before a recurrent layer without a mask, where texts are padded."""
    vectorized = program.calls("keras.layers.TextVectorization")
    padded = any(call.last == "pad_sequences" for call in program.all_calls)
    if not padded and not any(call.has("output_sequence_length") for call in vectorized):
        return
    for model in program.models:
        layers = [layer for layer in model.layers if layer.name not in _BETWEEN]
        for layer, after in pairwise(layers):
            embedding = layer.name == "keras.layers.Embedding" and after.name in _RECURRENT
            if not embedding or layer.literal(None, "mask_zero") is True:
                continue
            given = layer.expression(None, "mask_zero")
            added = add_argument(layer.node, "mask_zero=True")
            yield from program.report("KT411", layer, [replace(given, "True") if given else added])


@detects("KT416")
def kernel_as_numbers(program: Program) -> Findings:
    """Finds `Conv2D(32, 3, 3)`, as Keras 1 wrote a kernel of 3 by 3: the last is the stride."""
    for call in program.calls("keras.layers.Conv2D", "keras.layers.Conv3D"):
        deep = call.last == "Conv3D"
        sides = [call.literal(place) for place in ((1, 2, 3) if deep else (1, 2))]
        rows, columns = sides[:2]
        # A kernel of 1 by 1 is the same either way; with a fourth number it is KT255.
        same = rows == columns == 1 or (isinstance(call.literal(3), int) and not deep)
        shown = [program.source(node) for node in call.node.args[: len(sides) + 1]]
        # Beside words of Keras 1, what has a name is a side as well, if it is no tuple.
        named = ... in sides and call.has(*_KERAS1) and call.certain(len(sides))
        named = named and not any(isinstance(one, Display) for one in call.args[1:])
        known = all(isinstance(one, int) for one in sides) and (deep or not same)
        old = deep or (call.ref is not None and call.ref.name.endswith(".Convolution2D"))
        # Steps as wide as the kernel cut an image into patches, which are seldom odd.
        odd = isinstance(rows, int) and rows == columns and rows >= 3 and rows % 2
        if named or (known and (old or call.has(*_KERAS1) or odd)):
            place = span_of(call.node.args[1]).to(span_of(call.node.args[len(sides)]))
            changes = [Edit(place, f"({', '.join(shown[1:])})")]
            values = {"callee": call.last, "arguments": ", ".join(shown), "strides": shown[2]}
            yield from program.report("KT416", call, changes, None, None, **values)


@detects("KT206")
def input_dim_of_a_shape(program: Program) -> Findings:
    """Finds `input_dim=` with a tuple, or with something that is called a shape."""
    for call in program.calls("keras.layers.*"):
        given = call.given(None, "input_dim")
        if given is not None and call.name != "keras.layers.Embedding" and _is_shape(*given):
            changes = begin_with_input(program, call)
            yield from program.report("KT206", call, changes, at=call.keyword("input_dim"))


def _is_shape(value: Value, node: ast.expr) -> bool:
    if isinstance(value, Display) or (isinstance(value, Attribute) and value.name == "shape"):
        return True
    named = isinstance(node, ast.Name) and "shape" in node.id.lower()
    return named and not isinstance(value, (Constant, Operation))


@detects("KT266")
def sizes_of_numpy(program: Program) -> Findings:
    """Finds `Dense(np.prod(shape))`, `LSTM(units / 2)` and `model.output[:, np.argmax(x)]`."""
    own = program.method_calls("add_weight")
    weights = (call for call in own if is_instance_of(call.receiver, *LAYERS))
    for call in chain(program.calls("keras.layers.*", "keras.Input"), weights):
        callee = call.last or call.method
        for value, node, strict in sizes(call):
            # A weight, unlike an input, is as large as it is from the beginning.
            lacks = callee == "add_weight" and isinstance(value, Constant) and value.value is None
            if lacks or is_float(value) or (strict and is_number(value)):
                changes, size = wrapped(node, "int") if not lacks else [], program.source(node)
                yield from program.report("KT266", call, changes, at=node, size=size, callee=callee)
    for item, node, integer in places(program):
        changes, size = wrapped(node, "int") if integer else [], program.source(node)
        yield from program.report("KT266", item, changes, at=node, size=size, callee="[...]")
