"""What stands beside Keras in code of its age: Python 2, NumPy, pandas, h5py and others."""

import ast
import re
from collections.abc import Iterator

from ..finding import Edit, span_of
from ..fixes.edits import add_argument, insert, rename_attribute, replace, replace_string
from ..questions.paths import tails
from ..registering import Findings, detects
from ..semantics.facts import Access, Call, Result, origins
from ..semantics.program import Program
from ..semantics.values import Attribute, Parameter, Part, Unknown, Value
from .names import is_tried

# What dictionaries of Python 2 and tables of pandas had, and what they have today.
_CALLED = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys", "has_key": ""}
_CALLED |= {"as_matrix": "to_numpy", "append": "", "applymap": "map", "get_feature_names": ""}
# What takes a file of bytes, and what takes one of text; and which argument that is.
_BYTES = {"numpy.load": 0, "numpy.save": 0, "numpy.savez": 0, "pickle.load": 0, "pickle.dump": 1}
_TEXTS = {"csv.reader": 0, "csv.writer": 0, "csv.DictReader": 0, "csv.DictWriter": 0}
_TEXTS |= {"json.dump": 1}
_GENSIM = {"vocab": "key_to_index", "index2word": "index_to_key", "syn0": "vectors"}
_VECTORS = re.compile(r"gensim\.models\.(word2vec\.)?(Word2Vec|FastText)(\.load)?$")
_SEARCHES = ("most_similar", "similarity", "doesnt_match", "similar_by_word", "n_similarity")
_FILLS = {"pad": ".ffill()", "ffill": ".ffill()", "bfill": ".bfill()", "backfill": ".bfill()"}
_PRINTS = "numpy.set_printoptions"
_STYLES = ("matplotlib.pyplot.style.use", "matplotlib.style.use")
_LAZY = {f"builtins.{name}" for name in ("map", "filter", "zip", "range")}
_IN_PLACE = ("sort", "append", "extend", "reverse")
_HUE = ("x", "y", "hue", "data")
# Which arguments of pandas are taken by name only, and the number of those before them.
_NAMED: dict[str, tuple[int, tuple[str, ...]]] = {
    "concat": (1, ("axis", "join")),
    "drop": (1, ("axis",)),
    "dropna": (0, ("axis", "how")),
    "pivot": (0, ("index", "columns", "values")),
    "read_csv": (1, ("sep",)),
    "read_table": (1, ("sep",)),
    "set_index": (1, ("drop", "append", "inplace")),
    "sort_values": (1, ("axis", "ascending", "inplace")),
    "to_csv": (1, ("sep", "na_rep", "float_format", "columns", "header", "index")),
    "to_excel": (1, ("sheet_name",)),
}
# Of seaborn, which takes none but the data by position, and where it took these before.
_DRAWS = dict.fromkeys(("barplot", "boxplot", "countplot", "pointplot", "violinplot"), _HUE)
_DRAWS |= dict.fromkeys(("lmplot", "regplot", "jointplot"), ("x", "y", "data", "hue"))
_DRAWS |= {"scatterplot": ("x", "y", "hue", "style"), "lineplot": ("x", "y", "hue", "size")}
_FUNCTIONS = ("concat", "read_csv", "read_table")  # and no methods
_AXES = (0, 1, "index", "columns")


@detects("KT341")
def methods_beside_keras(program: Program) -> Findings:
    """Finds `vocabulary.iteritems()`, `table.as_matrix()`, `table.ix[...]` and the like."""
    own = {getattr(one.node, "name", "") for one in program.functions}
    own |= {access.name for access in program.accesses if access.stores}
    for access in program.accesses:
        if access.name in own or access.stores or is_tried(access):
            continue
        new = _successor(program, access)
        around = program.parents.get(id(access.node))
        called = isinstance(around, ast.Call) and around.func is access.node
        given = called and isinstance(around, ast.Call) and (around.args or around.keywords)
        plain = not given or access.name in _SEARCHES
        changes = [rename_attribute(access.node, new)] if new and plain else []
        if new and not new[0].isalpha():  # `.value` of h5py, `.fillna(method="pad")`
            whole = around if isinstance(around, ast.Call) and called else access.node
            changes = [Edit(span_of(access.node.value).end.to(span_of(whole).end), new)]
        if new is not None and (called or access.name not in _CALLED):
            hint = f": `{new}`" if new else ""
            yield from program.report("KT341", access, changes, name=access.name, hint=hint)
    for item in program.subscripts:
        if isinstance(item.of, Result) and _VECTORS.match(item.of.call.name):
            changes = [insert(span_of(item.node.value).end, ".wv")]
            yield from program.report("KT341", item, changes, name="[...]", hint=": `wv[...]`")


