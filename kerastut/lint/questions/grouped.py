"""Groups and counts of tables: what pandas leaves out of them today, or calls otherwise."""

import ast
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator

from ..finding import Edit, span_of
from ..fixes.edits import insert, replace_string
from ..fixes.tables import is_table
from ..semantics.facts import Access, Call, Result, Subscript
from ..semantics.program import Program
from ..semantics.scopes import UserFunction
from ..semantics.values import Attribute, Constant, Display, Mapping, Parameter, Part, Value
from .beside import Asked

_COPIES = ("copy", "dropna", "drop_duplicates", "fillna", "sample", "sort_values")
_MOST = 9  # places that tell of columns of texts
Refused = tuple[Call, ast.expr, str, list[Edit]]
# What took only the numbers of a table before pandas 2.
_OF_NUMBERS = ("corr", "cov", "mean", "median", "std", "var", "skew", "kurt", "quantile")


def asked_of_groups(program: Program) -> Iterator[Asked]:
    """Yields where the column that tells the groups is asked for in one, which is without it."""
    facts: dict[int, Subscript | Access] = {}
    for call in program.method_calls("apply") if "pandas" in program.packages else ():
        groups, function = _groups(call.receiver), call.value(0, "func")
        names = set(_texts(groups.value(0, "by"))) if groups is not None else set()
        own = function.parameters[:1] if isinstance(function, UserFunction) else []
        if groups is None or not isinstance(function, UserFunction) or not names or not own:
            continue
        every: list[Subscript | Access] = [*program.subscripts, *program.accesses]
        facts = facts or {id(one.node): one for one in every}
        end, table, changes = span_of(groups.node).end, groups.owner, list[Edit]()
        if isinstance(table, (ast.Name, ast.Attribute)):
            changes = [insert(end, f"[{program.source(table)}.columns.tolist()]")]
        for node in ast.walk(function.node):
            one = facts.get(id(node))
            if one is None:
                continue
            keys = {one.name} if isinstance(one, Access) else set(_texts(one.key))
            group = isinstance(one.of, Parameter) and one.of.name == own[0]
            if group and not one.stores and not names.isdisjoint(keys):
                yield one, program.source(one.node), ": `groupby(...)[columns]`", changes
                changes = []  # the first mends all


def _texts(value: Value | None) -> Iterator[str]:
    """Yields the columns that are named, alone or in a list."""
    for one in value.items if isinstance(value, Display) else (value,):
        text = one.value if isinstance(one, Constant) else None
        yield from [text] if isinstance(text, str) else []


def asked_of_counts(program: Program) -> Iterator[Asked]:
    """Yields where the counts of values are asked for by the names that their columns had."""
    counted = "value_counts" in program.document.text
    named = {id(one.of) for one in program.accesses if one.stores and one.name == "columns"}
    for one in program.subscripts if counted else ():
        today = _columns(one.of) if id(one.of) not in named else {}
        key, node = getattr(one.key, "value", None), one.node.slice
        if key in today and isinstance(node, ast.Constant) and not one.stores:
            new = today[str(key)]
            yield one, f"[{key!r}]", f": `[{new!r}]`", [replace_string(program, node, new)]
    for call in program.method_calls("rename") if counted else ():
        today, given = _columns(call.receiver), call.expression(None, "columns")
        nodes = given.keys if isinstance(given, ast.Dict) else ()
        old = [one for one in nodes if isinstance(one, ast.Constant) and one.value == "index"]
        if today and old:
            known = [one for one in nodes if isinstance(one, ast.Constant)]
            today |= dict.fromkeys(today.values(), "count")
            pairs = [(one, today.get(str(one.value))) for one in known]
            changes = [replace_string(program, one, new) for one, new in pairs if new]
            yield call, "['index']", f": `[{today['index']!r}]`", changes


