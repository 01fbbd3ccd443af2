"""What makes objects of the columns of a table of pandas: no array that Keras takes holds any."""

import ast
import re
from collections.abc import Iterable, Iterator

from ..finding import Edit, span_of
from ..fixes.edits import add_argument, insert, remove_keyword, replace
from ..semantics.facts import Call, Result, origins
from ..semantics.program import Program
from ..semantics.values import Attribute, Constant, Display, Mapping, Part, Value
from .arrays import split_of
from .labels import COMPARES
from .training import fits

_FAR = 60  # values that inputs are followed back to
_ARRAYS = ("to_numpy", "as_matrix", "numpy.array", "numpy.asarray")
_TEXTS = re.compile(r"TextVectorization|StringLookup|Hashing|tensorflow_hub|string\b")
_CLASSIFIES = re.compile(
    r"(sklearn|imblearn)\..*(Classifier|LogisticRegression|SVC|Stratified|SMOTE)"
)
_OBJECT = ("object", "np.object", "np.object_", "'object'", '"object"', "'O'", '"O"')
_NUMBERS = ("fit_transform", "transform", "astype")
# What leaves the types of columns as they are.
_LEAVES = {"copy", "drop", "dropna", "fillna", "reset_index", "head", "tail", "sample", "replace"}
_LEAVES |= {"to_numpy", "as_matrix", "reshape", "sort_values", "drop_duplicates"}
_MAKES = ("pandas.read_", "pandas.DataFrame", "numpy.array", "numpy.asarray", "numpy.reshape")
_SPLITS = "sklearn.model_selection.train_test_split"

# A call, what is to be written, and the edits that write it.
Objects = tuple[Call, str, list[Edit]]


def made_objects(program: Program) -> Iterator[Objects]:
    """Yields the calls that leave objects in what a model is trained on, each once."""
    told: set[int] = set()
    inputs = [fit.value(0, "x") for _, fit in fits(program)]
    labels = [fit.value(1, "y") for _, fit in fits(program)]
    keras = len(inputs + labels)
    for i, given in enumerate((*inputs, *labels, *_classes(program))):
        if given is None:
            continue
        made = [*origins(given, most=_FAR)] if "pandas" in program.packages else []
        dummies = _dummies(made) if i < len(inputs) else ()
        while (whole := split_of(given)) is not None:
            given = whole
        made = [*origins(given, most=_FAR)] if made else []
        declared = _declared(program, given) if i < keras else ()
        for one in (*declared, *dummies, *_replaced(program, made)):
            if id(one[0]) not in told:
                told.add(id(one[0]))
                yield one


def _classes(program: Program) -> Iterator[Value | None]:
    """Yields the labels that scikit-learn is given, which refuses objects that are no texts."""
    for call in program.all_calls if "sklearn" in program.packages else ():
        if call.name.startswith("sklearn.metrics.") and call.last in COMPARES:
            yield call.value(0, "y_true")
        made = call.receiver.call.name if isinstance(call.receiver, Result) else ""
        if call.method in ("fit", "split", "fit_resample") and _CLASSIFIES.match(made):
            yield call.value(1, "y")


def _declared(program: Program, value: Value) -> Iterator[Objects]:
    """Yields `np.array(rows, dtype=object)`, if that or a slice of it is trained on."""
    while isinstance(value, Part) and value.node and isinstance(value.node.slice, ast.Slice):
        value = value.of
    call = value.call if isinstance(value, Result) else None
    kind = call.keyword("dtype") if call is not None and call.name in _ARRAYS else None
    listed = kind is not None and program.source(kind.value) in _OBJECT
    texts = listed and _TEXTS.search(program.document.text)  # which objects may hold
    if call and kind is not None and listed and not texts:
        yield call, 'dtype="float32"', [replace(kind.value, '"float32"')]


