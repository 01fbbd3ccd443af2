"""The edits of tables of pandas, and of how scikit-learn splits them."""

import ast
import re
from collections.abc import Iterator
from itertools import islice

from ..finding import Edit, span_of
from ..questions.arrays import split_of
from ..semantics.facts import Access, Call, Fact, Result, Subscript, origins
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.values import (
    Attribute,
    Display,
    Join,
    Mapping,
    Operation,
    Parameter,
    Part,
    Value,
    remembered,
)
from .edits import insert, remove_keyword, replace, separator
from .missing import Missing

# What the number of parts was called where data are split several times, and is.
FOLDED = ("n_folds", "n_iter", "n_splits")
_NAMES = 9  # of one table that are looked at
# What makes a table, and which of its methods give one.
_MAKES = ("read_", "DataFrame", "concat", "merge", "get_dummies")
_KEEPS = {"copy", "sort_index", "sort_values", "drop", "dropna", "reset_index", "set_index"}
_KEEPS |= {"fillna", "head", "tail", "rename", "append", "drop_duplicates", "sample", "merge"}
_KEEPS |= {"join", "reindex", "round", "query", "assign", "ffill", "bfill", "replace"}
_CHANGES = {"fillna", "replace", "clip", "interpolate", "ffill", "bfill", "where", "mask"}
_OF_COLUMNS = _KEEPS | _CHANGES | {"astype", "map", "shift", "abs", "diff"}
# What pandas 3.1 no longer wants to change in place.
_IN_PLACE = {"drop", "dropna", "drop_duplicates", "eval", "query", "rename", "rename_axis"}
_IN_PLACE |= {"reset_index", "set_index", "sort_index", "sort_values"}
_OF_TABLES = {"at", "columns", "dt", "iat", "iloc", "index", "ix", "loc", "str", "T", "values"}
# What makes a series of a table.
_REDUCES = {"mean", "sum", "max", "min", "median", "std", "var", "count"}
_OF_IMPUTER = ("missing_values", "strategy", "axis", "verbose", "copy")
_FAR = 20  # methods one after the other


@remembered
def is_table(value: Value | None) -> bool:
    """Tells whether a value is a table of pandas for certain."""
    if isinstance(value, Join):
        return all(map(is_table, value.options))
    for _ in range(_FAR):
        call = value.call if isinstance(value, Result) else None
        if call is not None and call.name.startswith("pandas."):
            return call.last.startswith(_MAKES)
        if call is not None and call.method in _KEEPS:
            value = call.receiver
        elif isinstance(value, Part) and value.node and isinstance(value.of, Attribute):
            rows = isinstance(value.node.slice, (ast.Slice, ast.Compare, ast.List))
            if not rows or value.of.name not in ("iloc", "loc"):
                return False
            value = value.of.of
        elif isinstance(value, Part) and value.node and not _is_column(value):
            value = value.of
        else:
            return isinstance(value, Parameter) and value.name == "df"
    return False


@remembered
def is_column(value: Value) -> bool:
    """Tells whether a value is one column of a table for certain, or a part of its rows."""
    for _ in range(_FAR):
        value = split_of(value) or value
        match value:
            case Result(call=call) if call.method in _OF_COLUMNS and call.receiver is not None:
                value = call.receiver
            case Part(
                of=Attribute(of=whole, name="iloc"),
                node=ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), column])),
            ):
                return is_number(column) and is_table(whole)
            case Result(call=call):
                return call.name == "pandas.Series"
            case Part(of=whole, key=str()):
                return is_table(whole)
            case Part(of=whole, node=ast.Subscript(slice=ast.Slice())):
                value = whole
            case _:
                return False
    return False


def is_number(node: ast.expr) -> bool:
    """Tells whether a whole number is written: `3`, `-1`."""
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(number, ast.Constant) and type(number.value) is int


def is_series(value: Value) -> bool:
    """Tells whether a value is a column for certain, its array, or what each of several gives."""
    parts = [*origins(value)]
    calls = [one.call.last for one in parts if isinstance(one, Result)]
    if "read_pickle" in calls or any(isinstance(one, Parameter) for one in parts):
        return False  # which may be a row, or no table at all
    if isinstance(value, Attribute) and value.name == "values":
        return is_column(value.of)
    call = value.call if isinstance(value, Result) else None
    if call is None or call.method not in _REDUCES:
        return is_column(value)
    nodes = [one.node for one in parts if isinstance(one, Part)]
    rows = all(isinstance(getattr(one, "slice", None), (ast.List, ast.Compare)) for one in nodes)
    return rows and not call.node.args and not call.node.keywords and is_table(call.receiver)


