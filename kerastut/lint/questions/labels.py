"""What is known of labels: their form, their order, whether they are random."""

import ast
from collections.abc import Iterator
from typing import Literal

from ..finding import Edit, span_of
from ..fixes.edits import insert, remove_keyword, replace
from ..semantics.facts import Call, Result, origins
from ..semantics.program import Program
from ..semantics.values import (
    Constant,
    Display,
    Mapping,
    Operation,
    Part,
    Value,
    options,
    remembered,
)
from .arrays import loaded, root

# What compares labels with labels, and what a model gives instead of them.
COMPARES = {"accuracy_score", "balanced_accuracy_score", "classification_report", "f1_score"}
COMPARES |= {"cohen_kappa_score", "confusion_matrix", "jaccard_score", "precision_score"}
COMPARES |= {"recall_score", "matthews_corrcoef", "precision_recall_fscore_support"}
_PREDICTS = ("predict", "predict_generator", "predict_on_batch", "predict_proba")
_SHAPES = ("flatten", "ravel", "reshape", "squeeze")

Labels = Literal["integer", "one-hot"]

_FARTHEST = 20  # conversions one after the other
_CLASSES = ("mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters")
_ONE_HOT = ("keras.utils.to_categorical", "tensorflow.one_hot", "keras.ops.one_hot")


def labels_of(value: Value | None) -> Labels | None:
    """Tells whether labels are integers or one-hot rows, if that can be known."""
    kinds = set(map(_labels, options(value)))
    return kinds.pop() if len(kinds) == 1 else None


@remembered
def _labels(value: Value) -> Labels | None:
    source = root(value)
    if isinstance(source, Result):
        if source.call.name in _ONE_HOT:
            return "one-hot"
        return "integer" if _draws_integers(source.call) or _lists_integers(source.call) else None
    made = source.of.call.name if isinstance(source, Part) and isinstance(source.of, Result) else ""
    if made in ("numpy.eye", "numpy.identity"):
        return "one-hot"
    part = loaded(source, _CLASSES)
    return "integer" if part is not None and part[1] == 1 else None


def is_choice(value: Value | None) -> bool:
    """Tells whether labels are written out, and each is 0 or 1."""
    return numbers_of(value) == {0, 1}


def numbers_of(value: Value | None) -> set[float]:
    """Returns the numbers of an array that is written out; none if one of them is not known."""
    source = root(value) if value is not None else None
    made = source.call if isinstance(source, Result) else None
    arrays = made is not None and made.name in ("numpy.array", "numpy.asarray")
    listed = made.value(0) if made is not None and arrays else source
    parts = [*origins(listed)] if isinstance(listed, Display) else []
    numbers = [one.value for one in parts if isinstance(one, Constant)]
    known = len(numbers) + sum(isinstance(one, Display) for one in parts) == len(parts)
    plain = all(isinstance(one, (int, float)) for one in numbers)
    return {one for one in numbers if isinstance(one, (int, float))} if known and plain else set()


def _draws_integers(call: Call) -> bool:
    drawn = call.name in ("numpy.random.randint", "numpy.random.random_integers")
    if drawn or call.method == "integers":
        size = call.value(2, "size")
        row = isinstance(size, Display) and len(size.items) == 1
        return row or (isinstance(size, Constant) and isinstance(size.value, int))
    encoder = call.receiver if call.method == "fit_transform" else None
    return isinstance(encoder, Result) and encoder.call.name.endswith(".LabelEncoder")


def _lists_integers(call: Call) -> bool:
    listed = call.value(0, "object") if call.name in ("numpy.array", "numpy.asarray") else None
    items = listed.items if isinstance(listed, Display) else ()
    whole = [isinstance(one, Constant) and type(one.value) is int for one in items]
    return bool(whole) and all(whole)


def _made(labels: Value | None) -> Value | None:
    """Returns what labels are made of, one-hot or not."""
    for _ in range(_FARTHEST):
        source = root(labels) if labels is not None else None
        if not isinstance(source, Result) or source.call.name != "keras.utils.to_categorical":
            return source
        labels = source.call.value(0, "x")
    return None


def random_call(value: Value | None) -> Call | None:
    """Returns the call that draws an array at random, if nothing but its shape was changed."""
    source = _made(value)
    if not isinstance(source, Result):
        return None
    call = source.call
    makes = call.last not in ("default_rng", "permutation", "RandomState")
    drawn = call.name.startswith("numpy.random.") and makes
    return call if drawn or call.method in ("integers", "standard_normal") else None


