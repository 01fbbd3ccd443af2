"""The edits of tables of pandas, and of how scikit-learn splits them."""

import ast
from collections.abc import Iterator

from ..finding import Edit, span_of
from ..semantics.facts import Access, Call, Fact, Result
from ..semantics.program import Program
from ..semantics.values import Attribute, Constant, Parameter, Part, Value
from .edits import insert, remove_keyword, replace

# What the number of parts was called where data are split several times, and is.
FOLDED = ("n_folds", "n_iter", "n_splits")
# What makes a table, and which of its methods give one.
_MAKES = ("read_", "DataFrame", "concat", "merge", "get_dummies")
_KEEPS = {"copy", "sort_index", "sort_values", "drop", "dropna", "reset_index", "set_index"}
_KEEPS |= {"fillna", "head", "tail", "rename", "append", "drop_duplicates", "sample", "merge"}
_KEEPS |= {"join", "reindex", "round", "query", "assign", "ffill", "bfill", "replace"}
_CHANGES = {"fillna", "replace", "clip", "interpolate", "ffill", "bfill", "where", "mask"}
_FAR = 20  # methods one after the other


def is_table(value: Value | None) -> bool:
    """Tells whether a value is a table of pandas for certain."""
    for _ in range(_FAR):
        call = value.call if isinstance(value, Result) else None
        if call is not None and call.name.startswith("pandas."):
            return call.last.startswith(_MAKES)
        if call is not None and call.method in _KEEPS:
            value = call.receiver
        elif isinstance(value, Part) and value.node and not _is_column(value):
            value = value.of
        else:
            return isinstance(value, Parameter) and value.name == "df"
    return False


def _is_column(value: Value | None) -> bool:
    return isinstance(value, Part) and isinstance(value.key, str)


def columns_changed(program: Program) -> Iterator[tuple[Fact, str, list[Edit]]]:
    """Yields where a column is changed in a copy, its text, and edits that change the table."""
    for one in program.subscripts if "pandas" in program.packages else ():
        column, inner = one.of, one.node.value
        whole = column.of if isinstance(column, Part) and _is_column(column) else None
        if one.stores and isinstance(inner, ast.Subscript) and is_table(whole):
            table, name = program.source(inner.value), program.source(inner.slice)
            new = f"{table}.loc[{program.source(one.node.slice)}, {name}]"
            sliced = isinstance(one.node.slice, (ast.Slice, ast.Tuple))
            yield one, program.source(inner), [] if sliced else [replace(one.node, new)]
    for call in program.all_calls if "pandas" in program.packages else ():
        of, inplace = call.receiver, call.keyword("inplace")
        whole = of.of if isinstance(of, (Part, Attribute)) else None
        alone = isinstance(call.statement, ast.Expr) and call.statement.value is call.node
        known = call.method in _CHANGES and inplace is not None and alone and is_table(whole)
        if known and (_is_column(of) or isinstance(of, Attribute)) and inplace is not None:
            told = call.keywords["inplace"]
            if isinstance(told, Constant) and told.value is True:
                text = program.source(getattr(call.node.func, "value", call.node))
                change = remove_keyword(program, call.node, inplace)
                yield call, text, [insert(span_of(call.node), f"{text} = "), change]


def concatenated(program: Program, access: Access, call: ast.Call) -> list[Edit]:
    """Returns the edits that write `pd.concat([one, other])` for `one.append(other)`."""
    pandas = program.named("pandas")
    if pandas is None or len(call.args) != 1 or isinstance(call.args[0], ast.Starred):
        return []
    one, other = program.source(access.node.value), program.source(call.args[0])
    items = getattr(call.args[0], "elts", [call.args[0]])
    rows = any(isinstance(item, (ast.Dict, ast.DictComp)) for item in items)
    if isinstance(call.args[0], (ast.List, ast.ListComp)):
        tables = f"{pandas.name}.DataFrame({other})" if rows else f"*{other}"
    else:
        tables = f"{pandas.name}.DataFrame([{other}])" if rows else other
    words = "".join(f", {program.source(keyword)}" for keyword in call.keywords)
    return [replace(call, f"{pandas.name}.concat([{one}, {tables}]{words})")]


def folded(program: Program, call: Call, data: ast.expr) -> str:
    """Returns `list(KFold(n_splits=5).split(range(n)))` for `KFold(n, n_folds=5)`."""
    source = program.source
    splits = [f"n_splits={source(node)}" for node in call.node.args[1:]]
    for one in call.node.keywords:
        if one.arg not in ("n", "y"):
            name = "n_splits" if one.arg in FOLDED else one.arg
            splits.append(f"{name}={source(one.value)}")
    rows = source(data)
    rows = f"{rows}, {rows}" if call.last.startswith("Strat") else f"range({rows})"
    return f"list({source(call.node.func)}({', '.join(splits)}).split({rows}))"
