"""What stands beside Keras: what old attributes are called today, what is text for certain."""

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import TypeGuard

from ..finding import Edit, span_of
from ..fixes.edits import add_argument, insert, replace
from ..fixes.tables import is_column, is_table
from ..rules.rule import Applicability, load_rules
from ..semantics.facts import Access, Call, Definition, Fact, Result, origins
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.values import Attribute, Constant, Display, Operation, Part, Value
from .arrays import previous

VECTORS = re.compile(r"gensim\.models\.(word2vec\.)?(Word2Vec|FastText)(\.load)?$")
GENSIM = {"vocab": "key_to_index", "index2word": "index_to_key", "syn0": "vectors"}
READ = ("ix", "value", "message", "week", *GENSIM)  # rather than called
_BY_HAND = ("append", "decode", "fillna", "ix", "message", "sort", "value")
SEARCHES = ("most_similar", "similarity", "doesnt_match", "similar_by_word", "n_similarity")
_FILLS = {"pad": "ffill", "ffill": "ffill", "bfill": "bfill", "backfill": "bfill"}
PARTLY = {"fillna": "fillna(method=)"}  # of which only this argument is gone
# Of which attribute alone these are gone.
_OF = {
    "week": ("dt", "isocalendar().week"),
    "set_window_title": ("canvas", "manager.set_window_title"),
}
_TEXT = ("read", "readline", "readlines", "strip", "rstrip", "lstrip", "split", "replace", "lower")
_WRITES = ("create_dataset", "create_group", "require_dataset", "require_group")
TAKING_TEXT = ("split", "rsplit", "replace", "startswith", "endswith", "strip", "rstrip", "lstrip")
# Options of pandas whose short names are those of several.
_OPTIONS = {"max_columns", "max_rows", "precision", "width", "encoding"}
_COUNTERS = ("CountVectorizer", "TfidfVectorizer")
_READERS = ("read_csv", "read_table", "read_excel")
REFUSING = (
    *_COUNTERS,
    *_READERS,
    "sort",
    "sorted",
    "set_option",
    "set_printoptions",
    "split",
    "sample",
)
_FAR = 9  # forms of one array
_ASKS = re.compile("hasattr|getattr")
_OPENS = ("builtins.open", "codecs.open", "io.open")


def successor(program: Program, access: Access) -> str | None:
    """Returns what an attribute is called today, "" if it is gone, None if it is not known."""
    name, text = access.name, program.document.text
    if name not in _asked():
        return None
    around = program.parents.get(id(access.node))
    call = around if isinstance(around, ast.Call) and around.func is access.node else None
    words = [one.arg for one in call.keywords] if call else []
    assigned = isinstance(access.statement, ast.Assign) and access.statement.value is call
    tables = "pandas" in program.packages and not isinstance(access.of, (Display, Constant))
    if name == "ix":
        located = isinstance(around, ast.Subscript) and around.value is access.node
        if not located or "pandas" not in program.packages:
            return None
        return _locator(around.slice) if isinstance(around, ast.Subscript) else None
    if name == "append":  # what a list's gives back is of no use
        return "" if assigned and tables else None
    if name == "sort":  # as little as what a list's does
        sorts = tables and call and (assigned or {"columns", "ascending"} & set(words))
        by = "values" if call and (call.args or "columns" in words) else "index"
        return f"sort_{by}" if sorts and not {"key", "reverse", "dim"} & set(words) else None
    if name == "fillna" and call and not call.args and "method" in words:
        fill = _FILLS.get(text_of(call.keywords[words.index("method")].value))
        rest = [ast.unparse(one) for one in call.keywords if one.arg not in ("method", "value")]
        return f".{fill}({', '.join(rest)})" if fill else None
    if name in _OF:
        owner, new = _OF[name]
        return new if getattr(access.of, "name", "") == owner else None
    if name == "decode":
        return "str" if call and _is_text(access.of) else None
    if name == "message":  # of an exception of Python 2
        bare = isinstance(around, (ast.Call, ast.FormattedValue))
        return ("str" if bare and not call else "") if _is_caught(program, access) else None
    if name == "value" and "h5py" in text:
        return "[()]" if isinstance(access.of, Part) and _comes_from(access.of, "h5py.") else None
    if name in GENSIM and "gensim" in text:
        vectors = isinstance(access.of, Attribute) and access.of.name == "wv"
        inside = "wv." if is_vectors(access.of) else ""
        return inside + GENSIM[name] if vectors or _comes_from(access.of, "gensim.") else None
    if name in SEARCHES:
        return f"wv.{name}" if is_vectors(access.of) else None
    told = load_rules()["KT341"].match
    if name in told["columns"]:
        return told["columns"][name] if is_column(access.of) or is_table(access.of) else None
    known = [told["any"], told["pandas"] if tables else {}, told["read"]]
    today = next((table[name] for table in known if name in table), None)
    return None if "{}" in (today or "") and not (call and call.args) else today  # of Theano?