@remembered
def is_ordered(value: Value | None) -> bool:
    """Tells whether labels stand class by class: made by `repeat`, `sort` or joined blocks."""
    source = _made(value)
    call = source.call if isinstance(source, Result) else None
    if call is not None and call.name in ("numpy.array", "numpy.asarray"):
        source = call.value(0)
    elif call is not None and call.name in ("numpy.concatenate", "numpy.hstack", "numpy.append"):
        return _joins_constants(call.value(0))
    sorts = ("numpy.repeat", "numpy.sort", "builtins.sorted")
    return (call is not None and call.name in sorts) or _joins_blocks(source)


def _joins_blocks(value: Value | None) -> bool:
    """Tells whether a value is like `[0] * 50 + [1] * 50`."""
    blocks = _operands(value, ast.Add)
    return bool(blocks) and all(
        any(isinstance(part, Display) for part in _operands(one, ast.Mult)) for one in blocks
    )


def _operands(value: Value | None, operator: type[ast.operator]) -> tuple[Value, ...]:
    """Returns both sides of an operator, nothing if it is another."""
    if isinstance(value, Operation) and isinstance(value.node, ast.BinOp):
        return value.operands if isinstance(value.node.op, operator) else ()
    return ()


def _joins_constants(value: Value | None) -> bool:
    makers = ("numpy.zeros", "numpy.ones", "numpy.full")
    if not isinstance(value, Display) or len(value.items) < 2:
        return False
    sources = [root(item) for item in value.items]
    return all(isinstance(source, Result) and source.call.name in makers for source in sources)


def weights_of_classes(program: Program) -> Iterator[tuple[str, Call, ast.keyword, list[Edit]]]:
    """Yields where weights of classes are no dict, or one of texts: the rule and the edits."""
    for call in program.all_calls:
        keyword, weights = call.keyword("class_weight"), call.keywords.get("class_weight")
        if keyword is None or weights is None or not program.may_be_model(call.receiver):
            continue
        made = weights.call.name if isinstance(weights, Result) else ""
        listed = isinstance(weights, Display) and isinstance(weights.node, ast.List)
        if isinstance(weights, Mapping) and any(isinstance(key, str) for key in weights.items):
            yield "KT254", call, keyword, []
        elif isinstance(weights, Constant) and isinstance(weights.value, str):
            yield "KT250", call, keyword, [remove_keyword(program, call.node, keyword)]
        elif listed or made.startswith("numpy.") or made.endswith(".compute_class_weight"):
            text = f"dict(enumerate({program.source(keyword.value)}))"
            numbers = not isinstance(weights, Display) or all(map(_is_number, weights.items))
            yield "KT250", call, keyword, [replace(keyword.value, text)] if numbers else []


def _is_number(value: Value) -> bool:
    """Tells whether a number is written, rather than what may be the weights of one output."""
    return isinstance(value, Constant) and isinstance(value.value, (int, float))


def scores_for_labels(program: Program) -> Iterator[tuple[Call, ast.expr, str, list[Edit]]]:
    """Yields where outputs of a model are compared with labels: how labels are made of them."""
    if "sklearn" not in program.packages:
        return
    changed = {id(one.of) for one in program.subscripts if one.stores}  # `guess[guess > 0.5] = 1`
    for call in program.all_calls:
        compares = call.name.startswith("sklearn.metrics.") and call.last in COMPARES
        given = call.given(1, "y_pred") if compares else None
        made = _as_shaped(given[0]) if given is not None else None
        predicts = made is not None and made.method in _PREDICTS and id(made.result) not in changed
        if given is None or made is None or not predicts or made.receiver is None:
            continue
        model = program.model_of(made.receiver)
        if model is None or id(given[0]) in changed:
            continue
        one = model.units == 1 or model.activation == "sigmoid"
        start, end = span_of(given[1]), span_of(given[1]).end
        ways = [insert(start, "("), insert(end, " > 0.5)")] if one else _largest(given[1])
        true = call.given(0, "y_true")
        loss = [one.literal(1, "loss") for one in model.called("compile")]
        encoded = true is not None and (
            labels_of(true[0]) == "one-hot" or (loss == ["categorical_crossentropy"] and not one)
        )
        if true is not None and encoded and "argmax" not in program.source(true[1]):
            ways = ways + _largest(true[1])
        new = "(... > 0.5)" if one else "....argmax(axis=-1)"
        yield call, given[1], new, ways if model.units is not ... else []


def _largest(node: ast.expr) -> list[Edit]:
    return [insert(span_of(node).end, ".argmax(axis=-1)")]


def _as_shaped(value: Value) -> Call | None:
    """Returns the call that made an array, which may have another shape since."""
    call = value.call if isinstance(value, Result) else None
    while call is not None and call.method in _SHAPES and isinstance(call.receiver, Result):
        call = call.receiver.call
    return call
