"""Layers that do not fit each other, or do nothing."""

import re
from itertools import pairwise

from ..finding import span_of
from ..fixes.edits import insert, replace
from ..questions.arrays import attribute, is_tokenizer
from ..questions.training import fits
from ..registering import Findings, detects
from ..semantics.facts import Call, Result, read_elsewhere, receivers
from ..semantics.models import Model, activation_name
from ..semantics.program import Program
from ..semantics.scopes import is_instance_of
from ..semantics.values import Constant, Value


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
# The layers of the first ResNet50; today `conv2_block1_1_conv` and the like.
_RESNET = re.compile(r"(res|bn)\d\w+|bn_conv1|(activation|add|max_pooling2d|flatten)_\d+|fc1000")
_IDLE = ("fit", "adapt", "build", "summary", "add")


@detects("KT403")
def softmax_of_one_unit(program: Program) -> Findings:
    """Finds `Dense(1, activation="softmax")`, and `Dense(1)` with a softmax layer behind it."""
    for call in program.calls("keras.layers.Dense"):
        softmax = activation_name(call.value(1, "activation")) == "softmax"
        if softmax and call.literal(0, "units") == 1:
            activation = call.expression(1, "activation")
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
        head = _head(model) if model.complete else None
        if head is not None:
            yield from program.report("KT404", head)


def _head(model: Model) -> Call | None:
    """Returns the last Dense layer if only plain layers lie between it and the last map."""
    dense = None
    for layer in reversed(model.layers):
        if layer.name in _MAPS:
            return dense
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
    idle = receivers(program.all_calls, _IDLE)
    for definition in program.definitions:
        made = definition.value.call if isinstance(definition.value, Result) else None
        if made is None or not _augments(program, made) or read_elsewhere([definition], idle):
            continue
        yield from program.report("KT405", made, name=definition.name)


def _augments(program: Program, made: Call) -> bool:
    if made.name.endswith("preprocessing.image.ImageDataGenerator") or _is_random(made):
        return True
    model = program.model_of(made.result)
    layers = [layer for layer in model.layers if layer.name != "keras.Input"] if model else []
    return model is not None and model.complete and bool(layers) and all(map(_is_random, layers))


def _is_random(call: Call) -> bool:
    return call.name.startswith("keras.layers.Random")


@detects("KT408")
def embedding_size(program: Program) -> Findings:
    """Finds `Embedding(tokenizer.num_words)` without a number, and one row too few."""
    for call in program.calls("keras.layers.Embedding"):
        size, given = call.value(0, "input_dim"), call.expression(0, "input_dim")
        if given is not None and (_is_none(size) or _lacks_padding(size)):
            yield from program.report("KT408", call, at=given, size=program.source(given))


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
            last = max(map(span_of, (*layer.node.args, *layer.node.keywords)))
            added = insert(last.end, ", mask_zero=True")
            yield from program.report("KT411", layer, [replace(given, "True") if given else added])


@detects("KT439")
def untracked_variables(program: Program) -> Findings:
    """Finds `self.w = tf.Variable(...)` in a layer or a model, which does not learn it."""
    for access in program.accesses:
        made = getattr(access.statement, "value", None) if access.stores else None
        call = program.calls_at.get(id(getattr(made, "func", None)))
        known = call is not None and call.name == "tensorflow.Variable"
        if call is None or not known or call.literal(None, "trainable") is False:
            continue
        if is_instance_of(access.of, "keras.Layer", "keras.layers.", "keras.Model"):
            yield from program.report("KT439", access, name=program.source(access.node))


@detects("KT332")
def names_of_applications(program: Program) -> Findings:
    """Finds `get_layer("fc1000")` of a ResNet50, whose layers had other names before Keras 2.3."""
    for call in program.methods("get_layer"):
        model, name = program.model_of(call.receiver), call.literal(0, "name")
        made = model.call.last if model is not None and model.call is not None else ""
        if made == "ResNet50" and isinstance(name, str) and _RESNET.fullmatch(name):
            yield from program.report("KT332", call, callee=made, name=name)