@cache
def _asked() -> set[str]:
    """Returns the attributes of which something is known."""
    told = load_rules()["KT341"].match
    tables = (told[key] for key in ("any", "pandas", "read", "columns"))
    return {*chain.from_iterable(tables), *_OF, *GENSIM, *SEARCHES, *_BY_HAND}


def _is_caught(program: Program, access: Access) -> bool:
    """Tells whether a value is an exception of Python itself, as an `except` gives it."""
    clause = getattr(program.read_at(access.node.value), "node", None)
    kind = clause.type if isinstance(clause, ast.ExceptHandler) else None
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    within = clause in getattr(program.around(access.node, ast.Try), "handlers", ())
    asked = any(program.asks(test, _ASKS) for test in access.tests)
    known = all(isinstance(one, ast.Name) and hasattr(builtins, one.id) for one in kinds)
    # TensorFlow's have it, and come through `Exception` as well.
    theirs = "tensorflow" in program.packages and any(
        isinstance(one, ast.Name) and one.id in ("Exception", "BaseException") for one in kinds
    )
    return within and known and not asked and not theirs


def _locator(key: ast.expr) -> str:
    """Returns what takes rows and columns as `ix` took these; "" if they do not tell."""
    column = key.elts[-1] if isinstance(key, ast.Tuple) else None
    parts = [one for one in ast.walk(column) if isinstance(one, ast.Constant)] if column else []
    if column is None:
        return "loc"
    if parts and all(isinstance(one.value, str) for one in parts):
        return "loc"
    return "iloc" if parts and all(isinstance(one.value, int) for one in parts) else ""


def refused(call: Call) -> Iterator[tuple[ast.expr, str, Applicability | None]]:
    """Yields arguments that are refused, what is written, and how safe it is to write that."""
    learns = call.name.startswith("sklearn.")
    for keyword in (one for one in call.node.keywords if learns or one.arg == "cmap"):
        options = load_rules()["KT270"].match["options"]
        table = options.get(f"{call.last}.{keyword.arg}", options.get(keyword.arg, {}))
        if text_of(keyword.value) in table:
            yield keyword.value, table[text_of(keyword.value)], "safe"
    # A sample is drawn from a sequence since Python 3.11: neither from a set nor from an array.
    drawn = call.given(0, "population") if call.name == "random.sample" else None
    if drawn is not None and _is_no_sequence(drawn[0]):
        yield drawn[1], f"list({ast.unparse(drawn[1])})", "safe"
    dates = call.keyword("parse_dates") if call.name.startswith("pandas.") else None
    parts = getattr(dates.value, "elts", [dates.value]) if dates is not None else ()
    # Which are made of several columns: `["day", "hour"]`, `{"date": [0, 1]}`.
    if dates is not None and any(isinstance(one, (ast.List, ast.Dict)) for one in parts):
        yield dates.value, "pandas.to_datetime", None
    sorts = call.method == "sort" or call.name == "builtins.sorted"
    places = call.node.args[0 if call.method else 1 :][:1] if sorts else []
    compares = [one for one in places if isinstance(one, ast.Lambda) and len(one.args.args) == 2]
    for one in [
        *compares,
        *(one.value for one in call.node.keywords if sorts and one.arg == "cmp"),
    ]:
        yield one, f"key=functools.cmp_to_key({ast.unparse(one)})", None
    pattern = call.expression(0, "pattern") if call.name == "re.split" else None
    # It splits between any two signs today.
    if pattern is not None and re.fullmatch(r"\([^()]*\+\)\?", text_of(pattern)):
        yield pattern, text_of(pattern)[:-1], "safe"
    pairs = zip(call.node.args[::2], call.node.args[1::2], strict=False)
    for option, value in pairs if call.name == "pandas.set_option" else ():
        name = text_of(option)
        if name in _OPTIONS:
            yield option, f"display.{name}", "safe"
        if name.endswith("max_colwidth") and ast.unparse(value) == "-1":
            yield value, "None", "safe"
    most = call.given(0, "threshold") if call.name == "numpy.set_printoptions" else None
    if most and getattr(most[0], "name", "") == "numpy.nan":
        yield most[1], f"{ast.unparse(most[1])[:-3]}inf", "safe"
    least = call.keyword("min_df") if call.last in _COUNTERS else None
    if least is not None and repr(getattr(least.value, "value", None)) == "0":
        yield least.value, "1", "safe"