def _successor(program: Program, access: Access) -> str | None:
    """Returns what an attribute is called today, "" if it is gone, None if it is not known."""
    name, text = access.name, program.document.text
    around = program.parents.get(id(access.node))
    if name == "ix":
        located = isinstance(around, ast.Subscript) and around.value is access.node
        return "" if located and "pandas" in program.packages else None
    if name == "append":  # what a list's gives back is of no use
        bare = isinstance(access.statement, ast.Assign) and access.statement.value is around
        known = bare and isinstance(access.of, (Parameter, Result, Unknown))
        return "" if known and "pandas" in program.packages else None
    if name == "fillna" and isinstance(around, ast.Call) and not around.args:
        pairs = [(one.arg, _text(one.value)) for one in around.keywords]
        return _FILLS.get(pairs[0][1]) if len(pairs) == 1 and pairs[0][0] == "method" else None
    if name == "value" and "h5py" in text:
        return "[()]" if isinstance(access.of, Part) and _comes_from(access.of, "h5py.") else None
    if name in _GENSIM and "gensim" in text:
        words = isinstance(access.of, Attribute) and access.of.name == "wv"
        return _GENSIM[name] if words or _comes_from(access.of, "gensim.") else None
    if name in _SEARCHES:
        words = isinstance(access.of, Result) and _VECTORS.match(access.of.call.name) is not None
        return f"wv.{name}" if words else None
    return _CALLED.get(name)


def _comes_from(value: Value, start: str) -> bool:
    """Tells whether a value is taken out of what a function of a package gives."""
    calls = [one.call.name for one in origins(value) if isinstance(one, Result)]
    return any(name.startswith(start) for name in calls)


@detects("KT270")
def values_beside_keras(program: Program) -> Findings:
    """Finds `pickle.load(open(path))`, `table.to_excel("a.xls")` and `style.use("seaborn")`."""
    seen: set[int] = set()
    for call in program.all_calls:
        place = _BYTES.get(call.name, _TEXTS.get(call.name))
        file = call.value(place) if place is not None else None
        made = file.call if isinstance(file, Result) else None
        if made is not None and made.name == "builtins.open" and id(made) not in seen:
            seen.add(id(made))
            yield from _mode(program, made, call)
        if call.method == "to_excel" or call.name == "pandas.ExcelWriter":
            path = call.expression(0, "excel_writer", "path")
            if any(name.endswith(".xls") for name in tails(call.value(0, "excel_writer", "path"))):
                yield from _refused(program, call, path, f"{_text(path, '...')}x")
        style = call.expression(0, "style") if call.name in _STYLES else None
        for node in getattr(style, "elts", [style] if style is not None else []):
            old = _text(node)
            if old.startswith("seaborn") and not old.startswith("seaborn-v0_8"):
                yield from _refused(program, call, node, f"seaborn-v0_8{old[7:]}")
        given = call.given(0 if call.name == _PRINTS else None, "threshold")
        if call.name == _PRINTS and given and getattr(given[0], "name", "") == "numpy.nan":
            new = f"{program.source(given[1])[:-3]}inf"
            values = {"callee": call.last, "given": "nan", "new": new}
            changes = [replace(given[1], new)]
            yield from program.report("KT270", call, changes, given[1], "safe", **values)
        if call.name == "numpy.fromstring" and not call.has("sep") and len(call.args) < 4:
            changes = [replace(call.node.func, f"{program.source(call.node.func)[:-10]}frombuffer")]
            values = {"callee": "fromstring", "given": "bytes", "new": "frombuffer"}
            yield from program.report("KT270", call, changes, None, None, **values)


def _mode(program: Program, made: Call, user: Call) -> Findings:
    """Reports a file that is opened as text where bytes are wanted, or the other way round."""
    given = made.given(1, "mode")
    mode = getattr(given[0], "value", None) if given else "r"
    bytes_wanted = user.name in _BYTES
    if not isinstance(mode, str) or ("b" in mode) is bytes_wanted or made.has("encoding"):
        return
    bare = mode.replace("U", "").replace("b", "")
    new = f"{bare or 'r'}b" if bytes_wanted else bare
    at = given[1] if given else None
    changes = [add_argument(made.node, f'"{new}"')] if at is None else []
    if isinstance(at, ast.Constant):
        changes = [replace_string(program, at, new)]
    values = {"callee": user.last, "given": mode, "new": new}
    yield from program.report("KT270", made, changes, at, "safe", **values)