def _columns(value: Value | None) -> dict[str, str]:
    """Returns the names that columns of counts had, and have: of `value_counts().reset_index()`."""
    call = value.call if isinstance(value, Result) else None
    resets = call is not None and call.method == "reset_index" and not call.node.args
    if call is not None and resets and not call.node.keywords:
        value = call.receiver
        call = value.call if isinstance(value, Result) else None
    framed = call is not None and (call.method == "to_frame" or call.name == "pandas.DataFrame")
    if call is not None and framed:
        value = call.receiver or call.value(0)
        plain = len(call.node.args) == (call.receiver is None) and not call.node.keywords
        call = value.call if isinstance(value, Result) and plain else None
    column = call.receiver if call is not None and call.method == "value_counts" else None
    name = column.key if isinstance(column, Part) else getattr(column, "name", None)
    if not isinstance(column, (Part, Attribute)) or not isinstance(name, str):
        return {}
    return {"index": name} if resets else {name: "count"} if framed and name != "count" else {}


def _groups(value: Value | None) -> Call | None:
    call = value.call if isinstance(value, Result) else None
    return call if call is not None and call.method == "groupby" else None


def refused(program: Program) -> Iterator[Refused]:
    """Yields what tables refuse, where, what is to be written, and the edits."""
    yield from _renamed_groups(program)
    yield from _texts_among_numbers(program)


def _renamed_groups(program: Program) -> Iterator[Refused]:
    """Yields where the numbers of one column are named in a dictionary: by keywords today."""
    for call in program.method_calls("agg", "aggregate") if "pandas" in program.packages else ():
        column, given = call.receiver, call.given(0, "func")
        alone = isinstance(column, Part) and isinstance(column.key, str)
        if given is None or not isinstance(column, (Part, Attribute)):
            continue
        written = isinstance(given[1], ast.Dict) and bool(call.node.args)
        if written and (alone or isinstance(column, Attribute)) and _groups(column.of):
            new = f"**{program.source(given[1])}"
            yield call, given[1], new, [insert(span_of(given[1]), "**")]


def _texts_among_numbers(program: Program) -> Iterator[Refused]:
    """Yields where numbers of a whole table are computed that has a column of texts just then.

    That it has one tells what is compared with a text, or what a dictionary makes numbers of.
    """
    calls = program.method_calls(*_OF_NUMBERS) if "pandas" in program.packages else ()
    tables = {id(one.receiver) for one in calls if not one.args and not one.keywords}
    texts: dict[int, list[tuple[object, int]]] = {}
    stores: defaultdict[tuple[int, object], list[int]] = defaultdict(list)
    for one in program.subscripts if tables else ():
        column = getattr(one.key, "value", None)
        if one.stores:
            stores[id(one.of), column].append(one.order)
        known = [id(of) for of in _copied(one.of) if id(of) in tables]
        for table in known if known and _is_of_texts(program, one) else ():
            texts.setdefault(table, []).append((column, one.order))
    for call in program.all_calls if texts else ():
        if call.has("inplace"):
            stores[id(call.receiver), None].append(call.order)
    for call in calls if texts else ():
        plain = not call.args and not call.keywords and is_table(call.receiver)
        told = texts.get(id(call.receiver), ()) if plain else ()
        for column, order in told[:_MOST]:
            lists = (stores[id(call.receiver), name] for name in (column, None))
            if not any(bisect(one, order) - bisect(one, call.order) for one in lists):
                end, new = span_of(call.node).end, "numeric_only=True"
                changes = [Edit(end._replace(column=end.column - 1), f"{new})")]
                yield call, call.owner, new, changes
                break


def _copied(value: Value | None, most: int = 9) -> Iterator[Value]:
    """Yields a table and those that it is a copy of, with the same columns."""
    while value is not None and most:
        yield value
        call, most = value.call if isinstance(value, Result) else None, most - 1
        value = call.receiver if call is not None and call.method in _COPIES else None


def _is_of_texts(program: Program, one: Subscript) -> bool:
    """Tells whether a column is compared with a text, or texts in it are made numbers."""
    around = program.parents.get(id(one.node))
    if isinstance(around, ast.Compare) and isinstance(getattr(one.key, "value", None), str):
        others = [getattr(other, "value", None) for other in around.comparators]
        return around.left is one.node and all(isinstance(other, str) for other in others)
    call = program.calls_at.get(id(around))
    given = call.value(0) if call is not None and call.method in ("map", "replace") else None
    keys = given.items if isinstance(given, Mapping) else {}
    return bool(keys) and all(isinstance(key, str) for key in keys)