def _is_no_sequence(value: Value) -> bool:
    """Tells whether a value is an array, a set, or the keys or values of a dictionary."""
    call = value.call if isinstance(value, Result) else None
    if call is None:
        return isinstance(value, Display) and isinstance(value.node, ast.Set)
    views = call.method in ("keys", "values", "items") and not call.node.args
    return views or call.name == "builtins.set" or call.name.startswith("numpy.")


def _is_text(value: Value) -> bool:
    """Tells whether a value is text for certain: written out, or of a file opened as text."""
    start = _beginning(value)
    if isinstance(start, Constant):
        return isinstance(start.value, str)
    mode = mode_of(start.call) if isinstance(start, Result) else None
    return mode is not None and "b" not in mode


def _beginning(value: Value, most: int = 5) -> Value:
    """Returns what a line, or a part of it, is read from."""
    for _ in range(most):
        call = value.call if isinstance(value, Result) else None
        if isinstance(value, Part):
            value = value.of
        elif call is not None and call.method in _TEXT and call.receiver is not None:
            value = call.receiver
    return value


def mode_of(call: Call) -> str | None:
    """Returns the mode in which a call opens a file; None if it does not, or it is not known."""
    mode = call.literal(1, "mode") if call.value(1, "mode") is not None else "r"
    return mode if call.name in _OPENS and isinstance(mode, str) else None


def bytes_taken_for_text(call: Call) -> Call | None:
    """Returns what opened a file for bytes, of which this call splits some by a text."""
    text = call.literal(0) if call.method in TAKING_TEXT else None
    start = _beginning(call.receiver) if isinstance(text, str) and call.receiver else None
    opens = start.call if isinstance(start, Result) else None
    binary = opens is not None and "b" in (mode_of(opens) or "")
    return opens if binary and opens and opens.name != "codecs.open" else None


def _comes_from(value: Value, start: str) -> bool:
    """Tells whether a value is taken out of what a function of a package gives."""
    calls = [one.call.name for one in origins(value) if isinstance(one, Result)]
    return any(name.startswith(start) for name in calls)


def text_of(node: ast.AST | None, other: str = "") -> str:
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else other


def unwritable(program: Program) -> Iterator[tuple[Call, ast.expr, str]]:
    """Yields where a file of HDF5 is opened for reading, the default, and written to; and how."""
    files = program.calls("h5py.File")
    written = {id(one.of) for one in program.subscripts if one.stores} if files else set()
    written |= {id(one.receiver) for one in program.method_calls(*_WRITES)}
    for call in files:
        if len(call.args) == 1 and not call.has("mode") and id(call.result) in written:
            yield call, call.node.args[0], 'mode="a"'