def _refused(program: Program, call: Call, node: ast.expr | None, new: str) -> Findings:
    """Reports a text that is written otherwise today."""
    old = _text(node, "...")
    changes = [replace_string(program, node, new)] if isinstance(node, ast.Constant) else []
    values = {"callee": call.last or call.method, "given": old, "new": new}
    yield from program.report("KT270", call, changes, node, None, **values)


def _text(node: ast.AST | None, other: str = "") -> str:
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else other


@detects("KT271")
def lists_of_python_2(program: Program) -> Findings:
    """Finds `names.keys()[0]`, `len(map(f, x))`, `numpy.array(zip(a, b))` and the like."""
    seen: set[int] = set()
    own = {getattr(one.node, "name", "") for one in program.functions}
    for value in _wanted_as_lists(program):
        made = value.call if isinstance(value, Result) else None
        if made is None or id(made) in seen or made.method in own or not _is_lazy(program, made):
            continue
        seen.add(id(made))
        changes = [insert(span_of(made.node), "list("), insert(span_of(made.node).end, ")")]
        yield from program.report("KT271", made, changes, callee=made.method or made.last)


def _wanted_as_lists(program: Program) -> Iterator[Value]:
    """Yields what is used as only lists can be."""
    for item in program.subscripts:
        made = item.of.call if isinstance(item.of, Result) else None
        if made is not None and (made.name != "builtins.range" or item.stores):
            yield item.of
    for call in program.all_calls:
        if call.method in _IN_PLACE and call.receiver is not None:
            yield call.receiver
        if call.name in ("numpy.array", "numpy.asarray", "builtins.len") and call.args:
            value = call.args[0]
            made = value.call if isinstance(value, Result) else None
            viewed = made is not None and (made.name == "builtins.range" or made.method == "keys")
            if not viewed and not (call.last == "len" and made is not None and made.method):
                yield value
        if call.last == "shuffle" and "random." in call.name and call.args:
            yield call.args[0]


def _is_lazy(program: Program, made: Call) -> bool:
    """Tells whether a call gave a list in Python 2, and gives none today."""
    if made.method is None:
        return made.name in _LAZY
    tables = "pandas" in program.packages  # whose columns are keys as well
    view = made.method in ("keys", "values", "items") and not (made.node.args or made.node.keywords)
    return view and not (tables and made.method == "keys")


@detects("KT285")
def formatted_prints(program: Program) -> Findings:
    """Finds `print("%d images") % n` and `print("{}").format(n)`."""
    for call in program.calls("builtins.print"):
        around = program.parents.get(id(call.node))
        part = program.parents.get(id(around)) if isinstance(around, ast.Attribute) else around
        formats = isinstance(around, ast.Attribute) and around.attr == "format"
        percent = isinstance(part, ast.BinOp) and part.left is call.node
        if part is not None and (percent or (formats and isinstance(part, ast.Call))):
            end = span_of(call.node).end
            closing = Edit(end._replace(column=end.column - 1), "")
            alone = len(call.node.args) == 1 and not call.node.keywords
            changes = [closing, insert(span_of(part).end, ")")] if alone else []
            sign = "%" if percent else ".format"
            yield from program.report("KT285", part, changes, operator=sign)


@detects("KT272")
def positions_beside_keras(program: Program) -> Findings:
    """Finds `table.drop("name", 1)`, `pandas.concat([a, b], 1)` and the like."""
    tables = not program.packages.isdisjoint(("pandas", "seaborn"))
    for call in program.all_calls if tables else ():
        named = call.last if call.name.startswith("pandas.") else call.method or ""
        named = named if call.method is None or named not in _FUNCTIONS else ""
        first, names = _NAMED.get(named, (0, ()))
        if call.name.startswith("seaborn.") and len(call.args) > 1:
            named, names = call.last, _DRAWS.get(call.last, ())
        given = call.node.args[first:]
        if not names or not 0 < len(given) <= len(names) or not call.certain(len(call.args) - 1):
            continue
        if named == "drop" and call.literal(1) not in _AXES:
            continue
        pairs = zip(given, names, strict=False)
        changes = [insert(span_of(node), f"{name}=") for node, name in pairs]
        yield from program.report(
            "KT272", call, changes, at=given[0], callee=named, keyword=names[0]
        )