def _dummies(made: list[Value]) -> Iterator[Objects]:
    """Yields the calls of `get_dummies` that give bools beside numbers in an array."""
    calls = [one.call for one in made if isinstance(one, Result)]
    arrays = any(isinstance(one, Attribute) and one.name == "values" for one in made)
    arrays = arrays or any(one.method in _ARRAYS or one.name in _ARRAYS for one in calls)
    if not arrays or any(one.method in _NUMBERS or one.has("dtype") for one in calls):
        return
    joined = any(one.name == "pandas.concat" or one.method == "join" for one in calls)
    for call in (one for one in calls if one.name == "pandas.get_dummies"):
        if joined or call.has("columns") or not isinstance(call.value(0), Part):
            yield call, 'dtype="uint8"', [add_argument(call.node, 'dtype="uint8"')]


def _replaced(program: Program, made: list[Value]) -> Iterator[Objects]:
    """Yields the calls of `replace` that put numbers where texts were, in columns that are taken.

    pandas 3 no longer makes integers of what these leave behind.
    """
    calls = [one.call for one in made if isinstance(one, Result)]
    if not made or not all(map(_leaves_types, calls)):
        return
    tables = {id(one) for one in made}
    keys = [one.node.slice for one in made if isinstance(one, Part) and one.node is not None]
    nodes = [node for key in keys for node in getattr(key, "elts", [key])]
    taken = set(_named(filter(None, map(program.value_at, nodes))))
    taken |= {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    dropped = {name for one in calls if one.method == "drop" for name in _named(one.args)}
    stores = [one for one in program.subscripts if one.stores and id(one.of) in tables]
    # What is given to several columns may be of another type.
    last = {_text(one.key): one for one in stores} if all(_text(one.key) for one in stores) else {}
    for name, one in last.items():
        value = program.value_at(getattr(one.statement, "value", one.node))
        used = name not in dropped and (not taken or name in taken)
        calls += [value.call] if used and isinstance(value, Result) else []
    replaces = program.method_calls("replace")
    calls += [one for one in replaces if one.has("inplace") and id(one.receiver) in tables]
    calls = [one for one in calls if one.method == "replace" and _puts_numbers(one)]
    inner = {id(one.receiver) for one in calls}  # `replace("no", 0).replace("yes", 1)`
    for call in calls:
        if id(call.result) not in inner:
            end = insert(span_of(call.node).end, ".infer_objects()")
            inplace = call.keyword("inplace")
            if inplace is None:
                yield call, ".infer_objects()", [end]
            elif call.is_statement:
                begin = insert(span_of(call.node), f"{program.source(call.owner)} = ")
                removed = remove_keyword(program, call.node, inplace)
                yield call, ".infer_objects()", [begin, removed, end]


def _leaves_types(call: Call) -> bool:
    if call.has("dtype"):
        return False
    return call.method in _LEAVES or call.name.startswith(_MAKES) or call.name == _SPLITS


def _puts_numbers(call: Call) -> bool:
    """Tells whether numbers take the place of texts: `{"yes": 1}`, `"yes", 1`, lists of these."""
    old, new = call.value(0, "to_replace"), call.value(1, "value")
    if isinstance(old, Mapping) and new is None:
        inner = [one for one in old.items.values() if isinstance(one, Mapping)]
        tables = inner if len(inner) == len(old.items) else [old]
        texts = all(isinstance(key, str) for table in tables for key in table.items)
        values = [value for table in tables for value in table.items.values()]
        return bool(values) and texts and _are(values, (int, float))
    olds, news = ([*one.items] if isinstance(one, Display) else [one] for one in (old, new))
    return bool(olds and news) and _are(olds, str) and _are(news, (int, float))


def _are(values: Iterable[Value | None], kind: type | tuple[type, ...]) -> bool:
    return all(isinstance(one, Constant) and isinstance(one.value, kind) for one in values)


def _named(values: Iterable[Value]) -> Iterator[str]:
    """Yields the columns that are named, alone or in a list."""
    for one in values:
        listed = one.items if isinstance(one, Display) else (one,)
        yield from filter(None, map(_text, listed))


def _text(key: Value | None) -> str:
    text = key.value if isinstance(key, Constant) else None
    return text if isinstance(text, str) else ""
