"""KT408, KT411: embeddings of the wrong size, and padding that is read as words."""

from collections.abc import Iterator
from itertools import pairwise

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Edit, Finding, Span, span_of
from kerastut.lint.questions.arrays import attribute, is_tokenizer
from kerastut.lint.semantics import Call, Constant, Model, Program, Result, Value

_RECURRENT = tuple(
    f"keras.layers.{name}" for name in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
)
_BETWEEN = ("keras.layers.Dropout", "keras.layers.SpatialDropout1D")


@detects("KT408")
def embedding_size(program: Program) -> Iterator[Finding]:
    """Finds `Embedding(tokenizer.num_words)` without a number, and one row too few."""
    for call in program.calls("keras.layers.Embedding"):
        size, given = call.value(0, "input_dim"), call.expression(0, "input_dim")
        if given is not None and (_is_none(size) or _lacks_padding(size)):
            yield from program.report("KT408", call, at=given, size=program.source(given))


def _is_none(size: Value | None) -> bool:
    if isinstance(size, Constant) and size.value is None:
        return True
    tokenizer = attribute(size, "num_words")
    if not isinstance(tokenizer, Result) or not is_tokenizer(tokenizer):
        return False
    limit = tokenizer.call.value(0, "num_words")
    return limit is None or (isinstance(limit, Constant) and limit.value is None)


def _lacks_padding(size: Value | None) -> bool:
    if not isinstance(size, Result) or size.call.name not in ("len", "builtins.len"):
        return False
    tokenizer = attribute(size.call.value(0), "word_index")
    return tokenizer is not None and is_tokenizer(tokenizer)


@detects("KT411")
def padding_not_masked(program: Program) -> Iterator[Finding]:
    """Finds `Embedding` before a recurrent layer without a mask, where texts are padded."""
    if not any(_pads(call) for call in program.all_calls):
        return
    for model in program.models:
        for embedding in _unmasked(model):
            yield from program.report("KT411", embedding, [_add_mask(embedding)])


def _pads(call: Call) -> bool:
    padded = call.name.rpartition(".")[2] == "pad_sequences"
    vectorized = call.name == "keras.layers.TextVectorization"
    return padded or (vectorized and call.has("output_sequence_length"))


def _unmasked(model: Model) -> Iterator[Call]:
    layers = [layer for layer in model.layers if layer.name not in _BETWEEN]
    for layer, after in pairwise(layers):
        if layer.name == "keras.layers.Embedding" and after.name in _RECURRENT:
            yield from [layer] if layer.literal(None, "mask_zero") is not True else []


def _add_mask(call: Call) -> Edit:
    last = call.node.keywords[-1].value if call.node.keywords else call.node.args[-1]
    if call.keyword("mask_zero") is not None:
        node = call.expression(None, "mask_zero")
        return Edit(span_of(node or last), "True")
    end = span_of(last)
    return Edit(
        Span(end.end_line, end.end_column, end.end_line, end.end_column), ", mask_zero=True"
    )