def reduced(program: Program) -> Iterator[tuple[Call, ast.expr, str, list[Edit]]]:
    """Yields where `mode(votes)[0][0]` wants the first of a number: SciPy kept an axis once.

    It took texts as well, which pandas still does.
    """
    for one in program.subscripts if "scipy" in program.packages else ():
        first = one.of.of if isinstance(one.of, (Part, Attribute)) else None
        call = first.call if isinstance(first, Result) else None
        named = getattr(one.of, "name", "") == "mode" or getattr(one.of, "key", None) == 0
        zero = isinstance(one.key, Constant) and one.key.value == 0
        asked = named and zero and call is not None and call.name == "scipy.stats.mode"
        if call is None or not asked or not call.node.args or call.has("keepdims"):
            continue
        given, new = call.node.args[0], "keepdims=True"
        changes = [add_argument(call.node, new)]
        if is_column(call.args[0]) and isinstance(one.node.value, (ast.Subscript, ast.Attribute)):
            new = f"{program.source(given)}.mode()[0]"
            direct = one.node.value.value is call.node
            changes = [replace(one.node, new)] if direct else changes
        yield call, one.node, new, changes


def counted_from_zero(program: Program) -> Iterator[tuple[Call, ast.expr, str, list[Edit]]]:
    """Yields where a loop asks for `subplot(2, n, i)` from 0 on: the first place is 1."""
    plots: defaultdict[Definition, list[tuple[Call, ast.expr]]] = defaultdict(list)
    named = (*program.calls("matplotlib.pyplot.subplot"), *program.method_calls("add_subplot"))
    for call in named:
        place = call.expression(2)
        made = program.read_at(getattr(place, "left", place))  # `i`, or that of `i + n`
        if made is not None and place is not None and _begins_at_zero(program, made):
            plots[made].append((call, place))
    for made, group in plots.items():
        changes = [insert(span_of(place).end, " + 1") for _, place in group]
        for call, place in group:
            asked = [program.read_at(part) for test in call.tests for part in ast.walk(test)]
            if isinstance(place, ast.Name) and made not in asked:
                yield call, place, f"{made.name} + 1", changes
                changes = []  # the first mends all


def _begins_at_zero(program: Program, made: Definition) -> bool:
    """Tells whether a name counts the rounds of a loop: `for i in range(n)`, `enumerate(x)`."""
    loop = program.around(made.node, ast.For)
    call = loop.iter if loop is not None and isinstance(loop.iter, ast.Call) else None
    if loop is None or call is None or len([*call.args, *call.keywords]) != 1:
        return False
    first = getattr(loop.target, "elts", [loop.target])[0]
    return first is made.node and name_of(call.func) in ("range", "xrange", "enumerate")


def contours(program: Program) -> Iterator[tuple[Call, ast.expr, str, list[Edit]]]:
    """Yields where `findContours` gives three, as OpenCV 3 did: the first was the picture."""
    for call in program.calls("cv2.findContours"):
        around = program.parents.get(id(call.node))
        targets = around.targets if isinstance(around, ast.Assign) else []
        names = getattr(targets[0], "elts", ()) if len(targets) == 1 else ()
        three = len(names) == 3 and not any(isinstance(one, ast.Starred) for one in names)
        if three and call.certain(0):
            given = call.node.args[0]
            new = f"({program.source(given)}, *{program.source(call.node)})"
            yield call, given, new, [replace(call.node, new)]


def ragged(program: Program) -> Iterator[tuple[Call, ast.expr, str]]:
    """Yields where arrays are made of rows of unequal length: of two lists, or what is padded next.

    NumPy makes an array of these only where it is told that they are objects.
    """
    columns = {id(one.of) for one in program.subscripts if isinstance(one.node.slice, ast.Tuple)}
    padding = program.calls("keras.utils.pad_sequences")
    padding = [*padding, *program.method_calls("sequences_to_matrix")]
    padded = {id(one) for call in padding for one in _forms(call.value(0, "sequences"))}
    for call in program.calls("numpy.array", "numpy.asarray"):
        rows = call.value(0, "object")
        row = next((one.args[0] for one in program.appended[id(rows)]), None)
        items = row.items if isinstance(rows, Display) and isinstance(row, Display) else ()
        whole = len(items) == 2 and all(map(_is_list, items)) and id(call.result) in columns
        unequal = id(call.result) in padded and (_are_lists(rows) or _may_be_lists(row))
        if (whole or unequal) and len(call.args) == 1 and not call.has("dtype"):
            yield call, call.node.args[0], "dtype=object"


