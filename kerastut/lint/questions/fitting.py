"""What was fitted to data before a part of them was split off for testing."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator

from ..semantics.facts import Call, Result, origins
from ..semantics.program import Program
from ..semantics.values import Attribute, Part, Value
from .arrays import is_tokenizer, previous, root, split_of

SCALERS = re.compile(
    r"sklearn\.(preprocessing\.\w+(Scaler|Transformer)|decomposition\.\w*PCA|impute\.\w+"
    r"|feature_extraction\.text\.\w+Vectorizer)|keras\.layers\.(Normalization|TextVectorization)"
)
HELD = re.compile(r"test|valid|(^|_)(val|dev)(_|\d|$)", re.IGNORECASE)
_FITS = ("fit", "fit_transform", "adapt", "fit_on_texts")
_GIVES = ("transform", "fit_transform", "texts_to_sequences", "texts_to_matrix")
_ADDS = re.compile(r"imblearn\.(over_sampling|combine)\.\w+")
_FAR = 60  # values that what is split is followed back to


def fitted_to_all(program: Program) -> Iterator[Call]:
    """Yields the calls that fit a scaler or its like to data of which a part is held out."""
    fitted: defaultdict[int, list[Call]] = defaultdict(list)  # by what is fitted
    given: defaultdict[int, list[Call]] = defaultdict(list)  # by what it is fitted to
    stored: defaultdict[int, list[Call]] = defaultdict(list)  # in a column of a table
    columns = {id(one.statement): one.of for one in program.subscripts if one.stores}
    for call in program.method_calls(*_FITS):
        made = maker(call.receiver)
        if made is None or not (SCALERS.fullmatch(made.name) or is_tokenizer(made.result)):
            continue
        if call.args and not _is_part(program, call):
            fitted[id(made)].append(call)
            given[id(root(call.args[0]))].append(call)
            if id(call.statement) in columns and call.method == "fit_transform":
                stored[id(columns[id(call.statement)])].append(call)
    seen: set[int] = set()
    for value, order in _split(program) if fitted or "imblearn" in program.packages else ():
        for one in origins(value, most=_FAR):
            made_by = one.call if isinstance(one, Result) else None
            found = [*stored.get(id(one), ()), *given.get(id(one), ())]
            if made_by is not None:
                gives = made_by.receiver if made_by.method in _GIVES else made_by.callee
                found += fitted.get(id(maker(gives)), ())
            adds = made_by is not None and (made_by.method or "").startswith("fit_")
            source = made_by.receiver if made_by is not None and adds else None
            if made_by and isinstance(source, Result) and _ADDS.fullmatch(source.call.name):
                found.append(made_by)
            for call in found:
                if id(call) not in seen and call.order < order:
                    seen.add(id(call))
                    yield call


def maker(value: Value | None) -> Call | None:
    """Returns the call that makes an object, of which `fit` may have given it back."""
    made = value.call if isinstance(value, Result) else None
    again = made is not None and made.method == "fit" and isinstance(made.receiver, Result)
    return made.receiver.call if made and again and isinstance(made.receiver, Result) else made


def _split(program: Program) -> Iterator[tuple[Value, int]]:
    """Yields what a part is split off for testing, and when."""
    for call in program.all_calls:
        if call.last == "train_test_split" and not any(map(_is_train, call.node.args)):
            yield from ((value, call.order) for value in call.args[:1])
    for one in program.definitions:
        if HELD.search(one.name) and isinstance(one.value, Part) and _takes_rows(one.value):
            yield one.value, sys.maxsize


def _is_train(node: ast.AST) -> bool:
    return any("train" in getattr(one, "id", "").lower() for one in ast.walk(node))


def _is_part(program: Program, call: Call) -> bool:
    """Tells whether something is fitted to the rows for training alone, or to those for testing."""
    text, value = program.source(call.node.args[0]), call.args[0]
    if re.search("train", text, re.IGNORECASE) or HELD.search(text):
        return True
    for _ in range(10):
        if split_of(value) is not None:
            return True
        if isinstance(value, Part) and value.node is not None and _takes_rows(value):
            return True
        inner = value.of if isinstance(value, (Part, Attribute)) else previous(value)
        if inner is None:
            return False
        value = inner
    return False


def _takes_rows(part: Part) -> bool:
    """Tells whether a slice leaves rows out, or some function of its own split them."""
    if part.node is None:
        return isinstance(part.of, Result)
    key = part.node.slice
    first = key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key
    bounds = [first.lower, first.upper] if isinstance(first, ast.Slice) else []
    return any(one is not None for one in bounds)
