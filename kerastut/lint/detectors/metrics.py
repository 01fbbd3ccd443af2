"""Metrics: how `compile` is given them, and by which names they are looked up."""

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import islice

from ..finding import Edit, span_of
from ..fixes.edits import insert, replace, replace_string
from ..questions.training import MONITOR, fit_of, has_validation, is_prepared, passed
from ..registering import Findings, detects
from ..rules import api
from ..semantics.facts import Call, Fact, Result, origins
from ..semantics.program import Program
from ..semantics.scopes import UserFunction
from ..semantics.values import (
    Attribute,
    Constant,
    Display,
    Parameter,
    Part,
    Ref,
    Value,
    options,
    remembered,
)

# Names of one metric, by which it may be compiled.
_SAME = (
    ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"),
    ("mae", "mean_absolute_error", "MAE"),
    ("mse", "mean_squared_error", "MSE"),
    ("mape", "mean_absolute_percentage_error", "MAPE"),
    ("msle", "mean_squared_logarithmic_error", "MSLE"),
    ("rmse", "root_mean_squared_error"),
    ("cosine_similarity", "cosine_proximity", "cosine"),
)
# The names of the compiled metrics, and the keys that the program writes itself.
_Known = tuple[set[str], set[object]]
_PARTS = 20  # of an expression that names are looked for in
_FIELD = re.compile(r"\{(\w+)(?=[:!}])")


@detects("KT204")
def metric_keys(program: Program) -> Findings:
    """Finds 'acc' in histories, logs, monitors and file names, or what else no metric is named.

    Before Keras 2.3, accuracy was always `acc`; now it has the name that `compile` was given.
    """
    stores = [one for one in program.subscripts if one.stores and not _is_table(one.of)]
    written = {_key(one.key) for one in stores}
    page = program.document.kind == "markdown"  # which may show a plot before any model of its own
    rows = [one.node.lineno for one in program.method_calls("compile")]
    first = min(rows, default=sys.maxsize) if page else 0
    for subscript in program.subscripts:
        if not subscript.stores and _is_logged(program, subscript.of):
            fit = fit_of(subscript.of)
            text = str(_key(subscript.key))
            lacks = fit is not None and text.startswith("val_") and not has_validation(fit)
            if lacks or subscript.node.lineno < first:
                continue
            own = _compiled(program, fit)
            known = _metrics(own or program.all_calls), written
            keys = _keys(subscript.key)
            yield from _check(program, subscript, subscript.node.slice, keys, known)
            yield from _passed(program, subscript, subscript.node.slice, known)
    known = _metrics(program.all_calls), written
    for call in program.all_calls:
        looks = call.method in ("get", "pop") and call.receiver is not None
        if looks and call.node.args and _is_logged(program, call.receiver):
            yield from _check(program, call, call.node.args[0], _keys(call.value(0)), known)
            yield from _passed(program, call, call.node.args[0], known)
        if call.name in MONITOR:
            given = call.expression(MONITOR[call.name], "monitor")
            keys = _keys(call.value(MONITOR[call.name], "monitor"))
            yield from _check(program, call, given, keys, known)
        if call.name == "keras.callbacks.ModelCheckpoint":
            path = call.value(0, "filepath") or Constant(None)
            texts = [getattr(one, "value", None) for one in origins(path)]
            keys = [key for text in texts if isinstance(text, str) for key in _FIELD.findall(text)]
            yield from _check(program, call, call.expression(0, "filepath"), keys, known)


def _compiled(program: Program, fit: Call | None) -> Sequence[Call]:
    """Returns the calls of `compile` of the model that is fitted, where it is one alone."""
    receivers = options(fit.receiver) if fit is not None else ()
    model = program.model_of(receivers[0]) if len(receivers) == 1 else None
    return model.called("compile") if model is not None else ()


def _metrics(calls: Iterable[Call]) -> set[str]:
    """Returns the names of the metrics that calls of `compile` give."""
    given: list[Value | None] = []
    for call in calls:
        if call.method == "compile":
            given += [call.value(3, "metrics"), call.value(2), call.value(4, "weighted_metrics")]
    return set(map(_name, origins(*filter(None, given), most=sys.maxsize)))


def _name(metric: Value) -> str:
    """Returns the name that a metric is logged under, "acc" where it may be any."""
    match metric:
        case Attribute():  # of an object of some class, whatever that gives
            return "acc"
        case Constant(value=str(name)):
            return name
        case UserFunction(node=node):
            return getattr(node, "name", "")
        case Ref(name=name):
            return name.rpartition(".")[2]
        case Result(call=call):
            told = call.literal(None, "name")
            return told if isinstance(told, str) else api.snake(call.last)
    return ""


def _is_table(value: Value | None) -> bool:
    return isinstance(value, Result) and value.call.name == "pandas.DataFrame"