def _forms(value: Value | None) -> Iterator[Value]:
    """Yields a value, what it is a slice of, and so on."""
    for _ in range(_FAR):
        if value is not None:
            yield value
            value = previous(value)


def _are_lists(value: Value | None) -> bool:
    """Tells whether a value is what a tokenizer makes, or a list of lists that are made each."""
    made = value.call.method if isinstance(value, Result) else ""
    return made == "texts_to_sequences" or (_is_listed(value) and _is_listed(value.operands[0]))


def _is_listed(value: Value | None) -> TypeGuard[Operation]:
    return isinstance(value, Operation) and isinstance(value.node, ast.ListComp)


def _may_be_lists(row: Value | None) -> bool:
    """Tells whether a list is appended that was put together: of no set number of parts."""
    empty = isinstance(row, Display) and isinstance(row.node, ast.List) and not row.items
    return empty or _is_listed(row)


def _is_list(value: Value) -> bool:
    made = value.call.name if isinstance(value, Result) else ""
    return made == "builtins.list" or isinstance(value, Display)


# A place, what is asked there, the hint, and the edits.
Asked = tuple[Fact | ast.AST, str, str, list[Edit]]


def asked_of_vectors(program: Program) -> Iterator[Asked]:
    """Yields the models of gensim that are asked as their vectors are: `model["a"]`."""
    if "gensim" not in program.packages:
        return
    asked = [one.comparators[0] for one in program.nodes_of(ast.Compare)]
    named = [(one.node.value, "[...]", one.of) for one in program.subscripts]
    for node, name, of in [*named, *((one, "in", program.value_at(one)) for one in asked)]:
        if is_vectors(of):
            hint = ": `in wv`" if name == "in" else ": `wv[...]`"
            yield node, name, hint, [insert(span_of(node).end, ".wv")]


def is_vectors(value: Value | None) -> bool:
    """Tells whether a value is a model of gensim, which keeps its vectors in `wv`."""
    return isinstance(value, Result) and VECTORS.match(value.call.name) is not None


def uncounted(program: Program) -> Iterator[tuple[Call, ast.expr, str]]:
    """Yields where such a model is trained without the counts that it wants, and these."""
    wanted = {"total_examples": "corpus_count", "epochs": "epochs"}
    for call in program.method_calls("train"):
        model = program.source(call.owner)
        lacks = [f"{one}={model}.{name}" for one, name in wanted.items() if not call.has(one)]
        if lacks and len(call.args) == 1 and is_vectors(call.receiver):
            yield call, call.node.args[0], ", ".join(lacks)


def deprecated(program: Program) -> Iterator[tuple[Fact, ast.AST | None, str, str]]:
    """Yields what warns, and has no name alone for a new one; and what to write."""
    told = load_rules()["KT157"].match
    for one in program.references:
        reads = isinstance(one.node, ast.Attribute) and isinstance(one.node.ctx, ast.Load)
        if reads and one.ref.name in told["empty"]:
            yield one, None, one.ref.name, told["empty"][one.ref.name]
    for item in program.imports:
        if item.ref.name in told["empty"]:
            yield item, item.alias, item.ref.name, told["empty"][item.ref.name]
    for call in program.all_calls if "sklearn" in program.packages else ():
        for keyword in call.node.keywords:
            new = told["arguments"].get(f"{call.name}.{keyword.arg}")
            if new is not None:
                yield call, keyword, f"{call.last}({keyword.arg}=)", new
        wanted = told["defaults"].get(call.name, {})
        absent = [f"{name}={value}" for name, value in wanted.items() if not call.has(name)]
        if absent:
            yield call, None, f"{call.last}(...)", ", ".join(absent)


def takes_columns(call: Call) -> bool:
    """Tells whether a plot of seaborn is given columns, or their names, where it takes a table.

    A column alone is counted row by row, and raises nothing.
    """
    first = call.value(0)
    column = isinstance(first, Part) and isinstance(first.key, str)
    return len(call.args) > 1 or call.has("data") or (call.last == "countplot" and column)