def _is_column(value: Value | None) -> bool:
    named = isinstance(value, Attribute) and value.name not in _OF_TABLES and is_table(value.of)
    return named or (isinstance(value, Part) and isinstance(value.key, str))


def _is_cell(one: Subscript) -> bool:
    """Tells whether cells of a column are set in a copy of it: `table["a"][0] = 1`."""
    column, inner = one.of, one.node.value
    whole = column.of if isinstance(column, (Part, Attribute)) and _is_column(column) else None
    return one.stores and isinstance(inner, (ast.Subscript, ast.Attribute)) and is_table(whole)


def _located(program: Program, one: Subscript) -> Edit:
    """Returns the edit that writes `table.loc[rows, "a"]` for `table["a"][rows]`."""
    inner = one.node.value
    table = program.source(inner.value) if isinstance(inner, (ast.Subscript, ast.Attribute)) else ""
    name = program.source(inner.slice) if isinstance(inner, ast.Subscript) else repr(_name(inner))
    return replace(one.node, f"{table}.loc[{program.source(one.node.slice)}, {name}]")


def _name(node: ast.expr) -> str:
    """Returns the name of a column: of `table["a"]`, `table.a`, `"a"` and `["a"]`."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(name)) | ast.List(elts=[ast.Constant(value=str(name))]):
            return name
    return ""


def numbers_among_texts(program: Program) -> Iterator[tuple[Fact, list[Edit]]]:
    """Yields where a column of texts is given numbers, and edits; each is told once to take any."""
    seen: set[tuple[str, str]] = set()
    objects = _objects(program)
    for one in program.subscripts if "pandas" in program.packages else ():
        changes = _set_among_texts(program, one, objects)
        if changes is not None:
            new = [edit for edit in changes if (one.scope, edit.text) not in seen]
            seen |= {(one.scope, edit.text) for edit in new}
            yield one, new


def _objects(program: Program) -> set[str]:
    """Returns the columns that are told to hold any objects; "" if all may be."""
    text = program.document.text if "pandas" in program.packages else ""
    named = set(re.findall(r"\b(\w+)['\"\]]{0,2}\.astype\(object", text))
    return named | ({""} if "dtype=object" in text else set())


def _set_among_texts(program: Program, one: Subscript, objects: set[str]) -> list[Edit] | None:
    """Returns the edits that let a column of texts take numbers; None if it is not given any.

    `table.loc[table["a"] == "x", "a"] = 1` says of itself that the column holds texts.
    """
    node, statement = one.node, one.statement
    given = statement.value if isinstance(statement, ast.Assign) else None
    by = node.value.attr if isinstance(node.value, ast.Attribute) else ""
    located = by in ("loc", "iloc")
    if not one.stores or given is None or not (located or _is_cell(one)):
        return None
    key = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    table = program.source(getattr(node.value, "value", node))
    if located and len(key) == 2 and isinstance(key[0], ast.Slice) and _encodes(program, given):
        place, text = program.source(key[1]), program.source(given)
        named = f"{table}[{place}] = {text}"
        plain = f"{table}.isetitem({place}, {text})" if by == "iloc" else named
        single = not isinstance(key[1], (ast.Slice, ast.List))
        return [replace(statement, plain)] if single else []
    number = isinstance(given, ast.Constant) and isinstance(given.value, (int, float))
    name = _name(key[-1] if located else node.value)
    compares = [one for one in ast.walk(key[0]) if isinstance(one, ast.Compare)]
    others = [one.comparators[0] for one in compares if _name(one.left) == name]
    texts = any(isinstance(getattr(one, "value", None), str) for one in others)
    if not number or not name or not texts or name in objects or "" in objects:
        return None
    column = f"{table}[{name!r}]"
    text = f"{column} = {column}.astype(object){separator(program, statement)}"
    moved = [] if located else [_located(program, one)]
    return [insert(span_of(statement), text), *moved]


def _encodes(program: Program, given: ast.expr) -> bool:
    """Tells whether labels are made numbers."""
    value = program.value_at(given)
    made = value.call.receiver if isinstance(value, Result) else None
    encoder = isinstance(made, Result) and made.call.name.endswith(".LabelEncoder")
    return encoder and isinstance(value, Result) and value.call.method == "fit_transform"


def read_only(program: Program) -> Iterator[tuple[Fact, list[Edit]]]:
    """Yields where numbers are stored in `table["a"].values`, with edits that make it a copy."""
    arrays = {
        id(one.value): one
        for one in (program.accesses if "pandas" in program.packages else ())
        if one.name == "values" and not one.stores and is_column(one.of)
    }
    seen: set[int] = set()
    for one in program.subscripts if arrays else ():
        made = arrays.get(id(one.of))
        given = getattr(one.statement, "value", None)
        number = given.operand if isinstance(given, ast.UnaryOp) else given
        kind = type(number.value) if isinstance(number, ast.Constant) else None
        if made is not None and one.stores and kind in (int, float) and id(made) not in seen:
            seen.add(id(made))
            end = span_of(made.node.value).end
            yield one, [Edit(end.to(span_of(made.node).end), ".to_numpy(copy=True)")]


def columns_changed(program: Program) -> Iterator[tuple[Fact, str, list[Edit]]]:
    """Yields where a column is changed in a copy, its text, and edits that change the table."""
    objects = _objects(program)
    for one in program.subscripts if "pandas" in program.packages else ():
        inner = one.node.value
        if _is_cell(one) and _set_among_texts(program, one, objects) is None:
            sliced = isinstance(one.node.slice, (ast.Slice, ast.Tuple))
            yield one, program.source(inner), [] if sliced else [_located(program, one)]
    for call in program.method_calls(*_CHANGES) if "pandas" in program.packages else ():
        of, inplace = call.receiver, call.keyword("inplace")
        whole = of.of if isinstance(of, (Part, Attribute)) else None
        known = inplace is not None and call.is_statement and is_table(whole)
        if known and (_is_column(of) or isinstance(of, Attribute)) and inplace is not None:
            text = program.source(call.owner)
            start = _stored(program, of, call, text)
            if call.literal(None, "inplace") is True and start:
                change = remove_keyword(program, call.node, inplace)
                yield call, text, [insert(span_of(call.node), f"{start} = "), change]


def changed_in_place(program: Program) -> Iterator[tuple[Call, str, list[Edit]]]:
    """Yields what changes a table in place, the table, and edits that give the result its name."""
    calls = program.method_calls(*_IN_PLACE) if "pandas" in program.packages else ()
    returned = {
        (id(program.around(end, ast.FunctionDef)), name_of(part))
        for end in program.nodes_of(ast.Return)
        for part in (ast.walk(end) if calls else ())
    }
    for call in calls:
        inplace, table = call.keyword("inplace"), getattr(call.node.func, "value", None)
        if inplace is None or table is None:
            continue
        told, changes = call.literal(None, "inplace"), list[Edit]()
        if isinstance(table, ast.Subscript) and call.method in _CHANGES and call.is_statement:
            continue  # which is told of as a copy
        whole = isinstance(table, (ast.Name, ast.Attribute)) and call.is_statement
        if told is True and whole and not _is_shared(program, call, returned):
            changes = [insert(span_of(call.node), f"{program.source(table)} = ")]
        if changes or told is False:
            changes.append(remove_keyword(program, call.node, inplace))
        yield call, program.source(table), changes


def _is_shared(program: Program, call: Call, returned: set[tuple[int, str]]) -> bool:
    """Tells whether another name, or a caller, is to see what a call does to a table."""
    made = program.read_at(call.owner)
    if made is None:
        return False
    if isinstance(made.node, ast.arg):
        return (id(program.around(call.node, ast.FunctionDef)), made.name) not in returned
    names = islice(program.definitions_of[id(made.value)], _NAMES)
    others = (one for one in names if one.name != made.name and one.uses)
    return any(one.order < call.order < one.uses[-1].order for one in others)


def _stored(program: Program, column: Value | None, call: Call, text: str) -> str:
    """Returns where a column that is changed belongs; "" if its table is not read any more."""
    if not isinstance(call.owner, ast.Name):
        return text
    if not isinstance(column, Part) or column.node is None:
        return ""
    table = program.source(column.node.value)
    read = program.last_read.get(id(column.of), 0) > call.order
    return f"{table}[{program.source(column.node.slice)}] = {text}" if read else ""


def texts_as_objects(program: Program) -> Iterator[tuple[ast.expr, list[Edit]]]:
    """Yields where columns of texts are looked for as objects, with the edits that name texts."""
    pandas = "pandas" in program.packages
    for call in program.method_calls("select_dtypes") if pandas else ():
        given = call.expression(0, "include")
        found = given if given is not None else call.expression(1, "exclude")
        for node in getattr(found, "elts", [found]):
            if _is_object(program, node):
                yield node, [replace(node, '"str"')]
    for node in program.nodes_of(ast.Compare) if pandas else ():
        if _is_object(program, node.comparators[0]):
            left = node.left.value if isinstance(node.left, ast.Subscript) else node.left
            asked = left if isinstance(left, ast.Attribute) else None
            columns = asked is not None and asked.attr == "dtypes"  # of a table: `dtypes["a"]`
            column = asked is node.left and asked.attr == "dtype" if asked else False
            if columns or (column and asked and _is_column_of(program, asked.value)):
                yield node.comparators[0], [replace(node.comparators[0], '"str"')]


def _is_object(program: Program, node: ast.expr | None) -> bool:
    """Tells whether a type is written that columns of texts once had."""
    written = program.source(node) if node is not None else ""
    return written in ("object", "'object'", '"object"', "'O'", '"O"', "np.object_", "np.object")


def _is_column_of(program: Program, node: ast.expr) -> bool:
    """Tells whether an expression is a column of a table: `table[name]`."""
    whole = program.value_at(node.value) if isinstance(node, ast.Subscript) else None
    return is_table(whole)


def as_table(program: Program, access: Access, call: ast.Call) -> list[Edit]:
    """Returns the edits of `one.append(other)` and `table.as_matrix(columns)`."""
    columns = call.args[:1] or [one.value for one in call.keywords if one.arg == "columns"]
    if access.name == "append":
        return _concatenated(program, access, call)
    if len(columns) != 1 or len([*call.args, *call.keywords]) != 1:
        return []
    table = program.source(access.node.value)
    return [replace(call, f"{table}[{program.source(columns[0])}].to_numpy()")]


def _concatenated(program: Program, access: Access, call: ast.Call) -> list[Edit]:
    """Returns the edits that write `pd.concat([one, other])` for `one.append(other)`.

    One row, a dictionary or a series, has to be made a table; below a column, a series is none.
    """
    pandas, appends = program.named("pandas"), program.calls_at.get(id(call.func))
    value = appends.value(0, "other") if appends is not None else None
    if pandas is None or value is None or len(call.args) != 1:
        return []
    given, name = call.args[0], pandas.name
    one, other = program.source(access.node.value), program.source(given)
    numbered = any(keyword.arg == "ignore_index" for keyword in call.keywords)
    tables = f"{name}.DataFrame([{other}])"
    if isinstance(given, (ast.List, ast.ListComp)):
        rows = getattr(value, "items", getattr(value, "operands", ()))[:1]
        tables = f"{name}.DataFrame({other})" if any(map(_is_row, rows)) else f"*{other}"
    elif _is_column(access.of) or is_table(value) or not (numbered or _is_row(value)):
        tables = other
    elif not _is_record(value) and not is_table(access.of):
        return []  # both may be columns
    elif not _is_row(value):
        if isinstance(value, Display) or not isinstance(given, (ast.Name, ast.Attribute)):
            return []
        tables += f" if isinstance({other}, (dict, {name}.Series)) else {other}"
    words = "".join(f", {program.source(keyword)}" for keyword in call.keywords)
    return [replace(call, f"{name}.concat([{one}, {tables}]{words})")]


def _is_record(value: Value | None) -> bool:
    written = isinstance(value, Operation) and isinstance(value.node, ast.DictComp)
    return written or isinstance(value, Mapping)


def _is_row(value: Value | None) -> bool:
    """Tells whether a value is one row for certain: a dictionary, or a series of a table."""
    match value:
        case Part(of=Part(of=Result(call=call)), key=1):
            return call.method == "iterrows"
        case Part(of=Attribute(name="iloc", of=table), key=int()):
            return is_table(table)
        case Result(call=call):
            reduced = call.method in _REDUCES and is_table(call.receiver)
            return reduced or call.name == "pandas.Series"
    return _is_record(value)


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


def simple_imputer(program: Program, call: Call, _place: Fact) -> list[Edit]:
    """Returns the edits of `Imputer(missing_values="NaN", axis=0)`, which fills columns."""
    name, source = "SimpleImputer", program.source(call.node)
    known = program.named(f"sklearn.impute.{name}")
    brought = [] if known else Missing("sklearn.impute", name, name).edit(program, call.node)
    taken = not known and (program.names_of[name] or not brought)
    given = dict(zip(_OF_IMPUTER, call.node.args, strict=False))
    given |= {one.arg or "": one.value for one in call.node.keywords}
    rows = getattr(given.get("axis"), "value", None) != 0 if "axis" in given else False
    if taken or rows or "#" in source or not set(given) <= {*_OF_IMPUTER}:
        return []
    gap = given.get("missing_values", call.node)
    dropped = {"axis", "verbose"} | ({"missing_values"} if _name(gap) == "NaN" else set())
    words = [f"{key}={program.source(one)}" for key, one in given.items() if key not in dropped]
    return [*brought, replace(call.node, f"{known.name if known else name}({', '.join(words)})")]