def _is_logged(program: Program, value: Value | None) -> bool:
    if isinstance(value, Result) and _is_table(value):
        value = value.call.value(0, "data")
    if isinstance(value, Parameter) and value.name in ("logs", "history", "hist"):
        return True
    return value is not None and program.is_history_dict(value)


def _keys(value: Value | None) -> list[str]:
    """Returns the strings that a key may be: written or listed there, or run through by a loop."""
    listed = value.of if isinstance(value, Part) and value.key is None else value
    if isinstance(listed, Display):
        return [key for item in listed.items for key in _keys(item)]
    texts = [one.value for one in options(value) if isinstance(one, Constant)]
    return [text for text in texts if isinstance(text, str)]


def _check(
    program: Program, fact: Fact, node: ast.expr | None, keys: Iterable[str], known: _Known
) -> Findings:
    compiled, written = known
    chosen = [program.read_at(part) for part in ast.walk(node)] if node is not None else []
    prepared = any(map(is_prepared, (fact, *filter(None, chosen))))
    for key in keys:
        new = _renamed(key, compiled)
        if new is not None and key not in written and not prepared:
            changes = [
                replace_string(
                    program, one, new if text == key else text.replace(f"{{{key}", f"{{{new}")
                )
                for one, text in _texts(program, node)
                if text == key or f"{{{key}" in text
            ]
            yield from program.report("KT204", fact, changes, at=node, old=key, new=new)


def _texts(program: Program, node: ast.expr | None) -> list[tuple[ast.Constant, str]]:
    """Returns the texts in an expression, and in what names there were given."""
    parts = list(ast.walk(node)) if node is not None else []
    for part in islice(parts, _PARTS):  # it grows meanwhile
        given = getattr(program.read_at(part), "statement", None)
        source = given.iter if isinstance(given, ast.For) else getattr(given, "value", None)
        parts += ast.walk(source) if isinstance(source, ast.expr) else ()
    strings = (one for one in parts if isinstance(one, ast.JoinedStr))
    formatted = {id(one) for string in strings for one in string.values}
    plain = (one for one in parts if isinstance(one, ast.Constant) and id(one) not in formatted)
    return [(one, one.value) for one in plain if isinstance(one.value, str)]


def _passed(program: Program, fact: Fact, node: ast.expr, known: _Known) -> Findings:
    """Checks the keys that the later calls of a function give it: `plot(history, "val_acc")`."""
    for call, value, given in passed(program, node)[1:]:
        yield from _check(program, call, given, _keys(value), known)


def _renamed(key: str, compiled: set[str]) -> str | None:
    """Returns the key that a metric has today, None where nothing is known to be wrong."""
    prefix = "val_" if key.startswith("val_") else ""
    name = key.removeprefix(prefix)
    if name == "lr":
        return None if prefix else "learning_rate"
    for names in _SAME:
        here = [one for one in names if one in compiled]
        if name in names and name not in compiled and (here or name == "acc"):
            return f"{prefix}{here[0] if here else 'accuracy'}"
    # Of several outputs: `main_acc`.
    several = name.endswith("_acc") and "acc" not in compiled and name not in compiled
    return f"{key.removesuffix('acc')}accuracy" if several else None


@detects("KT246", "KT249")
def metrics_of_compile(program: Program) -> Findings:
    """Finds metrics where Keras 3 reads the weights of the loss, and one that is not in a list."""
    for call in program.methods("compile"):
        given = call.args[2] if call.certain(2) else None
        if given is not None and strings_in(given):
            node = call.node.args[2]
            changes = [insert(span_of(node), "metrics=")] if len(call.args) == 3 else []
            yield from program.report("KT246", call, changes, at=node)
        keyword = call.keyword("metrics")
        value = call.value(None, "metrics")
        made = value.call.name if isinstance(value, Result) else getattr(value, "canonical", "")
        single = isinstance(call.literal(None, "metrics"), str) or made.startswith("keras.metrics.")
        if keyword is not None and single:
            change = replace(keyword.value, f"[{program.source(keyword.value)}]")
            yield from program.report("KT249", call, [change], at=keyword)


@remembered
def strings_in(value: Value) -> set[str]:
    """Returns the strings that are listed."""
    items = value.items if isinstance(value, Display) else ()
    values = [item.value for item in items if isinstance(item, Constant)]
    return {one for one in values if isinstance(one, str)}


def _key(value: Value) -> object:
    return value.value if isinstance(value, Constant) else None


@detects("KT331")
def history_called(program: Program) -> Findings:
    """Finds `history.history("acc")`, with parentheses where a key wants brackets."""
    for call in program.all_calls:
        if len(call.args) == 1 and program.is_history_dict(call.callee):
            inner, whole = span_of(call.node.args[0]), span_of(call.node)
            left, right = span_of(call.node.func).end.to(inner.start), inner.end.to(whole)
            yield from program.report("KT331", call, [Edit(left, "["), Edit(right, "]")])
